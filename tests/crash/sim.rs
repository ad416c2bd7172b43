//! The publisher on a simulated disk: every step stopped, refused, raced.
//!
//! The harness can fail. These mistakes were planted in `src/closing` one by one, and each made a test
//! below fail: a file not synced; the staging folder not synced; a folder in it not synced;
//! `clotures/` not synced after the renaming; the books' folder synced only by the run that makes
//! `clotures/`; an existing closing not confirmed; a failed sync asked again; leftovers removed before
//! the lock, or never; the lock given back at once; the sources not read again; the staging kept after
//! a refusal; a renaming that failed always told as nothing published; one new file not synced, its
//! folder not synced, another writer's removed. (Folders synced before what they hold went unseen, as
//! they should: all are synced before the renaming.) Twelve such mistakes stay in `planted.rs`, as wrong
//! publishers that the harness must catch at every run.

use compta::closing::{CLOSINGS, PublishedFile, Storage, confirm, leftovers, publish, write_new};

use super::disk::{Disk, Process, Seen, World};
use super::random::Random;
use super::trial::{Claim, Outcome, Trial, published, visible, written};
use super::turns::interleave;

/// The journal that every simulated folder has.
const SOURCE: &str = "principal.journal";

/// A closing in small: a file at the top, one empty, some in folders.
pub fn files(mark: &str) -> Vec<PublishedFile> {
    let paths = ["cloture.journal", "etats/bilan.csv", "etats/care/dettes.csv", "sceau.toml"];
    let file =
        |path: &str, text: String| PublishedFile { path: path.to_owned(), bytes: text.into() };
    let mut all: Vec<PublishedFile> =
        paths.iter().map(|path| file(path, format!("{path} {mark} : 52 000 €"))).collect();
    all.push(file("etats/vide.csv", String::new()));
    all
}

/// A closing in full: as many files as one has.
fn many_files() -> Vec<PublishedFile> {
    let mut all = files("a");
    for name in ["a-nouveaux.journal", "fec.txt"] {
        all.push(PublishedFile { path: name.to_owned(), bytes: name.repeat(9).into_bytes() });
    }
    for name in ["balance", "budget", "grand-livre", "journal", "principaux", "resultat"] {
        let bytes = format!("{name};2024").into_bytes();
        all.push(PublishedFile { path: format!("etats/{name}.csv"), bytes: bytes.clone() });
        all.push(PublishedFile { path: format!("etats/care/{name}.csv"), bytes });
    }
    all
}

/// What a reader sees of them once they are published.
pub fn whole(folder: &str, files: &[PublishedFile]) -> Seen {
    let place = format!("{CLOSINGS}/{folder}");
    let mut seen = Seen::from([(place.clone(), None)]);
    for file in files {
        for (at, _) in file.path.match_indices('/') {
            seen.insert(format!("{place}/{}", &file.path[..at]), None);
        }
        seen.insert(format!("{place}/{}", file.path), Some(file.bytes.clone()));
    }
    seen
}

/// Publishes with a source that is read before and looked at again.
fn close(process: &mut Process, folder: &str, files: &[PublishedFile]) -> Outcome {
    let before = match process.read(SOURCE) {
        Ok(bytes) => bytes,
        Err(error) => return published::<()>(Err(error.into())),
    };
    let mut moved = |storage: &dyn Storage| {
        let same = storage.read(SOURCE)? == before;
        Ok(if same { Vec::new() } else { vec![SOURCE.to_owned()] })
    };
    published(publish(process, folder, files, &mut moved))
}

fn close_2024(process: &mut Process) -> Outcome {
    close(process, "2024", &files("a"))
}

/// Folders as a closing finds them: no closing yet; one of another year; what dead runs left.
pub fn starts() -> [Disk; 3] {
    let left = [
        ("clotures/", ""),
        ("clotures/.verrou", ""),
        ("clotures/.2024.tmp-1/", ""),
        ("clotures/.2024.tmp-1/cloture.journal", "moitié"),
        ("clotures/.2023.tmp-7/", ""),
        ("clotures/.2023.tmp-7/etats/", ""),
        ("clotures/.2023.tmp-7/etats/bilan.csv", "moitié"),
    ];
    let other = [
        ("clotures/", ""),
        ("clotures/.verrou", ""),
        ("clotures/2023/", ""),
        ("clotures/2023/sceau.toml", "sceau de 2023"),
    ];
    [Disk::with(&[]), Disk::with(&other), Disk::with(&left)]
}

pub fn trials(run: &dyn Fn(&mut Process) -> Outcome) -> [Trial<'_>; 3] {
    starts().map(|start| Trial { start, run, whole: whole("2024", &files("a")), tidy: true })
}

/// One new file beside the journals.
fn write_one(process: &mut Process) -> Outcome {
    written(write_new(process, "2024/inventaire.journal", b"2024-12-31 Inventaire\n"))
}

fn write_trial() -> Trial<'static> {
    Trial {
        start: Disk::with(&[("2024/", ""), ("2024/.inventaire.journal.new-1", "moitié")]),
        run: &write_one,
        whole: [("2024/inventaire.journal".to_owned(), Some(b"2024-12-31 Inventaire\n".to_vec()))]
            .into(),
        tidy: false,
    }
}

#[test]
fn a_power_cut_or_a_kill_at_every_step_leaves_all_or_nothing() {
    let mut random = Random::new("a_power_cut");
    let (mut states, mut distinct) = (0, std::collections::BTreeSet::new());
    let many = many_files();
    let close_many = |process: &mut Process| close(process, "2024", &many);
    let small = trials(&close_2024).into_iter().chain([write_trial()]);
    let full = starts().map(|start| Trial {
        start,
        run: &close_many,
        whole: whole("2024", &many),
        tidy: true,
    });
    for trial in small.chain(full) {
        let tally = trial.crashes(&mut random).unwrap();
        states += tally.states;
        distinct.extend(tally.distinct);
    }
    eprintln!("{states} power cuts, {} distinct disks", distinct.len());
    assert!(distinct.len() >= 1_500, "{}", distinct.len());
}

#[test]
fn a_refusal_at_every_call_leaves_all_or_nothing_and_says_where() {
    let mut random = Random::new("a_refusal");
    let (mut runs, mut states) = (0, 0);
    for trial in trials(&close_2024).into_iter().chain([write_trial()]) {
        let tally = trial.faults(&mut random).unwrap();
        runs += tally.runs;
        states += tally.states;
    }
    eprintln!("{runs} refused runs, {states} power cuts after them");
    assert!(runs >= 2_000, "{runs}");
}

#[test]
fn an_accident_after_an_accident_leaves_all_or_nothing() {
    let mut random = Random::new("an_accident");
    let mut pairs = 0;
    for trial in trials(&close_2024).into_iter().chain([write_trial()]) {
        pairs += trial.pairs(2_000, &mut random).unwrap().runs;
    }
    eprintln!("{pairs} pairs of accidents");
    assert!(pairs >= 5_000);
}

/// Runs two closings of 2024 as scheduled; what is wrong, if something is.
pub fn one_wins(
    start: &Disk,
    schedule: &[(usize, usize)],
    runs: [&(dyn Fn(&mut Process) -> Outcome + Sync); 2],
) -> Result<(), String> {
    let (world, outcomes) = interleave(start, schedule, runs);
    let told = |why: &str| Err(format!("{schedule:?}: {why}: {outcomes:?}"));
    let winner = match [outcomes[0].0, outcomes[1].0] {
        [Claim::Done, Claim::Busy | Claim::Already] => "a",
        [Claim::Busy | Claim::Already, Claim::Done] => "b",
        _ => return told("one wins and the other is told"),
    };
    let expected = whole("2024", &files(winner));
    for disk in [world.disk(), world.disk().synced()] {
        let mut seen = visible(&disk.seen());
        seen.retain(|path, _| path.starts_with("clotures/2024"));
        if seen != expected {
            return told("what is there is not the winner's");
        }
    }
    if !leftovers(&world.process()).is_empty() {
        return told("something is left");
    }
    Ok(())
}

/// Every place where one closing can stop for the other to begin, go on, and let it end.
pub fn schedules(length: usize) -> Vec<Vec<(usize, usize)>> {
    let both = |first| (0..=length).map(move |second| vec![(0, first), (1, second)]);
    (0..=length).flat_map(both).collect()
}

#[test]
fn of_two_closings_at_once_one_wins_and_the_other_is_told() {
    let a = |process: &mut Process| close(process, "2024", &files("a"));
    let b = |process: &mut Process| close(process, "2024", &files("b"));
    let mut random = Random::new("of_two_closings");
    let mut tried = 0;
    for trial in trials(&a) {
        let mut all = schedules(trial.length());
        // Some where they change places often.
        let step = |random: &mut Random, nth: usize| (nth % 2, random.below(4));
        all.extend((0..200).map(|_| (0..40).map(|nth| step(&mut random, nth)).collect()));
        for schedule in all {
            tried += 1;
            one_wins(&trial.start, &schedule, [&a, &b]).unwrap();
        }
    }
    eprintln!("{tried} schedules of two closings");
    assert!(tried >= 3_000, "{tried}");
}

#[test]
fn of_two_writers_of_one_file_one_wins_and_the_other_is_told() {
    let write = |text: &'static str| {
        move |process: &mut Process| written(write_new(process, "a.journal", text.as_bytes()))
    };
    let start = Disk::with(&[]);
    for schedule in schedules(8) {
        let (world, outcomes) = interleave(&start, &schedule, [&write("un"), &write("deux")]);
        let winner = match [outcomes[0].0, outcomes[1].0] {
            [Claim::Done, Claim::Already] => "un",
            [Claim::Already, Claim::Done] => "deux",
            _ => panic!("{schedule:?}: {outcomes:?}"),
        };
        let seen = world.disk().synced().seen();
        assert_eq!(seen.get("a.journal"), Some(&Some(winner.as_bytes().to_vec())));
        assert_eq!(world.disk().seen().len(), 2, "the loser leaves nothing");
    }
}

#[test]
fn sources_that_move_before_the_last_look_stop_the_closing() {
    let length = trials(&close_2024)[0].length();
    let mut stopped = 0;
    for at in 0..length {
        let world = World::new(Disk::with(&[]));
        let mut process = world.process();
        process.before = Some(Box::new(move |world, call| {
            if call == at {
                world.edit(SOURCE, "2024-12-31 Autre fin\n");
            }
        }));
        let (claim, words) = close_2024(&mut process);
        let rename = world.calls().iter().position(|call| call.name == "rename");
        let there = world.disk().seen().contains_key("clotures/2024");
        match claim {
            Claim::Changed => {
                stopped += 1;
                assert!(words.contains("`principal.journal` a changé") && !there, "{words}");
                assert!(leftovers(&world.process()).is_empty());
            }
            // It moved before it was read, or once all had been looked at.
            Claim::Done => assert!(at == 0 || rename.is_some_and(|rename| at >= rename), "{at}"),
            _ => panic!("{at}: {claim:?} {words}"),
        }
    }
    assert!(stopped > 20, "{stopped}");
}

#[test]
fn what_is_there_and_what_is_missing_are_said() {
    let close = |start: &Disk| {
        let world = World::new(start.clone());
        (close_2024(&mut world.process()), world)
    };
    // A file has the name of the folder.
    let ((claim, words), _) = close(&Disk::with(&[("clotures", "notes")]));
    assert_eq!(claim, Claim::Nothing);
    assert!(words.contains("`clotures/.verrou` : ce n’est pas un dossier"), "{words}");
    // Someone else made the place, even empty.
    let ((claim, words), _) = close(&Disk::with(&[("clotures/", ""), ("clotures/2024/", "")]));
    assert_eq!(claim, Claim::Already);
    assert!(words.contains("l’exercice est clos"), "{words}");
    // Someone who takes no lock makes it just before the renaming.
    let world = World::new(Disk::with(&[]));
    let mut process = world.process();
    process.before = Some(Box::new(|world, _| {
        let calls = world.calls();
        if calls.iter().filter(|call| call.path == SOURCE).count() == 2
            && !world.disk().seen().contains_key("clotures/2024")
        {
            world.process().create_folder("clotures/2024").unwrap();
        }
    }));
    assert_eq!(close_2024(&mut process).0, Claim::Already);
    assert!(leftovers(&world.process()).is_empty());
    // Nothing to confirm.
    let (claim, words) = published(confirm(&mut World::new(Disk::with(&[])).process(), "2024"));
    assert_eq!(claim, Claim::Nothing);
    assert!(words.contains("`clotures/2024` : ce chemin n’existe pas"), "{words}");
}

#[test]
fn a_leftover_that_stays_does_not_stop_a_closing_and_is_told() {
    let [_, _, start] = starts();
    let world = World::new(start);
    let mut process = world.process();
    process.never = Some("unlink");
    let done = publish(&mut process, "2024", &files("a"), &mut |_| Ok(Vec::new())).unwrap();
    assert_eq!(done.place, "clotures/2024");
    assert!(done.removed.is_empty());
    let left = leftovers(&world.process());
    assert_eq!(left, ["clotures/.2023.tmp-7", "clotures/.2024.tmp-1"]);
}

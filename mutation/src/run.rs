//! Asks the tests to catch each mutant: those that meet it, the quickest first.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::list::{self, Mutant};

/// What a run is asked.
pub struct Ask {
    /// How many mutants, drawn at random; every one when nil.
    pub sample: u64,
    pub seed: u64,
    /// Seconds of tests that a mutant may take before it is said to live.
    pub budget: u64,
    /// Which files, by what their paths hold; every one when there is none.
    pub within: Vec<String>,
    /// Whether those that lived are asked again, of a longer budget.
    pub again: bool,
}

/// A test with the time it takes and the mutants it meets.
struct Test {
    binary: PathBuf,
    name: String,
    time: Duration,
    meets: BTreeSet<u32>,
    /// How many mutants it caught.
    caught: AtomicU64,
    /// How many of each file.
    caught_in: Mutex<BTreeMap<String, u64>>,
}

/// Families whose tests compare whole screens of many commands: some seconds each, and most mutants show.
const BROAD: [&str; 3] = ["findings::each_code", "golden::", "controls::"];
/// A broad test that takes longer waits for its turn.
const LONG: Duration = Duration::from_secs(12);

impl Test {
    fn is_broad(&self) -> bool {
        self.time < LONG && BROAD.iter().any(|family| self.name.starts_with(family))
    }

    /// Its time over what it promises against a mutant of a file: those that caught neighbours come first.
    fn cost(&self, file: &str) -> u128 {
        let here = self.caught_in.lock().expect("lock").get(file).copied().unwrap_or(0);
        let known = self.caught.load(Ordering::Relaxed) + 30 * here + 1;
        let known = if self.is_broad() { known * 60 } else { known };
        (self.time.as_micros() + 20_000) * 1000 / u128::from(known)
    }

    fn caught_one(&self, file: &str) {
        self.caught.fetch_add(1, Ordering::Relaxed);
        *self.caught_in.lock().expect("lock").entry(file.to_owned()).or_default() += 1;
    }
}

const THREADS: usize = 2;
/// A test that takes longer while it is traced catches nothing within any budget: it is left out.
const LONGEST: Duration = Duration::from_secs(90);

/// The test binaries that `cargo test --no-run` named in `binaries.txt`.
fn binaries(folder: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(folder.join("binaries.txt")).expect("binaries.txt");
    text.lines().map(PathBuf::from).collect()
}

fn tests_of(binary: &Path, folder: &Path) -> Vec<String> {
    let out =
        Command::new(binary).arg("--list").current_dir(folder).output().expect("a test binary");
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    text.lines().filter_map(|line| Some(line.strip_suffix(": test")?.to_owned())).collect()
}

/// Runs some tests of a binary: nothing when they passed in time, or the first that failed.
fn failing(
    binary: &Path,
    names: &[&str],
    folder: &Path,
    (id, met): (u32, Option<&Path>),
    limit: Duration,
) -> Option<String> {
    let mut command = Command::new(binary);
    command.args(["--exact", "--test-threads=1"]).args(names).current_dir(folder);
    command.env("COMPTA_MUTANT", id.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
    if let Some(met) = met {
        command.env("COMPTA_MET", met);
    }
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
    let mut child = command.spawn().expect("a test binary");
    let group = format!("-{}", child.id());
    let (sender, lines) = std::sync::mpsc::channel();
    let said = child.stdout.take().expect("a pipe");
    std::thread::spawn(move || {
        use std::io::BufRead as _;
        for line in std::io::BufReader::new(said).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let end = Instant::now() + limit;
    let mut last = names.first().copied().unwrap_or_default().to_owned();
    // The first that fails is enough: libtest would go on with the others.
    let failed = loop {
        match lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                let Some(told) = line.strip_prefix("test ") else { continue };
                let Some((name, word)) = told.split_once(" ... ") else { continue };
                last = name.to_owned();
                if word.starts_with("FAILED") {
                    break Some(last);
                }
            }
            // One that ended well while a child of its own keeps the pipe did not fail.
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                let ended = child.try_wait().expect("a child");
                break (!ended.is_some_and(|status| status.success())).then_some(last);
            }
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => {
                let passed = child.wait().expect("a child").success();
                break (!passed).then_some(last);
            }
        }
    };
    if failed.is_some() {
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
    }
    let _ = child.wait();
    failed
}

/// Learns, test by test, how long it takes and which mutants it meets; what is known already stays.
pub fn trace(folder: &Path) {
    // What a test calls in another folder tells it here too.
    let folder = &fs::canonicalize(folder).expect("the folder of the copy");
    let kept = fs::read_to_string(folder.join("tests.tsv")).unwrap_or_default();
    let named = |line: &str| line.split('\t').nth(1).map(str::to_owned);
    let known: BTreeSet<String> = kept.lines().filter_map(named).collect();
    let left: Vec<(PathBuf, String)> = binaries(folder)
        .into_iter()
        .flat_map(|binary| {
            tests_of(&binary, folder).into_iter().map(move |name| (binary.clone(), name))
        })
        .filter(|(_, name)| !known.contains(name))
        .collect();
    let whole = left.len();
    let lines: Vec<String> = kept.lines().map(str::to_owned).collect();
    let begun = lines.len();
    let (left, lines) = (Mutex::new(left), Mutex::new(lines));
    std::thread::scope(|scope| {
        for hand in 0..THREADS {
            let (left, lines) = (&left, &lines);
            scope.spawn(move || {
                loop {
                    let Some((binary, name)) = left.lock().expect("lock").pop() else { return };
                    let met = folder.join(format!("met.{hand}"));
                    let _ = fs::remove_file(&met);
                    let begun = Instant::now();
                    let failed = failing(&binary, &[&name], folder, (0, Some(&met)), LONGEST);
                    let time = begun.elapsed().as_millis();
                    let ids: BTreeSet<String> = fs::read_to_string(&met)
                        .unwrap_or_default()
                        .lines()
                        .map(str::to_owned)
                        .collect();
                    if failed.is_some() {
                        println!("left out, it does not pass alone in time: {name}");
                        continue;
                    }
                    let ids: Vec<String> = ids.into_iter().collect();
                    lines.lock().expect("lock").push(format!(
                        "{}\t{name}\t{time}\t{}",
                        binary.display(),
                        ids.join(" ")
                    ));
                }
            });
        }
    });
    let lines = lines.into_inner().expect("lock");
    println!("{} of {whole} tests", lines.len() - begun);
    fs::write(folder.join("tests.tsv"), lines.join("\n")).expect("tests.tsv");
}

fn known(folder: &Path) -> Vec<Test> {
    let text = fs::read_to_string(folder.join("tests.tsv")).expect("trace first");
    let one = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        Test {
            binary: PathBuf::from(cells[0]),
            name: cells[1].to_owned(),
            time: Duration::from_millis(cells[2].parse().expect("a time")),
            meets: cells[3].split(' ').filter_map(|id| id.parse().ok()).collect(),
            caught: AtomicU64::new(0),
            caught_in: Mutex::default(),
        }
    };
    let mut tests: Vec<Test> = text.lines().map(one).collect();
    tests.sort_by_key(|test| test.time);
    tests
}

/// Asks for each mutant, and tells those that live; what was asked before is not asked again.
pub fn all(folder: &Path, ask: &Ask) {
    let tests = known(folder);
    let results = folder.join("results.tsv");
    let before = fs::read_to_string(&results).unwrap_or_default();
    let ended = |line: &&str| !(ask.again && line.contains("\tlives\t"));
    let asked = before.lines().filter(ended);
    let done: BTreeSet<u32> =
        asked.filter_map(|line| line.split('\t').next()?.parse().ok()).collect();
    let mut mutants = list::read(folder);
    // A drawing that the seed repeats: the multiplier is Knuth's.
    let draw = |id: u32| {
        (u64::from(id) ^ ask.seed)
            .wrapping_mul(6_364_136_223_846_793_005)
            .rotate_left(17)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
    };
    mutants.retain(|one| {
        ask.within.is_empty() || ask.within.iter().any(|part| one.file.contains(part.as_str()))
    });
    mutants.sort_by_key(|one| draw(one.id));
    if ask.sample > 0 {
        mutants.truncate(usize::try_from(ask.sample).unwrap_or(usize::MAX));
    }
    mutants.retain(|one| !done.contains(&one.id));
    mutants.reverse();
    let left = Mutex::new(mutants);
    let out = Mutex::new(
        fs::OpenOptions::new().create(true).append(true).open(&results).expect("results"),
    );
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            let (left, out, tests) = (&left, &out, &tests);
            scope.spawn(move || {
                loop {
                    let Some(mutant) = left.lock().expect("lock").pop() else { return };
                    let word = caught(&mutant, tests, folder, ask.budget);
                    use std::io::Write as _;
                    let line = format!(
                        "{}\t{word}\t{}:{}\t{}\t{}\n",
                        mutant.id, mutant.file, mutant.line, mutant.function, mutant.change
                    );
                    out.lock().expect("lock").write_all(line.as_bytes()).expect("results");
                }
            });
        }
    });
    summary(&results);
}

/// `caught`, `lives`, or `unmet` when no test comes there.
fn caught(mutant: &Mutant, tests: &[Test], folder: &Path, budget: u64) -> &'static str {
    let mut meeting: Vec<&Test> =
        tests.iter().filter(|test| test.meets.contains(&mutant.id)).collect();
    meeting.sort_by_cached_key(|test| test.cost(&mutant.file));
    if meeting.is_empty() {
        return "unmet";
    }
    let begun = Instant::now();
    let mut from = 0;
    let mut size = 3;
    while from < meeting.len() {
        if begun.elapsed() > Duration::from_secs(budget) {
            return "lives";
        }
        let batch = &meeting[from..(from + size).min(meeting.len())];
        let mut by_binary: BTreeMap<&Path, Vec<&str>> = BTreeMap::new();
        for test in batch {
            by_binary.entry(&test.binary).or_default().push(&test.name);
        }
        for (binary, names) in by_binary {
            let own: Duration =
                batch.iter().filter(|test| test.binary == binary).map(|test| test.time).sum();
            let limit = own * 8 + Duration::from_secs(10);
            if let Some(name) = failing(binary, &names, folder, (mutant.id, None), limit) {
                if let Some(test) = batch.iter().find(|test| test.name == name) {
                    test.caught_one(&mutant.file);
                }
                return "caught";
            }
        }
        from += size;
        size = 8;
    }
    "lives"
}

fn summary(results: &Path) {
    let text = fs::read_to_string(results).unwrap_or_default();
    let mut rooms: BTreeMap<&str, [u32; 3]> = BTreeMap::new();
    // What was asked last counts.
    let rows = text.lines().map(|line| line.split('\t').collect::<Vec<&str>>());
    let last: BTreeMap<&str, Vec<&str>> = rows.map(|cells| (cells[0], cells)).collect();
    for cells in last.into_values() {
        let room = cells[2].split('/').nth(1).unwrap_or("");
        let at = match cells[1] {
            "caught" => 0,
            "lives" => 1,
            _ => 2,
        };
        rooms.entry(room).or_default()[at] += 1;
    }
    for (room, [caught, lives, unmet]) in rooms {
        let all = caught + lives + unmet;
        println!("{room}: {caught} of {all} caught, {lives} live, {unmet} unmet");
    }
}

//! Publishers that are wrong on purpose: the harness must see each of them.

use compta::closing::StorageErrorKind as Kind;
use compta::closing::{PublishError, Storage, StorageError};

use super::disk::Process;
use super::random::Random;
use super::sim::{files, one_wins, schedules, trials};
use super::trial::{Outcome, published};

/// One mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    None,
    FileNotSynced,
    InnerFolderNotSynced,
    StagingNotSynced,
    RenamedBeforeSync,
    FileSyncedTwice,
    FolderSyncedTwice,
    LastSyncForgotten,
    RootSyncedByItsMakerAlone,
    WrittenInPlace,
    ClosedNotConfirmed,
    SweptBeforeTheLock,
    NoLock,
}
use Mistake as M;

/// A publisher in short, with a mistake.
fn wrong(storage: &mut dyn Storage, mark: &str, mistake: Mistake) -> Result<(), PublishError> {
    let (staging, place) = match mistake {
        M::WrittenInPlace => ("clotures/2024", "clotures/2024"),
        _ => ("clotures/.2024.tmp-1", "clotures/2024"),
    };
    match storage.create_folder("clotures") {
        Err(error) if error.kind == Kind::AlreadyThere => {
            if mistake != M::RootSyncedByItsMakerAlone {
                storage.sync_folder("")?;
            }
        }
        made => {
            made?;
            storage.sync_folder("")?;
        }
    }
    let sweep = |storage: &mut dyn Storage| {
        let mut names = storage.list("clotures")?;
        names.retain(|name| name.contains(".tmp-"));
        names.iter().try_for_each(|name| storage.remove_tree(&format!("clotures/{name}")))
    };
    if mistake == M::SweptBeforeTheLock {
        sweep(storage)?;
    }
    let _held = match storage.try_lock("clotures/.verrou") {
        Err(_) if mistake == M::NoLock => None,
        Err(error) if error.kind == Kind::Busy => return Err(PublishError::Busy),
        held => Some(held?),
    };
    if mistake != M::SweptBeforeTheLock {
        sweep(storage)?;
    }
    if storage.exists(place)? {
        if mistake != M::ClosedNotConfirmed {
            storage.sync_folder("clotures").map_err(not_durable)?;
        }
        return Err(PublishError::AlreadyClosed { place: place.to_owned() });
    }
    let result = stage(storage, staging, mark, mistake);
    if mistake == M::RenamedBeforeSync {
        result?;
    } else {
        if let Err(cause) = result {
            let _ = storage.remove_tree(staging);
            return Err(cause.into());
        }
        if mistake != M::WrittenInPlace {
            rename(storage, staging, place)?;
        }
    }
    if mistake == M::LastSyncForgotten {
        return Ok(());
    }
    storage.sync_folder("clotures").map_err(not_durable)
}

fn rename(storage: &mut dyn Storage, staging: &str, place: &str) -> Result<(), PublishError> {
    storage.rename_no_replace(staging, place).map_err(|cause| {
        match (storage.exists(staging), storage.exists(place)) {
            (Ok(true), Ok(false)) => {
                let _ = storage.remove_tree(staging);
                cause.into()
            }
            (Ok(false), Ok(true)) => not_durable(cause),
            _ => PublishError::Uncertain { place: place.to_owned(), cause },
        }
    })
}

fn not_durable(cause: StorageError) -> PublishError {
    PublishError::PublishedNotDurable { place: "clotures/2024".to_owned(), cause }
}

fn stage(
    storage: &mut dyn Storage,
    staging: &str,
    mark: &str,
    mistake: Mistake,
) -> Result<(), StorageError> {
    storage.create_folder(staging)?;
    let inner = [format!("{staging}/etats"), format!("{staging}/etats/care")];
    inner.iter().try_for_each(|folder| storage.create_folder(folder))?;
    let sync = |storage: &mut dyn Storage, path: &str| match storage.sync_file(path) {
        Err(_) if mistake == M::FileSyncedTwice => storage.sync_file(path),
        synced => synced,
    };
    let paths: Vec<String> =
        files(mark).iter().map(|file| format!("{staging}/{}", file.path)).collect();
    for (file, path) in files(mark).iter().zip(&paths) {
        storage.create_file(path, &file.bytes)?;
        if !matches!(mistake, M::FileNotSynced | M::RenamedBeforeSync) {
            sync(storage, path)?;
        }
    }
    let mut folder = staging;
    if mistake == M::RenamedBeforeSync {
        storage.rename_no_replace(staging, "clotures/2024")?;
        folder = "clotures/2024";
        for file in files(mark) {
            storage.sync_file(&format!("{folder}/{}", file.path))?;
        }
    }
    if mistake != M::InnerFolderNotSynced {
        storage.sync_folder(&format!("{folder}/etats/care"))?;
    }
    storage.sync_folder(&format!("{folder}/etats"))?;
    match mistake {
        M::StagingNotSynced => Ok(()),
        M::FolderSyncedTwice => {
            storage.sync_folder(folder).or_else(|_| storage.sync_folder(folder))
        }
        _ => storage.sync_folder(folder),
    }
}

/// The first law that a publisher breaks, alone or with another.
fn judged(mistake: Mistake) -> Result<(), String> {
    let run = |process: &mut Process| -> Outcome { published(wrong(process, "a", mistake)) };
    let other = |process: &mut Process| -> Outcome { published(wrong(process, "b", mistake)) };
    let mut random = Random::new("planted");
    for trial in trials(&run) {
        trial.crashes(&mut random)?;
        trial.faults(&mut random)?;
        for schedule in schedules(trial.length()) {
            one_wins(&trial.start, &schedule, [&run, &other])?;
        }
    }
    Ok(())
}

#[test]
fn the_harness_sees_each_mistake() {
    judged(M::None).unwrap();
    let seen = [
        (M::FileNotSynced, "neither old nor new"),
        (M::InnerFolderNotSynced, "neither old nor new"),
        (M::StagingNotSynced, "neither old nor new"),
        (M::RenamedBeforeSync, "neither old nor new"),
        (M::FileSyncedTwice, "neither old nor new"),
        (M::FolderSyncedTwice, "is synced again after a failed sync"),
        (M::LastSyncForgotten, "gives nothing after a power cut"),
        (M::RootSyncedByItsMakerAlone, "gives nothing after a power cut"),
        (M::WrittenInPlace, "neither old nor new"),
        (M::ClosedNotConfirmed, "gives nothing after a power cut"),
        (M::SweptBeforeTheLock, ""),
        (M::NoLock, ""),
    ];
    for (mistake, law) in seen {
        let why = judged(mistake).expect_err(&format!("{mistake:?} goes unseen"));
        eprintln!("{mistake:?}: {why}");
        assert!(why.contains(law), "{mistake:?}: {why}");
    }
}

//! The layout is a law: floors as `src/lib.rs` draws them, and the habits of CONTRIBUTING.

use std::collections::BTreeMap;
use std::fs;

use crate::harness::{files, root};

/// The floor of each room, as the groups of `pub mod` lines in `src/lib.rs` give it.
fn floors() -> BTreeMap<String, u32> {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut floors = BTreeMap::new();
    let mut floor = None;
    for line in text.lines() {
        if let Some(number) = line.strip_prefix("// ").and_then(|rest| rest.split(':').next()) {
            floor = number.parse().ok();
        }
        if let Some(room) = line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')) {
            floors.insert(room.to_owned(), floor.expect("each group of rooms says its floor"));
        }
    }
    floors
}

#[test]
fn no_import_climbs() {
    let floors = floors();
    assert!(floors.len() >= 9, "{floors:?}");
    let mut seen = 0;
    for path in files(&root().join("src")) {
        let inside = path.strip_prefix(root().join("src")).unwrap();
        let room = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        let Some(mine) = floors.get(room) else {
            continue;
        };
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // One name per import, so that each can be seen.
        let hidden = ["crate::{", "super::super", "crate::*", "crate as "];
        for path in hidden {
            assert!(!text.contains(path), "{}: `{path}`", inside.display());
        }
        for (at, _) in text.match_indices("crate::") {
            let other: String =
                text[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(theirs) = floors.get(&other) else {
                continue;
            };
            seen += 1;
            assert!(other == room || theirs < mine, "{}: {room} imports {other}", inside.display());
        }
    }
    assert!(seen > 50, "the test looks at imports");
}

#[test]
fn every_room_is_on_a_floor_and_opens_with_its_purpose() {
    let floors = floors();
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let room = path.file_name().unwrap().to_str().unwrap();
            assert!(floors.contains_key(room), "{room} stands on no floor");
            let door = fs::read_to_string(path.join("mod.rs")).unwrap();
            assert!(
                door.starts_with("//!") && door.contains("Absent on purpose") || room == "cli",
                "{room}"
            );
        }
    }
}

#[test]
fn files_are_short_and_clean() {
    for path in files(&root().join("src")) {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        let text = text.split("#[cfg(test)]").next().unwrap();
        assert!(lines <= 450, "{name} has {lines} lines");
        for forbidden in ["HashMap", "HashSet", "TODO", "FIXME", "super::*", "f64", "f32"] {
            assert!(!text.contains(forbidden), "{name}: {forbidden}");
        }
        for part in ["util", "helper", "common", "manager"] {
            assert!(!name.contains(part), "{name}");
        }
        let clock =
            text.contains("SystemTime") || text.contains("Utc::now") || text.contains("std::fs");
        assert!(!clock || name.starts_with("src/cli/"), "{name} touches the world");
    }
}

#[test]
fn the_product_says_nothing_of_its_making() {
    for path in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/guide.md"]
    {
        let text = fs::read_to_string(root().join(path)).unwrap().to_lowercase();
        for word in [env!("CARGO_MANIFEST_DIR"), "issue #", "todo"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}

//! The same books give the same bytes, whatever the machine: language, time zone, mask, folder, order of
//! creation of the files, number of processors.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{files, folder, region};

/// Six ways in which two machines differ, each with two values: 64 machines.
const WAYS: u32 = 6;

/// Machines of a usual run: any two ways are seen in each of their four combinations.
fn few() -> Vec<u32> {
    let machine = |run: u32| {
        let (a, b, c) = (run & 1, run >> 1 & 1, run >> 2 & 1);
        a | b << 1 | c << 2 | (a ^ b) << 3 | (a ^ c) << 4 | (b ^ c) << 5
    };
    (0..8).map(machine).collect()
}

/// `COMPTA_CASES` asks for all 64, in a proof that is run by hand.
fn machines() -> Vec<u32> {
    if std::env::var_os("COMPTA_CASES").is_some() { (0..1 << WAYS).collect() } else { few() }
}

/// Copies the books of the region, the last file first when asked.
fn copied(to: &Path, backwards: bool) {
    let mut all = files(&region());
    if backwards {
        all.reverse();
    }
    for path in all {
        let target = to.join(path.strip_prefix(region()).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&path, target).unwrap();
    }
}

/// Everything that the books give, by name.
fn given(machine: u32, home: &Path) -> BTreeMap<String, Vec<u8>> {
    let is = |way: u32| machine >> way & 1 == 1;
    let books = home.join(if is(0) { "livres" } else { "des livres à part/été" });
    copied(&books, is(1));
    let mut made = BTreeMap::new();
    for (name, line) in [
        ("ag", "ag 2024 -o sortie"),
        ("fec", "fec 2024 -o sortie"),
        ("cac", "export cac 2024 -o sortie"),
        ("journal", "journal 2024 --care -O hledger -o sortie.txt"),
        ("grand-livre", "grand-livre 2024 -O csv-excel -o sortie.txt"),
        ("diff", "diff 2024 -O html -o sortie.html"),
        ("balance", "balance 2024 -O xlsx -o sortie.xlsx"),
    ] {
        let place = home.join(name);
        fs::create_dir_all(&place).unwrap();
        let (mask, one) =
            (if is(2) { "077" } else { "022" }, if is(3) { "taskset -c 0 " } else { "" });
        let script = format!("umask {mask}; exec {one}\"$0\" -C \"$1\" {line}");
        let run = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_compta")])
            .arg(&books)
            .current_dir(&place)
            .env("TZ", if is(4) { "Pacific/Kiritimati" } else { "America/Adak" })
            .env("LC_ALL", if is(5) { "tr_TR.UTF-8" } else { "C" })
            .env("HOME", home)
            .env("COLUMNS", if is(5) { "40" } else { "200" })
            .output()
            .unwrap();
        assert!(run.status.success(), "{line}: {}", String::from_utf8_lossy(&run.stderr));
        for path in files(&place) {
            let file = path.strip_prefix(home).unwrap().to_string_lossy().into_owned();
            assert!(made.insert(file, fs::read(&path).unwrap()).is_none());
        }
    }
    made
}

#[test]
fn the_machine_does_not_show() {
    let (mut first, mut seen) = (None, 0);
    for machine in machines() {
        let home = folder();
        let made = given(machine, home.path());
        assert!(made.len() > 60, "{} files", made.len());
        seen += made.len();
        let first = first.get_or_insert_with(|| made.clone());
        let names = |made: &BTreeMap<String, Vec<u8>>| made.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&made), names(first), "machine {machine:06b}");
        let differ: Vec<&String> = made
            .iter()
            .filter(|(name, bytes)| first[*name] != **bytes)
            .map(|(name, _)| name)
            .collect();
        assert!(differ.is_empty(), "machine {machine:06b}: {differ:?}");
    }
    eprintln!("{} machines, {seen} files", machines().len());
}

/// A usual run sees, of any two ways, each pair of values.
#[test]
fn few_machines_show_every_pair() {
    for (one, other) in (0..WAYS).flat_map(|one| (0..one).map(move |other| (one, other))) {
        let pairs: std::collections::BTreeSet<(u32, u32)> =
            few().iter().map(|machine| (machine >> one & 1, machine >> other & 1)).collect();
        assert_eq!(pairs.len(), 4, "ways {one} and {other}");
    }
}

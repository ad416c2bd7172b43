//! Writes books of growing size, reads and balances them with the binary, and prints what it costs.
//!
//! `cargo bench` (or `cargo bench -- 10000 100000`): entries per second, peak memory over file size.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a bench measures time and prints it"
)]

use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

/// A small deterministic sequence: no clock, no system randomness.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Ten years of sales, purchases, payments and payroll over 250 declared accounts.
fn books(entries: u64) -> String {
    let groups: [(u64, u64); 10] = [
        (2110, 12),
        (2810, 10),
        (4010, 45),
        (4110, 60),
        (4210, 10),
        (4457, 8),
        (5120, 6),
        (6010, 40),
        (6410, 6),
        (7010, 53),
    ];
    let name = |group: usize, rank: u64| {
        let (first, _) = groups[group];
        format!("{}{rank:02} Compte {group}{rank:03}", first / 10 * 10)
    };
    let mut text = "decimal-mark ,\n\n".to_owned();
    for (group, (_, count)) in groups.iter().enumerate() {
        (0..*count).for_each(|rank| writeln!(text, "account {}", name(group, rank)).unwrap());
    }
    text.push('\n');
    let mut next = Sequence(27);
    let first = chrono::NaiveDate::from_ymd_opt(2016, 1, 1).unwrap();
    for rank in 0..entries {
        let day = first + chrono::Days::new(rank * 3653 / entries);
        let kind = next.below(4) as usize;
        let (journal, [a, b, c]) =
            [("VE", [3, 9, 5]), ("AC", [7, 5, 2]), ("BQ", [6, 3, 3]), ("OD", [8, 4, 4])][kind];
        writeln!(text, "{day} * ({journal}-{rank:07}) Tiers {} | Pièce {rank:07}", next.below(400))
            .unwrap();
        let amount = 1000 + next.below(1_000_000);
        let parts = if kind == 2 {
            vec![(a, amount as i64), (b, -(amount as i64))]
        } else {
            let tax = amount / 5;
            let sign = if kind == 0 { -1 } else { 1 };
            vec![
                (a, -sign * (amount + tax) as i64),
                (b, sign * amount as i64),
                (c, sign * tax as i64),
            ]
        };
        for (group, cents) in parts {
            let account = name(group, next.below(groups[group].1));
            let tag = if next.below(3) == 0 {
                format!("  ; programme: P{:02}", next.below(60))
            } else {
                String::new()
            };
            let (sign, size) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
            writeln!(
                text,
                "    {account:<40}  {:>12} €{tag}",
                format!("{sign}{},{:02}", size / 100, size % 100)
            )
            .unwrap();
        }
        text.push('\n');
    }
    text
}

/// A FEC of one year: entries of three rows, 60 accounts, 400 tiers, letters.
fn fec(rows: u64) -> String {
    let mut text = "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise\n".to_owned();
    let mut next = Sequence(27);
    let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let entries = rows / 3;
    for rank in 0..entries {
        let day = (first + chrono::Days::new(rank * 366 / entries)).format("%Y%m%d");
        let (tiers, spent) = (next.below(400), next.below(58));
        let (whole, tax) = (1000 + next.below(900_000), next.below(900));
        let euros = |cents: u64| format!("{},{:02}", cents / 100, cents % 100);
        let number = rank + 1;
        let head = format!("AC\tAchats\t{number}\t{day}");
        let tail = format!("F{rank:06}\t{day}\tFacture {rank:06} du fournisseur {tiers}");
        writeln!(
            text,
            "{head}\t6{spent:05}\tCharge {spent}\t\t\t{tail}\t{}\t0,00\t\t\t{day}\t\t",
            euros(whole)
        )
        .unwrap();
        writeln!(
            text,
            "{head}\t445660\tTVA déductible\t\t\t{tail}\t{}\t0,00\t\t\t{day}\t\t",
            euros(tax)
        )
        .unwrap();
        writeln!(text, "{head}\t401000\tFournisseurs\tF{tiers:04}\tFournisseur {tiers}\t{tail}\t0,00\t{}\t\t\t{day}\t\t", euros(whole + tax)).unwrap();
    }
    text
}

/// Verifies a FEC, makes books of it, and gives it back.
fn exchange(rows: u64) {
    let home = tempfile::tempdir().unwrap();
    let name = "123456782FEC20241231.txt";
    std::fs::write(home.path().join(name), fec(rows)).unwrap();
    for (what, arguments) in [
        ("fec verifier", vec!["fec", "verifier", name]),
        ("init --depuis-fec", vec!["init", "livres", "--depuis-fec", name]),
        ("fec 2024", vec!["-C", "livres", "fec", "2024", "-o", "sorties"]),
    ] {
        let mut best = f64::MAX;
        for _ in 0..3 {
            let _ = std::fs::remove_dir_all(home.path().join("sorties"));
            if what.starts_with("init") {
                let _ = std::fs::remove_dir_all(home.path().join("livres"));
            }
            let start = Instant::now();
            let run = Command::new(env!("CARGO_BIN_EXE_compta"))
                .args(&arguments)
                .current_dir(home.path())
                .output()
                .unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
            best = best.min(start.elapsed().as_secs_f64());
        }
        println!("{what} of {} rows: {best:.3} s", rows / 3 * 3);
    }
}

fn main() {
    let asked: Vec<u64> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![10_000, 100_000, 1_000_000] } else { asked };
    let folder = tempfile::tempdir().unwrap();
    for entries in sizes {
        let text = books(entries);
        let path = folder.path().join("livres.journal");
        std::fs::write(&path, &text).unwrap();
        let mut best = f64::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            let run = Command::new(env!("CARGO_BIN_EXE_compta"))
                .args(["-O", "csv", "balance", "-f"])
                .arg(&path)
                .output()
                .unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
            best = best.min(start.elapsed().as_secs_f64());
        }
        let memory = Command::new("/usr/bin/time")
            .args(["-f", "%M", env!("CARGO_BIN_EXE_compta"), "-O", "csv", "balance", "-f"])
            .arg(&path)
            .output();
        let peak = memory
            .ok()
            .and_then(|run| String::from_utf8_lossy(&run.stderr).trim().parse::<u64>().ok());
        let size = text.len() as f64 / 1e6;
        let peak = peak.map_or("?".to_owned(), |kb| {
            format!("{:.0} Mo, {:.2} × the file", kb as f64 / 1e3, kb as f64 * 1.024 / 1e3 / size)
        });
        println!(
            "{entries:>9} entries, {size:>6.1} Mo: {best:.3} s, {:>9.0} entries/s, peak {peak}",
            entries as f64 / best
        );
    }
    exchange(100_000);
    let region = concat!(env!("CARGO_MANIFEST_DIR"), "/ledgers/27e-region");
    let start = Instant::now();
    for _ in 0..20 {
        let run = Command::new(env!("CARGO_BIN_EXE_compta"))
            .args(["-C", region, "bilan", "2024"])
            .output()
            .unwrap();
        assert!(run.status.success());
    }
    println!("bilan 2024 of ledgers/27e-region: {:.1} ms", start.elapsed().as_secs_f64() * 50.0);
}

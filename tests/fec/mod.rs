//! The *fichier des écritures comptables*, out of the books and into them.

mod bad;
mod books;
mod gallery;
mod openings;
mod outgoing;
mod quirks;
mod round;
mod world;
mod years;

use std::fs;
use std::path::Path;

use crate::harness::{Run, compta};

pub const HEAD: &str = "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise";

/// The name of a file of 2024.
pub const NAME: &str = "123456782FEC20241231.txt";

/// A row of the year 2024: journal, number, day, account, debit, credit.
pub fn row(
    journal: &str,
    number: &str,
    day: &str,
    account: &str,
    debit: &str,
    credit: &str,
) -> String {
    let label = match account.as_bytes()[0] {
        b'4' => "Tiers",
        b'5' => "Banque",
        b'6' => "Achats",
        b'7' => "Ventes",
        _ => "Fonds",
    };
    format!(
        "{journal}\tJournal {journal}\t{number}\t{day}\t{account}\t{label}\t\t\tP{number}\t{day}\tPièce {number}\t{debit}\t{credit}\t\t\t{day}\t\t"
    )
}

/// A small sound file: an opening, a purchase, its payment.
pub fn sound() -> Vec<String> {
    vec![
        HEAD.to_owned(),
        row("AN", "1", "20240101", "512", "1000,00", "0,00"),
        row("AN", "1", "20240101", "102", "0,00", "1000,00"),
        row("AC", "2", "20240312", "606", "120,00", "0,00"),
        row("AC", "2", "20240312", "401", "0,00", "120,00"),
        row("BQ", "3", "20240402", "401", "120,00", "0,00"),
        row("BQ", "3", "20240402", "512", "0,00", "120,00"),
    ]
}

/// Lines as a file, each with that end.
pub fn file(lines: &[String], end: &str) -> String {
    lines.iter().flat_map(|line| [line.as_str(), end]).collect()
}

/// Makes books of the bytes of one file.
pub fn taken(home: &Path, name: &str, bytes: &[u8]) -> Run {
    fs::write(home.join(name), bytes).unwrap();
    plainly(&compta(home, &["init", "livres", "--depuis-fec", name]))
}

/// A run with ordinary spaces in its words.
pub fn plainly(run: &Run) -> Run {
    let plain = |text: &str| text.replace(['\u{a0}', '\u{202f}'], " ");
    Run { code: run.code, out: plain(&run.out), err: plain(&run.err) }
}

/// The FEC that the books of a folder give for a year, row by row.
pub fn given(books: &Path, year: &str) -> Vec<Vec<String>> {
    rows(&compta(books, &["fec", year]).ok())
}

/// The rows of a file, without its header.
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let separator = if text.lines().next().unwrap().contains('\t') { '\t' } else { '|' };
    let cells = |line: &str| line.split(separator).map(str::to_owned).collect();
    text.lines().skip(1).map(cells).collect()
}

/// The balance of each account in hledger, in its own order.
pub fn hledger(books: &Path) -> String {
    let output = std::process::Command::new("hledger")
        .args([
            "-f",
            "principal.journal",
            "balance",
            "--flat",
            "--empty",
            "--no-total",
            "-O",
            "csv",
        ])
        .current_dir(books)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

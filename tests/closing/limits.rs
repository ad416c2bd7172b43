//! What is asked of an allocation, of a correction and of a verification, to its limits.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::folders::{append, close, edit, small, small_closed, tree, yearly};
use crate::harness::{compta, typed};

/// The small books with a surplus of 300 in 2023 and, when asked, losses of 100 before: 2023 closed.
fn with_a_surplus(losses: bool) -> TempDir {
    let home = yearly();
    earn(home.path(), "2024/od.journal");
    if losses {
        edit(
            home.path(),
            "2023.journal",
            "    110 Report à nouveau (solde créditeur)           -1 000,00 €\n",
            "    110 Report à nouveau (solde créditeur)           -1 100,00 €\n    119 Report à nouveau (solde débiteur)               100,00 €\n",
        );
    }
    close(home.path(), "2023", "2024-03-01").ok();
    home
}

/// A surplus of 300 in 2023, which the assertions of the year after know.
fn earn(home: &Path, after: &str) {
    edit(home, "2023.journal", "1 500,00 €\n    756", "1 800,00 €\n    756");
    edit(home, "2023.journal", "-1 500,00 €", "-1 800,00 €");
    edit(home, "2023.journal", "= 1 100,00 €", "= 1 400,00 €");
    edit(home, after, "= 830,00 €", "= 1 130,00 €");
}

/// Where no line includes what would be written, nothing is, and it is said what to add.
#[test]
fn an_allocation_that_nothing_reads_is_not_written() {
    let home = small();
    earn(home.path(), "2024.journal");
    close(home.path(), "2023", "2024-03-01").ok();
    let before = tree(home.path());
    for line in ["affecter 2023 --vote 2024-05-02", "affecter 2023 --vote 2024-05-02 -n"] {
        let run = typed(home.path(), line);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.screen());
        assert!(run.err.contains("aucune inclusion ne lirait `"), "{}", run.err);
        assert!(run.err.contains("ajoutez `include "), "{}", run.err);
    }
    assert_eq!(tree(home.path()), before);
}

/// The lines of an allocation that is only shown.
fn shown(home: &TempDir, reserves: &[&str]) -> Result<Vec<String>, String> {
    let mut line = vec!["affecter", "2023", "--vote", "2024-05-02", "-n"];
    for reserve in reserves {
        line.extend(["--reserve", reserve]);
    }
    let run = compta(home.path(), &line);
    if run.code != 0 {
        assert_eq!(run.code, 2, "{}", run.screen());
        return Err(run.screen().replace(['\u{202f}', '\u{a0}'], " "));
    }
    let lines = run.out.lines().filter(|line| line.starts_with("    "));
    Ok(lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect())
}

#[test]
fn a_reserve_is_an_account_and_an_amount_in_cents() {
    let home = with_a_surplus(false);
    let before = tree(home.path());
    let of = |lines: Result<Vec<String>, String>| lines.unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(
        of(shown(&home, &[])),
        [
            "120 Résultat de l'exercice - excédent 300,00 €",
            "110 Report à nouveau (solde créditeur) -300,00 €"
        ]
    );
    for (reserve, kept, left) in [
        ("1068=0,01", "-0,01 €", "-299,99 €"),
        ("1068=0.5", "-0,50 €", "-299,50 €"),
        (" 1068 = 12 ", "-12,00 €", "-288,00 €"),
    ] {
        let lines = of(shown(&home, &[reserve]));
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[1].starts_with("1068 ") && lines[1].ends_with(kept), "{lines:?}");
        assert!(lines[2].starts_with("110 ") && lines[2].ends_with(left), "{lines:?}");
    }
    // The whole of it leaves nothing to carry; a cent more is refused, and so is what is no reserve.
    let lines = of(shown(&home, &["1064=100", "1068=200,00"]));
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[1].ends_with("-100,00 €") && lines[2].ends_with("-200,00 €"), "{lines:?}");
    let over = shown(&home, &["1064=100", "1068=200,01"]).unwrap_err();
    assert!(over.contains("il reste 300,00 € une fois"), "{over}");
    for wrong in [
        "1068=0",
        "1068=0,00",
        "1068=-5",
        "1068=1,234",
        "1068=",
        "=5",
        "1068",
        "2068=5",
        "110=5",
        "1068=cinq",
    ] {
        let why = shown(&home, &[wrong]).unwrap_err();
        assert!(why.contains(&format!("`--reserve {wrong}` ne se lit pas")), "{why}");
    }
    assert!(tree(home.path()) == before, "what is only shown was written");
}

#[test]
fn earlier_losses_are_cleared_before_anything_is_kept() {
    let home = with_a_surplus(true);
    let lines = shown(&home, &["1068=50"]).unwrap();
    assert_eq!(
        lines,
        [
            "120 Résultat de l'exercice - excédent 300,00 €",
            "119 Report à nouveau (solde débiteur) -100,00 €",
            "1068 Réserves pour projet de l’entité -50,00 €",
            "110 Report à nouveau (solde créditeur) -150,00 €"
        ]
    );
    let over = shown(&home, &["1068=200,01"]).unwrap_err();
    assert!(over.contains("il reste 200,00 €"), "{over}");
    // Written, it is what was shown, and the year that follows carries it.
    let line = "affecter 2023 --vote 2024-05-02 --reserve 1068=50";
    let tried = typed(home.path(), &format!("{line} -n")).ok();
    assert!(tried.contains("rien n’a été écrit") && !tried.contains("est approuvé"), "{tried}");
    let told = typed(home.path(), line).ok();
    assert!(told.contains("l’exercice 2023 est approuvé") && !told.contains("essai"), "{told}");
    let balance = typed(home.path(), "balance 2024 -O csv").ok();
    for (account, left) in [("1068", "-50.00"), ("110", "-1250.00")] {
        let row = balance.lines().find(|row| row.starts_with(&format!("{account},")));
        assert!(row.is_some_and(|row| row.ends_with(left)), "{account}: {balance}");
    }
    for account in ["119,", "120,"] {
        let row = balance.lines().find(|row| row.starts_with(account));
        assert!(row.is_none_or(|row| row.ends_with(",0.00")), "{account}: {balance}");
    }
}

/// A deficit takes what is carried on the day of the vote: what is booked by then, under any
/// mark, and nothing else.
#[test]
fn a_deficit_takes_what_is_carried_on_the_day_of_the_vote() {
    let home = yearly();
    let path = home.path();
    close(path, "2023", "2024-03-01").ok();
    close(path, "2024", "2025-05-01").ok();
    let shown = |vote: &str| {
        let run = compta(path, &["affecter", "2024", "--vote", vote, "-n"]);
        let lines = run.out.lines().filter(|line| line.starts_with("    "));
        let lines: Vec<String> =
            lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        (run.code, lines, run.err)
    };
    let (code, lines, _) = shown("2025-05-02");
    assert_eq!(code, 0);
    assert!(lines[0].starts_with("129 ") && lines[0].ends_with(" -600,00 €"), "{lines:?}");
    assert_eq!(lines[1..], ["110 Report à nouveau - solde créditeur 600,00 €"]);
    let entry = |day: &str, mark: &str, code: &str, euros: &str| {
        format!(
            "\n{day} {mark}({code}) Bureau | report  ; piece: pv-{code}.pdf\n    110 Report à nouveau - solde créditeur  {euros} €\n    512100 Banque  -{euros} €\n"
        )
    };
    append(path, "2025/od.journal", &entry("2025-05-03", "* ", "OD-0002", "500,00"));
    append(path, "2025/od.journal", &entry("2025-05-03", "! ", "OD-0003", "40,00"));
    append(path, "2025/od.journal", &entry("2025-06-30", "* ", "OD-0004", "30,00"));
    assert_eq!(shown("2025-05-02").1.len(), 2, "the day before");
    let (_, lines, _) = shown("2025-05-03");
    assert_eq!(
        lines[1..],
        [
            "110 Report à nouveau - solde créditeur 460,00 €",
            "119 Report à nouveau - solde débiteur 140,00 €"
        ]
    );
    let (_, lines, _) = shown("2025-06-30");
    assert_eq!(
        lines[1..],
        [
            "110 Report à nouveau - solde créditeur 430,00 €",
            "119 Report à nouveau - solde débiteur 170,00 €"
        ]
    );
    // A vote on the last day of the year comes before its end; the day after may vote.
    let (code, lines, told) = shown("2024-12-31");
    assert_eq!((code, lines.len()), (2, 0), "{told}");
    assert!(told.contains("le vote du 31/12/2024 est avant la fin de l’exercice 2024"), "{told}");
    assert_eq!(shown("2025-01-01").0, 0);
}

/// A correction that replaces something is an entry; one that replaces nothing is a draft to put right.
#[test]
fn a_correction_without_a_change_is_a_draft() {
    let home = yearly();
    close(home.path(), "2023", "2024-03-01").ok();
    close(home.path(), "2024", "2025-05-01").ok();
    let shown = |more: &str| {
        typed(home.path(), &format!("corriger ACH-0001 --exercice 2024 -n {more}")).ok()
    };
    let heads = |text: &str| -> Vec<String> {
        let heads = text.lines().filter(|line| line.contains("corrige: ACH-0001"));
        heads.map(|line| line.split_whitespace().nth(1).unwrap().to_owned()).collect()
    };
    for (more, mark) in [
        ("", "!"),
        ("--compte 6236=626100", "*"),
        ("--montant 120,00=130,00", "*"),
        ("--compte 6236=626100 --montant 120,00=130,00", "*"),
    ] {
        let text = shown(more);
        assert_eq!(heads(&text), ["*", mark], "{more}: {text}");
    }
    let text = shown("--montant 120,00=130,00");
    let amounts: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("    "))
        .filter_map(|line| {
            line.split("  ").map(str::trim).filter(|part| part.ends_with('€')).last()
        })
        .collect();
    assert_eq!(amounts, ["-120,00 €", "120,00 €", "130,00 €", "-130,00 €"]);
}

/// Lines of every book are taken back in their own, with their units.
#[test]
fn a_correction_takes_back_lines_of_every_book() {
    let home = yearly();
    let path = home.path();
    append(
        path,
        "2024/od.journal",
        "\n2024-12-31 * (INV-0003) SNCF | Lille  ; piece: billet-7.pdf\n    625100 Voyages et déplacements  10,00 €\n    (train-tgv)  450 pkm\n    401 Fournisseurs:Imprimeur  -10,00 €\n    [C6812 Consommation irrécouvrable]  2,00 €\n    [C172 Dette climat irrécouvrable]  -2,00 €\n    [T10 Dette envers l’atmosphère]  3,125 kgCO₂e\n    [T172 Dette carbone irrécouvrable]  -3,125 kgCO₂e\n",
    );
    close(path, "2023", "2024-03-01").ok();
    close(path, "2024", "2025-05-01").ok();
    let text = typed(path, "corriger INV-0003 --exercice 2024 -n").ok();
    let lines: Vec<String> = text
        .lines()
        .filter(|line| line.starts_with("    ") && !line.trim_start().starts_with(';'))
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let back = [
        "625100 Voyages et déplacements -10,00 €",
        "(train-tgv) -450 pkm",
        "401 Fournisseurs:Imprimeur 10,00 €",
        "[C6812 Consommation irrécouvrable] -2,00 €",
        "[C172 Dette climat irrécouvrable] 2,00 €",
        "[T10 Dette envers l’atmosphère] -3,125 kgCO₂e",
        "[T172 Dette carbone irrécouvrable] 3,125 kgCO₂e",
    ];
    assert_eq!(lines[..7], back, "{text}");
    let turned = |line: &str| {
        if line.contains(" -") {
            line.replace(" -", " ")
        } else {
            let (name, rest) = line.rsplit_once(|c: char| c.is_whitespace()).unwrap();
            let (name, figure) = name.rsplit_once(' ').unwrap();
            format!("{name} -{figure} {rest}")
        }
    };
    assert_eq!(lines[7..], back.map(turned), "{text}");
}

/// An account that the chart renumbered is corrected under the number of the open year.
#[test]
fn a_correction_speaks_the_chart_of_its_day() {
    let home = yearly();
    append(
        home.path(),
        "2024/od.journal",
        "\n2024-12-31 * (OD-0002) Banque | pénalités  ; piece: avis-3.pdf\n    6712 Pénalités, amendes fiscales et pénales  10,00 €\n    512100 Banque  -10,00 €\n\n2024-12-31 * (OD-0003) Banque | pénalités rendues  ; piece: avis-4.pdf\n    6712 Pénalités, amendes fiscales et pénales  -10,00 €\n    512100 Banque  10,00 €\n",
    );
    close(home.path(), "2023", "2024-03-01").ok();
    close(home.path(), "2024", "2025-05-01").ok();
    let text = typed(home.path(), "corriger OD-0002 --exercice 2024 -n").ok();
    let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("    6")).collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines.iter().all(|line| line.starts_with("    6582 ")), "{text}");
}

/// The report of a verification: on the screen, in JSON, in a file, and in nothing else.
#[test]
fn a_verification_is_said_in_words_or_in_json() {
    let home = small_closed();
    let path = home.path();
    let words = typed(path, "verify 2024").ok();
    let json = typed(path, "verify 2024 -O json").ok();
    assert!(json.ends_with("}\n"), "{json}");
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["schema"], "compta/verification/1");
    for (line, text) in [("verify 2024", &words), ("verify 2024 -O json", &json)] {
        assert_eq!(&typed(path, &format!("{line} -o -")).ok(), text);
        let run = typed(path, &format!("{line} -o rapport"));
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.screen());
        assert_eq!(&fs::read_to_string(path.join("rapport")).unwrap(), text);
        fs::remove_file(path.join("rapport")).unwrap();
    }
    for format in ["csv", "html", "xlsx", "hledger"] {
        let run = typed(path, &format!("verify 2024 -O {format}"));
        assert_eq!(run.code, 2, "{format}: {}", run.screen());
        assert!(run.out.is_empty() && run.err.contains("text ou en json"), "{}", run.screen());
    }
}

/// A folder of books that is not there, or is no folder, is said by its name.
#[test]
fn a_folder_that_does_not_read_is_named() {
    let home = small_closed();
    for (place, words) in [("absent", "`absent`"), ("2024.journal/livres", "2024.journal/livres")] {
        let run = compta(home.path(), &["-C", place, "verify", "2024"]);
        assert!(matches!(run.code, 2 | 3), "{place}: {}", run.screen());
        assert!(run.out.is_empty() && run.err.contains(words), "{place}: {}", run.screen());
    }
}

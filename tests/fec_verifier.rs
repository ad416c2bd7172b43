//! The verification of a FEC: bad files, the odd files of real software, and laws over random ones.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use compta::diagnostic::Code;
use compta::exchange::fec::Column;
use compta::exchange::fec::verify::{Verified, verify};

use crate::harness::{compta, expect, folder, none, root, typed};

const NAME: &str = "123456782FEC20241231.txt";

/// The cells of a small sound file, its header first.
fn cells() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("fixtures/fec-verifier").join(NAME)).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn text(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.join("\t") + "\n").collect()
}

fn named(name: &str, bytes: &[u8]) -> Verified {
    verify(name, None, bytes).unwrap()
}

fn said(bytes: impl AsRef<[u8]>) -> Verified {
    named(NAME, bytes.as_ref())
}

/// What is said, as `CODE field line`.
fn list(verified: &Verified) -> Vec<String> {
    let found = &verified.found;
    let of = |one: &compta::exchange::fec::verify::Occurrence| {
        let group = &found.groups[usize::from(one.group)];
        let field = group.column.map_or("-", Column::name);
        format!("{} {field} {}", group.code.text(), one.line)
    };
    found.occurrences().iter().map(of).collect()
}

/// The kinds that are said, each once.
fn kinds(verified: &Verified) -> Vec<String> {
    let groups = verified.found.groups.iter();
    let mut kinds: Vec<String> =
        groups.map(|group| format!("{} {}", group.code.text(), group.kind)).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn has(verified: &Verified, code: Code) -> bool {
    verified.found.has(code)
}

/// The small file with one cell changed; lines are counted from 1, the header being the first.
fn changed(line: usize, column: Column, value: &str) -> String {
    let mut rows = cells();
    value.clone_into(&mut rows[line - 1][column.rank()]);
    text(&rows)
}

/// Changes a column of every row.
fn every(column: Column, change: impl Fn(usize, &[String]) -> String) -> String {
    let mut rows = cells();
    for (rank, row) in rows.iter_mut().enumerate().skip(1) {
        row[column.rank()] = change(rank, row);
    }
    text(&rows)
}

#[test]
fn a_sound_file_has_nothing_said_of_it() {
    let verified = said(text(&cells()));
    assert_eq!(list(&verified), [""; 0]);
    let verdict = verified.verdict();
    assert!(verdict.sound && verdict.conforming);
    assert_eq!((verified.facts.file.rows, verified.facts.entries), (8, 4));
    assert_eq!(verified.facts.debit, verified.facts.credit);
}

/// Each bad file is named with its line, and exits 1.
#[test]
fn bad_files_are_named_with_their_line() {
    let cut = {
        let mut whole = text(&cells());
        whole.truncate(whole.len() - 60);
        whole.into_bytes()
    };
    let shorter = |without: usize| -> Vec<u8> {
        let mut rows = cells();
        for row in &mut rows {
            row.remove(without);
        }
        text(&rows).into_bytes()
    };
    let wide = {
        let mut rows = cells();
        rows[3].insert(10, "coupé".to_owned());
        text(&rows).into_bytes()
    };
    let utf16: Vec<u8> = std::iter::once(0xfeff_u16)
        .chain(text(&cells()).encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let year = every(Column::EcritureDate, |_, row| row[3].replace("2024", "2023"));
    let files: Vec<(&str, Vec<u8>, &str)> = vec![
        ("vide", Vec::new(), "E0402 - 1"),
        ("en-tête seul", text(&cells()[..1]).into_bytes(), "E0402 - 1"),
        ("texte", "Chère adhérente,\nvoici le FEC.\n".into(), "E0401 - 1"),
        ("image", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "E0401 - 1"),
        ("point-virgule", text(&cells()).replace('\t', ";").into_bytes(), "E0401 - 1"),
        ("UTF-16", utf16, "E0401 - 1"),
        ("sans ValidDate", shorter(15), "E0403 ValidDate 1"),
        ("sans Debit", shorter(11), "E0403 Debit 1"),
        ("dix-neuf champs", wide, "E0404 - 4"),
        ("coupé", cut, "E0404 - 9"),
        ("déséquilibre", changed(4, Column::Debit, "184,01").into(), "E0409 EcritureNum 4"),
        ("jour", changed(5, Column::EcritureDate, "20240230").into(), "E0407 EcritureDate 5"),
        ("mois", changed(5, Column::PieceDate, "20241301").into(), "E0407 PieceDate 5"),
        ("tirets", changed(6, Column::ValidDate, "2024-04-02").into(), "E0407 ValidDate 6"),
        ("date vide", changed(6, Column::EcritureDate, "").into(), "E0405 EcritureDate 6"),
        ("point", changed(7, Column::Credit, "184.00").into(), "E0406 Credit 7"),
        ("exposant", changed(7, Column::Credit, "1,84E2").into(), "E0406 Credit 7"),
        ("milliers", changed(2, Column::Debit, "1 500,00").into(), "E0406 Debit 2"),
        ("mots", changed(2, Column::Debit, "mille").into(), "E0406 Debit 2"),
        ("octet nul", changed(8, Column::EcritureLib, "Coti\0sation").into(), "E0408 - 8"),
        ("autre année", year.into(), "E0411 EcritureDate 2"),
    ];
    let home = folder();
    let mut screens = String::new();
    for (what, bytes, expected) in files {
        let verified = said(&bytes);
        assert!(list(&verified).iter().any(|one| one == expected), "{what}: {:?}", list(&verified));
        std::fs::write(home.path().join(NAME), &bytes).unwrap();
        let run = typed(home.path(), &format!("fec verifier {NAME}"));
        assert_eq!(run.code, 1, "{what}: {}", run.screen());
        let (code, line) = (&expected[..5], expected.rsplit(' ').next().unwrap());
        assert!(run.out.contains(code), "{what}: {}", run.out);
        let place = format!("{NAME}:{line}:");
        assert!(run.out.contains(&place), "{what}: {}", run.out);
        let shown: Vec<&str> = run
            .out
            .lines()
            .filter(|line| {
                line.starts_with("erreur") || line.starts_with("avert") || line.contains("╭▸")
            })
            .collect();
        writeln!(screens, "# {what}\n{}\n", shown.join("\n")).unwrap();
    }
    let mut failures = Vec::new();
    expect(&root().join("fixtures/commandes/fec-verifier-mauvais.txt"), &screens, &mut failures);
    none(&failures);
}

/// A line that cannot be read is told once: nothing else is said of what it would have brought.
#[test]
fn one_fault_is_told_once() {
    for line in 2..=9 {
        let mut rows = cells();
        rows[line - 1].push("de trop".to_owned());
        assert_eq!(list(&said(text(&rows))), [format!("E0404 - {line}")]);
        let side = if rows[line - 1][11] == "0,00" { Column::Credit } else { Column::Debit };
        let wrong = changed(line, side, "12.50");
        assert_eq!(list(&said(wrong)), [format!("E0406 {} {line}", side.name())]);
    }
}

/// What real software writes, and what is said of each.
#[test]
#[expect(clippy::too_many_lines, reason = "one table: a quirk a line")]
fn the_quirks_of_real_files() {
    let whole = text(&cells());
    let latin = |text: &str| encoding_rs::ISO_8859_15.encode(text).0.into_owned();
    let windows = |text: &str| {
        let text = text.replace("Virement", "Virement – œuvre");
        encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
    };
    let mut mixed = latin(&whole);
    mixed.extend(whole.lines().nth(1).unwrap().bytes());
    mixed.push(b'\n');
    let sided = {
        let mut rows = cells();
        for row in &mut rows {
            let debit = row[11] != "0,00";
            if row[11] == "Debit" {
                (row[11], row[12]) = ("Montant".to_owned(), "Sens".to_owned());
            } else {
                let amount = if debit { row[11].clone() } else { row[12].clone() };
                (row[11], row[12]) = (amount, if debit { "D" } else { "C" }.to_owned());
            }
        }
        text(&rows)
    };
    let trailing: String = whole.lines().flat_map(|line| [line, "\t\n"]).collect();
    let rows_only = trailing.replacen("\t\n", "\n", 1);
    let barred = whole.replace("Cotisation Durand", "Cotisation | Durand");
    let bars_only = whole.replace('\t', "|");
    let backwards = {
        let mut rows = cells();
        for row in rows.iter_mut().skip(1) {
            row[0] = "OD".to_owned();
            row[1] = "Divers".to_owned();
            row[2] = match row[2].as_str() {
                "2" => "3".to_owned(),
                "3" => "2".to_owned(),
                same => same.to_owned(),
            };
        }
        text(&rows)
    };
    let closing = |accounts: [&str; 4]| {
        let mut rows = cells();
        let model = rows.last().unwrap().clone();
        for (rank, account) in accounts.into_iter().enumerate() {
            let mut row = model.clone();
            let entry = 5 + rank / 2;
            (row[2], row[3]) = (entry.to_string(), "20241231".to_owned());
            (row[4], row[5]) = (account.to_owned(), format!("Compte {account}"));
            (row[8], row[9]) = ("C".to_owned(), "20241231".to_owned());
            (row[13], row[14], row[15]) = (String::new(), String::new(), "20250331".to_owned());
            let amount = ["184,00", "0,00"];
            (row[11], row[12]) = (amount[rank % 2].to_owned(), amount[1 - rank % 2].to_owned());
            rows.push(row);
        }
        for row in rows.iter_mut().skip(1) {
            row[15] = "20250331".to_owned();
            if row[4] == "606" {
                row[5] = "Compte 606".to_owned();
            }
        }
        text(&rows)
    };
    let closed_six = closing(["618", "606", "120", "618"]);
    let closed_bilan = closing(["618", "467", "891", "467"]);
    let extra: String = whole.lines().flat_map(|line| [line, "\tx\ty\tz\tw\n"]).collect();
    let padded = whole.replace('\t', " \t ");
    let zeros = every(Column::EcritureNum, |_, _| "0".to_owned());
    let by_journal = every(Column::EcritureNum, |_, row| {
        let number = if row[2] == "4" { 2 } else { 1 };
        format!("{}{number:06}", row[0])
    });
    let restarting =
        every(Column::EcritureNum, |_, row| if row[2] == "4" { "2" } else { "1" }.to_owned());
    let two_journals = changed(7, Column::JournalCode, "OD").replace("OD\tBanque", "OD\tDivers");
    let no_valid = every(Column::ValidDate, |_, _| String::new());
    let one_valid = every(Column::ValidDate, |_, _| "20250331".to_owned());
    let start =
        every(Column::EcritureNum, |_, row| (row[2].parse::<u32>().unwrap() + 4).to_string());
    let amounts = changed(2, Column::Debit, " 000000000001500,00")
        .replace("\t184,00\t0,00", "\t+000000184,00\t0")
        .replace("\t0,00\t40,00", "\t\t40");
    let negative = {
        let mut rows = cells();
        (rows[2][11], rows[2][12]) = ("-1500,00".to_owned(), "0,00".to_owned());
        text(&rows)
    };
    let lettered = {
        let mut rows = cells();
        rows[4][14] = String::new();
        text(&rows)
    };
    let files: Vec<(&str, Vec<u8>, &[&str])> = vec![
        ("BOM", [b"\xef\xbb\xbf", whole.as_bytes()].concat(), &[]),
        ("ISO-8859-15", latin(&whole), &[]),
        ("CRLF", whole.replace('\n', "\r\n").into(), &[]),
        ("CR", whole.replace('\n', "\r").into(), &[]),
        ("barre", whole.replace('\t', "|").into(), &[]),
        ("CR CR LF", whole.replace('\n', "\r\r\n").into(), &["W0411 CR CR LF"]),
        ("fins mêlées", whole.replacen('\n', "\r\n", 2).into(), &["W0411 fins de ligne mélangées"]),
        ("sans fin", whole.strip_suffix('\n').unwrap().into(), &["W0411 dernière ligne sans fin"]),
        ("Windows-1252", windows(&whole), &["W0411 Windows-1252"]),
        (
            "jeux mêlés",
            mixed,
            &[
                "E0408 jeux de caractères mélangés",
                "E0409 écriture déséquilibrée",
                "E0410 fichier déséquilibré",
                "W0408 à-nouveaux après d’autres écritures",
                "W0412 numéro qui revient",
            ],
        ),
        (
            "casse",
            whole.replacen("CompteLib", "CompteLIB", 1).into(),
            &["W0411 noms de colonnes écrits autrement"],
        ),
        (
            "espaces",
            padded.into(),
            &["W0411 espaces autour d’une cellule", "W0411 noms de colonnes écrits autrement"],
        ),
        ("séparateur final", trailing.into(), &["W0411 séparateur en trop à la fin de l’en-tête"]),
        (
            "séparateur final des seules lignes",
            rows_only.into(),
            &["W0411 séparateur en trop à la fin de la ligne"],
        ),
        (
            "PieceDate à zéro",
            changed(5, Column::PieceDate, "00000000").into(),
            &["W0401 donnée absente"],
        ),
        ("barre dans un libellé", barred.into(), &["W0411 barre dans une cellule"]),
        ("barre dans un fichier à barres", bars_only.into(), &[]),
        ("numéros à rebours", backwards.into(), &["W0408 numéro qui recule"]),
        ("classe 6 soldée", closed_six.into(), &["W0414 classes 6 et 7 soldées"]),
        ("bilan soldé", closed_bilan.into(), &["W0414 bilan de clôture"]),
        ("22 colonnes", extra.into(), &["W0405 colonne supplémentaire"]),
        ("ligne blanche", format!("{whole}\n").into(), &["W0411 ligne blanche"]),
        ("Montant et Sens", sided.into(), &["W0411 Montant et Sens au lieu de Debit et Credit"]),
        ("montants", amounts.into(), &["W0411 espaces autour d’une cellule"]),
        ("négatif", negative.into(), &[]),
        ("0 partout", zeros.into(), &["W0407 numéros qui ne disent rien"]),
        ("par journal", by_journal.into(), &[]),
        ("qui recommence par journal", restarting.into(), &[]),
        ("2-1", every(Column::EcritureNum, |_, row| format!("2-{}", row[2])).into(), &[]),
        (
            "OUVERTURE/2020",
            every(Column::EcritureNum, |_, row| match row[2].as_str() {
                "1" => "OUVERTURE/2020".to_owned(),
                number => format!("{}", number.parse::<u32>().unwrap() - 1),
            })
            .into(),
            &[],
        ),
        ("à partir de 5", start.into(), &["W0407 début de la séquence"]),
        ("deux journaux", two_journals.into(), &["W0412 plusieurs journaux"]),
        ("ValidDate vide", no_valid.into(), &["W0401 donnée absente"]),
        ("une seule ValidDate", one_valid.into(), &[]),
        ("auxiliaire sans libellé", whole.replace("Papeterie du Port\tP", "\tP").into(), &[]),
        ("compte long", whole.replace("\t512\t", "\t51210000001\t").into(), &[]),
        (
            "compte court",
            whole.replace("\t512\t", "\t51\t").into(),
            &["W0402 trois premiers caractères"],
        ),
        ("classe 9", changed(9, Column::CompteNum, "920").into(), &["W0402 classe hors du FEC"]),
        (
            "deux libellés",
            changed(7, Column::CompteLib, "Crédit").into(),
            &["W0410 libellés de compte"],
        ),
        ("lettre sans date", lettered.into(), &["W0409 lettre sans date"]),
        (
            "date de lettre seule",
            changed(9, Column::DateLet, "20240630").into(),
            &["W0409 date sans lettre"],
        ),
        (
            "lettre trop tôt",
            changed(6, Column::DateLet, "20240312").into(),
            &["W0409 lettrage antérieur à sa ligne"],
        ),
        (
            "devise",
            changed(9, Column::Montantdevise, "-43,10").into(),
            &["W0411 montant en devise sans devise"],
        ),
        (
            "siècle",
            changed(5, Column::PieceDate, "18240312").into(),
            &["W0404 année hors de 1900–2099"],
        ),
        (
            "validée trop tôt",
            every(Column::ValidDate, |_, _| "20240604".into()).into(),
            &[
                "W0404 pièce postérieure à la validation",
                "W0404 validation antérieure à l’écriture",
            ],
        ),
        (
            "validation qui recule",
            changed(4, Column::ValidDate, "20240601").into(),
            &["W0408 validation qui recule"],
        ),
    ];
    for (what, bytes, expected) in files {
        let verified = said(&bytes);
        assert_eq!(kinds(&verified), expected, "{what}: {:?}", list(&verified));
        let errors = expected
            .iter()
            .any(|one| one.starts_with('E') || one.ends_with("blanche") || one.contains("barre"));
        assert_eq!(verified.verdict().sound, !errors, "{what}");
    }
}

#[test]
fn the_name_gives_the_year() {
    let whole = text(&cells());
    let of = |name: &str| kinds(&named(name, whole.as_bytes()));
    assert_eq!(of("123456782FEC20241231_2.txt"), ["W0411 partie d’un FEC"]);
    assert_eq!(of("123456789FEC20241231.txt"), ["W0406 clé du SIREN"]);
    assert_eq!(of("FEC20241231.txt"), ["W0406 nom du fichier"]);
    assert_eq!(of("export.txt"), ["W0406 nom du fichier"]);
    assert_eq!(of("123456782FEC20240630.txt"), [""; 0], "the twelve months before");
    assert_eq!(of("123456782FEC20250630.txt"), ["E0411 hors de l’exercice"]);
    let first = chrono::NaiveDate::from_ymd_opt(2024, 1, 1);
    let long = verify("123456782FEC20250630.txt", first, whole.as_bytes()).unwrap();
    assert_eq!(kinds(&long), [""; 0], "eighteen months");
}

#[test]
fn gaps_are_told_compactly() {
    let gaps = every(Column::EcritureNum, |_, row| {
        match row[2].as_str() {
            "2" => "5",
            "3" => "6",
            "4" => "8",
            other => other,
        }
        .to_owned()
    });
    let verified = said(gaps);
    assert_eq!(list(&verified), ["W0407 EcritureNum 4", "W0407 EcritureNum 8"]);
    assert_eq!(verified.found.groups[0].message, "il manque 4 numéros : 2 à 4 ; 7");
    let words: Vec<_> =
        verified.found.occurrences().iter().map(|one| verified.found.message(one)).collect();
    assert_eq!(words, [Some("il manque 2 à 4"), Some("il manque 7")]);
}

/// Each format says the same; what cannot be asked is refused.
#[test]
fn every_format_and_every_refusal() {
    let home = folder();
    let bad = changed(4, Column::Debit, "184,01");
    std::fs::write(home.path().join(NAME), bad).unwrap();
    let ask = |line: &str| typed(home.path(), line);
    let mut failures = Vec::new();
    for (format, name) in [("json", "fec-verifier.json"), ("csv", "fec-verifier.csv")] {
        let run = ask(&format!("fec verifier {NAME} -O {format}"));
        assert_eq!(run.code, 1);
        expect(&root().join("fixtures/commandes").join(name), &run.out, &mut failures);
        let to_file = ask(&format!("fec verifier {NAME} -O {format} -o rapport"));
        assert_eq!((to_file.code, to_file.out.as_str()), (1, ""));
        assert_eq!(std::fs::read_to_string(home.path().join("rapport")).unwrap(), run.out);
    }
    let json: serde_json::Value =
        serde_json::from_str(&ask(&format!("fec verifier {NAME} -O json")).out).unwrap();
    assert_eq!(json["schema"], "compta/fec-verifier/1");
    assert_eq!(json["findings"][1]["line"], 4);
    let mut screens = String::new();
    for line in [
        "fec verifier".to_owned(),
        "fec verifier absent.txt".to_owned(),
        "fec verifier .".to_owned(),
        format!("fec verifier {NAME} -O csv-excel"),
        format!("fec verifier {NAME} -O hledger"),
        format!("fec verifier {NAME} -o {NAME}"),
        format!("fec verifier {NAME} --debut hier"),
        format!("fec verifier {NAME} --debut 2025-01-01"),
        format!("fec verifier {NAME} --debut 2020-01-01"),
    ] {
        let run = ask(&line);
        assert!(matches!(run.code, 2 | 3) && run.out.is_empty(), "{line}: {}", run.screen());
        writeln!(screens, "$ compta {line}\n{}", run.screen()).unwrap();
    }
    expect(&root().join("fixtures/commandes/fec-verifier-refus.txt"), &screens, &mut failures);
    let home = root().join("fixtures/fec-verifier");
    let sound = compta(&home, &["fec", "verifier", NAME]).ok();
    expect(&root().join("fixtures/commandes/fec-verifier-sain.txt"), &sound, &mut failures);
    none(&failures);
}

/// A small deterministic sequence.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn euros(cents: u64) -> String {
    format!("{},{:02}", cents / 100, cents % 100)
}

/// Rows of a random sound file, entry by entry, numbered one of five ways. No two amounts are alike.
fn sound(next: &mut Sequence, entries: u64) -> Vec<Vec<String>> {
    let journals = [("ACH", "Achats"), ("VT", "Ventes"), ("BQ", "Banque"), ("OD", "Divers")];
    let (style, first) = (next.below(5), next.below(2));
    let mut counts = [0_u64; 4];
    let mut rows = vec![cells()[0].clone()];
    let mut distinct = 0;
    for rank in 0..entries {
        let which = usize::try_from(next.below(4)).unwrap();
        let (code, label) = if rank < first { ("AN", "À-nouveaux") } else { journals[which] };
        if rank >= first {
            counts[which] += 1;
        }
        let own = if rank < first { 1 } else { counts[which] };
        let number = match style {
            0 => (rank + 1).to_string(),
            1 => format!("{code}{own:06}"),
            2 => own.to_string(),
            3 => format!("2024{:05}", rank + 1),
            _ => format!("{code}-{own}"),
        };
        let date = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap()
            + chrono::Days::new(if rank < first { 0 } else { rank * 365 / entries });
        let day = date.format("%Y%m%d").to_string();
        let lines = 1 + next.below(4);
        let debit_first = next.below(2) == 0;
        let mut parts = Vec::new();
        for _ in 0..lines {
            distinct += 1;
            parts.push((1 + next.below(3000)) * 100_000 + distinct);
        }
        let total: u64 = parts.iter().sum();
        let mut row = |amount: u64, debit: bool, account: u64| {
            let (debit, credit) =
                if debit { (euros(amount), euros(0)) } else { (euros(0), euros(amount)) };
            let cells = [
                code,
                label,
                &number,
                &day,
                &format!("{account}"),
                &format!("Compte n° {account}"),
                "",
                "",
                &format!("P{rank}"),
                &day,
                "Opération",
                &debit,
                &credit,
                "",
                "",
                &day,
                "",
                "",
            ];
            rows.push(cells.map(str::to_owned).to_vec());
        };
        for amount in parts {
            row(amount, debit_first, 600 + next.below(30));
        }
        row(total, !debit_first, 400 + next.below(30));
    }
    rows
}

fn worlds() -> u64 {
    std::env::var_os("COMPTA_CASES").and_then(|n| n.to_str()?.parse().ok()).unwrap_or(300)
}

#[test]
fn a_random_sound_file_has_nothing_said_of_it() {
    for seed in 0..worlds() {
        let mut next = Sequence(seed);
        let entries = 1 + next.below(60);
        let rows = sound(&mut next, entries);
        let mut bytes = text(&rows);
        if next.below(2) == 0 {
            bytes = bytes.replace('\n', "\r\n");
        }
        if next.below(3) == 0 {
            bytes = bytes.replace('\t', "|");
        }
        let bytes = match next.below(3) {
            0 => encoding_rs::ISO_8859_15.encode(&bytes).0.into_owned(),
            1 => [b"\xef\xbb\xbf", bytes.as_bytes()].concat(),
            _ => bytes.into_bytes(),
        };
        let verified = said(&bytes);
        assert_eq!(list(&verified), [""; 0], "seed {seed}");
        assert_eq!(verified.facts.entries, entries, "seed {seed}");
        assert_eq!(
            usize::try_from(verified.facts.file.rows).unwrap(),
            rows.len() - 1,
            "seed {seed}"
        );
    }
}

/// One thing changed in a sound file is always told, with the code that it deserves.
#[test]
fn one_change_is_always_told() {
    for seed in 0..worlds() {
        let mut next = Sequence(seed + 1_000_000);
        let entries = 3 + next.below(40);
        let rows = sound(&mut next, entries);
        let line = 1 + usize::try_from(next.below(rows.len() as u64 - 1)).unwrap();
        let side = if rows[line][11] == "0,00" { 12 } else { 11 };
        let other = rows.iter().position(|row| row[2] != rows[line][2] && row[2] != "EcritureNum");
        let change = |change: &dyn Fn(&mut Vec<Vec<String>>)| {
            let mut rows = rows.clone();
            change(&mut rows);
            said(text(&rows))
        };
        let told = |what: &str, verified: &Verified, codes: &[Code]| {
            let every = codes.iter().all(|code| has(verified, *code));
            assert!(every, "seed {seed}, {what} at line {}: {:?}", line + 1, list(verified));
        };
        let unbalanced = [Code::FecEntry, Code::FecUnbalanced];
        let cent = change(&|rows| {
            let cents: u64 = rows[line][side].replace(',', "").parse().unwrap();
            rows[line][side] = euros(cents + 1);
        });
        told("a cent", &cent, &unbalanced);
        let dropped = change(&|rows| {
            rows.remove(line);
        });
        told("a row less", &dropped, &unbalanced);
        let doubled = change(&|rows| rows.insert(line, rows[line].clone()));
        told("a row twice", &doubled, &unbalanced);
        let crossed = change(&|rows| rows[line].swap(11, 12));
        told("sides crossed", &crossed, &unbalanced);
        let year = change(&|rows| rows[line][3] = rows[line][3].replace("2024", "2025"));
        told("another year", &year, &[Code::FecOutsideYear]);
        let day = change(&|rows| rows[line][3] = "20240230".to_owned());
        told("no such day", &day, &[Code::FecDate]);
        if let Some(other) = other {
            let number = change(&|rows| rows[line][2] = rows[other][2].clone());
            told("a number of another entry", &number, &[Code::FecEntry]);
        }
        let entry = rows[line].clone();
        let same = |row: &Vec<String>| row[0] == entry[0] && row[2] == entry[2];
        let gone = change(&|rows| {
            rows.iter_mut().filter(|row| same(row)).for_each(|row| row[2].push_str("77"));
        });
        // A journal with one entry has no sequence.
        if rows.iter().any(|row| row[0] == entry[0] && row[2] != entry[2]) {
            told("a number far away", &gone, &[Code::FecSequence]);
        }
        let label = change(&|rows| {
            let account = rows[line][4].clone();
            let mut extra = rows[line].clone();
            extra[5] = "Autre nom".to_owned();
            rows.insert(line + 1, extra.clone());
            extra.swap(11, 12);
            extra[4] = account;
            rows.insert(line + 1, extra);
        });
        told("another label", &label, &[Code::FecLabels]);
    }
}

/// Nothing that a file can hold makes the verification panic, or fail to end.
#[test]
fn no_bytes_make_it_panic() {
    let whole = text(&cells());
    for end in 0..whole.len() {
        let verified = said(&whole.as_bytes()[..end]);
        // Between two entries nothing shows.
        let between = whole.as_bytes()[..end].ends_with(b"\n");
        assert!(between || !verified.found.groups.is_empty(), "cut at byte {end}");
    }
    let mut next = Sequence(27);
    for _ in 0..worlds() {
        let mut bytes = if next.below(4) == 0 { Vec::new() } else { whole.clone().into_bytes() };
        for _ in 0..=next.below(40) {
            let byte = u8::try_from(next.below(256)).unwrap();
            let at = usize::try_from(next.below(bytes.len() as u64 + 1)).unwrap();
            match next.below(3) {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => bytes[at] = byte,
                2 if at < bytes.len() => drop(bytes.remove(at)),
                _ => bytes.extend([byte; 3]),
            }
        }
        let mut verified = said(&bytes);
        verified.read_lines(bytes.as_slice()).unwrap();
        compta::render::fec_check_text(&verified, NAME, compta::diagnostic::Style::Plain);
        let mut json = Vec::new();
        compta::render::fec_check_json(&verified, &mut json).unwrap();
        serde_json::from_slice::<serde_json::Value>(&json).unwrap();
    }
}

/// The shapes of a large file, each with what it strains.
const SHAPES: [(&str, &str); 5] = [
    ("plain", "the rows of an entry together, one sequence a journal"),
    ("journals", "sorted by journal, a prefix and a sequence for each"),
    ("common", "sorted by journal, one prefix and one sequence for all"),
    ("letters", "each line of a third party has a letter of its own, left open to the end"),
    ("scattered", "sorted by account: no two rows of an entry together"),
];

/// Writes a file of about so many bytes in a shape; gives how many rows it has.
///
/// Several passes over the same entries give the rows in the order that the shape asks for, so that the
/// writer keeps none of them.
fn large(path: &Path, shape: &str, size: u64) -> u64 {
    let mut out = std::io::BufWriter::with_capacity(1 << 20, std::fs::File::create(path).unwrap());
    let header = cells()[0].join("\t") + "\r\n";
    out.write_all(header.as_bytes()).unwrap();
    // Some 480 bytes an entry, three entries in two of three rows.
    let entries = size / 480;
    let passes: u64 = if shape == "plain" || shape == "letters" { 1 } else { 3 };
    let mut rows = 0;
    for pass in 0..passes {
        let mut next = Sequence(27);
        for rank in 0..entries {
            let at = usize::try_from(rank % 3).unwrap();
            let (code, label) = [("AC", "Achats"), ("BQ", "Banque"), ("OD", "Opérations")][at];
            let (amount, third) = (1000 + next.below(1_000_000), next.below(2000));
            let nature = 606_000 + next.below(200);
            let date = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap()
                + chrono::Days::new((rank * 365 / entries).min(365));
            let day = date.format("%Y%m%d");
            let tax = amount / 5;
            let number = match shape {
                "common" => format!("VE-2024-{:07}", rank + 1),
                _ => format!("{code}{:08}", rank / 3 + 1),
            };
            let lines = if code == "BQ" {
                vec![(401_000, true, amount), (512_000, false, amount)]
            } else {
                vec![(nature, true, amount), (445_660, true, tax), (401_000, false, amount + tax)]
            };
            for (account, is_debit, cents) in lines {
                let turn = match shape {
                    "common" | "journals" => rank % 3,
                    "scattered" => {
                        [401_000, 445_660].iter().position(|own| *own == account).unwrap_or(2)
                            as u64
                    }
                    _ => 0,
                };
                if turn != pass {
                    continue;
                }
                let party = account == 401_000;
                let (aux, name) = if party {
                    (format!("F{third:04}"), format!("Fournisseur numéro {third}"))
                } else {
                    (String::new(), String::new())
                };
                let letter = if party && shape == "letters" {
                    format!("L{rows:07}\t{day}")
                } else {
                    "\t".to_owned()
                };
                let (debit, credit) = if is_debit { (cents, 0) } else { (0, cents) };
                write!(
                    out,
                    "{code}\t{label}\t{number}\t{day}\t{account}\tCompte de nature {account}\t{aux}\t{name}\t\
                     F2024-{rank:07}\t{day}\tFacture {third} du mois, règlement partiel\t{}\t{}\t{letter}\t{day}\t\t\r\n",
                    euros(debit),
                    euros(credit),
                )
                .unwrap();
                rows += 1;
            }
        }
    }
    out.flush().unwrap();
    rows
}

/// The peak of memory of `compta fec verifier` on a file, in kilobytes, and the seconds of its processor.
#[cfg(target_os = "linux")]
fn strained(path: &Path, code: i32) -> (u64, String) {
    let told = tempfile::NamedTempFile::new().unwrap();
    let mut time = std::process::Command::new("/usr/bin/time");
    let run = time
        .args(["-f", "%M %U %S", "-o"])
        .arg(told.path())
        .arg(env!("CARGO_BIN_EXE_compta"))
        .args(["fec", "verifier"])
        .arg(path)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(code), "{}", String::from_utf8_lossy(&run.stdout));
    let text = std::fs::read_to_string(told.path()).unwrap();
    let figures: Vec<&str> = text.lines().last().unwrap().split(' ').collect();
    (figures[0].parse().unwrap(), figures[1].to_owned())
}

/// A gigabyte in 256 MB: what a file of 30 MB takes beyond a small one is held to the same share, in
/// each shape.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_follow_the_rows() {
    let home = folder();
    let path = home.path().join("123456782FEC20241231.txt");
    large(&path, "plain", 100_000);
    let (base, _) = strained(&path, 0);
    for (shape, what) in SHAPES {
        let rows = large(&path, shape, 30_000_000);
        let size = std::fs::metadata(&path).unwrap().len();
        assert!(rows > 100_000 && size > 25_000_000, "{shape}: {rows} rows, {size} bytes");
        let (peak, _) = strained(&path, i32::from(shape == "letters") * LETTERS_LEFT);
        // What the program itself takes, then 245 megabytes for each thousand.
        let most = base + size * 245 / 1_000_000;
        assert!(peak < most, "{shape} ({what}): {peak} kB for {size} bytes, {most} at most");
    }
}

/// A letter that is left open is an observation: the file stays sound.
#[cfg(target_os = "linux")]
const LETTERS_LEFT: i32 = 0;

/// The measure by hand of `RELIABILITY.md`, of a gigabyte in each shape:
/// `COMPTA_MB=1000 cargo test --release --test tests -- --ignored --nocapture a_large_file`.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "writes a gigabyte five times, and needs the release build"]
fn a_large_file() {
    let megabytes: u64 =
        std::env::var_os("COMPTA_MB").and_then(|n| n.to_str()?.parse().ok()).unwrap_or(1000);
    let home = folder();
    let path = home.path().join("123456782FEC20241231.txt");
    for (shape, what) in SHAPES {
        let rows = large(&path, shape, megabytes * 1_000_000);
        let size = std::fs::metadata(&path).unwrap().len();
        let (peak, seconds) = strained(&path, i32::from(shape == "letters") * LETTERS_LEFT);
        let measure =
            format!("{shape}: {size} bytes, {rows} rows, {seconds} s, {peak} kB ({what})\n");
        std::io::stdout().write_all(measure.as_bytes()).unwrap();
        assert!(peak <= 256 * 1024, "{shape}: {peak} kB");
    }
}

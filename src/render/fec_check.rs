use std::io::{self, Write};

use serde::Serialize;

use crate::diagnostic::{Code, Finding, Severity, SourceMap, Span, Style, show};
use crate::exchange::fec::verify::{Class, Group, Occurrence, Verified};
use crate::exchange::fec::{Column, Separator, advice};
use crate::measure::{euros, plain, signed_words};

/// The verification of a FEC for a reader: what it is, what was found in it, what is concluded.
pub fn fec_check_text(verified: &Verified, path: &str, style: Style) -> String {
    let mut text = header(verified, path);
    let mut groups: Vec<&Group> = verified.found.groups.iter().collect();
    groups
        .sort_by_key(|group| (group.code.severity() == Severity::Warning, group.code, group.line));
    let mut sources = SourceMap::default();
    for group in groups {
        if let Some(finding) = finding(group, path, &mut sources) {
            text.push_str(&show(&finding, &sources, style));
            text.push('\n');
        }
    }
    text.push_str(&classes(verified));
    for sentence in verified.verdict().sentences {
        text.push_str(&sentence);
        text.push('\n');
    }
    text
}

fn header(verified: &Verified, path: &str) -> String {
    let facts = &verified.facts;
    let count = |n: u64, noun: &str| signed_words(usize::try_from(n).unwrap_or(usize::MAX), noun);
    let mut lines = vec![("fichier", path.to_owned())];
    lines.extend(facts.siren.iter().map(|siren| ("SIREN", siren.clone())));
    if let Some((first, last)) = facts.year {
        let (first, last) = (first.format("%d/%m/%Y"), last.format("%d/%m/%Y"));
        lines.push(("exercice", format!("du {first} au {last}")));
    }
    if let Some(separator) = facts.separator {
        lines.push((
            "contenu",
            [
                count(facts.file.rows, "ligne"),
                count(facts.entries, "écriture"),
                if facts.journals > 1 {
                    format!("{} journaux", facts.journals)
                } else {
                    format!("{} journal", facts.journals)
                },
                signed_words(facts.accounts, "compte"),
                signed_words(facts.auxiliaries, "auxiliaire"),
            ]
            .join(", "),
        ));
        lines.push(("débit", euros(facts.debit.decimal())));
        lines.push(("crédit", euros(facts.credit.decimal())));
        let endings: Vec<&str> = facts.file.endings.iter().map(|one| one.name()).collect();
        let mark = if facts.file.marked { " avec marque (BOM)" } else { "" };
        let charset = facts.file.charset();
        lines.push((
            "forme",
            format!("{charset}{mark}, {}, {}", separator.name(), endings.join(" et ")),
        ));
    }
    lines.push(("SHA-256", facts.sha256.clone()));
    let lines = lines.into_iter().map(|(name, value)| format!("  {name:<9} {value}\n"));
    format!("Contrôle du FEC\n\n{}\n", lines.collect::<String>())
}

fn finding(group: &Group, path: &str, sources: &mut SourceMap) -> Option<Finding> {
    let first = usize::try_from(group.line).unwrap_or(1);
    let base = sources.add_lines(path, group.text.clone().unwrap_or_default(), first)?;
    let at = |byte: usize| base + u32::try_from(byte).unwrap_or(0);
    let span = Span::new(at(group.range.start), at(group.range.end));
    let class = format!("classe {}", group.class.letter());
    let label = match group.count {
        0 | 1 => class,
        count => format!("{class} ; {}", others(group, count - 1)),
    };
    Some(Finding::new(group.code, span, group.message.clone()).label(label).help(help(group.code)))
}

/// So many runs of lines are listed.
const LISTED: usize = 10;

/// The other lines of a group: `et 3 autres, lignes 15, 18 à 19`.
fn others(group: &Group, count: u64) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for line in group.lines.iter().copied().filter(|line| *line != group.line) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == line => *last = line,
            _ => runs.push((line, line)),
        }
    }
    let count = signed_words(usize::try_from(count).unwrap_or(usize::MAX), "autre");
    if runs.is_empty() {
        return format!("et {count} sur la même ligne");
    }
    let all = runs.len() <= LISTED && group.lines.len() < 60;
    let list: Vec<String> = runs
        .iter()
        .take(LISTED)
        .map(|(first, last)| match last - first {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first} à {last}"),
        })
        .collect();
    let noun = if group.lines.len() > 2 || runs.len() > 1 { "lignes" } else { "ligne" };
    format!("et {count}, {noun} {}{}", list.join(", "), if all { "" } else { "…" })
}

/// How many there are of each class.
fn classes(verified: &Verified) -> String {
    let mut text = String::new();
    for class in Class::ALL {
        let count = verified.found.of_class(class);
        if count == 0 {
            continue;
        }
        let own =
            if class.is_official() { "" } else { " (que l’outil officiel ne contrôle pas)" };
        text.push_str(&format!("  {}  {:>8}  {}{own}\n", class.letter(), count, class.title()));
    }
    if text.is_empty() { text } else { text + "\n" }
}

/// What to do, in a few words.
fn help(code: Code) -> &'static str {
    match code {
        Code::FecChart => "rattachez le compte à un compte du plan",
        Code::FecSides => "gardez une ligne par débit et par crédit",
        Code::FecDoubtfulDate => {
            "vérifiez les dates de la pièce, de l’écriture et de la validation"
        }
        Code::FecExtra => "décrivez la colonne dans la description du fichier",
        Code::FecName => "renommez-le : SIREN de l’association, FEC, date de clôture AAAAMMJJ",
        Code::FecSequence => "expliquez ce qui manque, ou renumérotez",
        Code::FecOrder => "triez l’export : à-nouveaux, puis écritures par date de validation",
        Code::FecLetter => "vérifiez le lettrage dans le logiciel d’origine",
        Code::FecLabels => "donnez un seul libellé à chaque code",
        Code::FecForm => {
            "refaites l’export selon l’article A47 A-1 : un autre outil peut le refuser"
        }
        Code::FecScattered => "donnez à chaque écriture un numéro, une date et un journal",
        Code::FecClosed => "refaites l’export sans les écritures de solde des classes 6 et 7",
        _ => advice(code),
    }
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Head<'a> {
    schema: &'static str,
    file: &'a str,
    siren: Option<&'a str>,
    first: Option<String>,
    closing: Option<String>,
    size: u64,
    sha256: &'a str,
    separator: Option<&'static str>,
    charset: &'static str,
    bom: bool,
    endings: Vec<&'static str>,
    rows: u64,
    entries: u64,
    journals: usize,
    accounts: usize,
    auxiliaries: usize,
    debit: String,
    credit: String,
    conforming: bool,
    sound: bool,
    verdict: Vec<String>,
    classes: serde_json::Map<String, serde_json::Value>,
    tronque: bool,
}

/// A place where a rule speaks.
#[derive(Serialize)]
struct Place<'a> {
    code: &'static str,
    class: &'static str,
    severity: &'static str,
    field: Option<&'static str>,
    line: u32,
    column: u32,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

/// The verification as JSON, `compta/fec-verifier/1`: each finding with its line and its column.
///
/// # Errors
/// What is written to refuses it.
pub fn fec_check_json(verified: &Verified, out: &mut dyn Write) -> io::Result<()> {
    let facts = &verified.facts;
    let verdict = verified.verdict();
    let classes = Class::ALL
        .iter()
        .map(|class| (class.letter().to_owned(), verified.found.of_class(*class).into()));
    let head = Head {
        schema: "compta/fec-verifier/1",
        file: &facts.name,
        siren: facts.siren.as_deref(),
        first: facts.year.map(|(first, _)| first.to_string()),
        closing: facts.year.map(|(_, last)| last.to_string()),
        size: facts.size,
        sha256: &facts.sha256,
        separator: facts.separator.map(Separator::name),
        charset: facts.file.charset(),
        bom: facts.file.marked,
        endings: facts.file.endings.iter().map(|one| one.name()).collect(),
        rows: facts.file.rows,
        entries: facts.entries,
        journals: facts.journals,
        accounts: facts.accounts,
        auxiliaries: facts.auxiliaries,
        debit: plain(facts.debit.decimal(), 2),
        credit: plain(facts.credit.decimal(), 2),
        conforming: verdict.conforming,
        sound: verdict.sound,
        verdict: verdict.sentences,
        classes: classes.collect(),
        tronque: verified.found.dropped > 0,
    };
    let head = serde_json::to_string_pretty(&head)?;
    // The findings are written one by one: there may be a million of them.
    let head = head.strip_suffix("\n}").unwrap_or(&head);
    write!(out, "{head},\n  \"findings\": [")?;
    for (rank, occurrence) in verified.found.occurrences().iter().enumerate() {
        let comma = if rank > 0 { "," } else { "" };
        write!(out, "{comma}\n    {}", serde_json::to_string(&place(verified, occurrence))?)?;
    }
    let end = if verified.found.occurrences().is_empty() { "" } else { "\n  " };
    writeln!(out, "{end}]\n}}")
}

fn place<'a>(verified: &'a Verified, occurrence: &Occurrence) -> Place<'a> {
    let group = &verified.found.groups[usize::from(occurrence.group)];
    Place {
        code: group.code.text(),
        class: group.class.letter(),
        severity: group.code.severity().word(),
        field: group.column.map(Column::name),
        line: occurrence.line,
        column: occurrence.column,
        kind: group.kind,
        message: verified.found.message(occurrence),
    }
}

/// The verification as CSV, a line for each finding.
///
/// # Errors
/// What is written to refuses it.
pub fn fec_check_csv(verified: &Verified, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "code", "class", "severity", "field", "line", "column", "kind", "message",
    ])?;
    for occurrence in verified.found.occurrences() {
        let place = place(verified, occurrence);
        writer.write_record([
            place.code,
            place.class,
            place.severity,
            place.field.unwrap_or_default(),
            &place.line.to_string(),
            &place.column.to_string(),
            place.kind,
            place.message.unwrap_or_default(),
        ])?;
    }
    writer.flush()
}

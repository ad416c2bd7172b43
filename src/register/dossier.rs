use super::document::document;
use super::fields::Spanned;
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::{FiscalYear, Period};

/// `compta.toml`: who keeps these books, where they begin, which fiscal years they have.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// The entity's name.
    pub name: String,
    /// The SIREN number, if it has one.
    pub siren: Option<String>,
    /// The document that describes the accounting procedures (C. com. art. R123-172), from the folder.
    pub procedures: Option<String>,
    /// The journal that includes all others; `principal.journal` unless told.
    pub journal: String,
    /// The form of the statements; `ag` unless told.
    pub form: String,
    /// Where the form is named, when it is.
    pub form_at: Option<Span>,
    /// The fiscal years, when they are listed; else calendar years.
    pub years: Vec<FiscalYear>,
    /// What each journal code stands for: `ACH` = Achats.
    pub journals: Vec<(String, String)>,
    /// The code under which the journal of openings goes into a FEC: `AN` unless told.
    pub openings: String,
}

impl Default for Dossier {
    fn default() -> Self {
        Self {
            name: String::new(),
            siren: None,
            procedures: None,
            journal: "principal.journal".to_owned(),
            form: "ag".to_owned(),
            form_at: None,
            years: Vec::new(),
            journals: Vec::new(),
            openings: "AN".to_owned(),
        }
    }
}

/// Reads `compta.toml`, whose first byte is at `base`.
pub fn dossier(text: &str, base: u32, findings: &mut Vec<Finding>) -> Dossier {
    let mut read = Dossier::default();
    let document = match document(text, base) {
        Ok(document) => document,
        Err(finding) => {
            findings.push(*finding);
            return read;
        }
    };
    let top = document.fields();
    if let Some(entity) = top.table("entite", findings) {
        let name = entity.needed("nom", findings);
        if !reads_as_written(&name.value) {
            findings.push(
                Finding::new(
                    Code::BadValue,
                    name.at,
                    "caractère invisible dans le nom de l’entité",
                )
                .label("se lit autrement qu’il n’est écrit")
                .help("retapez le nom"),
            );
        }
        read.name = name.value;
        if let Some(siren) = entity.text("siren", findings) {
            wrong_siren(&siren, findings);
            read.siren = Some(siren.value.chars().filter(|c| *c != ' ').collect());
        }
        read.procedures = entity.text("procedures", findings).map(|path| path.value);
        entity.finish(findings);
    }
    if let Some(books) = top.table("livres", findings) {
        if let Some(journal) = books.text("journal", findings) {
            read.journal = journal.value;
        }
        if let Some(form) = books.text("forme", findings) {
            read.form = form.value;
            read.form_at = Some(form.at);
        }
        books.finish(findings);
    }
    let mut years = Vec::new();
    for year in top.tables("exercice", findings) {
        let name = year.needed("nom", findings);
        named(&name, &years, findings);
        let (first, last) = (year.day("debut", findings), year.day("fin", findings));
        if let (Some(first), Some(last)) = (first, last) {
            let period = Period { first: first.value, last: last.value };
            years.push((FiscalYear { name: name.value, period }, first.at.to(last.at)));
        } else if findings.is_empty() {
            findings.push(
                Finding::new(Code::MissingKey, name.at, "un exercice a un début et une fin")
                    .label("cet exercice")
                    .help("ajoutez `debut = 2024-01-01` et `fin = 2024-12-31`"),
            );
        }
        year.finish(findings);
    }
    tile(&mut years, findings);
    read.years = years.into_iter().map(|(year, _)| year).collect();
    if let Some(journals) = top.table("journaux", findings) {
        let all: Vec<(Spanned<String>, String)> = journals.every_text(findings);
        read.journals = all.into_iter().map(|(code, label)| (code.value, label)).collect();
    }
    if let Some(fec) = top.table("fec", findings) {
        if let Some(openings) = fec.text("ouverture", findings) {
            read.openings = openings.value;
        }
        fec.finish(findings);
    }
    top.finish(findings);
    read
}

/// A SIREN has nine digits; whether its key is right, `compta fec verifier` says.
fn wrong_siren(siren: &Spanned<String>, findings: &mut Vec<Finding>) {
    let digits: Vec<char> = siren.value.chars().filter(|c| *c != ' ').collect();
    if digits.len() != 9 || !digits.iter().all(char::is_ascii_digit) {
        findings.push(
            Finding::new(Code::BadValue, siren.at, "ce n’est pas un numéro SIREN")
                .label("neuf chiffres attendus")
                .help("recopiez-le de l’avis de situation au répertoire SIRENE"),
        );
    }
}

/// Whether a name stands on one line, without a character that shows nothing or changes the sense of reading.
pub fn reads_as_written(name: &str) -> bool {
    let deceiving = |c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    !name.contains(|c: char| c.is_control() || deceiving(c))
}

/// A fiscal year has a name of its own, that no period of the calendar bears.
fn named(name: &Spanned<String>, before: &[(FiscalYear, Span)], findings: &mut Vec<Finding>) {
    let taken = before.iter().any(|(year, _)| year.name == name.value);
    let period = name.value.len() != 4 && Period::calendar(&name.value).is_some();
    let why = match () {
        () if name.value.trim().is_empty() => "un exercice a un nom",
        () if !reads_as_written(&name.value) => "caractère invisible dans le nom d’un exercice",
        () if name.value.contains(';') => "un point-virgule ouvre un commentaire dans un journal",
        () if taken => "deux exercices portent ce nom",
        () if period => "ce nom est celui d’une période du calendrier",
        () => return,
    };
    findings.push(
        Finding::new(Code::BadValue, name.at, why)
            .label("ce nom")
            .help("donnez à chaque exercice un nom à lui, comme `2024` ou `2024-2025`"),
    );
}

/// Fiscal years follow each other without a gap or an overlap.
fn tile(years: &mut [(FiscalYear, Span)], findings: &mut Vec<Finding>) {
    years.sort_by_key(|(year, _)| year.period);
    for (year, at) in years.iter() {
        if year.period.last < year.period.first {
            findings.push(
                Finding::new(
                    Code::YearsDoNotTile,
                    *at,
                    format!("l’exercice {} finit avant de commencer", year.name),
                )
                .label("ces dates")
                .help("échangez `debut` et `fin`"),
            );
        }
    }
    for pair in years.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        if before.0.period.last.succ_opt() != Some(after.0.period.first) {
            findings.push(
                Finding::new(
                    Code::YearsDoNotTile,
                    after.1,
                    format!(
                        "l’exercice {} ne commence pas le lendemain de la fin de {}",
                        after.0.name, before.0.name
                    ),
                )
                .label("celui-ci")
                .related(before.1, "finit ici")
                .help("chaque jour appartient à un exercice et un seul"),
            );
        }
    }
}

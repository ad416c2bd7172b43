use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Heading;
use crate::exchange::fec::{Charset, Column, FileName, Replaced, Separator};
use crate::measure::{amount, signed_words};
use crate::render::csv::harmless;
use crate::statement::fec::Fec;

/// What the description of a file tells beside its rows.
#[derive(Clone, Copy, Debug)]
pub struct FecFacts<'a> {
    /// Its name.
    pub name: &'a FileName,
    /// Whose books, which year, in which state.
    pub heading: &'a Heading,
    /// Whether the year is not sealed: its entries may still change.
    pub provisional: bool,
    /// What separates fields.
    pub separator: Separator,
    /// The character set.
    pub charset: Charset,
    /// What was replaced.
    pub replaced: Replaced,
    /// The SHA-256 of the file.
    pub sha256: &'a str,
}

/// The description that comes with a file (LPF art. A47 A-1, VII): fields, codes, character set,
/// structure; and what was replaced or is not final.
pub fn fec_description(fec: &Fec<'_>, facts: &FecFacts<'_>) -> String {
    let mut text = String::new();
    let mut say = |line: &str| {
        text.push_str(line);
        text.push_str("\r\n");
    };
    let stem = facts.name.stem();
    say(&format!("Description du fichier des écritures comptables {stem}.txt"));
    say("(LPF, art. L47 A et A47 A-1)");
    say("");
    say(&format!("Entité             {}", facts.heading.entity));
    say(&format!("SIREN              {}", or_none(&facts.name.siren)));
    say(&format!(
        "Exercice           {}, clos le {}",
        facts.heading.period,
        facts.name.closing.format("%d/%m/%Y")
    ));
    say(&format!("État               {}", facts.heading.state));
    if facts.provisional {
        say(&format!(
            "                   PROVISOIRE : l’exercice n’est pas scellé ; {} sans date de validation",
            signed_words(fec.pending, "ligne")
        ));
    }
    if fec.adopted > 0 {
        say(&format!(
            "                   {} sans journal dans les livres, au journal OD ici",
            signed_words(fec.adopted, "écriture")
        ));
    }
    if fec.drafts > 0 {
        say(&format!(
            "                   {} en brouillon (marque !)",
            signed_words(fec.drafts, "écriture")
        ));
    }
    say(&format!("Logiciel           compta {}", env!("CARGO_PKG_VERSION")));
    say(&format!("SHA-256            {}", facts.sha256));
    say("");
    say("Structure");
    say(&format!("  séparateur       {}", facts.separator.name()));
    say(&format!("  encodage         {}", facts.charset.name()));
    say("  fin de ligne     CR LF ; la première ligne nomme les champs");
    say("  dates            AAAAMMJJ");
    say("  montants         virgule décimale, sans séparateur de milliers, en euros");
    say("  ordre            à-nouveaux, puis ordre de validation");
    say(&format!("  numéros          {}", numbers(fec)));
    say("  lettrage         DateLet : le jour noté, sinon celui de la dernière ligne d’une lettre");
    say("                   soldée ; à blanc tant que la lettre ne l’est pas");
    say("  écritures        toutes celles de l’exercice après inventaire ; ni centralisation,");
    say("                   ni écriture qui solde les comptes de charges et de produits");
    say("");
    say("Champs");
    for column in Column::ALL {
        say(&format!("  {:>2} {:<14} {}", column.rank() + 1, column.name(), column.title()));
    }
    say("");
    say("Contenu");
    let told = Told::of(fec);
    say(&format!("  lignes           {}", fec.count()));
    say(&format!("  écritures        {}", fec.entries));
    say(&format!("  total débits     {}", amount(told.debit, 2)));
    say(&format!("  total crédits    {}", amount(told.credit, 2)));
    let Replaced { controls, bars, letters } = facts.replaced;
    say(&format!(
        "  remplacés        {controls} tabulations ou fins de ligne par une espace, {bars} barres verticales par un"
    ));
    say(&format!("                   tiret, {letters} lettres que l’encodage n’a pas"));
    say("");
    say("Journaux");
    for (code, (label, entries, rows)) in told.journals {
        say(&format!(
            "  {code:<8} {label} ({}, {})",
            signed_words(entries, "écriture"),
            signed_words(rows, "ligne")
        ));
    }
    say("");
    say("Comptes");
    for (number, label) in told.accounts {
        say(&format!("  {number:<10} {label}"));
    }
    text
}

fn or_none(siren: &str) -> &str {
    if siren.is_empty() { "(aucun dans compta.toml)" } else { siren }
}

fn numbers(fec: &Fec<'_>) -> &'static str {
    if fec.concordance.is_empty() {
        "ceux des livres, continus par journal ou sur l’exercice"
    } else {
        "séquence unique de 1 à n ; la concordance avec les livres est jointe"
    }
}

/// What the rows say together.
#[derive(Default)]
struct Told<'f> {
    debit: Decimal,
    credit: Decimal,
    /// Each journal with its label, its entries and its rows.
    journals: BTreeMap<Cow<'f, str>, (Cow<'f, str>, usize, usize)>,
    accounts: BTreeSet<(Cow<'f, str>, Cow<'f, str>)>,
}

impl<'f> Told<'f> {
    fn of(fec: &'f Fec<'_>) -> Self {
        let mut told = Self::default();
        let mut seen = BTreeSet::new();
        for row in (0..fec.count()).map(|rank| fec.row(rank)) {
            told.debit += row.debit;
            told.credit += row.credit;
            let new = seen.insert((row.journal.clone(), row.number));
            let known = told.journals.entry(row.journal).or_insert((row.journal_label, 0, 0));
            known.1 += usize::from(new);
            known.2 += 1;
            told.accounts.insert((row.account, row.account_label));
        }
        told
    }
}

/// The concordance of a file with its own numbers, for Excel: semicolons, UTF-8 with a mark.
pub fn fec_concordance(fec: &Fec<'_>) -> String {
    let quoted = |text: &str| format!("\"{}\"", harmless(text).replace('"', "\"\""));
    let mut text =
        "\u{feff}EcritureNum;JournalCode;Numéro des livres;EcritureDate;EcritureLib\r\n".to_owned();
    for one in &fec.concordance {
        let date = one.date.format("%d/%m/%Y");
        let (journal, own, label) = (quoted(&one.journal), quoted(&one.own), quoted(&one.label));
        text.push_str(&format!("{};{journal};{own};{date};{label}\r\n", one.number));
    }
    text
}

use std::collections::BTreeMap;

use super::accounts::AccountId;
use super::batch::{Batch, Book, Derivation, Entry};
use super::books::Books;
use super::numbers::split;
use super::openings::OPENINGS;
use crate::diagnostic::{Code, Finding, SourceId, SourceMap, Span};
use crate::journal::header;
use crate::journal::tree::Word;
use crate::measure::{FiscalYear, Sum, euros};

/// The folder of the openings that other software wrote, one journal a year: no `include` names it.
pub const RECEIVED: &str = "a-nouveaux";

/// The openings of a year as other software wrote them: numbers, documents, letters, days.
///
/// They count only in place of the derived ones, and only where both say the same of every account.
#[derive(Debug)]
pub(super) struct Received {
    year: FiscalYear,
    source: String,
    batch: Batch,
    /// Whether it was said that they are not what the year before left.
    told: bool,
}

/// What became of the openings that a year received.
#[derive(Debug)]
pub enum Reception {
    /// The year received none.
    Nothing,
    /// They stand in place of the derived ones.
    Taken,
    /// They are not what the year before left: the derived ones stand.
    Apart(Box<Finding>),
}

impl Books {
    /// Takes in the openings of a year as other software wrote them: a journal of entries `AN-…`, all of
    /// one fiscal year; with a finding, they are left out.
    pub fn receive(&mut self, name: &str, bytes: Vec<u8>, findings: &mut Vec<Finding>) {
        let Some(id) = self.sources.add(name, bytes) else { return };
        let (batch, mut found, mut unknown) = self.read_apart(id);
        found.append(&mut unknown);
        strangers(&self.sources, &batch, &mut found);
        unread(&self.sources, id, &batch, &mut found);
        let year = batch.entries.first().and_then(|entry| self.years.of(entry.date));
        if let Some(year) = year.filter(|_| found.iter().all(|one| !one.is_error())) {
            let other = |entry: &&Entry| !year.period.contains(entry.date);
            found.extend(batch.entries.iter().find(other).map(|entry| {
                let message = format!("à-nouveau reçu d’un autre exercice que {}", year.name);
                Finding::new(Code::ReceivedOpening, first_line(&self.sources, entry), message)
                    .label("celui-ci")
                    .help("un fichier par exercice : `a-nouveaux/2025.journal`")
            }));
            if found.iter().all(|one| !one.is_error()) {
                self.received.push(Received { year, source: name.to_owned(), batch, told: false });
            }
        }
        findings.append(&mut found);
    }

    /// Whether any year received openings.
    pub fn receives(&self) -> bool {
        !self.received.is_empty()
    }

    /// The years that received openings.
    pub fn received_years(&self) -> impl Iterator<Item = &FiscalYear> {
        self.received.iter().map(|one| &one.year)
    }

    /// Received openings that open nothing: the year before is not in the books, or leaves nothing.
    pub fn strays(&self) -> Vec<Finding> {
        let strays = self.received.iter().filter(|one| !one.told);
        let told = strays.filter_map(|one| {
            let at = first_line(&self.sources, one.batch.entries.first()?);
            let message = format!("à-nouveaux reçus de {}, que rien ne laisse", one.year.name);
            Some(
                Finding::new(Code::ReceivedApart, at, message)
                    .label("l’exercice précédent n’est pas dans les livres, ou ne laisse rien")
                    .help("écrivez ceux du premier exercice dans un journal AN de son dossier"),
            )
        });
        told.collect()
    }

    /// Puts the openings that a year received in place of derived ones of those amounts, account by
    /// account; when they are not the same, says how they are apart.
    pub fn open_as_received(
        &mut self,
        year: &FiscalYear,
        derived: &BTreeMap<AccountId, Sum>,
        mut by: Derivation,
    ) -> Reception {
        let Some(rank) = self.received.iter().position(|one| one.year == *year) else {
            return Reception::Nothing;
        };
        let received = &self.received[rank];
        let mut gaps: BTreeMap<AccountId, (Sum, Sum)> = BTreeMap::new();
        for posting in &received.batch.postings {
            gaps.entry(posting.account_id()).or_default().0 += posting.sum();
        }
        for (account, sum) in derived {
            gaps.entry(*account).or_default().1 += *sum;
        }
        gaps.retain(|_, (own, left)| own != left);
        if !gaps.is_empty() {
            let finding = Box::new(self.apart(received, &gaps));
            self.received[rank].told = true;
            return Reception::Apart(finding);
        }
        let Received { source, mut batch, .. } = self.received.remove(rank);
        by.inputs = format!("{source}, égal aux {}", by.inputs);
        batch.derived = Some(by);
        self.batches.push(batch);
        Reception::Taken
    }

    fn apart(&self, received: &Received, gaps: &BTreeMap<AccountId, (Sum, Sum)>) -> Finding {
        let mut told: Vec<String> = Vec::new();
        for (account, (own, left)) in gaps.iter().take(3) {
            let (own, left) = (euros(own.decimal()), euros(left.decimal()));
            told.push(format!(
                "{} : {own} reçus, {left} laissés",
                self.accounts.get(*account).key()
            ));
        }
        if gaps.len() > told.len() {
            told.push(format!("et {} autres comptes", gaps.len() - told.len()));
        }
        let at = received.batch.entries.first();
        let at = at.map_or(Span::default(), |entry| first_line(&self.sources, entry));
        let message = format!(
            "les à-nouveaux reçus de {} ne sont pas ce que l’exercice précédent laisse : {}",
            received.year.name,
            told.join(" ; ")
        );
        Finding::new(Code::ReceivedApart, at, message)
            .label("ceux de l’exercice précédent valent")
            .help(format!("corrigez l’exercice précédent, ou retirez `{}`", received.source))
    }
}

/// Entries that open nothing, and lines of another ledger.
fn strangers(map: &SourceMap, batch: &Batch, findings: &mut Vec<Finding>) {
    for entry in &batch.entries {
        let at = first_line(map, entry);
        let code =
            header(Word { text: map.text(at), at: at.start }).ok().and_then(|head| head.code);
        let opens = code.is_some_and(|code| split(code.text).0 == OPENINGS);
        let lines = entry.first as usize..(entry.first + entry.count) as usize;
        let classic = batch.postings[lines].iter().all(|line| line.book == Book::Financial);
        if !opens || !classic {
            findings.push(
                Finding::new(Code::ReceivedOpening, at, "écriture qui n’ouvre pas l’exercice")
                    .label("ni `(AN-1)`, ni toutes ses lignes en euros")
                    .help("ce fichier ne porte que les à-nouveaux reçus d’un autre logiciel"),
            );
        }
    }
}

/// What is read in a journal of the books, and would be passed over here: inclusions, budgets, assertions.
fn unread(map: &SourceMap, id: SourceId, batch: &Batch, findings: &mut Vec<Finding>) {
    let source = map.get(id);
    let at = |start: usize, len: usize| {
        let place = |at: usize| source.base().saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        Span::new(place(start), place(start + len))
    };
    let mut tell = |at: Span, message: &str| {
        findings.push(
            Finding::new(Code::ReceivedOpening, at, message)
                .label("ne se lit pas dans ce fichier")
                .help("retirez-la : ce fichier ne porte que des écritures d’à-nouveaux"),
        );
    };
    let mut start = 0;
    for line in source.bytes().split(|byte| *byte == b'\n') {
        if line.starts_with(b"include") || line.starts_with(b"~") {
            tell(at(start, line.trim_ascii_end().len()), "une ligne d’un autre journal");
        }
        start += line.len() + 1;
    }
    for assertion in &batch.assertions {
        tell(assertion.span, "une assertion de solde dans un à-nouveau reçu");
    }
}

fn first_line(map: &SourceMap, entry: &Entry) -> Span {
    let text = map.text(Span::new(entry.start, entry.end));
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    Span::new(entry.start, entry.start + u32::try_from(line.len()).unwrap_or(0))
}

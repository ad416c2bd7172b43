use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::accounts::{AccountId, Accounts, Resolved};
use super::batch::Batch;
use super::load::Books;
use super::numbers::{Run, doubtful, split};
use super::years::Years;
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding, SourceId, SourceMap, Span};
use crate::journal::tree::Word;
use crate::journal::{Marks, amount_text, comments, header, tags};
use crate::measure::{Sum, Unit, Units};

/// Tags that compta itself reads: known everywhere.
const OWN_TAGS: [&str; 14] = [
    "programme",
    "partenaire",
    "convention",
    "financement",
    "piece",
    "lettrage",
    "datelet",
    "num",
    "aux",
    "lib",
    "devise",
    "cote",
    "valide",
    "preservation",
];

/// What each file must say once: something at all, and its decimal mark before its first amount.
pub(super) fn files(map: &SourceMap, marks: &[(SourceId, Marks)], findings: &mut Vec<Finding>) {
    let mut of_file: BTreeMap<SourceId, Marks> = BTreeMap::new();
    for (id, marks) in marks {
        let known = of_file.entry(*id).or_default();
        known.decimal_mark = known.decimal_mark.or(marks.decimal_mark);
        known.first_amount = known.first_amount.or(marks.first_amount);
    }
    for (id, marks) in of_file {
        let source = map.get(id);
        if source.bytes().trim_ascii().is_empty() {
            findings.push(
                Finding::new(Code::BlankFile, source.span(), "fichier vide")
                    .label("rien à lire")
                    .help("restaurez-le, ou écrivez au moins `decimal-mark ,`"),
            );
        }
        let Some(amount) = marks.first_amount else {
            continue;
        };
        if marks
            .decimal_mark
            .is_none_or(|mark| mark.start > amount.start)
        {
            findings.push(
                Finding::new(
                    Code::NoDecimalMark,
                    amount,
                    "montant avant toute marque décimale",
                )
                .label("virgule ou point ?")
                .help("commencez le fichier par la ligne `decimal-mark ,`"),
            );
        }
    }
}

/// Tags and units that nobody declared, in books that declare theirs.
pub(super) fn words(
    map: &SourceMap,
    batches: &[Batch],
    commodities: &[Word<'_>],
    declared: &[Word<'_>],
    units: &Units,
    findings: &mut Vec<Finding>,
) {
    if !commodities.is_empty() {
        let known: Vec<&str> = commodities.iter().map(|word| word.text).collect();
        let unknown: Vec<Unit> = units
            .all()
            .filter(|unit| *unit != Unit::EURO && !known.contains(&units.symbol(*unit)))
            .collect();
        let lines = batches.iter().flat_map(|batch| &batch.postings);
        for posting in lines.filter(|posting| unknown.contains(&posting.unit)) {
            let at = Span::new(posting.start, posting.end);
            let symbol = units.symbol(posting.unit);
            let near = known
                .iter()
                .find(|name| strsim::osa_distance(name, symbol) == 1);
            let help = match near {
                Some(name) => format!("vouliez-vous dire `{name}` ?"),
                None => format!("déclarez-la : `commodity 1 000,00 {symbol}`"),
            };
            let at = place_of(map, at, symbol);
            findings.push(
                Finding::new(
                    Code::UnknownUnit,
                    at,
                    format!("unité inconnue : `{symbol}`"),
                )
                .label("non déclarée")
                .help(help),
            );
        }
    }
    if declared.is_empty() {
        return;
    }
    let known: Vec<&str> = declared
        .iter()
        .map(|word| word.text)
        .chain(OWN_TAGS)
        .collect();
    for entry in batches
        .iter()
        .filter(|b| !b.derived)
        .flat_map(|b| b.entries.iter().chain(&b.planned))
    {
        let text = map.text(Span::new(entry.start, entry.end));
        for (name, _) in comments(Word {
            text,
            at: entry.start,
        })
        .flat_map(tags)
        {
            if known.contains(&name.text) || !name.text.starts_with(char::is_alphabetic) {
                continue;
            }
            let near = known
                .iter()
                .find(|tag| strsim::osa_distance(tag, name.text) <= 2);
            let help = match near {
                Some(tag) => format!("vouliez-vous dire `{tag}:` ?"),
                None => format!("déclarez-la : `tag {}`", name.text),
            };
            findings.push(
                Finding::new(
                    Code::UnknownTag,
                    name.span(),
                    format!("étiquette inconnue : `{}`", name.text),
                )
                .label("non déclarée")
                .help(help),
            );
        }
    }
}

/// Where a word stands inside a span.
fn place_of(map: &SourceMap, within: Span, word: &str) -> Span {
    match map
        .text(within)
        .find(word)
        .and_then(|at| u32::try_from(at).ok())
    {
        Some(at) => {
            let start = within.start + at;
            Span::new(start, start + u32::try_from(word.len()).unwrap_or(0))
        }
        None => within,
    }
}

/// Numbers used twice in one journal and fiscal year.
pub(super) fn duplicates(
    map: &SourceMap,
    batches: &[Batch],
    runs: &[Run<'_>],
    years: &Years,
    findings: &mut Vec<Finding>,
) {
    let doubtful = doubtful(runs);
    if doubtful.is_empty() {
        return;
    }
    let mut seen: BTreeMap<(u32, &str, &str), Span> = BTreeMap::new();
    for entry in batches.iter().flat_map(|batch| &batch.entries) {
        let text = map.text(Span::new(entry.start, entry.end));
        let line = text.split(['\n', '\r']).next().unwrap_or_default();
        let Some(code) = header(Word {
            text: line,
            at: entry.start,
        })
        .ok()
        .and_then(|h| h.code) else {
            continue;
        };
        let (journal, number) = split(code.text);
        let year = years.rank(entry.date);
        if !doubtful.contains(&(journal, year)) {
            continue;
        }
        // `42` and `0042` are one number.
        let bare = number.trim_start_matches('0');
        let same = if bare.bytes().all(|b| b.is_ascii_digit()) {
            bare
        } else {
            number
        };
        match seen.get(&(year, journal, same)) {
            None => {
                seen.insert((year, journal, same), code.span());
            }
            Some(first) => findings.push(
                Finding::new(
                    Code::DuplicateNumber,
                    code.span(),
                    format!("le numéro {} sert deux fois", code.text),
                )
                .label("déjà pris")
                .related(*first, "première fois")
                .help("donnez à cette écriture le numéro suivant de son journal"),
            ),
        }
    }
}

/// Gives every name its account; each line that writes a wrong name is a finding.
pub(super) fn names(
    map: &SourceMap,
    batches: &mut [Batch],
    names: &[Vec<(&str, Option<Unit>)>],
    accounts: &mut Accounts,
    years: &Years,
    findings: &mut Vec<Finding>,
) {
    for (batch, names) in batches.iter_mut().zip(names) {
        let resolved: Vec<Resolved> = names
            .iter()
            .map(|(name, unit)| accounts.resolve(name, *unit))
            .collect();
        if resolved
            .iter()
            .any(|name| name.wrong.iter().any(Option::is_some))
        {
            wrong_lines(map, batch, names, &resolved, years, findings);
        }
        for posting in &mut batch.postings {
            posting.account = resolved[posting.account as usize].account.0;
        }
    }
}

fn wrong_lines(
    map: &SourceMap,
    batch: &Batch,
    names: &[(&str, Option<Unit>)],
    resolved: &[Resolved],
    years: &Years,
    findings: &mut Vec<Finding>,
) {
    // A budget rule falls on several days: its lines are read once.
    let mut rules: Vec<&super::batch::Entry> = batch.planned.iter().collect();
    rules.dedup_by_key(|rule| rule.start);
    for entry in batch.entries.iter().chain(rules) {
        let edition = edition(years, entry.date);
        let rank = usize::from(edition == Edition::Anc2022);
        let lines = entry.first as usize..(entry.first + entry.count) as usize;
        for posting in &batch.postings[lines] {
            let name = posting.account as usize;
            let Some((code, message, help)) = &resolved[name].wrong[rank] else {
                continue;
            };
            let at = place_of(map, Span::new(posting.start, posting.end), names[name].0);
            findings.push(
                Finding::new(*code, at, message.clone())
                    .label(label(*code))
                    .help(help.clone()),
            );
        }
    }
}

fn label(code: Code) -> &'static str {
    match code {
        Code::UnknownAccount => "ni au plan comptable, ni déclaré",
        Code::RenumberedAccount => "retiré en 2025",
        Code::Label => "libellé différent",
        Code::UnknownAuxiliary => "non déclaré",
        Code::Decomposed => "accents décomposés",
        Code::Invisible => "se lit comme un autre nom",
        _ => "ici",
    }
}

/// The chart's edition that an entry of that day follows.
fn edition(years: &Years, day: NaiveDate) -> Edition {
    years.of(day).map_or(Edition::of_year_opened(day), |year| {
        Edition::of_year_opened(year.period.first)
    })
}

/// What can only be seen once every entry is known.
pub(super) fn books(books: &Books, findings: &mut Vec<Finding>) {
    outside_years(books, findings);
    assertions(books, findings);
    voluntary(books, findings);
}

fn outside_years(books: &Books, findings: &mut Vec<Finding>) {
    if !books.years.are_listed() {
        return;
    }
    for entry in books
        .entries()
        .filter(|entry| books.years.of(entry.date()).is_none())
    {
        let start = entry.span().start;
        findings.push(
            Finding::new(
                Code::OutsideYears,
                Span::new(start, start + 10),
                format!("le {} n’est dans aucun exercice", entry.date()),
            )
            .label("cette date")
            .help("corrigez la date, ou ajoutez l’exercice à `compta.toml`"),
        );
    }
}

/// Balance assertions, in the order of dates, then of the text; real and bracketed lines count.
fn assertions(books: &Books, findings: &mut Vec<Finding>) {
    let mut asserted: BTreeMap<u32, Vec<(usize, &super::batch::Assertion)>> = BTreeMap::new();
    for (rank, batch) in books.batches.iter().enumerate() {
        for assertion in &batch.assertions {
            let account = batch.postings[assertion.posting as usize].account;
            asserted.entry(account).or_default().push((rank, assertion));
        }
    }
    if asserted.is_empty() {
        return;
    }
    // (date, batch, entry, posting) of every line of those accounts, then each in order.
    let mut lines: BTreeMap<u32, Vec<(NaiveDate, usize, u32, u32)>> = BTreeMap::new();
    for (rank, batch) in books
        .batches
        .iter()
        .enumerate()
        .filter(|(_, batch)| !batch.derived)
    {
        for (at, entry) in (0u32..).zip(&batch.entries) {
            for posting in entry.first..entry.first + entry.count {
                let account = batch.postings[posting as usize].account;
                if asserted.contains_key(&account) {
                    lines
                        .entry(account)
                        .or_default()
                        .push((entry.date, rank, at, posting));
                }
            }
        }
    }
    for (account, mut lines) in lines {
        lines.sort_unstable();
        let mut running: BTreeMap<Unit, Sum> = BTreeMap::new();
        let claims = &asserted[&account];
        for (date, rank, _, posting) in lines {
            let batch = &books.batches[rank];
            let line = &batch.postings[posting as usize];
            *running.entry(line.unit).or_default() += line.sum();
            for (_, claim) in claims
                .iter()
                .filter(|(r, claim)| *r == rank && claim.posting == posting)
            {
                let found = running.get(&claim.unit).copied().unwrap_or_default();
                if found != claim.number.sum() {
                    findings.push(false_assertion(
                        books,
                        AccountId(account),
                        date,
                        claim,
                        found,
                    ));
                }
            }
        }
    }
}

fn false_assertion(
    books: &Books,
    account: AccountId,
    date: NaiveDate,
    claim: &super::batch::Assertion,
    found: Sum,
) -> Finding {
    let unit = books.units.symbol(claim.unit);
    let shown = |sum: Sum| {
        sum.number()
            .map_or(sum.to_string(), |number| amount_text(number, unit))
    };
    let key = books.accounts.get(account).key();
    Finding::new(
        Code::Assertion,
        claim.span,
        format!(
            "le solde de {key} au {date} est {}, pas {}",
            shown(found),
            shown(claim.number.sum())
        ),
    )
    .label(format!("écart de {}", shown(found - claim.number.sum())))
    .help(format!(
        "`compta grand-livre {key} --tout` montre le chemin du solde"
    ))
}

/// Uses and resources of voluntary contributions are equal over each fiscal year.
fn voluntary(books: &Books, findings: &mut Vec<Finding>) {
    let mut sums: BTreeMap<u32, (Sum, Option<Span>)> = BTreeMap::new();
    for batch in books.batches.iter().filter(|batch| !batch.derived) {
        for entry in &batch.entries {
            for posting in
                &batch.postings[entry.first as usize..(entry.first + entry.count) as usize]
            {
                let number = &books.accounts.get(AccountId(posting.account)).number;
                if number.starts_with("86") || number.starts_with("87") {
                    let (sum, at) = sums.entry(books.years.rank(entry.date)).or_default();
                    *sum += posting.sum();
                    *at = Some(Span::new(posting.start, posting.end));
                }
            }
        }
    }
    for (sum, at) in sums.into_values() {
        let (false, Some(at)) = (sum.is_zero(), at) else {
            continue;
        };
        let gap = sum
            .number()
            .map_or(sum.to_string(), |number| amount_text(number, "€"));
        findings.push(
            Finding::new(
                Code::VoluntaryContributions,
                at,
                format!("86 et 87 diffèrent de {gap} sur l’exercice"),
            )
            .label("dernière ligne de 86 ou 87")
            .help(
                "enregistrez les contributions des deux côtés, emplois en 86 et ressources en 87",
            ),
        );
    }
}

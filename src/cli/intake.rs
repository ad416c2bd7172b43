use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::books::tell;
use super::failure::Failure;
use super::host::{Host, in_french};
use super::open::{Opened, exit_code, open_planned};
use super::ready::Ready;
use super::unplaced::tell_unplaced;
use crate::book::{Book, Books, RECEIVED};
use crate::closing::controls::Restored;
use crate::diagnostic::{Code, Finding, SourceId, SourceMap, count};
use crate::exchange::fec::{FileFacts, decoded};
use crate::intake::{
    Adds, Composed, FecFile, Gap, Intake, IntakeAsk, YearTaken, carried_apart, correction, intake,
    lost, moved,
};
use crate::ledger::{Annual, Ledger};
use crate::measure::{FiscalYear, Sum, euros, signed_words};
use crate::statement::fec::{FecAsk, Numbering, fec};

/// How books are made from files.
pub(super) struct FecIntake<'a> {
    /// The files.
    pub(super) files: &'a [PathBuf],
    /// The entity's name.
    pub(super) name: Option<&'a str>,
    /// The first day of the first year.
    pub(super) first: Option<&'a str>,
}

/// The files of a folder made from FEC files, and what to say of it on stdout.
pub(super) struct Taken {
    pub(super) files: Vec<(String, Vec<u8>)>,
    pub(super) told: String,
}

/// Makes the files of a folder from FEC files; what was repaired is said on stderr.
pub(super) fn from_fec(
    target: &Path,
    ask: &FecIntake<'_>,
    host: &mut Host,
) -> Result<Taken, Failure> {
    let first = ask.first.map(super::allocate::day).transpose()?;
    let (map, sources) = read(ask.files, host)?;
    let files = sources.iter().map(|(id, name, facts)| {
        let source = map.get(*id);
        let text = std::str::from_utf8(source.bytes()).unwrap_or_default();
        FecFile { name, text, base: source.base(), facts }
    });
    let mut findings = Vec::new();
    let asked = IntakeAsk { files: files.collect(), name: ask.name, first };
    let mut made = intake(&asked, &mut findings);
    report(&made, host);
    if !findings.is_empty() {
        findings.sort_by_key(|finding| finding.at.start);
        tell(&findings, &map, host);
        host.say(&format!("{} : rien n’a été écrit\n", count(&findings)));
        return Err(Failure::Unsound(exit_code(&findings)));
    }
    if let Some((message, help)) = made.refusal.take() {
        return Err(Failure::usage(message, help));
    }
    let gaps = settle(target, &mut made, host)?;
    let told = summary(&made, &gaps);
    let readme = readme(&made, &gaps);
    made.files.push(("LISEZMOI.md".to_owned(), readme.into_bytes()));
    Ok(Taken { files: made.files, told })
}

type Sources = (SourceMap, Vec<(SourceId, String, FileFacts)>);

/// Reads the files, each decoded into a source of the run.
fn read(paths: &[PathBuf], host: &Host) -> Result<Sources, Failure> {
    let mut map = SourceMap::default();
    let mut sources = Vec::new();
    for path in paths {
        let unreadable = |why: String| Failure::Unreadable {
            message: format!("`{}` ne se laisse pas lire : {why}", path.display()),
            help: "vérifiez le chemin du FEC".to_owned(),
        };
        let bytes = host.read(path).map_err(|error| unreadable(in_french(&error)))?;
        let (text, facts) = decoded(bytes);
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let id = map.add(name.clone(), text.into_bytes());
        let id = id.ok_or_else(|| unreadable("plus de 4 Gio".to_owned()))?;
        sources.push((id, name, facts));
    }
    Ok((map, sources))
}

/// Says what was repaired, one kind a line, with every line number.
fn report(made: &Intake, host: &mut Host) {
    for repair in made.repairs.list() {
        host.say(&format!("{}\n", repair.words()));
    }
}

/// Reads the planned folder as any other, keeps the openings of later years as the files have them, posts
/// what a later year opens otherwise than the year before was left, and holds the whole to the files.
fn settle(target: &Path, made: &mut Intake, host: &mut Host) -> Result<Vec<Gap>, Failure> {
    let (mut opened, mut annual) = read_planned(target, made, host)?;
    for (rank, taken) in made.years.iter().enumerate() {
        if taken.adds.rows > 0 {
            same(taken, &lost(&taken.adds, &held(&opened, taken, rank == 0)), host)?;
        }
    }
    let mut all = Vec::new();
    for taken in made.years.clone().into_iter().skip(1).filter(|taken| taken.opened.rows > 0) {
        let gaps = carried_apart(&opened.books, &taken.year, &taken.openings);
        for gap in &gaps {
            let files = taken.files.join(", ");
            host.say(&format!("{files} : {} [{}]\n", gap.words(), Code::FecOpening));
        }
        let Composed { text, apart, unlettered } =
            taken.received.compose(&opened.books, &taken.year, &taken.files);
        told_whole(&taken, &gaps, (&apart, unlettered), host);
        if let Some(text) = text {
            made.files.push((format!("{RECEIVED}/{}.journal", taken.year.name), text.into_bytes()));
        }
        if let Some(text) = correction(&taken.year, &gaps) {
            let path = format!("{}/anr-ecarts.journal", taken.year.name);
            made.files.push((path, text.into_bytes()));
        }
        (opened, annual) = read_planned(target, made, host)?;
        all.extend(gaps);
    }
    for taken in made.years.iter().skip(1).filter(|taken| taken.opened.rows > 0) {
        let mut whole = taken.adds.clone();
        whole.merge(&taken.opened);
        same(taken, &moved(&whole, &held(&opened, taken, true)), host)?;
    }
    let years: Vec<FiscalYear> = made.years.iter().map(|taken| taken.year.clone()).collect();
    tell_unplaced(&opened, &annual, &years, host);
    Ok(all)
}

/// Books that are not the files are never written: what is apart is said.
fn same(taken: &YearTaken, lost: &[String], host: &mut Host) -> Result<(), Failure> {
    if lost.is_empty() {
        return Ok(());
    }
    for words in lost {
        host.say(&format!("{} : {words}\n", taken.year.name));
    }
    host.say(
        "les livres tirés du FEC ne diraient pas la même chose que lui : rien n’a été écrit\n",
    );
    Err(Failure::Unsound(1))
}

/// Says which accounts a file opens as a whole while the books know their tiers.
fn told_whole(
    taken: &YearTaken,
    gaps: &[Gap],
    (apart, unlettered): (&[String], usize),
    host: &mut Host,
) {
    let number = |name: &str| name.split([' ', ':']).next().unwrap_or(name).to_owned();
    let told: BTreeSet<String> = gaps.iter().map(|gap| number(&gap.account)).collect();
    let whole: BTreeSet<String> = apart.iter().map(|name| number(name)).collect();
    let whole: Vec<&str> = whole.difference(&told).map(String::as_str).collect();
    if !whole.is_empty() {
        host.say(&format!(
            "{} : à-nouveaux sans le détail des tiers pour {} : celui de la clôture précédente est gardé [{}]\n",
            taken.files.join(", "),
            whole.join(", "),
            Code::FecOpening
        ));
    }
    if unlettered > 0 {
        let (lines, have) = if unlettered > 1 { ("lignes", "avaient") } else { ("ligne", "avait") };
        host.say(&format!(
            "{} : {unlettered} {lines} d’à-nouveaux de ces comptes {have} une lettre, qui n’est pas reprise : `compta lettrer` montre ce qui reste ouvert [{}]\n",
            taken.files.join(", "),
            Code::FecLetter
        ));
    }
}

/// The planned folder with its openings derived; a year of openings alone gets an entry of nothing,
/// without which nothing would be carried to it.
fn read_planned(
    target: &Path,
    made: &Intake,
    host: &mut Host,
) -> Result<(Opened, Annual), Failure> {
    let mut planned = made.files.clone();
    for taken in made.years.iter().filter(|taken| taken.adds.rows == 0) {
        if let Some(account) = taken.openings.keys().next() {
            let text = format!(
                "decimal-mark ,\n\n{} * (ANR-0) Essai\n    {account}  0,00 €\n",
                taken.year.period.first
            );
            planned.push((format!("{}/essai.journal", taken.year.name), text.into_bytes()));
        }
    }
    let mut opened = open_planned(target, host, &planned)?;
    refuse_unsound(&opened, host)?;
    let annual = opened.annual();
    Ok((opened, annual))
}

/// Books that their own reader refuses are never written.
fn refuse_unsound(opened: &Opened, host: &mut Host) -> Result<(), Failure> {
    if !opened.findings.iter().any(Finding::is_error) {
        return Ok(());
    }
    tell(&opened.findings, opened.books.sources(), host);
    host.say("les places ci-dessus sont celles des journaux qui auraient été écrits\nles livres tirés du FEC ne seraient pas sains : rien n’a été écrit\n");
    Err(Failure::Unsound(exit_code(&opened.findings)))
}

/// What the books hold of a year, as their own FEC would give it back.
fn held(opened: &Opened, taken: &YearTaken, first_year: bool) -> Adds {
    let rows = fec(&FecAsk {
        books: &opened.books,
        year: &taken.year,
        journals: &opened.dossier.journals,
        openings: &opened.dossier.openings,
        validated: &|_| None,
        numbering: Numbering::Books,
    });
    let derived = if first_year { 0 } else { rows.opening_rows };
    let mut adds = Adds::default();
    for row in (derived..rows.count()).map(|rank| rows.row(rank)) {
        let euros = |amount| crate::measure::Number::exact(amount).sum();
        adds.add(&row.account, euros(row.debit), euros(row.credit));
    }
    adds
}

/// The books of a year taken again from their own FEC, account by account; `Err` says why they could
/// not be.
pub(super) fn restored(
    ready: &Ready,
    year: &FiscalYear,
    (name, bytes): (&str, &[u8]),
    host: &Host,
) -> Result<Restored, String> {
    let (text, facts) = decoded(bytes.to_vec());
    let file = FecFile { name, text: &text, base: 0, facts: &facts };
    let ask = IntakeAsk { files: vec![file], name: None, first: Some(year.period.first) };
    let mut findings = Vec::new();
    let made = intake(&ask, &mut findings);
    if let Some(first) = findings.first() {
        return Err(format!("le FEC ne se reprend pas : {} [{}]", first.message, first.code));
    }
    let nowhere = ready.opened.folder.join("clotures/.restauration");
    let again = open_planned(&nowhere, host, &made.files);
    let Ok(mut again) = again else { return Err("les livres repris ne se lisent pas".to_owned()) };
    if let Some(first) = again.findings.iter().find(|one| one.is_error()) {
        return Err(format!(
            "les livres repris ne sont pas sains : {} [{}]",
            first.message, first.code
        ));
    }
    let annual = again.annual();
    let [taken] = made.years.as_slice() else {
        return Err("le FEC n’est pas d’un seul exercice".to_owned());
    };
    let (Some(own), Some(read)) = (ready.annual.ledger(year), annual.ledger(&taken.year)) else {
        return Err("le FEC n’est pas du même exercice".to_owned());
    };
    let own = balances(&ready.opened.books, own);
    let read = balances(&again.books, read);
    let accounts = own.values().map(BTreeMap::len).sum();
    let (renamed, lost) = compared(own, read);
    Ok(Restored { accounts, rows: taken.adds.rows, renamed, lost })
}

/// How many third parties have another name and the same balance, and what is not the same.
///
/// A FEC writes some names otherwise (`A|B`), and the notation of the journal others (`C (x) [y]`): an
/// account of the same number, in the same balance, that nothing else claims is then the same.
fn compared(own: Balances, mut read: Balances) -> (usize, Vec<String>) {
    let (mut renamed, mut lost) = (0, Vec::new());
    for (number, mut tiers) in own {
        let mut again = read.remove(&number).unwrap_or_default();
        tiers.retain(|name, sum| {
            again.remove(name).is_none_or(|known| {
                let same = known == *sum;
                if !same {
                    lost.push(gap(&number, name, *sum, known));
                }
                false
            })
        });
        for (name, sum) in tiers {
            let twin = again.iter().find(|(_, known)| **known == sum).map(|(twin, _)| twin.clone());
            match twin {
                Some(twin) => {
                    again.remove(&twin);
                    renamed += 1;
                }
                None => lost.push(gap(&number, &name, sum, Sum::ZERO)),
            }
        }
        lost.extend(again.into_iter().map(|(name, sum)| gap(&number, &name, Sum::ZERO, sum)));
    }
    for (number, tiers) in read {
        lost.extend(tiers.into_iter().map(|(name, sum)| gap(&number, &name, Sum::ZERO, sum)));
    }
    (renamed, lost)
}

fn gap(number: &str, tiers: &str, own: Sum, read: Sum) -> String {
    let name = if tiers.is_empty() { number.to_owned() } else { format!("{number}:{tiers}") };
    let (own, read) = (euros(own.decimal()), euros(read.decimal()));
    format!("compte {name} : {own} dans les livres, {read} une fois repris")
}

/// The balance of each account by its number, then by its tiers.
type Balances = BTreeMap<String, BTreeMap<String, Sum>>;

/// The balance of each account in the classic ledger, tiers by tiers.
fn balances(books: &Books, ledger: &Ledger) -> Balances {
    let mut found = Balances::new();
    for id in books.accounts().sorted() {
        let movement = ledger.movement(id, Book::Financial);
        if movement.posted {
            let account = books.accounts().get(id);
            let tiers = account.auxiliary.clone().unwrap_or_default();
            found.entry(account.number.clone()).or_default().insert(tiers, movement.balance());
        }
    }
    found
}

fn summary(made: &Intake, gaps: &[Gap]) -> String {
    let mut told = String::new();
    for taken in &made.years {
        let Adds { rows, debit, credit, balances } = &taken.adds;
        told.push_str(&format!(
            "{} : {}, {}, {} ; débits {}, crédits {}",
            taken.year.name,
            signed_words(taken.entries, "écriture"),
            signed_words(*rows, "ligne"),
            signed_words(balances.len(), "compte"),
            euros(debit.decimal()),
            euros(credit.decimal()),
        ));
        if taken.opened.rows > 0 {
            told.push_str(&format!(
                " ; {} d’à-nouveaux comparées à la clôture précédente",
                signed_words(taken.opened.rows, "ligne")
            ));
        }
        if taken.closed.rows > 0 {
            told.push_str(&format!(
                " ; {} de clôture laissées, débits {}",
                signed_words(taken.closed.rows, "ligne"),
                euros(taken.closed.debit.decimal())
            ));
        }
        told.push('\n');
    }
    if !gaps.is_empty() {
        let count = signed_words(gaps.len(), "écart");
        told.push_str(&format!("{count} d’à-nouveaux, dans le journal ANR\n"));
    }
    told
}

/// What the folder says of its origin.
fn readme(made: &Intake, gaps: &[Gap]) -> String {
    let mut text = "# Livres repris d’un FEC\n\nChaque ligne du fichier est dans un journal de l’année, sous son compte, son tiers, sa pièce et sa lettre ; les totaux et le solde de chaque compte ont été comparés à ceux du fichier.\n\n".to_owned();
    for line in summary(made, gaps).lines() {
        text.push_str(&format!("- {line}\n"));
    }
    let repairs = made.repairs.list();
    if !repairs.is_empty() || !gaps.is_empty() {
        text.push_str("\n## Ce qui a été réparé ou signalé à la reprise\n\n");
    }
    for repair in repairs {
        text.push_str(&format!("- {}\n", repair.words()));
    }
    for gap in gaps {
        text.push_str(&format!("- {} [{}]\n", gap.words(), Code::FecOpening));
    }
    text.push_str("\n## Ensuite\n\n```sh\ncompta check\ncompta bilan\ncompta fec              # le même fichier, refait depuis les livres\n```\n");
    text
}

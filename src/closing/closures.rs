use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::blocks::with_newlines;
use super::canon::content;
use super::chain::{Hash, Previous};
use super::manifest::SEAL;
use super::publish::CLOSINGS;
use super::seal::{Kind, Seal, SealFault, SealedEntry, SourceKind, State};
use crate::book::{Books, EntryRef};
use crate::diagnostic::{Code, Finding, Span};
use crate::inventory::SealedInventory;
use crate::measure::FiscalYear;

/// The journal of what registers yield, in the folder of a closing.
pub const INVENTORY_JOURNAL: &str = "inventaire.journal";
/// The journal of what the ecological policy yields, in the folder of a closing.
pub const CARE_JOURNAL: &str = "care.journal";
/// The journal of the entries that end the year, in the folder of a closing.
pub const RESULT_JOURNAL: &str = "resultat.journal";
/// The journal that opens the year after, in the folder of a closing.
pub const OPENING_JOURNAL: &str = "a-nouveaux.journal";

/// The copy of the ecological policy, in the folder of a closing.
pub const POLICY_COPY: &str = "registres/care.toml";

/// What reports read of a folder of `clotures/`.
#[derive(Clone, Debug)]
pub struct ClosureFiles {
    /// The name of the folder: `2024`.
    pub name: String,
    /// `sceau.txt`, as a source of the run, and where it begins.
    pub seal: Option<(String, Span)>,
    /// The place of a finding when there is no seal.
    pub at: Span,
    /// The generated journals, by name.
    pub journals: BTreeMap<String, Vec<u8>>,
}

/// The name of the folder of a closing: its year, `2024-periode-2024-06-30`, or the year and the number
/// of a provisional version.
pub fn folder_name(
    seal_year: &str,
    kind: Kind,
    last: NaiveDate,
    provisional: Option<u32>,
) -> String {
    // A part is named after its year: `2024 jusqu’au 2024-06-30`.
    let year = seal_year.split(" jusqu’au ").next().unwrap_or(seal_year);
    let plain: String =
        year.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect();
    match (kind, provisional) {
        (Kind::Part, _) => format!("{plain}-periode-{last}"),
        (Kind::Annual, None) => plain,
        (Kind::Annual, Some(number)) => format!("{plain}-provisoire-{number}"),
    }
}

/// The folder that a seal belongs in, given the one where it stands: a provisional version keeps its
/// number.
pub fn own_folder(seal: &Seal, name: &str) -> String {
    let number = name.rsplit_once("-provisoire-").and_then(|(_, number)| number.parse().ok());
    let provisional = (seal.state == State::Provisional).then(|| number.unwrap_or(1));
    folder_name(&seal.year, seal.kind, seal.period.last, provisional)
}

/// A closing whose seal reads.
#[derive(Clone, Debug)]
pub struct Closure {
    /// The name of its folder.
    pub name: String,
    /// Its seal.
    pub seal: Seal,
    /// Its root.
    pub root: Hash,
    at: Span,
    text: String,
    inventory: Option<String>,
    /// The ecological policy, as it was.
    pub policy: Option<String>,
}

/// The closings of some books, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Closures {
    list: Vec<Closure>,
}

impl Closures {
    /// Reads the seals of `clotures/`; one that is not whole is a finding.
    pub fn read(folders: Vec<ClosureFiles>, findings: &mut Vec<Finding>) -> Self {
        let count = folders.len();
        let mut list: Vec<Closure> =
            folders.into_iter().filter_map(|folder| closure(folder, findings)).collect();
        list.sort_by_key(|one| order(&one.seal));
        // One that does not read is a finding already.
        if list.len() == count {
            findings.extend(list.iter().filter_map(|one| orphan(one, &list)));
        }
        Self { list }
    }

    /// Every closing, provisional ones too.
    pub fn all(&self) -> &[Closure] {
        &self.list
    }

    /// The final closings, of years and of parts of them.
    pub fn binding(&self) -> impl Iterator<Item = &Closure> {
        self.list.iter().filter(|closure| closure.seal.state == State::Final)
    }

    /// The final closing of a year.
    pub fn of(&self, year: &FiscalYear) -> Option<&Closure> {
        self.annual().find(|one| one.seal.year == year.name)
    }

    /// The provisional closings of a year.
    pub fn provisional(&self, year: &FiscalYear) -> impl Iterator<Item = &Closure> {
        let own =
            |one: &&Closure| one.seal.state == State::Provisional && one.seal.year == year.name;
        self.list.iter().filter(own)
    }

    /// The last day that is sealed for good.
    pub fn sealed_until(&self) -> Option<NaiveDate> {
        self.binding().map(|one| one.seal.period.last).max()
    }

    /// What a seal made now comes after: the last one made, that no other names.
    pub fn previous(&self) -> Previous {
        let named: BTreeSet<Hash> = self
            .binding()
            .filter_map(|one| match one.seal.previous {
                Previous::Root(root) => Some(root),
                Previous::Genesis => None,
            })
            .collect();
        let heads = self.binding().filter(|one| !named.contains(&one.root));
        let last = heads.max_by_key(|one| (one.seal.day, one.seal.period.last));
        last.map_or(Previous::Genesis, |one| Previous::Root(one.root))
    }

    /// The closings of whole years, oldest first.
    pub fn annual(&self) -> impl Iterator<Item = &Closure> {
        self.binding().filter(|one| one.seal.kind == Kind::Annual)
    }

    /// The inventories of closed years, oldest first.
    pub fn inventories(&self) -> Vec<SealedInventory> {
        self.annual()
            .filter_map(|one| {
                let year = FiscalYear { name: one.seal.year.clone(), period: one.seal.period };
                let path = format!("{CLOSINGS}/{}/{INVENTORY_JOURNAL}", one.name);
                Some(SealedInventory { year, path, text: one.inventory.clone()? })
            })
            .collect()
    }

    /// Holds the written entries of every sealed period to what was sealed: none more, none less, none
    /// other.
    ///
    /// `whole` says whether every entry was read: what is missing is not told otherwise.
    pub fn hold(&self, books: &Books, whole: bool, findings: &mut Vec<Finding>) {
        let Some(until) = self.sealed_until() else { return };
        let parts = self.binding().filter(|one| one.seal.kind == Kind::Part);
        let other = |one: &&Closure| {
            books
                .years()
                .of(one.seal.period.first)
                .is_none_or(|year| year.period != one.seal.period || year.name != one.seal.year)
        };
        findings.extend(self.annual().filter(other).map(Closure::other_year));
        for closure in self.annual().chain(parts) {
            if !closure.is_untouched(books) {
                closure.hold(books, until, whole, findings);
            }
        }
        findings.sort_by_key(|finding| (finding.at.start, finding.code));
        findings.dedup();
    }
}

/// A part never ends with its year; a provisional version does, and comes before.
fn order(seal: &Seal) -> (NaiveDate, bool) {
    (seal.period.last, seal.state == State::Final)
}

/// A final closing whose seal follows another that is not there.
fn orphan(one: &Closure, list: &[Closure]) -> Option<Finding> {
    let Previous::Root(before) = one.seal.previous else { return None };
    let known = list.iter().any(|known| known.root == before);
    (!known && one.seal.state == State::Final).then(|| {
        let what = format!("la clôture que suit `{CLOSINGS}/{}` manque ou a été refaite", one.name);
        broken(head(one.at), what)
    })
}

fn broken(at: Span, what: String) -> Finding {
    Finding::new(Code::BrokenSeal, at, what).label("cette clôture").help(
        "lancez `compta verify`, qui nomme ce qui est altéré, et remettez-le depuis une copie",
    )
}

/// A seal that a later version wrote says nothing here, and is no damage for all that.
fn later(at: Span, name: &str, number: &str) -> Finding {
    let what = format!(
        "`{CLOSINGS}/{name}/{SEAL}` est d’un format plus récent ({number}) que ceux de cette version de compta"
    );
    Finding::new(Code::LaterSeal, at, what)
        .label("ce format")
        .help("mettez compta à jour, puis relancez : rien ne dit que cette clôture est abîmée")
}

fn closure(folder: ClosureFiles, findings: &mut Vec<Finding>) -> Option<Closure> {
    let Some((text, at)) = folder.seal else {
        let what = format!("`{CLOSINGS}/{}/{SEAL}` manque", folder.name);
        findings.push(broken(folder.at, what));
        return None;
    };
    let seal = match Seal::parse(&text) {
        Ok(seal) => seal,
        Err(SealFault::Format(number)) => {
            findings.push(later(head(at), &folder.name, &number));
            return None;
        }
        Err(fault) => {
            findings
                .push(broken(head(at), format!("`{CLOSINGS}/{}/{SEAL}` : {fault}", folder.name)));
            return None;
        }
    };
    let own = own_folder(&seal, &folder.name);
    if own != folder.name {
        let what =
            format!("`{CLOSINGS}/{}` est la clôture `{own}`, sous un autre nom", folder.name);
        findings.push(broken(head(at), what));
        return None;
    }
    let mut inventory = None;
    for source in seal.sources.iter().filter(|source| source.kind == SourceKind::Generated) {
        let bytes = folder.journals.get(&source.path);
        let sound = bytes.filter(|bytes| Hash::of(&with_newlines(bytes)) == source.hash);
        let Some(bytes) = sound else {
            let what =
                if bytes.is_none() { "manque" } else { "n’est plus celui qui fut scellé" };
            let what = format!("`{CLOSINGS}/{}/{}` {what}", folder.name, source.path);
            findings.push(broken(head(at), what));
            continue;
        };
        if source.path == INVENTORY_JOURNAL {
            inventory = String::from_utf8(with_newlines(bytes).into_owned()).ok();
        }
    }
    let sealed = seal.sources.iter().find(|source| source.kind == SourceKind::Policy);
    let policy = sealed.and_then(|source| {
        let bytes = with_newlines(folder.journals.get(POLICY_COPY)?);
        (Hash::of(&bytes) == source.hash).then(|| String::from_utf8(bytes.into_owned()).ok())?
    });
    if sealed.is_some() && policy.is_none() {
        let what = format!(
            "`{CLOSINGS}/{}/{POLICY_COPY}` manque ou n’est plus celle qui fut scellée",
            folder.name
        );
        findings.push(broken(head(at), what));
    }
    let root = seal.root();
    Some(Closure { name: folder.name, seal, root, at, text, inventory, policy })
}

/// The first line of a seal: where a finding about the whole stands.
fn head(at: Span) -> Span {
    Span::new(at.start, at.end.min(at.start + 14))
}

impl Closure {
    /// The days or the name of a closed year are no longer those of the books.
    fn other_year(&self) -> Finding {
        let (year, days) = (&self.seal.year, self.seal.period);
        let (first, last) = (days.first.format("%d/%m/%Y"), days.last.format("%d/%m/%Y"));
        let what = format!(
            "l’exercice {year} est clos du {first} au {last} : `compta.toml` dit autre chose"
        );
        Finding::new(Code::ClosedRegister, head(self.at), what)
            .label("cette clôture")
            .help(format!("remettez `{year}` et ses deux dates dans `compta.toml`"))
    }

    /// Whether every sealed journal is there, as it was, and no other has an entry of the period.
    pub fn is_untouched(&self, books: &Books) -> bool {
        let same = |source: &super::seal::SealedSource| {
            let live = books.sources().iter().find(|live| live.name() == source.path);
            live.is_some_and(|live| Hash::of(&with_newlines(live.bytes())) == source.hash)
        };
        let sealed = self.seal.sources.iter().filter(|one| one.kind == SourceKind::Journal);
        let names: BTreeSet<&str> = sealed.clone().map(|source| source.path.as_str()).collect();
        let mut elsewhere = books.written().filter(|entry| {
            let own = self.seal.period.contains(entry.date());
            own && !names.contains(entry.place().source.as_str())
        });
        sealed.into_iter().all(same) && elsewhere.next().is_none()
    }

    /// What is closed, and until when, in words.
    fn closed_until(&self, until: NaiveDate) -> String {
        let until = until.format("%d/%m/%Y");
        match self.seal.year.split_once(" jusqu’au ") {
            Some((year, _)) => format!("{year} est scellé jusqu’au {until}"),
            None => format!("{} est clos jusqu’au {until}", self.seal.year),
        }
    }

    fn hold(&self, books: &Books, until: NaiveDate, whole: bool, findings: &mut Vec<Finding>) {
        let live_journals: BTreeSet<&str> = self.seal.journals().collect();
        let mut left: BTreeMap<Hash, Vec<&SealedEntry>> = BTreeMap::new();
        for entry in &self.seal.entries {
            let written =
                entry.place.as_ref().is_some_and(|(path, _)| live_journals.contains(path.as_str()));
            if written {
                left.entry(entry.content).or_default().push(entry);
            }
        }
        let mut late = Vec::new();
        for entry in books.written().filter(|entry| self.seal.period.contains(entry.date())) {
            let known = left.get_mut(&content(entry, books)).filter(|known| !known.is_empty());
            let Some(known) = known else {
                late.push(entry);
                continue;
            };
            let source = entry.place().source;
            let here = |one: &&SealedEntry| one.place.as_ref().is_some_and(|at| at.0 == source);
            let own = known.iter().position(here);
            let sealed = known.remove(own.unwrap_or(0));
            if own.is_none() {
                findings.push(self.moved(sealed, &entry));
            }
        }
        let mut gone: Vec<&SealedEntry> = left.into_values().flatten().collect();
        let first_open = until.succ_opt().unwrap_or(until);
        for entry in late {
            // The same number sealed and gone is one entry changed, not two facts.
            let same =
                gone.iter().position(|known| !known.code.is_empty() && known.code == entry.code());
            let span = entry.span();
            let at = Span::new(span.start, span.start + 10);
            if let Some(known) = same.map(|at| gone.remove(at)) {
                let message = format!("l’écriture scellée {} a changé", known.code);
                findings.push(
                    Finding::new(Code::SealedEntryGone, at, message)
                        .label(format!("scellée avec {}", self.seal.year))
                        .help(format!(
                            "remettez-la comme elle était, puis `compta corriger {}`",
                            known.code
                        )),
                );
            } else {
                let day = entry.date();
                findings.push(
                    Finding::new(Code::LateEntry, at, self.closed_until(until))
                        .label("écriture arrivée après le sceau")
                        .related(head(self.at), "ce sceau")
                        .help(format!("datez-la du premier jour ouvert, sa vraie date en second : `{first_open}={day}`")),
                );
            }
        }
        for entry in gone.into_iter().filter(|_| whole) {
            let name = if entry.code.is_empty() { "sans numéro" } else { &entry.code };
            let place = entry
                .place
                .as_ref()
                .map_or_else(String::new, |(path, line)| format!(" ({path}:{line})"));
            let message = format!(
                "l’écriture scellée {name} du {} a disparu{place}",
                entry.date.format("%d/%m/%Y")
            );
            findings.push(
                Finding::new(Code::SealedEntryGone, self.line_of(entry), message)
                    .label("scellée ici")
                    .help(
                        "remettez le fichier comme il était ; `compta verify` dit ce qui y manque",
                    ),
            );
        }
    }

    /// A sealed entry that another file holds now.
    fn moved(&self, sealed: &SealedEntry, entry: &EntryRef<'_>) -> Finding {
        let span = entry.span();
        let (from, line) =
            sealed.place.as_ref().map_or(("", 0), |(path, line)| (path.as_str(), *line));
        let message = format!("l’écriture scellée {} a changé de fichier", sealed.code);
        Finding::new(Code::SealedEntryGone, Span::new(span.start, span.start + 10), message)
            .label(format!("scellée avec {}, {from} ligne {line}", self.seal.year))
            .help(format!("remettez-la dans `{from}`, où elle était"))
    }

    /// The line of the seal that holds an entry.
    fn line_of(&self, entry: &SealedEntry) -> Span {
        let Some(at) = self.text.find(&entry.chain.to_string()) else { return head(self.at) };
        let start = self.text[..at].rfind('\n').map_or(0, |line| line + 1);
        let end = self.text[at..].find('\n').map_or(self.text.len(), |line| at + line);
        let offset = |at: usize| self.at.start + u32::try_from(at).unwrap_or(0);
        Span::new(offset(start), offset(end.min(start + 20)))
    }
}

use std::path::Path;

use chrono::NaiveDate;

use super::failure::Failure;
use super::on_disk::Folder;
use crate::analytic::{self, Axes};
use crate::assembly::unknown_rows;
use crate::book::{Books, ReadError, Sources};
use crate::care::{Care, ClosedPolicy, reckoned};
use crate::crew;
use crate::diagnostic::{Code, Finding, SourceMap, Span, encoding};
use crate::inventory::{SealedInventory, Yielded, yields};
use crate::register::Registers;
use crate::render::visible;
use crate::statement::Forms;

/// The texts of the registers of a folder, to be read while the journals are.
#[derive(Default)]
pub(super) struct RegisterTexts {
    /// File, place of its first byte, text.
    texts: Vec<(&'static str, u32, String)>,
    findings: Vec<Finding>,
}

/// The registers of the books' own folder; an absent one is simply absent.
///
/// # Errors
/// One that is there cannot be read.
pub(super) fn folder_registers(
    folder: &Folder,
    map: &mut SourceMap,
) -> Result<RegisterTexts, Failure> {
    let mut all = RegisterTexts::default();
    for file in Registers::FILES {
        let bytes = match folder.read(file) {
            Err(ReadError::Missing) => continue,
            read => read.map_err(|error| Failure::unread(file, &error))?,
        };
        let Some(id) = map.add(file, bytes) else { continue };
        let source = map.get(id);
        match std::str::from_utf8(source.bytes()) {
            Ok(text) => all.texts.push((file, source.base(), text.to_owned())),
            Err(error) => {
                all.findings.push(encoding(source.bytes(), error.valid_up_to(), source.base()));
            }
        }
    }
    Ok(all)
}

/// What was read of the registers alone.
pub(super) struct ReadRegisters {
    pub(super) registers: Registers,
    /// What they say that cannot be.
    pub(super) findings: Vec<Finding>,
    /// The rows that they name and the forms lack: told with what the books refuse, for they hide nothing.
    pub(super) rows: Vec<Finding>,
}

impl RegisterTexts {
    /// Reads them, and what they name in the forms.
    pub(super) fn read(self, forms: &Forms, form: &str) -> ReadRegisters {
        let (mut registers, mut findings) = (Registers::default(), self.findings);
        for (file, base, text) in &self.texts {
            registers.read(file, text, *base, &mut findings);
        }
        let mut rows = Vec::new();
        unknown_rows(&registers, forms, form, &mut rows);
        ReadRegisters { registers, findings, rows }
    }
}

/// The files beside the registers whose names are nearly theirs: nothing reads them, which is told at the
/// first line of `compta.toml`.
pub(super) fn misnamed(
    folder: &Folder,
    at: Option<Span>,
    findings: &mut Vec<Finding>,
) -> Result<(), Failure> {
    let Some(at) = at else { return Ok(()) };
    let known = || ["compta.toml"].into_iter().chain(Registers::FILES);
    let names = folder.list("").map_err(|error| Failure::unread(".", &error))?;
    // What an editor leaves beside a file (`care.toml~`) is no file of the books.
    let toml = |name: &&String| {
        let end = Path::new(name).extension();
        end.is_some_and(|end| end.eq_ignore_ascii_case("toml"))
    };
    let others = names.iter().filter(toml).filter(|name| known().all(|other| other != *name));
    for name in others {
        let distance = |other: &&str| strsim::osa_distance(other, &name.to_lowercase());
        let near = known().min_by_key(distance).filter(|other| distance(other) <= NEAR);
        let Some(near) = near else { continue };
        let shown = visible(name);
        findings.push(
            Finding::new(Code::MisnamedFile, at, format!("rien ne lit `{shown}`"))
                .label("dans ce dossier")
                .help(format!("vouliez-vous `{near}` ? renommez-le, ou rangez-le ailleurs")),
        );
    }
    Ok(())
}

/// So many letters apart, two names of files are taken for one.
const NEAR: usize = 2;

/// What is asked about: the registers, and what the closings made of them.
pub(super) struct Asked<'a> {
    pub(super) registers: &'a Registers,
    /// The rows that they name and the forms lack.
    pub(super) rows: Vec<Finding>,
    /// The last day that is closed.
    pub(super) closed_until: Option<NaiveDate>,
    /// The policies of closed years.
    pub(super) policies: &'a [ClosedPolicy],
    /// The inventories of closed years.
    pub(super) sealed: &'a [SealedInventory],
}

/// What is derived from the books and their registers.
pub(super) struct Derived {
    pub(super) axes: Axes,
    pub(super) yielded: Yielded,
    pub(super) care: Option<Care>,
}

/// Everything that the registers say and that the books, the forms or each other refuse; `listed` says
/// whether the fiscal years could be read.
pub(super) fn checked(
    books: &mut Books,
    asked: Asked<'_>,
    (listed, threads): (bool, usize),
    findings: &mut Vec<Finding>,
) -> Derived {
    // Entries that did not come, or a register half read, would make every tag look wrong; a register
    // that says nothing of tags hides no fault of theirs.
    let but = |files: &[&str]| {
        let sources = books.sources();
        let elsewhere = |one: &Finding| !files.contains(&sources.source_of(one.at).name());
        listed && !findings.iter().any(|one| one.is_error() && elsewhere(one))
    };
    let others: Vec<&str> = Registers::FILES.into_iter().filter(|f| *f != "care.toml").collect();
    // What yields entries, and what they are read with, must have no fault.
    let yields_nothing: Vec<&str> =
        Registers::FILES.into_iter().filter(|file| !Registers::YIELDING.contains(file)).collect();
    let (whole, clean) = (but(&Registers::FILES), but(&yields_nothing));
    let (tagged, mut policed) = (but(&Registers::UNTAGGED), but(&others));
    let mut yielded = Yielded::default();
    let mut derived = false;
    if clean {
        let before = findings.len();
        yielded = yields(books, asked.registers, asked.sealed, findings);
        // What the policy answers to would lack what the registers give.
        derived = findings.len() == before;
        policed &= derived;
    }
    let seen: &Books = books;
    let by_axis = || {
        let mut axes = Axes::default();
        if tagged && asked.registers.any() {
            axes = Axes::of(seen, asked.registers);
            analytic::check(seen, asked.registers, &axes, derived, asked.closed_until, findings);
        }
        if listed {
            analytic::years(seen, asked.registers, whole, findings);
        }
        if whole {
            analytic::accounts(seen, asked.registers, findings);
        }
        axes
    };
    let by_policy = || policed.then(|| reckoned(seen, asked.registers, asked.policies));
    let (axes, policy) = crew::both(threads, by_axis, by_policy);
    findings.extend(asked.rows);
    let care = policy.and_then(|policy| policy.enter(books, findings));
    findings.sort_by_key(|finding| finding.at.start);
    Derived { axes, yielded, care }
}

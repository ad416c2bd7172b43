use std::path::{Path, PathBuf};

use super::args::Common;
use super::books::tell;
use super::closures::{closed_policies, folder_closures};
use super::failure::Failure;
use super::host::{Host, in_french};
use super::on_disk::Folder;
use super::registers::{
    Asked, Derived, ReadRegisters, RegisterTexts, checked, folder_registers, misnamed,
};
use crate::analytic::Axes;
use crate::book::{Books, RECEIVED, Sources, Years, load};
use crate::care::Care;
use crate::closing::Closures;
use crate::crew;
use crate::diagnostic::{Code, Finding, SourceMap, Span, count, encoding};
use crate::inventory::Yielded;
use crate::ledger::Annual;
use crate::ledger::View;
use crate::measure::FiscalYear;
use crate::register::{Dossier, Registers, dossier};
use crate::statement::audit::{CYCLES_FILE, Cycles, cycles};
use crate::statement::{Forms, forms};

/// The books of a command, read and checked.
pub(super) struct Opened {
    pub(super) books: Books,
    pub(super) dossier: Dossier,
    pub(super) forms: Forms,
    /// The cycles of an audit: the books' own, else the shipped ones.
    pub(super) cycles: Cycles,
    pub(super) registers: Registers,
    /// The lines of the books by axis; empty without registers.
    pub(super) axes: Axes,
    /// What the registers yield at each closing.
    pub(super) yielded: Yielded,
    /// What the ecological policy makes of the books.
    pub(super) care: Option<Care>,
    /// The closings.
    pub(super) closures: Closures,
    pub(super) findings: Vec<Finding>,
    /// The folder of the books.
    pub(super) folder: PathBuf,
}

/// Where the books are: a folder, and the journal to begin with.
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// The journal when `-f` gave it; else `compta.toml` says.
    file: Option<String>,
}

/// Finds `compta.toml` upward, or takes what `-C` or `-f` gives.
pub(super) fn place(common: &Common, host: &Host) -> Result<Place, Failure> {
    if let Some(file) = &common.file {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if !host.is_file(file) {
            let message = if host.is_folder(file) {
                format!("`{}` est un dossier, pas un journal", file.display())
            } else if host.real(file).is_ok() {
                format!("`{}` n’est pas un fichier ordinaire", file.display())
            } else {
                format!("`{}` n’existe pas", file.display())
            };
            let help = "vérifiez le chemin du journal".to_owned();
            return Err(Failure::Unreadable { message, help });
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        return Ok(Place { folder: folder.unwrap_or(Path::new(".")).to_owned(), file: Some(name) });
    }
    if let Some(folder) = &common.folder {
        if !host.is_folder(folder) {
            let message = format!("le dossier `{}` n’existe pas", folder.display());
            return Err(Failure::Unreadable {
                message,
                help: "vérifiez le chemin donné à `-C`".to_owned(),
            });
        }
        if !host.is_file(&folder.join("compta.toml")) {
            let message = format!("`{}` n’a pas de `compta.toml`", folder.display());
            return Err(Failure::NoBooks { message });
        }
        return Ok(Place { folder: folder.clone(), file: None });
    }
    let mut folder = host.folder().to_owned();
    loop {
        if host.is_file(&folder.join("compta.toml")) {
            return Ok(Place { folder, file: None });
        }
        if !folder.pop() {
            let message = "aucun `compta.toml` ici ni dans les dossiers au-dessus".to_owned();
            return Err(Failure::NoBooks { message });
        }
    }
}

/// Reads the books that a command speaks of; the findings come with them.
pub(super) fn open(common: &Common, host: &Host) -> Result<Opened, Failure> {
    open_with(common, host, &[])
}

/// The same, as if some files were in the folder: what they would change is seen before they are.
pub(super) fn open_with(
    common: &Common,
    host: &Host,
    planned: &[(String, Vec<u8>)],
) -> Result<Opened, Failure> {
    let place = place(common, host)?;
    let folder = place.folder(host)?.with(planned);
    open_at(&place, &folder, host)
}

impl Place {
    /// The folder itself.
    pub(super) fn folder(&self, host: &Host) -> Result<Folder, Failure> {
        let path = &self.folder;
        Folder::open(host, path).map_err(|error| Failure::Unreadable {
            message: format!("`{}` ne se laisse pas lire : {}", path.display(), in_french(&error)),
            help: "vérifiez le chemin et les droits".to_owned(),
        })
    }
}

/// Reads books that are only planned: nothing of their folder is on disk yet.
pub(super) fn open_planned(
    target: &Path,
    host: &Host,
    planned: &[(String, Vec<u8>)],
) -> Result<Opened, Failure> {
    let place = Place { folder: target.to_owned(), file: None };
    open_at(&place, &Folder::planned(host, target).with(planned), host)
}

fn open_at(place: &Place, folder: &Folder, host: &Host) -> Result<Opened, Failure> {
    let (mut map, mut findings) = (SourceMap::default(), Vec::new());
    let mut read = Dossier::default();
    let mut own_forms = Vec::new();
    let mut texts = RegisterTexts::default();
    let mut closures = Closures::default();
    let mut listed = true;
    if place.file.is_none() {
        let bytes =
            folder.read("compta.toml").map_err(|error| Failure::unread("compta.toml", &error))?;
        if let Some(id) = map.add("compta.toml", bytes) {
            let source = map.get(id);
            match std::str::from_utf8(source.bytes()) {
                Ok(text) => read = dossier(text, source.base(), &mut findings),
                Err(error) => {
                    findings.push(encoding(source.bytes(), error.valid_up_to(), source.base()));
                }
            }
        }
        // A year that could not be read would leave its dates outside all years: its fault is told alone.
        listed = findings.iter().all(|finding| !finding.is_error());
        own_forms = folder_forms(folder)?;
        texts = folder_registers(folder, &mut map)?;
        let at = map.iter().next().map(|source| first_line(source.bytes(), source.base()));
        misnamed(folder, at, &mut findings)?;
        closures = folder_closures(folder, &mut map, &mut findings)?;
    }
    let own_cycles = own_forms.iter().position(|(path, _)| path == CYCLES_FILE);
    let own_cycles = own_cycles.map(|at| own_forms.remove(at).1);
    let cycles = cycles(own_cycles, &mut map, &mut findings);
    let forms = forms(own_forms, &mut map, &mut findings);
    if let Some(at) = read.form_at.filter(|_| forms.names().all(|name| name != read.form)) {
        let names: Vec<&str> = forms.names().collect();
        findings.push(
            Finding::new(Code::BadValue, at, format!("aucune forme `{}`", read.form))
                .label("cette forme")
                .help(format!("les formes sont : {}", names.join(", "))),
        );
    }
    let journal = place.file.clone().unwrap_or_else(|| read.journal.clone());
    let years = Years::listed(if listed { read.years.clone() } else { Vec::new() });
    let threads = host.threads();
    let (loaded, read_registers) = crew::both(
        threads,
        || load(&journal, folder, years, map, threads),
        || texts.read(&forms, &read.form),
    );
    let ReadRegisters { registers, findings: mut of_registers, rows } = read_registers;
    findings.append(&mut of_registers);
    let (mut books, mut found) = loaded.map_err(|(_, error)| Failure::unread(&journal, &error))?;
    findings.append(&mut found);
    if place.file.is_none() {
        receive(folder, &mut books, &mut findings)?;
    }
    if listed {
        // A balance that is wrong hides no entry.
        let sound = [Code::Assertion, Code::DuplicateNumber, Code::VoluntaryContributions];
        let whole = findings.iter().all(|one| !one.is_error() || sound.contains(&one.code));
        closures.hold(&books, whole, &mut findings);
    }
    let sealed = closures.inventories();
    let live = books.sources().iter().find(|source| source.name() == "care.toml");
    let live = live.map(|source| String::from_utf8_lossy(source.bytes()).into_owned());
    let policies = closed_policies(&closures, live.as_deref(), books.sources_mut());
    let asked = Asked {
        registers: &registers,
        rows,
        closed_until: closures.sealed_until(),
        policies: &policies,
        sealed: &sealed,
    };
    let Derived { axes, yielded, care } =
        checked(&mut books, asked, (listed, threads), &mut findings);
    let folder = folder.root().to_owned();
    Ok(Opened {
        books,
        dossier: read,
        forms,
        cycles,
        registers,
        axes,
        yielded,
        care,
        closures,
        findings,
        folder,
    })
}

/// Reads the openings that other software wrote: hledger never does, for it carries every balance itself.
fn receive(folder: &Folder, books: &mut Books, findings: &mut Vec<Finding>) -> Result<(), Failure> {
    let unread = |error| Failure::unread(RECEIVED, &error);
    for name in folder.list(RECEIVED).map_err(unread)? {
        if Path::new(&name).extension().is_some_and(|ext| ext == "journal") {
            let path = format!("{RECEIVED}/{name}");
            let bytes = folder.read(&path).map_err(|error| Failure::unread(&path, &error))?;
            books.receive(&path, bytes, findings);
        }
    }
    Ok(())
}

/// The first line of a source, as a span.
fn first_line(bytes: &[u8], base: u32) -> Span {
    let end = memchr::memchr2(b'\r', b'\n', bytes).unwrap_or(bytes.len());
    Span::new(base, base + u32::try_from(end).unwrap_or(0))
}

/// The forms of the books' own folder, in alphabetical order.
fn folder_forms(folder: &Folder) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let names = folder.list("formes").map_err(|error| Failure::unread("formes", &error))?;
    let is_form = |name: &String| Path::new(name).extension().is_some_and(|ext| ext == "toml");
    let mut names: Vec<String> = names.into_iter().filter(is_form).collect();
    names.sort_unstable();
    let read = |name: String| {
        let path = format!("formes/{name}");
        let bytes = folder.read(&path).map_err(|error| Failure::unread(&path, &error))?;
        Ok((path, bytes))
    };
    names.into_iter().map(read).collect()
}

/// The exit code of findings: 3 when something could not be read at all, 4 when what is sealed is no
/// longer what it was, 1 when something is wrong.
pub(super) fn exit_code(findings: &[Finding]) -> u8 {
    let sealed = [
        Code::LateEntry,
        Code::SealedEntryGone,
        Code::BrokenSeal,
        Code::LaterSeal,
        Code::ClosedRegister,
        Code::ClosedPolicy,
    ];
    if findings.iter().any(|finding| finding.code == Code::Unreadable) {
        3
    } else if findings.iter().any(|finding| sealed.contains(&finding.code)) {
        4
    } else {
        u8::from(findings.iter().any(Finding::is_error))
    }
}

impl Opened {
    /// The fiscal year that was asked for by its name; the last that has an entry when none was.
    pub(super) fn asked(&self, typed: Option<&str>) -> Option<FiscalYear> {
        if let Some(typed) = typed {
            return self.books.years().named(typed);
        }
        let mut last = None;
        self.books.visit(|date, _, _| last = last.max(Some(date)));
        self.books.years().of(last?)
    }

    /// The ledgers of the books, whose openings join them; what is wrong with received ones joins the
    /// findings.
    pub(super) fn annual(&mut self) -> Annual {
        self.annual_with(|_| true)
    }

    /// The same with the openings of some years alone among the entries ([`Annual::opened`]).
    pub(super) fn annual_with(&mut self, wanted: impl Fn(&FiscalYear) -> bool) -> Annual {
        let annual = Annual::opened(&mut self.books, wanted);
        self.findings.extend(annual.findings().iter().cloned());
        annual
    }

    /// Stops a report on unsound books: shows every finding on stderr.
    pub(super) fn sound(self, host: &mut Host) -> Result<Self, Failure> {
        if self.findings.iter().any(Finding::is_error) {
            tell(&self.findings, self.books.sources(), host);
            host.say(&format!(
                "{} : le rapport est refusé, rien n’a été écrit\n",
                count(&self.findings)
            ));
            return Err(Failure::Unsound(exit_code(&self.findings)));
        }
        if !self.findings.is_empty() {
            tell(&self.findings, self.books.sources(), host);
            host.say(&format!("{}\n", count(&self.findings)));
        }
        Ok(self)
    }
}

/// Puts a report where the user wants it; a file of the books is never overwritten.
pub(super) fn emit(
    bytes: &[u8],
    common: &Common,
    books: &Books,
    host: &mut Host,
) -> Result<(), Failure> {
    match kept_apart(common, books, host)? {
        None => host.put(bytes),
        Some(path) => host.write(path, bytes),
    }
}

/// The file where a report goes, when it goes to one.
///
/// # Errors
/// When it is a file of the books.
pub(super) fn kept_apart<'c>(
    common: &'c Common,
    books: &Books,
    host: &Host,
) -> Result<Option<&'c Path>, Failure> {
    let Some(path) = common.output.as_deref().filter(|path| path.as_os_str() != "-") else {
        return Ok(None);
    };
    if let Ok(real) = host.real(path) {
        let is_source = books.sources().iter().any(|source| real.ends_with(source.name()));
        if is_source || real.extension().is_some_and(|ext| ext == "journal" || ext == "toml") {
            return Err(Failure::usage(
                format!("`{}` est un fichier des livres : il ne sera pas remplacé", path.display()),
                "donnez un autre nom à `-o`",
            ));
        }
    }
    Ok(Some(path))
}

/// The ledger that the options ask for, else the usual one.
pub(super) fn view(common: &Common) -> View {
    if common.care { View::Care } else { View::Classic }
}

use rust_decimal::Decimal;

use super::args::{Common, FormatName};
use super::failure::Failure;
use super::host::Host;
use super::open::{emit, open};
use super::ready::{Ready, Scope, ready};
use crate::assembly::{self, Meeting, Sheet};
use crate::measure::{FiscalYear, brief_euros};
use crate::register::Financing;
use crate::render::{Document, sheet_document};
use crate::statement::{Kind, Statement};

/// What a table of the general assembly is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Summary,
    Subventions,
    Costs,
    Funding,
    Care,
    Adhesions,
    Grid,
    Resolutions,
    Programmes,
    Annexe,
    Treasury,
}

impl Subject {
    /// Every subject, in the order of the dossier.
    pub(super) const ALL: [Self; 11] = [
        Self::Summary,
        Self::Subventions,
        Self::Costs,
        Self::Funding,
        Self::Care,
        Self::Adhesions,
        Self::Grid,
        Self::Resolutions,
        Self::Programmes,
        Self::Annexe,
        Self::Treasury,
    ];

    /// The register without which there is no such table.
    pub(super) fn register(self) -> &'static str {
        match self {
            Self::Summary => "principaux.toml",
            Self::Costs | Self::Funding => "repartition.toml",
            Self::Adhesions | Self::Grid => "adhesions.toml",
            Self::Programmes => "programmes.toml",
            Self::Subventions => "conventions.toml",
            Self::Care => "care.toml",
            Self::Annexe => "annexe.toml",
            Self::Resolutions => "resolutions.toml",
            Self::Treasury => "budget.journal",
        }
    }
}

/// A year of the books with its statements: what every table of the assembly begins with.
pub(super) struct Prepared {
    pub(super) ready: Ready,
    pub(super) year: FiscalYear,
    pub(super) before: Option<FiscalYear>,
    pub(super) after: Option<FiscalYear>,
    pub(super) budget: Option<FiscalYear>,
    pub(super) bilan: Statement,
    pub(super) resultat: Statement,
}

/// Opens sound books and makes the statements of a year.
pub(super) fn prepare(
    common: &Common,
    year: Option<&str>,
    host: &mut Host,
) -> Result<Prepared, Failure> {
    if common.care {
        return Err(Failure::usage(
            "ces tableaux partent du livre classique, et montrent CARE à côté",
            "retirez `--care` ; `bilan`, `resultat` et `diff` montrent le livre CARE",
        ));
    }
    let ready = ready(common, host)?;
    let year = ready.year(year)?;
    let years = ready.opened.books.years();
    let before = years.before(&year).filter(|year| ready.annual.ledger(year).is_some());
    let after = years.after(&year);
    let budget = ready.budget(None, &year)?;
    let form = ready.form(None, Kind::Bilan)?;
    let bilan = ready.made(common, form, Kind::Bilan, (&year, None), None, host)?;
    let form = ready.form(None, Kind::Resultat)?;
    let resultat =
        ready.made(common, form, Kind::Resultat, (&year, None), budget.as_ref(), host)?;
    Ok(Prepared { ready, year, before, after, budget, bilan, resultat })
}

impl Prepared {
    /// What the tables look at.
    pub(super) fn meeting(&self) -> Result<Meeting<'_>, Failure> {
        let opened = &self.ready.opened;
        Ok(Meeting {
            books: &opened.books,
            annual: &self.ready.annual,
            shown: self.ready.shown(true, &self.year),
            registers: &opened.registers,
            axes: &opened.axes,
            care: opened.care.as_ref(),
            form: self.ready.form(None, Kind::Resultat)?,
            year: &self.year,
            before: self.before.as_ref(),
            after: self.after.as_ref(),
            budget: self.budget.as_ref(),
            bilan: &self.bilan,
            resultat: &self.resultat,
        })
    }

    /// The table of a subject; `None` when its register is absent.
    pub(super) fn sheet(&self, subject: Subject) -> Result<Option<Sheet>, Failure> {
        let meeting = self.meeting()?;
        let registers = &self.ready.opened.registers;
        Ok(match subject {
            Subject::Summary => assembly::summary(&meeting),
            Subject::Subventions => {
                registers.conventions.is_some().then(|| assembly::subventions(&meeting))
            }
            Subject::Costs => assembly::costs(&meeting),
            Subject::Funding => assembly::funding(&meeting),
            Subject::Care => assembly::care(&meeting),
            Subject::Adhesions => assembly::adhesions(&meeting),
            Subject::Grid => registers.adhesions.as_ref().and_then(|adhesions| {
                let year = self.after.as_ref().unwrap_or(&self.year);
                assembly::grid(adhesions, self.ready.opened.books.years(), year)
            }),
            Subject::Resolutions => Some(assembly::resolutions(&meeting)),
            Subject::Programmes => assembly::programmes(&meeting),
            Subject::Annexe => Some(assembly::annexe(&meeting)),
            Subject::Treasury => {
                self.budget.as_ref().map(|year| assembly::treasury(&meeting, year))
            }
        })
    }

    /// The financial report of a convention.
    pub(super) fn report(&self, rank: usize) -> Result<Option<Sheet>, Failure> {
        let cerfa = self.ready.form(Some(assembly::REPORT_FORM), Kind::Resultat)?;
        Ok(assembly::financial_report(&self.meeting()?, cerfa, rank))
    }

    /// The financial reports of the subsidies that ran in the year and whose budget is known.
    pub(super) fn reports(&self) -> Result<Vec<Sheet>, Failure> {
        let register = self.ready.opened.registers.conventions.as_ref();
        let mut sheets = Vec::new();
        for (rank, known) in register.iter().flat_map(|all| &all.list).enumerate() {
            let runs = known.period.meets(self.year.period) && known.financing == Financing::Grant;
            if runs && !known.planned.is_empty() {
                sheets.extend(self.report(rank)?);
            }
        }
        Ok(sheets)
    }

    /// A table as a document.
    pub(super) fn document(&self, sheet: &Sheet, common: &Common) -> Document {
        let heading = self.ready.heading(common, &Scope::Year(self.year.clone()));
        sheet_document(sheet, &heading)
    }
}

/// One table.
pub(super) fn one(
    common: &Common,
    subject: Subject,
    year: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    several(common, &[subject], year, host)
}

/// Some tables, in one document.
pub(super) fn several(
    common: &Common,
    subjects: &[Subject],
    year: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let prepared = prepare(common, year, host)?;
    let mut whole: Option<Sheet> = None;
    for subject in subjects {
        let Some(sheet) = prepared.sheet(*subject)? else {
            return Err(nothing(&prepared, *subject));
        };
        match &mut whole {
            None => whole = Some(sheet),
            Some(whole) => join(whole, sheet),
        }
    }
    let Some(sheet) = whole else { return Ok(0) };
    prepared.ready.emit(&prepared.document(&sheet, common), common, host)
}

/// Adds the tables of a sheet below another, under its own title.
fn join(whole: &mut Sheet, mut more: Sheet) {
    if let Some(first) = more.tables.first_mut().filter(|table| table.title.is_empty()) {
        first.title.clone_from(&more.title);
    }
    whole.tables.append(&mut more.tables);
    whole.notes.append(&mut more.notes);
}

/// Why a subject has no table: its register is absent, or says nothing of the year.
fn nothing(prepared: &Prepared, subject: Subject) -> Failure {
    let (register, year) = (subject.register(), &prepared.year.name);
    if prepared.ready.opened.registers.present().contains(&register) {
        return Failure::usage(
            format!("`{register}` ne dit rien de {year}"),
            "complétez-le, ou donnez une autre année",
        );
    }
    absent(register)
}

pub(super) fn absent(register: &str) -> Failure {
    Failure::usage(
        format!("il manque `{register}` à ces livres"),
        "voyez `docs/registres.md` : chaque registre y a un exemple",
    )
}

/// What the grid asks of a budget.
pub(super) fn dues(
    common: &Common,
    budget: &str,
    year: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    if !matches!(common.format, None | Some(FormatName::Text | FormatName::Json)) {
        return Err(Failure::usage(
            "`cotisation --budget` sort en text ou en json",
            "donnez `-O json`, ou retirez `-O`",
        ));
    }
    let opened = open(common, host)?.sound(host)?;
    let Some(adhesions) = &opened.registers.adhesions else {
        return Err(absent("adhesions.toml"));
    };
    let typed: String =
        budget.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '€' | '_')).collect();
    let typed = typed.replace(',', ".").replace('−', "-");
    let help = "donnez des euros par an : `--budget 4000000`";
    // A sign is let through so that a negative budget is told as one; another option is no budget.
    if typed.strip_prefix('-').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())) {
        return Err(Failure::usage("`--budget` attend une valeur", help));
    }
    let Ok(amount) = Decimal::from_str_exact(&typed) else {
        return Err(Failure::usage(format!("budget non compris : `{budget}`"), help));
    };
    if amount < Decimal::ZERO {
        let message = format!("un budget ne peut être négatif : `{budget}`");
        return Err(Failure::usage(message, help));
    }
    let years = opened.books.years();
    let grid = match year {
        None => adhesions
            .grids
            .iter()
            .max_by_key(|grid| years.period_named(&grid.since.value).map(|days| days.first)),
        Some(typed) => {
            years.named(typed).and_then(|year| assembly::grid_of(adhesions, years, &year))
        }
    };
    let Some((grid, band)) = grid.and_then(|grid| Some((grid, grid.band_of(amount)?))) else {
        return Err(Failure::usage(
            "aucune grille ne vaut pour cet exercice",
            "ajoutez une `[[grille]]` à `adhesions.toml`, ou donnez une autre année",
        ));
    };
    let words = brief_euros(band.due);
    let text = if common.format == Some(FormatName::Json) {
        let found = serde_json::json!({
            "schema": "compta/cotisation/1",
            "budget": amount.to_string(),
            "exercice": grid.since.value,
            "bande": band.key.value,
            "cotisation": band.due.to_string(),
        });
        format!("{found}\n")
    } else {
        format!("{words}  ({}, grille {})\n", band.label, grid.since.value)
    };
    emit(text.as_bytes(), common, &opened.books, host)?;
    Ok(0)
}

/// The financial report of a convention.
pub(super) fn report(common: &Common, id: &str, host: &mut Host) -> Result<u8, Failure> {
    let prepared = prepare(common, None, host)?;
    let Some(register) = &prepared.ready.opened.registers.conventions else {
        return Err(absent("conventions.toml"));
    };
    let Some(rank) = register.rank(id) else {
        // An identity that begins as typed is nearer than any slip.
        let far = |known: &str| (!known.starts_with(id), strsim::osa_distance(known, id));
        let mut near: Vec<((bool, usize), &str)> = register
            .list
            .iter()
            .map(|known| (far(&known.id.value), known.id.value.as_str()))
            .collect();
        near.sort_unstable();
        let names: Vec<&str> = near.into_iter().take(3).map(|(_, name)| name).collect();
        return Err(Failure::usage(
            format!("aucune convention `{id}`"),
            format!("les plus proches sont : {}", names.join(", ")),
        ));
    };
    if register.list[rank].financing == Financing::Invoice {
        return Err(Failure::usage(
            format!("`{id}` est une prestation facturée"),
            "le compte rendu financier (Cerfa 15059) est celui d’une subvention",
        ));
    }
    let sheet = prepared.report(rank)?;
    let Some(sheet) = sheet else { return Err(absent("conventions.toml")) };
    prepared.ready.emit(&prepared.document(&sheet, common), common, host)
}

/// The cash of a year, month by month.
pub(super) fn treasury(
    common: &Common,
    year: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let prepared = prepare(common, None, host)?;
    let year = prepared.ready.year(year)?;
    let sheet = assembly::treasury(&prepared.meeting()?, &year);
    prepared.ready.emit(&prepared.document(&sheet, common), common, host)
}

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::mem::ManuallyDrop;

use super::args::{Common, FormatName};
use super::booklet::one_pdf;
use super::books::tell;
use super::failure::Failure;
use super::host::Host;
use super::open::{Opened, emit, kept_apart, open, view};
use super::page::one_page;
use super::workbook::{emit_file, one_workbook};
use chrono::NaiveDate;

use crate::book::{Deriver, EntryRef};
use crate::care::{in_stock, restated};
use crate::chart::Edition;
use crate::closing::Standing;
use crate::ledger::{Annual, Ledger};
use crate::measure::{FiscalYear, Period};
use crate::render::{Document, Format, Heading, List, render, write_list};

/// Sound books with their ledgers: what every report begins with.
///
/// They last as long as the process: to take large books apart at its end would cost half of their reading.
pub(super) struct Ready {
    pub(super) opened: ManuallyDrop<Opened>,
    pub(super) annual: ManuallyDrop<Annual>,
    /// The ledgers in which a correction restates the year before, by the year that found it.
    restated: BTreeMap<String, Annual>,
    /// Whether no opening is among the entries.
    pub(super) unseen: bool,
    /// What is being sealed, while it is.
    pub(super) sealing: Option<Shown>,
}

/// A year as its seal shows it, before the seal is there to be read.
pub(super) struct Shown {
    /// The state that statements print.
    pub(super) words: String,
    /// The day on which its entries are validated, when it is final.
    pub(super) validated: Option<NaiveDate>,
}

pub(super) fn ready(common: &Common, host: &mut Host) -> Result<Ready, Failure> {
    ready_with(common, host, |_| Openings::Every)
}

/// Which openings a command looks at among the entries.
pub(super) enum Openings {
    /// Those of every year.
    Every,
    /// That of one year.
    Of(FiscalYear),
    /// None: balances alone.
    Unseen,
}

/// The same with some openings alone among the entries ([`Annual::opened`]).
pub(super) fn ready_with(
    common: &Common,
    host: &mut Host,
    openings: impl FnOnce(&Opened) -> Openings,
) -> Result<Ready, Failure> {
    let mut opened = open(common, host)?.sound(host)?;
    let openings = openings(&opened);
    let annual = opened.annual_with(|year| match &openings {
        Openings::Every => true,
        Openings::Of(wanted) => year == wanted,
        Openings::Unseen => false,
    });
    if !annual.findings().is_empty() {
        tell(annual.findings(), opened.books.sources(), host);
    }
    let unseen = matches!(openings, Openings::Unseen);
    Ok(Ready { unseen, ..Ready::of(opened, annual) })
}

/// A list of everything that was written needs no year and no opening.
pub(super) fn ready_for_list(
    common: &Common,
    period: Option<&str>,
    host: &mut Host,
) -> Result<Ready, Failure> {
    if common.tout || (common.file.is_some() && period.is_none()) {
        let opened = open(common, host)?.sound(host)?;
        return Ok(Ready::of(opened, Annual::default()));
    }
    ready(common, host)
}

/// Which entries a list is about.
pub(super) enum Scope {
    /// Every written entry of every year: what hledger shows.
    Everything,
    /// A fiscal year, its opening included.
    Year(FiscalYear),
    /// Some days.
    Days(Period, String),
}

impl Scope {
    /// How it is typed; nothing when no year is named.
    pub(super) fn typed(&self) -> Option<&str> {
        match self {
            Self::Everything => None,
            Self::Year(year) => Some(&year.name),
            Self::Days(_, typed) => Some(typed),
        }
    }
}

impl Ready {
    /// Books that were opened, with their ledgers.
    pub(super) fn of(mut opened: Opened, annual: Annual) -> Self {
        let Opened { books, care, .. } = &mut opened;
        let restated = care.as_ref().map(|care| restated(books, &annual, &care.kept));
        let (opened, annual) = (ManuallyDrop::new(opened), ManuallyDrop::new(annual));
        let restated = restated.unwrap_or_default();
        Self { opened, annual, restated, unseen: false, sealing: None }
    }

    /// The ledgers that a statement of a whole year shows: in the CARE ledger, the column before it is
    /// restated.
    pub(super) fn shown(&self, care: bool, year: &FiscalYear) -> &Annual {
        self.restated.get(&year.name).filter(|_| care).unwrap_or(&self.annual)
    }

    /// Presents the CARE ledger in stock.
    pub(super) fn present_in_stock(&mut self) {
        let books = &mut self.opened.books;
        *self.annual = in_stock(books, &self.annual);
        for shown in self.restated.values_mut() {
            *shown = in_stock(books, shown);
        }
    }

    pub(super) fn scope(&self, common: &Common, typed: Option<&str>) -> Result<Scope, Failure> {
        if common.tout {
            return match typed {
                Some(typed) => Err(Failure::usage(
                    format!("`--tout` ne va pas avec la période `{typed}`"),
                    "donnez l’un ou l’autre",
                )),
                None => Ok(Scope::Everything),
            };
        }
        match typed {
            None if common.file.is_some() => Ok(Scope::Everything),
            None => self.last().map(Scope::Year),
            Some(typed) => match self.opened.books.years().named(typed) {
                Some(year) => Ok(Scope::Year(year)),
                None => match Period::calendar(typed) {
                    Some(days) if self.annual.years().any(|year| year.period.meets(days)) => {
                        Ok(Scope::Days(days, typed.to_owned()))
                    }
                    Some(_) => Err(self.no_year(typed)),
                    None => Err(unknown_period(typed)),
                },
            },
        }
    }

    pub(super) fn last(&self) -> Result<FiscalYear, Failure> {
        self.annual.last().cloned().ok_or_else(|| {
            Failure::usage(
                "les livres n’ont encore aucune écriture",
                "écrivez une première écriture dans un journal de l’année",
            )
        })
    }

    /// The last year, or that of today in books that have no entry yet: a sheet may bring the first ones.
    pub(super) fn last_or_today(&self, host: &Host) -> Result<FiscalYear, Failure> {
        let years = self.opened.books.years();
        let today = || years.of(host.today()).or_else(|| years.all().last().cloned());
        self.annual.last().cloned().or_else(today).map_or_else(|| self.last(), Ok)
    }

    pub(super) fn year(&self, typed: Option<&str>) -> Result<FiscalYear, Failure> {
        let Some(typed) = typed else {
            return self.last();
        };
        let year =
            self.opened.books.years().named(typed).ok_or_else(|| self.no_whole_year(typed))?;
        if self.annual.ledger(&year).is_none() {
            return Err(self.no_year(typed));
        }
        Ok(year)
    }

    /// A quarter or a month where a fiscal year is wanted, or what is no period at all.
    pub(super) fn no_whole_year(&self, typed: &str) -> Failure {
        let years = self.opened.books.years();
        let whole = Period::calendar(typed).and_then(|days| years.of(days.first));
        if let Some(year) = whole {
            return Failure::usage(
                format!("`{typed}` n’est pas un exercice entier, et cette commande en veut un"),
                format!("donnez l’exercice : {}", year.name),
            );
        }
        let known: Vec<&str> = self.annual.years().map(|year| year.name.as_str()).collect();
        let known = if known.is_empty() { "2024".to_owned() } else { known.join(", ") };
        Failure::usage(
            format!("exercice non compris : `{typed}`"),
            format!("donnez un exercice entier : {known}"),
        )
    }

    fn no_year(&self, typed: &str) -> Failure {
        let known: Vec<&str> = self.annual.years().map(|year| year.name.as_str()).collect();
        if known.is_empty() {
            return Failure::usage(
                format!("les livres n’ont encore aucune écriture, ni en {typed} ni ailleurs"),
                "écrivez une première écriture dans un journal de l’année",
            );
        }
        Failure::usage(
            format!("les livres n’ont pas d’exercice {typed}"),
            format!("les exercices sont : {}", known.join(", ")),
        )
    }

    /// The fiscal year that was asked for, and the part of it when a period was.
    pub(super) fn when(
        &self,
        common: &Common,
        typed: Option<&str>,
    ) -> Result<(FiscalYear, Option<FiscalYear>), Failure> {
        if common.tout {
            return Err(Failure::usage(
                "un état porte sur un exercice ou une période, pas sur `--tout`",
                "donnez l’année ; `balance`, `journal` et `grand-livre` acceptent `--tout`",
            ));
        }
        let years = self.opened.books.years();
        let neither =
            |typed: &&str| years.named(typed).is_none() && Period::calendar(typed).is_none();
        if let Some(typed) = typed.filter(neither) {
            return Err(unknown_period(typed));
        }
        let Some(days) =
            typed.filter(|typed| years.named(typed).is_none()).and_then(Period::calendar)
        else {
            return Ok((self.year(typed)?, None));
        };
        let name = typed.unwrap_or_default().to_owned();
        let year = years
            .of(days.first)
            .filter(|year| year.period.holds(days))
            .ok_or_else(|| self.no_year(&name))?;
        let year = self.year(Some(&year.name))?;
        Ok((year, Some(FiscalYear { name, period: days })))
    }

    pub(super) fn heading(&self, common: &Common, scope: &Scope) -> Heading {
        let standing = |year: Option<&FiscalYear>| match (&self.sealing, year) {
            (Some(shown), _) => shown.words.clone(),
            (None, None) => "exercice ouvert".to_owned(),
            (None, Some(year)) => {
                Standing::of(&self.opened.books, &self.opened.closures, year).words()
            }
        };
        let (period, state) = match scope {
            Scope::Everything => (String::new(), "toutes les écritures".to_owned()),
            Scope::Year(year) => (year.name.clone(), standing(Some(year))),
            Scope::Days(days, typed) => {
                (typed.clone(), standing(self.opened.books.years().of(days.first).as_ref()))
            }
        };
        Heading { entity: self.opened.dossier.name.clone(), period, view: view(common), state }
    }

    pub(super) fn entries(&self, scope: &Scope) -> Vec<EntryRef<'_>> {
        let books = &self.opened.books;
        match scope {
            Scope::Everything => books.written().collect(),
            Scope::Year(year) => {
                books.entries().filter(|e| year.period.contains(e.date())).collect()
            }
            Scope::Days(days, _) => books.booked().filter(|e| days.contains(e.date())).collect(),
        }
    }

    /// The ledger of a list, as the balance shows it, and the chart that its labels follow.
    pub(super) fn ledger(&self, scope: &Scope) -> Result<(Cow<'_, Ledger>, Edition), Failure> {
        let books = &self.opened.books;
        let (ledger, last) = match scope {
            Scope::Year(year) => match self.annual.ledger(year) {
                Some(ledger) => (Cow::Borrowed(ledger), Some(year.period.last)),
                None => return Err(self.no_year(&year.name)),
            },
            Scope::Everything => {
                let last = books.written().map(|entry| entry.date()).max();
                (Cow::Owned(Ledger::of(books, None, |by| by.is_none())), last)
            }
            Scope::Days(days, _) => {
                let booked = |by| matches!(by, None | Some(Deriver::Inventory));
                (Cow::Owned(Ledger::of(books, Some(*days), booked)), Some(days.last))
            }
        };
        Ok((ledger, last.map_or(Edition::Anc2018, |day| books.edition(day))))
    }

    /// The entries from the beginning of the fiscal year to the end of some days.
    pub(super) fn since_opening(&self, days: Period) -> Vec<EntryRef<'_>> {
        let books = &self.opened.books;
        let first = books.years().of(days.first).map_or(days.first, |year| year.period.first);
        let span = Period { first, last: days.last };
        books.entries().filter(|entry| span.contains(entry.date())).collect()
    }

    pub(super) fn emit(
        &self,
        document: &Document,
        common: &Common,
        host: &mut Host,
    ) -> Result<u8, Failure> {
        let bytes = match common.format.unwrap_or(FormatName::Text) {
            FormatName::Xlsx => one_workbook(self, document)?,
            FormatName::Html => one_page(self, document),
            FormatName::Pdf => one_pdf(self, document, host)?,
            _ => {
                let bytes = render(document, plain_format(common, host)?);
                emit(&bytes, common, &self.opened.books, host)?;
                told_formats(common, host);
                return Ok(0);
            }
        };
        emit_file(&bytes, common, &self.opened.books, host)
    }

    /// The same of a list, which is written as it is made.
    pub(super) fn emit_list(
        &self,
        list: &List<'_>,
        common: &Common,
        host: &mut Host,
    ) -> Result<u8, Failure> {
        if let Some(FormatName::Xlsx | FormatName::Html | FormatName::Pdf) = common.format {
            return self.emit(&list.document(), common, host);
        }
        let (format, threads) = (plain_format(common, host)?, host.threads());
        let path = kept_apart(common, &self.opened.books, host)?;
        host.stream(path, &mut |out| write_list(list, format, threads, out))?;
        told_formats(common, host);
        Ok(0)
    }
}

/// A format that is text, as it was asked for.
fn plain_format(common: &Common, host: &Host) -> Result<Format, Failure> {
    let width = common.largeur.unwrap_or_else(|| host.width());
    Ok(match common.format {
        Some(FormatName::Csv) => Format::Csv,
        Some(FormatName::CsvExcel) => Format::CsvExcel,
        Some(FormatName::Json) => Format::Json,
        Some(FormatName::Github) => {
            return Err(Failure::usage(
                "`-O github` est le format des anomalies",
                "donnez-le à `compta check`",
            ));
        }
        Some(FormatName::Hledger) => {
            return Err(Failure::usage(
                "`-O hledger` est le format des écritures",
                "donnez-le à `compta journal`",
            ));
        }
        _ => Format::Text { width },
    })
}

/// Says, once a file is written, in which other formats the same can be had.
fn told_formats(common: &Common, host: &mut Host) {
    if let Some(path) = common.output.as_ref().filter(|path| path.as_os_str() != "-") {
        host.say(&format!(
            "{}\nensuite : `-O xlsx`, `-O html` ou `-O pdf` donnent le même tableau, à lire ou à imprimer\n",
            path.display()
        ));
    }
}

pub(super) fn unknown_period(typed: &str) -> Failure {
    Failure::usage(
        format!("période non comprise : `{typed}`"),
        "donnez un exercice (2024), un trimestre (2024-T2) ou un mois (2024-06)",
    )
}

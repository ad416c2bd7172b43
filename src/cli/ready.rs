use std::borrow::Cow;

use super::args::{Common, FormatName};
use super::booklet::one_pdf;
use super::books::tell;
use super::failure::Failure;
use super::host::Host;
use super::open::{Opened, emit, exit_code, open, view};
use super::page::one_page;
use super::workbook::{emit_file, one_workbook};
use chrono::{Datelike, NaiveDate};

use crate::book::{Deriver, EntryRef};
use crate::care::restated;
use crate::chart::Edition;
use crate::closing::Standing;
use crate::diagnostic::{Code, Finding, count};
use crate::ledger::{Annual, Ledger};
use crate::measure::{FiscalYear, Period, euros};
use crate::render::{Document, Format, Heading, render};
use crate::statement::{Ask, Form, Kind, Note, Statement, statement};

/// Sound books with their ledgers: what every report begins with.
pub(super) struct Ready {
    pub(super) opened: Opened,
    pub(super) annual: Annual,
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
    let mut opened = open(common, host)?.sound(host)?;
    let annual = opened.annual();
    if !annual.findings().is_empty() {
        tell(annual.findings(), opened.books.sources(), host);
    }
    Ok(Ready { opened, annual, sealing: None })
}

/// A list of everything that was written needs no year and no opening.
pub(super) fn ready_for_list(
    common: &Common,
    period: Option<&str>,
    host: &mut Host,
) -> Result<Ready, Failure> {
    if common.tout || (common.file.is_some() && period.is_none()) {
        let opened = open(common, host)?.sound(host)?;
        return Ok(Ready { opened, annual: Annual::default(), sealing: None });
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

    pub(super) fn form(&self, typed: Option<&str>, kind: Kind) -> Result<&Form, Failure> {
        let name = typed.unwrap_or(&self.opened.dossier.form);
        self.opened.forms.get(name).filter(|form| form.has(kind)).ok_or_else(|| {
            let known = self.opened.forms.iter().filter(|form| form.has(kind));
            let names: Vec<&str> = known.map(|form| form.name.as_str()).collect();
            let message = format!("aucune forme `{name}` pour cet état");
            Failure::usage(message, format!("les formes sont : {}", names.join(", ")))
        })
    }

    pub(super) fn made(
        &self,
        common: &Common,
        form: &Form,
        kind: Kind,
        (year, part): (&FiscalYear, Option<&FiscalYear>),
        budget: Option<&FiscalYear>,
        host: &mut Host,
    ) -> Result<Statement, Failure> {
        let books = &self.opened.books;
        let (annual, view) = (&self.annual, view(common));
        let ask = Ask { books, annual, form, kind, year, part, view, budget };
        let mut findings = Vec::new();
        let mut made = statement(ask, &mut findings);
        findings.dedup();
        if !findings.is_empty() {
            tell(&findings, books.sources(), host);
            host.say(&format!("{}\n", count(&findings)));
        }
        if findings.iter().any(Finding::is_error) {
            return Err(Failure::Unsound(exit_code(&findings)));
        }
        if let Some(made) = made.as_mut() {
            for row in made.sections.iter_mut().flat_map(|section| &mut section.rows) {
                row.label = self.capital_named(&row.label);
            }
        }
        made.ok_or_else(|| {
            Failure::usage("la forme n’a pas cet état", "choisissez une autre forme")
        })
    }

    /// A label of a form with the policy's own name of a capital: forms know their numbers alone.
    pub(super) fn capital_named(&self, label: &str) -> String {
        let policy = self.opened.registers.care.as_ref();
        let mut label = label.to_owned();
        for capital in policy.iter().flat_map(|policy| &policy.capitals) {
            let number = format!("du capital écologique {}", capital.number);
            label = label.replace(&number, &format!(": {}", capital.label));
        }
        label
    }

    /// Shows the column before a year as the corrections found in that year restate it, and says why.
    pub(super) fn restate(&mut self, typed: Option<&str>) -> Result<Vec<Note>, Failure> {
        let Some(care) = &self.opened.care else { return Ok(Vec::new()) };
        // A part of a year has no column before it.
        let year = match typed {
            None => self.last()?,
            Some(typed) => match self.opened.books.years().named(typed) {
                Some(year) => year,
                None => return Ok(Vec::new()),
            },
        };
        let mut notes = Vec::new();
        for one in care.kept.year(&year).iter().flat_map(|kept| &kept.restated) {
            let text = format!(
                "colonne de l’exercice précédent retraitée de {} ({}), erreur de {} constatée en {}",
                euros(one.amount),
                one.reason,
                one.year,
                year.name
            );
            notes.push(Note { code: Some(Code::RestatedColumn), key: one.debt.clone(), text });
        }
        let mut all = restated(&mut self.opened.books, &self.annual, &care.kept);
        if let Some(shown) = all.remove(&year.name) {
            self.annual = shown;
        }
        Ok(notes)
    }

    /// The year whose budget stands beside a statement: the one asked for, else the next if it has one.
    pub(super) fn budget(
        &self,
        typed: Option<&str>,
        year: &FiscalYear,
    ) -> Result<Option<FiscalYear>, Failure> {
        let years = self.opened.books.years();
        let planned = |year: &FiscalYear| {
            self.opened.books.planned().any(|entry| year.period.contains(entry.date()))
        };
        match typed {
            None => Ok(years.after(year).filter(planned)),
            Some(typed) => {
                let year = years.named(typed).ok_or_else(|| unknown_period(typed))?;
                if planned(&year) {
                    return Ok(Some(year));
                }
                let first = year.period.first;
                let calendar =
                    FiscalYear::calendar(first.year()).is_some_and(|c| c.period == year.period);
                let when = if calendar { first.format("%Y") } else { first.format("%Y-%m") };
                Err(Failure::usage(
                    format!("les livres n’ont pas de budget {typed}"),
                    format!("écrivez-le : `~ {when}  BP {typed}`"),
                ))
            }
        }
    }

    pub(super) fn emit(
        &self,
        document: &Document,
        common: &Common,
        host: &mut Host,
    ) -> Result<u8, Failure> {
        let width = common.largeur.unwrap_or_else(|| host.width());
        let format = match common.format.unwrap_or(FormatName::Text) {
            FormatName::Text => Format::Text { width },
            FormatName::Csv => Format::Csv,
            FormatName::CsvExcel => Format::CsvExcel,
            FormatName::Json => Format::Json,
            FormatName::Xlsx => {
                let bytes = one_workbook(self, document)?;
                return emit_file(&bytes, common, &self.opened.books, host);
            }
            FormatName::Html => {
                let bytes = one_page(self, document);
                return emit_file(&bytes, common, &self.opened.books, host);
            }
            FormatName::Pdf => {
                let bytes = one_pdf(self, document, host)?;
                return emit_file(&bytes, common, &self.opened.books, host);
            }
            FormatName::Github => {
                return Err(Failure::usage(
                    "`-O github` est le format des anomalies",
                    "donnez-le à `compta check`",
                ));
            }
            FormatName::Hledger => {
                return Err(Failure::usage(
                    "`-O hledger` est le format des écritures",
                    "donnez-le à `compta journal`",
                ));
            }
        };
        emit(&render(document, format), common, &self.opened.books, host)?;
        if let Some(path) = common.output.as_ref().filter(|path| path.as_os_str() != "-") {
            host.say(&format!(
                "{}\nensuite : `-O xlsx`, `-O html` ou `-O pdf` donnent le même tableau, à lire ou à imprimer\n",
                path.display()
            ));
        }
        Ok(0)
    }
}

pub(super) fn unknown_period(typed: &str) -> Failure {
    Failure::usage(
        format!("période non comprise : `{typed}`"),
        "donnez un exercice (2024), un trimestre (2024-T2) ou un mois (2024-06)",
    )
}

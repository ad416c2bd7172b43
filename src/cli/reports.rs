use super::args::{Common, FormatName};
use super::books::{Opened, emit, open, tell, view};
use super::failure::Failure;
use super::host::Host;
use crate::book::EntryRef;
use crate::diagnostic::{Finding, count};
use crate::ledger::{Annual, Ledger};
use crate::measure::{FiscalYear, Period};
use crate::render::{
    Document, Format, Heading, balance_document, budget_document, grand_livre_document,
    journal_document, render, statement_document, trace_document,
};
use crate::statement::{Ask, Form, Kind, Statement, lists, statement};

/// Sound books with their ledgers: what every report begins with.
struct Ready {
    opened: Opened,
    annual: Annual,
}

fn ready(common: &Common, host: &mut Host) -> Result<Ready, Failure> {
    let mut opened = open(common, host)?.sound(host)?;
    let annual = Annual::of(&mut opened.books);
    Ok(Ready { opened, annual })
}

/// A list of everything that was written needs no year and no opening.
fn ready_for_list(
    common: &Common,
    period: Option<&str>,
    host: &mut Host,
) -> Result<Ready, Failure> {
    if common.tout || (common.file.is_some() && period.is_none()) {
        let opened = open(common, host)?.sound(host)?;
        return Ok(Ready {
            opened,
            annual: Annual::default(),
        });
    }
    ready(common, host)
}

/// Which entries a list is about.
enum Scope {
    /// Every written entry of every year: what hledger shows.
    Everything,
    /// A fiscal year, its opening included.
    Year(FiscalYear),
    /// Some days.
    Days(Period, String),
}

impl Ready {
    fn scope(&self, common: &Common, typed: Option<&str>) -> Result<Scope, Failure> {
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
                    Some(days) => Ok(Scope::Days(days, typed.to_owned())),
                    None => Err(unknown_period(typed)),
                },
            },
        }
    }

    fn last(&self) -> Result<FiscalYear, Failure> {
        self.annual.last().cloned().ok_or_else(|| {
            Failure::usage(
                "les livres n’ont encore aucune écriture",
                "écrivez une première écriture, ou donnez l’année",
            )
        })
    }

    fn year(&self, typed: Option<&str>) -> Result<FiscalYear, Failure> {
        let Some(typed) = typed else {
            return self.last();
        };
        let year = self
            .opened
            .books
            .years()
            .named(typed)
            .ok_or_else(|| unknown_period(typed))?;
        if self.annual.ledger(&year).is_none() {
            let known: Vec<&str> = self.annual.years().map(|year| year.name.as_str()).collect();
            return Err(Failure::usage(
                format!("les livres n’ont pas d’exercice {typed}"),
                format!("les exercices sont : {}", known.join(", ")),
            ));
        }
        Ok(year)
    }

    fn heading(&self, common: &Common, scope: &Scope) -> Heading {
        let (period, state) = match scope {
            Scope::Everything => (String::new(), "toutes les écritures".to_owned()),
            Scope::Year(year) => (year.name.clone(), "exercice ouvert".to_owned()),
            Scope::Days(_, typed) => (typed.clone(), "exercice ouvert".to_owned()),
        };
        Heading {
            entity: self.opened.dossier.name.clone(),
            period,
            view: view(common),
            state,
        }
    }

    fn entries(&self, scope: &Scope) -> Vec<EntryRef<'_>> {
        let books = &self.opened.books;
        match scope {
            Scope::Everything => books.written().collect(),
            Scope::Year(year) => books
                .entries()
                .filter(|e| year.period.contains(e.date()))
                .collect(),
            Scope::Days(days, _) => books
                .written()
                .filter(|e| days.contains(e.date()))
                .collect(),
        }
    }

    fn form(&self, typed: Option<&str>, kind: Kind) -> Result<&Form, Failure> {
        let name = typed.unwrap_or(&self.opened.dossier.form);
        let known = || self.opened.forms.iter().filter(|form| form.has(kind));
        known().find(|form| form.name == name).ok_or_else(|| {
            let names: Vec<&str> = known().map(|form| form.name.as_str()).collect();
            let message = format!("aucune forme `{name}` pour cet état");
            Failure::usage(message, format!("les formes sont : {}", names.join(", ")))
        })
    }

    fn made(
        &self,
        common: &Common,
        form: &Form,
        kind: Kind,
        year: &FiscalYear,
        budget: Option<&FiscalYear>,
        host: &mut Host,
    ) -> Result<Statement, Failure> {
        let books = &self.opened.books;
        let ask = Ask {
            books,
            annual: &self.annual,
            form,
            kind,
            year,
            view: view(common),
            budget,
        };
        let mut findings = Vec::new();
        let made = statement(ask, &mut findings);
        findings.dedup();
        if !findings.is_empty() {
            tell(&findings, books.sources(), host);
            host.say(&format!("{}\n", count(&findings)));
        }
        if findings.iter().any(Finding::is_error) {
            return Err(Failure::Unsound);
        }
        made.ok_or_else(|| {
            Failure::usage("la forme n’a pas cet état", "choisissez une autre forme")
        })
    }

    /// The year whose budget stands beside a statement: the one asked for, else the next if it has one.
    fn budget(
        &self,
        typed: Option<&str>,
        year: &FiscalYear,
    ) -> Result<Option<FiscalYear>, Failure> {
        let years = self.opened.books.years();
        let planned = |year: &FiscalYear| {
            self.opened
                .books
                .planned()
                .any(|entry| year.period.contains(entry.date()))
        };
        match typed {
            None => Ok(years.after(year).filter(planned)),
            Some(typed) => {
                let year = years.named(typed).ok_or_else(|| unknown_period(typed))?;
                if planned(&year) {
                    return Ok(Some(year));
                }
                Err(Failure::usage(
                    format!("les livres n’ont pas de budget {typed}"),
                    format!("écrivez-le : `~ {typed}  BP {typed}`"),
                ))
            }
        }
    }

    fn emit(&self, document: &Document, common: &Common, host: &mut Host) -> Result<u8, Failure> {
        let width = common.largeur.unwrap_or_else(|| host.width());
        let format = match common.format.unwrap_or(FormatName::Text) {
            FormatName::Text => Format::Text { width },
            FormatName::Csv => Format::Csv,
            FormatName::CsvExcel => Format::CsvExcel,
            FormatName::Json => Format::Json,
        };
        emit(&render(document, format), common, &self.opened.books, host)?;
        Ok(0)
    }
}

fn unknown_period(typed: &str) -> Failure {
    Failure::usage(
        format!("période non comprise : `{typed}`"),
        "donnez un exercice (2024), un trimestre (2024-T2) ou un mois (2024-06)",
    )
}

pub(super) fn balance(
    common: &Common,
    period: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready_for_list(common, period, host)?;
    let scope = ready.scope(common, period)?;
    let books = &ready.opened.books;
    let added;
    let ledger = match &scope {
        Scope::Year(year) => {
            if let Some(ledger) = ready.annual.ledger(year) {
                ledger
            } else {
                ready.year(Some(&year.name))?;
                return Ok(0);
            }
        }
        Scope::Everything => {
            added = Ledger::of(books, None, false);
            &added
        }
        Scope::Days(days, _) => {
            added = Ledger::of(books, Some(*days), false);
            &added
        }
    };
    let lines = lists::balance(books, ledger, view(common));
    let heading = ready.heading(common, &scope);
    ready.emit(
        &balance_document(&lines, &heading, books.units()),
        common,
        host,
    )
}

pub(super) fn journal(
    common: &Common,
    period: Option<&str>,
    journal: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready_for_list(common, period, host)?;
    let scope = ready.scope(common, period)?;
    let lines = lists::journal(ready.entries(&scope).into_iter(), view(common), journal);
    let heading = ready.heading(common, &scope);
    let document = journal_document(&lines, &heading, ready.opened.books.units());
    ready.emit(&document, common, host)
}

pub(super) fn grand_livre(
    common: &Common,
    first: Option<&str>,
    second: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    // One argument may be a period or an account: a year of the books is a period.
    let known = |typed: &str| {
        let year = ready.opened.books.years().named(typed);
        year.is_some_and(|year| ready.annual.ledger(&year).is_some())
            || (typed.len() > 4 && Period::calendar(typed).is_some())
    };
    let (account, period) = match (first, second) {
        (Some(only), None) if known(only) => (None, Some(only)),
        both => both,
    };
    let scope = ready.scope(common, period)?;
    let lines = lists::journal(ready.entries(&scope).into_iter(), view(common), None);
    let lines = lists::grand_livre(lines, account);
    let heading = ready.heading(common, &scope);
    let document = grand_livre_document(&lines, &heading, ready.opened.books.units());
    ready.emit(&document, common, host)
}

pub(super) fn bilan(
    common: &Common,
    year: Option<&str>,
    form: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let year = ready.year(year)?;
    let form = ready.form(form, Kind::Bilan)?;
    let made = ready.made(common, form, Kind::Bilan, &year, None, host)?;
    let heading = ready.heading(common, &Scope::Year(year));
    ready.emit(
        &statement_document(&made, &heading, &ready.opened.books),
        common,
        host,
    )
}

pub(super) fn resultat(
    common: &Common,
    year: Option<&str>,
    budget: Option<&str>,
    form: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let year = ready.year(year)?;
    let budget = ready.budget(budget, &year)?;
    let form = ready.form(form, Kind::Resultat)?;
    let made = ready.made(common, form, Kind::Resultat, &year, budget.as_ref(), host)?;
    let heading = ready.heading(common, &Scope::Year(year));
    ready.emit(
        &statement_document(&made, &heading, &ready.opened.books),
        common,
        host,
    )
}

pub(super) fn budget(
    common: &Common,
    year: Option<&str>,
    form: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let year = ready.year(year)?;
    let planned = ready.budget(Some(&year.name), &year)?;
    let form = ready.form(form, Kind::Resultat)?;
    let made = ready.made(common, form, Kind::Resultat, &year, planned.as_ref(), host)?;
    let lines = crate::statement::budget(&made);
    let heading = ready.heading(common, &Scope::Year(year));
    ready.emit(&budget_document(&lines, &heading, &form.name), common, host)
}

pub(super) fn trace(
    common: &Common,
    key: &str,
    year: Option<&str>,
    form: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let year = ready.year(year)?;
    let kind = match key.split('.').next() {
        Some("bilan") => Kind::Bilan,
        Some("resultat") => Kind::Resultat,
        _ => {
            return Err(Failure::usage(
                format!("clé inconnue : `{key}`"),
                "une clé commence par `bilan.` ou `resultat.` ; `compta bilan -O json` les donne",
            ));
        }
    };
    let form = ready.form(form, kind)?;
    let budget = if kind == Kind::Resultat {
        ready.budget(None, &year)?
    } else {
        None
    };
    let made = ready.made(common, form, kind, &year, budget.as_ref(), host)?;
    let books = &ready.opened.books;
    let ask = Ask {
        books,
        annual: &ready.annual,
        form,
        kind,
        year: &year,
        view: view(common),
        budget: budget.as_ref(),
    };
    let Some(trace) = crate::statement::trace(ask, &made, key) else {
        return Err(Failure::usage(
            format!("clé inconnue : `{key}`"),
            near_keys(&made, key),
        ));
    };
    let heading = ready.heading(common, &Scope::Year(year.clone()));
    ready.emit(&trace_document(&trace, &heading), common, host)
}

/// The keys that look like a mistyped one.
fn near_keys(made: &Statement, key: &str) -> String {
    let mut near: Vec<(usize, &str)> = made
        .sections
        .iter()
        .flat_map(|section| &section.rows)
        .filter(|row| !row.key.is_empty())
        .map(|row| (strsim::osa_distance(&row.key, key), row.key.as_str()))
        .collect();
    near.sort_unstable();
    let names: Vec<&str> = near.into_iter().take(3).map(|(_, key)| key).collect();
    format!("les plus proches sont : {}", names.join(", "))
}

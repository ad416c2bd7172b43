use super::args::Common;
use super::books::tell;
use super::failure::Failure;
use super::host::Host;
use super::open::{exit_code, view};
use super::ready::{Ready, unknown_period};
use crate::care::Restated;
use crate::diagnostic::{Code, Finding, count};
use crate::measure::FiscalYear;
use crate::statement::{Ask, Form, Kind, Note, Statement, statement};
use chrono::Datelike;

impl Ready {
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
        self.told(self.stated(common, form, kind, (year, part), budget), host)
    }

    /// The statement, or what keeps it from being one.
    pub(super) fn told(
        &self,
        (mut made, findings): (Option<Statement>, Vec<Finding>),
        host: &mut Host,
    ) -> Result<Statement, Failure> {
        let books = &self.opened.books;
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

    /// A statement, and what is wrong with it.
    pub(super) fn stated(
        &self,
        common: &Common,
        form: &Form,
        kind: Kind,
        (year, part): (&FiscalYear, Option<&FiscalYear>),
        budget: Option<&FiscalYear>,
    ) -> (Option<Statement>, Vec<Finding>) {
        // A part of a year has no column before it.
        let care = common.care && part.is_none();
        let (books, annual, view) = (&self.opened.books, self.shown(care, year), view(common));
        let ask = Ask { books, annual, form, kind, year, part, view, budget };
        let mut findings = Vec::new();
        let mut made = statement(ask, &mut findings);
        findings.dedup();
        if let Some(made) = made.as_mut().filter(|_| care) {
            made.notes.extend(self.restatements(year));
        }
        (made, findings)
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

    /// Why the column before a year is restated: the corrections that were found in that year.
    fn restatements(&self, year: &FiscalYear) -> Vec<Note> {
        let kept = self.opened.care.as_ref().and_then(|care| care.kept.year(year));
        let found = kept.into_iter().flat_map(|kept| &kept.restated);
        let note = |one: &Restated| Note {
            code: Some(Code::RestatedColumn),
            key: one.debt.clone(),
            text: one.told(&year.name),
        };
        found.map(note).collect()
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
}

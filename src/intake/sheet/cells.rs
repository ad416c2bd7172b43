use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::SheetAsk;
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding, Span};
use crate::exchange::grid::{CellAt, CellWrong, Heads, Value, Wanted};

/// A column that a sheet must have.
pub(super) const fn needed(name: &'static str, also: &'static [&'static str]) -> Wanted {
    Wanted { name, also, needed: true }
}

/// A column that a sheet may have.
pub(super) const fn optional(name: &'static str, also: &'static [&'static str]) -> Wanted {
    Wanted { name, also, needed: false }
}

/// The cells of a sheet, read one by one; what is wrong is collected.
pub(super) struct Cells<'a, 'f> {
    pub(super) ask: SheetAsk<'a>,
    pub(super) heads: Heads,
    pub(super) findings: &'f mut Vec<Finding>,
}

impl<'a, 'f> Cells<'a, 'f> {
    /// The cells under the heads of a sheet; nothing when it lacks a column, which is told.
    pub(super) fn of(
        ask: SheetAsk<'a>,
        wanted: &[Wanted],
        model: &str,
        findings: &'f mut Vec<Finding>,
    ) -> Option<Self> {
        match Heads::find(ask.filled.grid, wanted) {
            Ok(heads) => {
                let row = heads.row;
                let twice: Vec<(&str, CellAt, CellAt)> = heads.twice().collect();
                let cells = Self { ask, heads, findings };
                for (name, first, second) in twice {
                    let at = cells.place(row, second.column);
                    let said = format!("{first} et {second} : deux colonnes « {name} »");
                    let finding = Finding::new(Code::SheetColumns, at, said);
                    let help = "renommez ou effacez celle qui ne compte pas";
                    cells.findings.push(finding.label("la seconde").help(help));
                }
                Some(cells)
            }
            Err(lacking) => {
                let names: Vec<String> = lacking.iter().map(|name| format!("`{name}`")).collect();
                let first = ask.filled.places.iter().flatten().find(|place| !place.is_empty());
                let range = first.cloned().unwrap_or(0..0);
                let at = span(ask.filled.base, range.start, range.end);
                findings.push(
                    Finding::new(
                        Code::SheetColumns,
                        at,
                        format!("aucune ligne de têtes n’a {}", names.join(", ")),
                    )
                    .label("le tableau commence ici")
                    .help(format!("`compta {model} -o modele.xlsx` donne un tableau à remplir")),
                );
                None
            }
        }
    }

    /// The rows below the heads that hold something.
    pub(super) fn rows(&self) -> Vec<usize> {
        let rows = &self.ask.filled.grid.rows;
        let held = |row: &usize| rows[*row].iter().any(|value| !value.is_blank());
        (self.heads.row + 1..rows.len()).filter(held).collect()
    }

    pub(super) fn value(&self, row: usize, name: &str) -> &'a Value {
        let grid = self.ask.filled.grid;
        match self.heads.column(name) {
            Some(column) => grid.value(CellAt { row, column }),
            None => &Value::Blank,
        }
    }

    /// A cell in the text of the sheet; its row when the cell is beyond what was written.
    pub(super) fn span(&self, row: usize, name: &str) -> Span {
        self.place(row, self.heads.column(name).unwrap_or(0))
    }

    fn place(&self, row: usize, column: usize) -> Span {
        let own = self.ask.filled.places.get(row).map_or(&[][..], Vec::as_slice);
        let place = own.get(column).cloned().or_else(|| {
            let last = own.last()?.end;
            Some(last..last)
        });
        let place = place.unwrap_or(0..0);
        span(self.ask.filled.base, place.start, place.end)
    }

    /// Tells what is wrong in a cell, by the name that the spreadsheet gives it.
    pub(super) fn wrong(
        &mut self,
        (row, name): (usize, &str),
        code: Code,
        message: &str,
        help: impl Into<String>,
    ) {
        let cell = self.heads.at(row, name);
        let said = format!("{cell} : {message}");
        let finding = Finding::new(code, self.span(row, name), said);
        self.findings.push(finding.label(format!("colonne « {name} »")).help(help));
    }

    fn told<T>(&mut self, at: (usize, &str), read: Result<T, CellWrong>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.wrong(at, Code::SheetCell, wrong.words(), wrong.help());
                None
            }
        }
    }

    /// The words of a cell; nothing when they cannot be read, which is told.
    pub(super) fn words(&mut self, row: usize, name: &str) -> Option<String> {
        self.told((row, name), self.value(row, name).words())
    }

    /// The amount of a cell; `Some(None)` for a blank one.
    #[expect(clippy::option_option, reason = "unread, blank, or a value")]
    pub(super) fn euros(&mut self, row: usize, name: &str) -> Option<Option<Decimal>> {
        self.told((row, name), self.value(row, name).euros())
    }

    /// The number of a cell; `Some(None)` for a blank one.
    #[expect(clippy::option_option, reason = "unread, blank, or a value")]
    pub(super) fn number(&mut self, row: usize, name: &str) -> Option<Option<Decimal>> {
        self.told((row, name), self.value(row, name).number())
    }

    /// The day of a cell; `Some(None)` for a blank one.
    #[expect(clippy::option_option, reason = "unread, blank, or a value")]
    pub(super) fn day(&mut self, row: usize, name: &str) -> Option<Option<NaiveDate>> {
        self.told((row, name), self.value(row, name).day())
    }

    /// The account of a cell as the books write it: its number may be followed by its label, its tiers
    /// after a colon or in a column of their own.
    pub(super) fn account(&mut self, row: usize, edition: Edition) -> Option<String> {
        let typed = self.words(row, "compte")?;
        let tiers = self.words(row, "tiers")?;
        let (head, after) = typed.split_once(':').unwrap_or((&typed, ""));
        let number = head.split_whitespace().next().unwrap_or_default();
        let tiers = if tiers.is_empty() { after.trim() } else { tiers.as_str() };
        let tiers = crate::intake::labels::tiers(tiers);
        let tiers = (!tiers.is_empty()).then_some(tiers);
        let accounts = self.ask.books.accounts();
        if let Some(name) = accounts.name(number, tiers.as_deref(), edition) {
            let Some(tiers) = tiers.as_deref().filter(|tiers| !accounts.takes(number, tiers))
            else {
                return Some(name);
            };
            let column = if self.heads.column("tiers").is_some() { "tiers" } else { "compte" };
            self.wrong(
                (row, column),
                Code::UnknownAuxiliary,
                &format!("auxiliaire inconnu du compte {number} : « {tiers} »"),
                format!(
                    "corrigez le nom, ou déclarez-le dans `comptes.journal` : `account {name}`"
                ),
            );
            return None;
        }
        let shown = if number.is_empty() { typed.trim() } else { number };
        self.wrong(
            (row, "compte"),
            Code::UnknownAccount,
            &format!("le compte `{shown}` est inconnu"),
            "corrigez le numéro, ou déclarez-le dans `comptes.journal` : `account 625110 Train`",
        );
        None
    }

    /// The programme of a row; blank when it names none.
    pub(super) fn programme(&mut self, row: usize) -> Option<String> {
        let register = self.ask.registers.programmes.as_ref();
        let list = register.map(|all| all.list.iter().map(|one| one.code.as_str()).collect());
        self.known((row, "programme"), Code::UnknownProgramme, list)
    }

    /// The convention of a row; blank when it names none.
    pub(super) fn convention(&mut self, row: usize) -> Option<String> {
        let register = self.ask.registers.conventions.as_ref();
        let list = register.map(|all| all.list.iter().map(|one| one.id.value.as_str()).collect());
        self.known((row, "convention"), Code::UnknownConvention, list)
    }

    /// The physical activity of a row: a factor and a quantity in its unit.
    #[expect(clippy::option_option, reason = "unread, none, or an activity")]
    pub(super) fn activity(&mut self, row: usize) -> Option<Option<(String, Decimal, String)>> {
        let known = self.ask.activities;
        let list = known.iter().map(|(id, _)| id.as_str()).collect();
        let factor = self.known((row, "activité"), Code::UnknownActivity, Some(list));
        let quantity = self.number(row, "quantité");
        let (factor, quantity) = (factor?, quantity?);
        if factor.is_empty() {
            if quantity.is_some() {
                let help = "donnez l’activité : `compta care facteurs` les nomme";
                self.wrong((row, "activité"), Code::SheetCell, "une quantité sans activité", help);
                return None;
            }
            return Some(None);
        }
        let Some(quantity) = quantity else {
            let help = "donnez la quantité, dans l’unité du facteur";
            self.wrong((row, "quantité"), Code::SheetCell, "une activité sans quantité", help);
            return None;
        };
        let symbol = known.iter().find(|(id, _)| *id == factor).map(|(_, symbol)| symbol.clone());
        Some(Some((factor, quantity, symbol.unwrap_or_default())))
    }

    /// A name that a register must have: a programme, a convention, an activity.
    pub(super) fn known(
        &mut self,
        (row, name): (usize, &str),
        code: Code,
        list: Option<Vec<&str>>,
    ) -> Option<String> {
        let typed = self.words(row, name)?;
        // A folder without the register takes any name, as its journals may.
        let Some(list) = list.filter(|_| !typed.is_empty()) else { return Some(typed) };
        if list.contains(&typed.as_str()) {
            return Some(typed);
        }
        let near = list.iter().min_by_key(|known| strsim::osa_distance(known, &typed));
        let help = near.map_or_else(String::new, |near| format!("vouliez-vous dire `{near}` ?"));
        self.wrong((row, name), code, &format!("`{typed}` n’est pas connu"), help);
        None
    }
}

fn span(base: u32, from: usize, to: usize) -> Span {
    let at = |offset: usize| base + u32::try_from(offset).unwrap_or(0);
    Span::new(at(from), at(to))
}

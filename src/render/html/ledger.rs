use chrono::NaiveDate;
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::Page;
use super::links::Links;
use super::sets::set;
use super::totals::{Sides, Total, differs, on_sides, totals, words};

/// An account behind figures, or a convention or a partner, with its lines.
#[derive(Clone, Debug)]
pub struct LedgerAccount {
    /// Its key in rows: `401:Papeterie`, `convention:ID`, `partenaire:NOM`, `facteur:ID`.
    pub key: String,
    /// Its number and label.
    pub label: String,
    /// Whether its lines add up to a balance: those of a convention hold both sides of entries.
    pub summed: bool,
    /// Its lines, in the order of days.
    pub lines: Vec<LedgerLine>,
}

/// A line of an account.
#[derive(Clone, Debug)]
pub struct LedgerLine {
    /// The day of its entry.
    pub date: NaiveDate,
    /// The code of its entry.
    pub code: String,
    /// Tiers and label.
    pub description: String,
    /// The number of its account, where several stand together.
    pub account: String,
    /// Its document.
    pub piece: String,
    /// Its programme, when it has one.
    pub programme: String,
    /// Whether the CARE ledger alone has it.
    pub care: bool,
    /// Whether its entry opens the year.
    pub opens: bool,
    /// What it is added up with at the foot of the table: a programme, or an account in a year.
    pub group: String,
    /// What it adds, in its unit; a debit is positive.
    pub amount: Decimal,
    /// The unit, when it is no euro.
    pub unit: String,
    /// File and line, or the rule that derived it.
    pub source: String,
    /// Whether a rule derived it: no file has it.
    pub derived: bool,
}

/// The accounts behind the figures, then each with its lines, down to file and document.
pub(super) fn section(page: &Page<'_>, links: &Links) -> Markup {
    html! {
        @if let Some(why) = page.unlisted { p class="under" { (why) } }
        @if !page.ledger.is_empty() {
            p class="papier under" { "Les écritures, compte par compte, sont dans la page : elles ne s’impriment pas." }
            section class="ecritures" aria-labelledby="grand-livre" {
                h2 id="grand-livre" { "Écritures, compte par compte" }
                p class="under" {
                    "Un solde est positif au débit, négatif au crédit ; chaque liste et chaque compte finit par son total. "
                    @if page.ledger.iter().any(differs) {
                        "«\u{a0}CARE\u{a0}» marque l’écriture que seul le livre CARE a ; les autres sont dans les deux livres. "
                    }
                    "Un budget n’a pas d’écriture."
                }
                @if !links.sets.is_empty() {
                    details open {
                        summary { "Comptes des chiffres qui en ont plusieurs" }
                        @for (rank, one) in links.sets.iter().enumerate() { (set(page, one, rank)) }
                    }
                }
                @for (rank, account) in page.ledger.iter().enumerate() { (self::account(account, rank)) }
            }
        }
    }
}

fn account(account: &LedgerAccount, rank: usize) -> Markup {
    let marked = differs(account);
    let planned = account.lines.iter().any(|line| !line.programme.is_empty());
    let before = 4 + usize::from(marked) + usize::from(planned);
    html! {
        div class="scroll" role="region" tabindex="0" aria-label=(account.label) id=(format!("c{rank}")) {
            table {
                caption { (account.label) }
                thead {
                    tr {
                        th scope="col" { "Date" } th scope="col" { "Numéro" }
                        th scope="col" { "Écriture" } th scope="col" { "Pièce" }
                        @if planned { th scope="col" { "Programme" } }
                        @if marked { th scope="col" { "Livre" } }
                        th scope="col" class="n" { "Débit" } th scope="col" class="n" { "Crédit" }
                        th scope="col" { "Source" }
                    }
                }
                tbody { @for line in &account.lines { (self::line(line, (planned, marked))) } }
                tfoot {
                    @for (unit, total) in totals(&account.lines) {
                        @if account.summed { (feet((unit, &total), marked, before)) }
                        @if !account.summed || total.groups.len() > 1 {
                            @for (group, sum) in &total.groups {
                                (foot(&format!("dont {group}"), on_sides(*sum, unit), ("", before)))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn line(line: &LedgerLine, (planned, marked): (bool, bool)) -> Markup {
    let [debit, credit] = on_sides(line.amount, &line.unit);
    html! {
        tr {
            td { (line.date.format("%d/%m/%Y").to_string()) }
            td { (line.code) }
            td {
                @if !line.account.is_empty() { (line.account) " – " }
                (line.description)
            }
            td { (line.piece) }
            @if planned { td { (line.programme) } }
            @if marked { td { (if line.care { "CARE" } else { "les deux" }) } }
            td class="n" { (debit) }
            td class="n" { (credit) }
            td { @if line.derived { (line.source) } @else { code { (line.source) } } }
        }
    }
}

/// Debits, credits and balance: once, or in each ledger where they differ.
fn feet((unit, total): (&str, &Total), marked: bool, before: usize) -> Markup {
    let both = |sides: Sides| [words(sides.debit, unit), words(sides.credit, unit)];
    let of = |ledger: &str, sides: Sides, opened: Sides| {
        html! {
            (foot(&format!("Total{ledger}"), both(sides), ("subtotal", before)))
            @if opened != Sides::default() && opened != sides {
                (foot("dont à-nouveaux", both(opened), ("", before)))
                (foot("dont mouvements", both(sides.less(opened)), ("", before)))
            }
            (foot(&format!("Solde{ledger}"), on_sides(sides.balance(), unit), ("total", before)))
        }
    };
    html! {
        @if marked {
            @if let Some(classic) = total.classic { (of(", livre classique", classic, total.opened[0])) }
            (of(", livre CARE", total.care, total.opened[1]))
        } @else { (of("", total.care, total.opened[1])) }
    }
}

fn foot(label: &str, [debit, credit]: [String; 2], (role, before): (&str, usize)) -> Markup {
    html! {
        tr class=[(!role.is_empty()).then_some(role)] {
            th scope="row" colspan=(before) { (label) }
            td class="n" { (debit) }
            td class="n" { (credit) }
            td {}
        }
    }
}

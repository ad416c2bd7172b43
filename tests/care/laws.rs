//! Laws I1 to I10 of the model, over random policies, emissions, prices, projects and years.

use std::collections::BTreeMap;

use compta::book::{Book, Books};
use compta::care::{Balances, Debt, Rule, journal, kilograms};
use compta::ledger::{Annual, View};
use compta::measure::Unit;
use compta::statement::lists;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::kept::{Figures, Kept, plain};
use super::world::{World, world};

/// `COMPTA_CASES` asks for more, in a proof that is run by hand.
fn cases(count: u32) -> ProptestConfig {
    let asked = std::env::var("COMPTA_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(count),
        failure_persistence: None,
        max_shrink_iters: 4000,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    /// I1 to I7 and I9, year by year.
    #[test]
    fn every_year_obeys_the_model(made in world()) {
        let kept = made.keep();
        entries_balance(&kept.books);
        let mut before: Option<Figures> = None;
        for year in kept.years() {
            let found = kept.figures(&year);
            actif_is_passif(&kept, &year, &found);
            bridges_hold(&kept, &year, &found, before.as_ref());
            debts_are_those_of_the_ledger(&kept, &year, &found);
            emissions_sum(&kept, &year);
            before = Some(found);
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// I1, its other half: book F is the same, whatever the policy.
    #[test]
    fn the_classic_ledger_knows_nothing_of_care(made in world()) {
        let mut without = plain(made.journal());
        let kept = made.keep();
        let annual = Annual::of(&mut without);
        prop_assert_eq!(financial(&without, &annual), financial(&kept.books, &kept.annual));
        let lines = |books: &Books| -> Vec<String> {
            lists::journal(books.entries(), View::Classic, None)
                .iter()
                .map(|line| {
                    let account = line.account().key();
                    let words = (line.code(), line.description(), account, line.label());
                    let (amount, place) = (line.amount(), line.place());
                    format!("{} {words:?} {amount:?} {place} {}", line.date(), line.origin())
                })
                .collect()
        };
        prop_assert_eq!(lines(&without), lines(&kept.books));
    }

    /// I8: expected tonnes enter no law; without verification, their number changes nothing.
    #[test]
    fn expected_tonnes_extinguish_nothing(made in world(), more in 1..900_000_000_i64) {
        let mut promised = made;
        for project in &mut promised.projects {
            project.verified.clear();
            project.reversed.clear();
        }
        let mut other = promised.clone();
        other.projects.iter_mut().for_each(|project| project.grams += more);
        let (one, two) = (promised.keep(), other.keep());
        for year in one.years() {
            prop_assert_eq!(one.figures(&year), two.figures(&year));
        }
    }

    /// I10: the same books give the same bytes, and a later year never moves an earlier one.
    #[test]
    fn a_closed_year_recomputes_to_the_same_bytes(made in world()) {
        let text = |world: &World, count: usize| {
            let kept = world.keep();
            let years: Vec<_> = kept.years().into_iter().take(count).collect();
            journal(&kept.books, &kept.care.kept, &years)
        };
        let earlier = made.years.len() - 1;
        let whole = text(&made, earlier);
        prop_assert_eq!(&whole, &text(&made, earlier));
        let mut cut = made;
        cut.years.truncate(earlier);
        prop_assert_eq!(whole, text(&cut, earlier));
    }
}

/// I1: every derived entry balances per book and unit, and book C never touches cash.
fn entries_balance(books: &Books) {
    for entry in books.entries() {
        let mut sums: BTreeMap<(Book, Unit), Decimal> = BTreeMap::new();
        for posting in entry.postings().filter(|posting| posting.book() != Book::Activity) {
            *sums.entry((posting.book(), posting.unit())).or_default() +=
                posting.number().decimal();
            let number = &posting.account().number;
            let pure = match posting.book() {
                Book::Tonnes => number.starts_with('T'),
                Book::Care => !number.starts_with(['5', 'T']),
                Book::Financial | Book::Activity => !number.starts_with(['C', 'T']),
            };
            assert!(pure, "{number} in {:?}", posting.book());
        }
        assert!(sums.values().all(Decimal::is_zero), "{} {sums:?}", entry.description());
    }
}

/// I2: both sides of the CARE bilan are equal, and so are the tonnes.
fn actif_is_passif(kept: &Kept, year: &compta::measure::FiscalYear, found: &Figures) {
    for book in [Book::Financial, Book::Care, Book::Tonnes] {
        let page = kept.page(year, book);
        let sum: Decimal = page.values().sum();
        assert!(sum.is_zero(), "{book:?} of {} sums to {sum}", year.name);
    }
    let owed: Decimal = ["T170", "T171", "T172", "T173"].iter().map(|n| found.tonnes[n]).sum();
    assert_eq!(found.tonnes["T10"], owed - found.tonnes["T31"] - found.tonnes["T32"], "T10");
    let care = kept.page(year, Book::Care);
    let provision = care.get("1581").copied().unwrap_or_default();
    assert_eq!(provision, found.provision, "the carbon provision is nil in the CARE ledger");
}

/// I3, I4 and I5, with what the room itself says of each moment.
fn bridges_hold(
    kept: &Kept,
    year: &compta::measure::FiscalYear,
    found: &Figures,
    before: Option<&Figures>,
) {
    let (p, d, w, u) = (found.provision, found.owed(), found.works, found.uses);
    let classic = found.carried_classic + found.classic;
    let care = found.carried_flux + found.flux;
    assert_eq!(care, classic + p - d + w + u, "I3 {}", year.name);
    let ledger = kept.annual.ledger(year).unwrap();
    let balances = Balances::of(&kept.books, ledger);
    let said = [balances.provision, balances.debts, balances.works, balances.uses];
    assert_eq!(said.map(compta::measure::Sum::decimal), [p, d, w, u], "{}", year.name);
    let opening = Balances::at_opening(&kept.books, year);
    let stood = [opening.provision, opening.debts, opening.works, opening.uses];
    let [p0, d0, w0, u0] = stood.map(compta::measure::Sum::decimal);
    if let Some(before) = before {
        let outside = taken_outside_the_result(kept, year);
        let closed = [before.provision, before.owed() + outside, before.works, before.uses];
        assert_eq!([p0, d0, w0, u0], closed, "{} opens as the year before closed", year.name);
    }
    assert_eq!(found.flux, found.classic + (p - p0) - (d - d0) + (w - w0) + (u - u0), "I4");
    // C68x, C686, C687x are debits: what they took is taken from the classic result.
    let own: Decimal = found.steps.values().sum();
    assert_eq!(found.flux, found.classic + (p - p0) - own, "I4, by its accounts");
    let stock = found.classic - d;
    assert_eq!(stock, found.flux - (p - p0) - d0 - (w - w0) - (u - u0), "I5");
    assert_eq!(balances.stock_less_flux(&opening).decimal(), stock - found.flux, "I5");
    assert_eq!(found.carried_flux, found.carried_classic + p0 - d0 + w0 + u0, "RAN, flux");
}

/// What mergers and corrections add to the debts in a year, through C110.
fn taken_outside_the_result(kept: &Kept, year: &compta::measure::FiscalYear) -> Decimal {
    let entries = &kept.care.kept.year(year).unwrap().entries;
    entries
        .iter()
        .filter(|entry| matches!(entry.rule, Rule::Open | Rule::Correct))
        .flat_map(|entry| &entry.lines)
        .filter(|line| line.number.starts_with("C17") || line.number.starts_with("C18"))
        .map(|line| -line.amount)
        .sum()
}

/// I6 and I7: lots are what the accounts hold; euros are tonnes at their price; none is below zero.
fn debts_are_those_of_the_ledger(kept: &Kept, year: &compta::measure::FiscalYear, found: &Figures) {
    let closing = kept.care.kept.year(year).unwrap();
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut tonnes: BTreeMap<&str, Decimal> = BTreeMap::new();
    for debt in &closing.debts {
        let number = kept.registers.care.as_ref().unwrap().capitals[debt.capital].number;
        *sums.entry(debt.account(number)).or_default() += debt.open;
        if number == 1 {
            *tonnes.entry(debt.tonnes_account()).or_default() += debt.open_kg.unwrap_or_default();
        }
        at_its_price(debt);
    }
    for (account, owed) in &found.debts {
        assert_eq!(sums.get(*account).copied().unwrap_or_default(), *owed, "{account}");
    }
    for account in ["T171", "T172"] {
        assert_eq!(tonnes.get(account).copied().unwrap_or_default(), found.tonnes[account]);
    }
    let sum = |of: fn(&compta::care::Standing) -> Decimal| -> Decimal {
        closing.standing.iter().map(of).sum()
    };
    assert_eq!(sum(|standing| standing.available), found.tonnes["T31"]);
    assert_eq!(sum(|standing| standing.buffer), found.tonnes["T32"]);
    assert_eq!(sum(compta::care::Standing::worth), found.works);
    assert_eq!(closing.uses, found.uses);
    for standing in &closing.standing {
        let stocks = [
            standing.cost,
            standing.depreciation,
            standing.worth(),
            standing.available,
            standing.buffer,
            standing.paid,
            standing.used,
            standing.expected,
        ];
        assert!(stocks.iter().all(|stock| *stock >= Decimal::ZERO), "{standing:?}");
        assert!(standing.used <= standing.verified_net, "used once: {standing:?}");
    }
}

fn at_its_price(debt: &Debt) {
    assert!(debt.open >= Decimal::ZERO, "{debt:?}");
    assert!(debt.open_kg.unwrap_or_default() >= Decimal::ZERO, "{debt:?}");
    if let Some((open, recognised)) = debt.open_kg.zip(debt.recognised_kg) {
        assert!(open <= recognised, "{debt:?}");
        let Some(price) = debt.price() else { return };
        let cent = Decimal::new(1, 2);
        let near = |expected: Decimal| (debt.open - expected).abs() <= cent;
        // A lot given by its amount has the quotient as price: its cents are told by proportion.
        let by_price = near(open * price / Decimal::ONE_THOUSAND);
        assert!(by_price || near(debt.recognised * open / recognised), "I6 {debt:?}");
    }
}

/// I9: by factor, by line, by account of T60: one sum.
fn emissions_sum(kept: &Kept, year: &compta::measure::FiscalYear) {
    let closing = kept.care.kept.year(year).unwrap();
    let lines = kilograms(kept.care.inventory.during(year.period));
    assert_eq!(closing.emitted(), lines);
    let emits = kept.registers.care.as_ref().unwrap().capitals[0].inventory_owes;
    let page = kept.page(year, Book::Tonnes);
    let booked: Decimal = page
        .iter()
        .filter(|(number, _)| {
            number.starts_with("T60") && !["T60.lots", "T60.corrections"].contains(&number.as_str())
        })
        .map(|(_, balance)| *balance)
        .sum();
    assert_eq!(booked, if emits { lines } else { Decimal::ZERO });
}

/// Balances of book F, year by year, by account.
fn financial(books: &Books, annual: &Annual) -> Vec<(String, String, Decimal)> {
    let mut all = Vec::new();
    for year in annual.years() {
        let ledger = annual.ledger(year).unwrap();
        for id in books.accounts().sorted() {
            let balance = ledger.movement(id, Book::Financial).balance().decimal();
            if !balance.is_zero() {
                all.push((year.name.clone(), books.accounts().get(id).number.clone(), balance));
            }
        }
    }
    all
}

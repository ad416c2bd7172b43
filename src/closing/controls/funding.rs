use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::bench::{Case, begins, classic, told};
use super::outcome::{Checked, Evidence, counted};
use crate::analytic::AxisLine;
use crate::assembly::{Followed, Table, dedicated, follow};
use crate::measure::{Sum, euros};
use crate::register::{Convention, Financing};
use crate::statement::Genre;

/// Why nothing can be said of conventions; `None` when the register is there.
///
/// Books without the register are sound when no public money came in.
fn without_register(case: &Case<'_>) -> Option<Checked> {
    if case.bench.registers.conventions.is_some() {
        return None;
    }
    let products = case.sum(&["74"]);
    let owed = case.sum(&["441"]);
    if products.is_zero() && owed.is_zero() {
        return Some(Checked::sound("aucune subvention (74, 441)"));
    }
    let help = "tenez `conventions.toml` : ce que chaque financeur accorde et verse";
    Some(Checked::unverified("`conventions.toml` manque", help))
}

/// Conventions are followed through the rows of a form.
fn unseen() -> Checked {
    Checked::unverified("aucune forme de bilan et de résultat", "complétez la forme des livres")
}

/// Each convention that binds at the closing, with what the books have of it.
fn binding<'a>(case: &Case<'a>) -> Option<Vec<(&'a Convention, Followed)>> {
    let list = case.bench.registers.conventions.as_ref().map_or(&[][..], |all| &all.list);
    let followed = case.meet(follow)?;
    let closing = case.period().last;
    let binds = |(known, one): &(&Convention, Followed)| match known.financing {
        Financing::Grant => {
            known.condition.is_none()
                && known.notified.as_ref().is_some_and(|day| day.value <= closing)
        }
        // A service binds when it is invoiced.
        Financing::Invoice => !one.is_nil() || !one.received.is_zero(),
    };
    Some(list.iter().zip(followed).filter(binds).collect())
}

/// What should have been granted, invoiced for a service that still runs.
fn granted(case: &Case<'_>, known: &Convention, one: &Followed) -> Decimal {
    let runs = known.financing == Financing::Invoice && known.period.last > case.period().last;
    if runs { (one.to_date + one.deferred).decimal() } else { known.amount }
}

/// W6a: for each convention, granted = received + to be received.
///
/// A subsidy counts from its notification, unless a condition still suspends it. A service that still
/// runs at the closing is held to what was invoiced, one that is over to its amount. Payments before the
/// first entry of the books come from the register.
pub(super) fn received(case: &Case<'_>) -> Checked {
    if let Some(known) = without_register(case) {
        return known;
    }
    let Some(all) = binding(case) else { return unseen() };
    let mut evidence = Vec::new();
    for (known, one) in &all {
        let expected = granted(case, known, one);
        let found = one.received + one.receivable.decimal();
        if found != expected {
            let words = format!(
                "{} : accordé {}, reçu {} et à recevoir {}",
                known.id.value,
                euros(expected),
                euros(one.received),
                euros(one.receivable.decimal())
            );
            evidence.push(Evidence::at(known.id.at, words));
        }
    }
    let sound = format!("{}, reçu et à recevoir", counted(all.len(), "convention", "conventions"));
    let failed = |count| counted(count, "convention inégale", "conventions inégales");
    let help =
        "étiquetez la créance et le versement (`convention`), ou portez l’avenant à `montant`";
    Checked::unless(evidence, sound, failed, help)
}

/// W6b: for each convention, granted = recognised to date, net of 689 and 789, + 487 + 19; and no public
/// subsidy (74) comes without a convention.
///
/// What was recognised before the books began is the calendar's share of those years; without a calendar,
/// what their opening does not defer.
pub(super) fn recognised(case: &Case<'_>) -> Checked {
    if let Some(known) = without_register(case) {
        return known;
    }
    let Some(all) = binding(case) else { return unseen() };
    let list = case.bench.registers.conventions.as_ref().map_or(&[][..], |all| &all.list);
    let mut evidence = Vec::new();
    for (known, one) in &all {
        let rank = list.iter().position(|other| other.id.value == known.id.value);
        let earlier = before_the_books(case, known, rank);
        let net = one.to_date.decimal() - dedications(case, rank).decimal();
        let kept = one.deferred.decimal() + one.dedicated.decimal();
        let expected = granted(case, known, one);
        if earlier + net + kept != expected {
            let words = format!(
                "{} : accordé {}, constaté {}, en 487 {}, en 19 {}",
                known.id.value,
                euros(expected),
                euros(earlier + net),
                euros(one.deferred.decimal()),
                euros(one.dedicated.decimal())
            );
            evidence.push(Evidence::at(known.id.at, words));
        }
    }
    evidence.extend(orphans(case));
    let sound =
        format!("{}, constaté et d’avance", counted(all.len(), "convention", "conventions"));
    let failed = |count| counted(count, "convention à expliquer", "conventions à expliquer");
    let help =
        "passez l’écriture de 487 ou de fonds dédiés qui manque, ou étiquetez-la (`convention`)";
    Checked::unless(evidence, sound, failed, help)
}

fn lines<'a>(case: &Case<'a>, rank: Option<usize>) -> impl Iterator<Item = &'a AxisLine> {
    let last = case.period().last;
    let own =
        move |line: &&AxisLine| rank.is_some() && line.convention == rank && line.date <= last;
    case.bench.axes.written.iter().filter(own)
}

fn number<'a>(case: &Case<'a>, line: &AxisLine) -> &'a str {
    case.books().accounts().get(line.account).number.as_str()
}

/// What 689 took from the products of a convention, less what 789 gave back to them.
fn dedications(case: &Case<'_>, rank: Option<usize>) -> Sum {
    let own = lines(case, rank).filter(|line| begins(number(case, line), &["689", "789"]));
    own.map(|line| line.amount).sum()
}

/// What a subsidy notified before the books began had given to the results of those years.
fn before_the_books(case: &Case<'_>, known: &Convention, rank: Option<usize>) -> Decimal {
    let first: Option<NaiveDate> = case.books().written().map(|entry| entry.date()).min();
    let Some(first) = first else { return Decimal::ZERO };
    let earlier = known.notified.as_ref().is_some_and(|day| day.value < first);
    if known.financing != Financing::Grant || !earlier {
        return Decimal::ZERO;
    }
    if known.shares.is_empty() {
        let kept = lines(case, rank)
            .filter(|line| line.opens && begins(number(case, line), &["487", "19"]));
        return known.amount + kept.map(|line| line.amount).sum::<Sum>().decimal();
    }
    let past =
        |name: &str| case.books().years().period_named(name).is_some_and(|days| days.last < first);
    known.shares.iter().filter(|(year, _)| past(&year.value)).map(|(_, share)| *share).sum()
}

/// Public subsidies of the year that name no convention; 747 is the share of an investment subsidy.
fn orphans(case: &Case<'_>) -> Vec<Evidence> {
    let own = case.bench.axes.during(case.period()).filter(|line| {
        let number = number(case, line);
        line.convention.is_none() && number.starts_with("74") && !number.starts_with("747")
    });
    let words = |line: &AxisLine| {
        let amount = euros((-line.amount).decimal());
        format!("{} : {amount} sans convention", case.named(line.account))
    };
    own.map(|line| Evidence::at(line.at, words(line)).of(line.amount)).collect()
}

/// W7: the table of dedicated funds rolls: its reports are 689, its uses 789, its closing 19, and no
/// project used more than it had (ANC 2018-06 art. 132-1 and 431-6).
pub(super) fn dedicated_funds(case: &Case<'_>) -> Checked {
    let accounts = [case.sum(&["689"]), -case.sum(&["789"]), -case.sum(&["19"])].map(Sum::decimal);
    let table: Option<Table> = case.meet(dedicated).flatten();
    let Some(table) = table else {
        let moved = case.written().any(|entry| {
            classic(&entry).any(|line| begins(&line.account().number, &["19", "689", "789"]))
        });
        if !moved {
            return Checked::sound("aucun fonds dédié (19, 689, 789)");
        }
        let told: Vec<Evidence> = case
            .written()
            .filter(|entry| {
                classic(entry).any(|line| begins(&line.account().number, &["689", "789"]))
            })
            .map(|entry| Evidence::at(entry.head(), told(&entry)))
            .collect();
        let help = "une dotation (689) ou une reprise (789) a sa contrepartie en 19";
        return Checked::unless(
            told,
            "fonds dédiés soldés",
            |_| "689 ou 789 sans 19".to_owned(),
            help,
        );
    };
    let mut evidence = Vec::new();
    for row in table.rows.iter().filter(|row| row.genre == Genre::Total) {
        let cell = |at: usize| row.cells.get(at).and_then(crate::assembly::Cell::exact);
        let heads = ["reports (689)", "utilisations (789)", "clôture (19)"];
        for ((head, at), kept) in heads.into_iter().zip(1..).zip(accounts) {
            let shown = cell(at).unwrap_or_default();
            if shown != kept {
                let words =
                    format!("{head} : {} au tableau, {} aux comptes", euros(shown), euros(kept));
                evidence.push(Evidence::words(words));
            }
        }
    }
    for row in table.rows.iter().filter(|row| row.genre != Genre::Total) {
        let closing = row.cells.last().and_then(crate::assembly::Cell::exact).unwrap_or_default();
        if closing < Decimal::ZERO {
            let words = format!("{} : {} employés de trop", row.label, euros(-closing));
            evidence.push(Evidence::words(words));
        }
    }
    let sound = format!("{} à la clôture, par projet", euros(accounts[2]));
    let failed = |count| counted(count, "écart au tableau", "écarts au tableau");
    let help =
        "étiquetez 19, 689 et 789 par projet, et opposez 19 à 689 ou 789 dans une même écriture";
    Checked::unless(evidence, sound, failed, help)
}

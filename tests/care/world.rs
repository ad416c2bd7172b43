//! Random worlds: an ecological policy and the books it answers to, over two to four years.

use chrono::{Days, NaiveDate};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// The first fiscal year of every world.
pub const FIRST: i32 = 2021;

/// The classes, as the register writes them.
pub const CLASSES: [&str; 3] = ["evitement", "sequestration", "irrecouvrable"];

/// How much is borne without debt.
#[derive(Clone, Debug)]
pub enum Bears {
    Nothing,
    Fixed(i64),
    PerFte(i64),
    Path(i64, i64),
}

/// A price of a tonne: climate or soil, year, class, cents.
#[derive(Clone, Debug)]
pub struct Price {
    pub soil: bool,
    pub year: i32,
    pub class: usize,
    pub cents: i64,
}

#[derive(Clone, Debug)]
pub struct Lot {
    pub soil: bool,
    pub year: i32,
    pub class: usize,
    pub grams: Option<i64>,
    pub price: Option<i64>,
    pub amount: Option<i64>,
    pub spread: Option<u32>,
    /// The day of a merger, after the vintage.
    pub taken_over: Option<NaiveDate>,
}

/// A debt of a closed year found later: wrong year, year found, class, grams, cents a tonne.
pub type Correction = (i32, i32, usize, i64, i64);

/// Something that happens to a project: a day, and grams.
pub type Event = (NaiveDate, i64);

#[derive(Clone, Debug)]
pub struct Project {
    pub start: i32,
    pub years: Option<u32>,
    pub grams: i64,
    pub buffer: i64,
    pub cost_before: i64,
    pub verified: Vec<Event>,
    pub reversed: Vec<Event>,
    pub depreciations: Vec<(i32, i64)>,
    pub failure: Option<NaiveDate>,
}

/// Money spent on a capital or a project.
#[derive(Clone, Debug)]
pub struct Payment {
    pub day: NaiveDate,
    pub soil: bool,
    /// `p0`, `p1`… or `c0`…
    pub work: Option<String>,
    pub cents: i64,
}

/// What the classic books of a year say.
#[derive(Clone, Debug)]
pub struct Year {
    pub income: i64,
    pub charges: i64,
    pub provision: Vec<(NaiveDate, i64)>,
    pub payments: Vec<Payment>,
    pub works: Vec<Payment>,
    pub emissions: Vec<i64>,
}

#[derive(Clone, Debug)]
pub struct World {
    pub shares: Option<[i64; 3]>,
    pub bears: Bears,
    pub horizon: Option<u32>,
    pub remeasured: bool,
    pub staff: Vec<i64>,
    pub soil: Option<(Option<u32>, bool)>,
    pub prices: Vec<Price>,
    pub lots: Vec<Lot>,
    pub projects: Vec<Project>,
    pub credits: Vec<Event>,
    pub corrections: Vec<Correction>,
    pub opening: (i64, i64),
    pub years: Vec<Year>,
}

/// A count as a number of years.
fn at(count: usize) -> i32 {
    i32::try_from(count).unwrap()
}

fn cents() -> impl Strategy<Value = i64> {
    prop_oneof![4 => 1..500_000_i64, 2 => 1..300_i64, 1 => 1_000_000..90_000_000_i64]
}

fn grams() -> impl Strategy<Value = i64> {
    prop_oneof![4 => 1..40_000_000_i64, 2 => 1..2_000_i64, 1 => 40_000_000..900_000_000_i64]
}

fn per_tonne() -> impl Strategy<Value = i64> {
    prop_oneof![4 => 500..30_000_i64, 1 => 1..100_i64, 1 => 100_000..900_000_i64]
}

fn day(count: usize) -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(FIRST, 1, 1).unwrap();
    (0..365 * u64::try_from(count).unwrap())
        .prop_map(move |days| first.checked_add_days(Days::new(days)).unwrap())
}

fn within(rank: usize) -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(FIRST + at(rank), 1, 1).unwrap();
    (0..365_u64).prop_map(move |days| first.checked_add_days(Days::new(days)).unwrap())
}

fn lot(count: i32, soil: bool) -> impl Strategy<Value = Lot> {
    let size = prop_oneof![
        4 => (grams(), per_tonne()).prop_map(|(g, p)| (Some(g), Some(p), None)),
        2 => cents().prop_map(|c| (None, None, Some(c))),
        1 => grams().prop_map(|g| (Some(g), None, None)),
        // At most 10 000 € a tonne: a cent a gram.
        2 => (grams(), cents()).prop_map(|(g, c)| (Some(g), None, Some(c % g + 1))),
    ];
    let year = FIRST - 3..FIRST + count;
    let merger = prop::option::weighted(0.1, day(usize::try_from(count).unwrap()));
    (year, 0..3_usize, size, (prop::option::of(1..4_u32), merger), any::<bool>()).prop_map(
        move |(year, class, (grams, price, amount), (spread, merger), on_soil)| {
            let soil = soil && on_soil;
            let taken_over = merger.filter(|day| i64::from(year) < year_of(*day));
            let spread = spread.filter(|_| soil && taken_over.is_none());
            Lot { soil, year, class, grams, price, amount, spread, taken_over }
        },
    )
}

fn project(count: usize) -> impl Strategy<Value = Project> {
    let span = (0..at(count), prop::option::of(1..6_u32), grams());
    let money = (prop_oneof![Just(0), Just(20), Just(15)], prop_oneof![2 => Just(0), 1 => cents()]);
    let events = (
        vec((day(count), grams()), 0..3),
        vec((day(count), grams()), 0..4),
        vec((0..at(count), cents()), 0..2),
        prop::option::weighted(0.2, day(count)),
    );
    (span, money, events).prop_map(
        |((start, years, grams), (buffer, cost_before), (verified, reversed, down, failure))| {
            let mut depreciations: Vec<(i32, i64)> =
                down.into_iter().map(|(rank, cents)| (FIRST + rank, cents)).collect();
            depreciations.dedup_by_key(|(year, _)| *year);
            let mut made = Project {
                start: FIRST + start,
                years,
                grams,
                buffer,
                cost_before,
                verified,
                reversed,
                depreciations,
                failure,
            };
            made.plausible();
            made
        },
    )
}

impl Project {
    /// Nothing is verified before the project begins or after it fails; no more goes back than came.
    fn plausible(&mut self) {
        let begins = NaiveDate::from_ymd_opt(self.start, 1, 1).unwrap();
        self.failure = self.failure.filter(|day| *day > begins);
        let (start, failure) = (begins, self.failure);
        let lives = |day: NaiveDate| day >= start && failure.is_none_or(|end| day < end);
        self.verified.retain(|(day, _)| lives(*day));
        self.verified.sort();
        self.reversed.sort();
        let verified = self.verified.clone();
        let mut gone = 0;
        self.reversed.retain_mut(|(day, grams)| {
            let came: i64 = verified.iter().filter(|(d, _)| d <= day).map(|(_, g)| g).sum();
            *grams = (*grams).min(came - gone);
            gone += *grams;
            *grams > 0 && lives(*day)
        });
    }
}

fn payments(rank: usize, soil: bool, works: Vec<String>) -> BoxedStrategy<Vec<Payment>> {
    let work = if works.is_empty() {
        Just(None).boxed()
    } else {
        prop::option::of(prop::sample::select(works)).boxed()
    };
    let cents = prop_oneof![6 => cents(), 1 => cents().prop_map(|c| -c)];
    let one =
        (within(rank), any::<bool>(), work, cents).prop_map(move |(day, on_soil, work, cents)| {
            let soil = soil && on_soil;
            Payment { day, soil, work: work.filter(|_| !soil), cents }
        });
    vec(one, 0..4).boxed()
}

fn year(rank: usize, soil: bool, projects: Vec<String>, works: Vec<String>) -> BoxedStrategy<Year> {
    let build = payments(rank, false, projects).prop_map(|mut all| {
        all.retain(|spent| spent.work.is_some());
        all
    });
    let provision = vec((within(rank), prop_oneof![cents(), cents().prop_map(|c| -c)]), 0..3);
    let classic = (0..90_000_000_i64, 0..90_000_000_i64);
    (classic, provision, payments(rank, soil, works), build, vec(grams(), 0..4))
        .prop_map(|((income, charges), provision, payments, works, emissions)| Year {
            income,
            charges,
            provision,
            payments,
            works,
            emissions,
        })
        .boxed()
}

/// Three shares of a hundred, to half a percent.
fn shares() -> impl Strategy<Value = [i64; 3]> {
    (0..201_i64, 0..201_i64).prop_map(|(a, b)| {
        let (low, high) = (a.min(b), a.max(b));
        [low, high - low, 200 - high]
    })
}

fn bears() -> impl Strategy<Value = Bears> {
    prop_oneof![
        Just(Bears::Nothing),
        grams().prop_map(Bears::Fixed),
        (1..3_000_000_i64).prop_map(Bears::PerFte),
        (grams(), grams()).prop_map(|(from, to)| Bears::Path(from, to)),
    ]
}

pub fn world() -> BoxedStrategy<World> {
    let shape = (2..5_usize, any::<bool>(), vec(any::<bool>(), 2), 0..3_usize);
    shape
        .prop_flat_map(|(count, soil, remeasured, works)| {
            let capital = (
                prop::option::weighted(0.8, shares()),
                bears(),
                prop::option::of(1..4_u32),
                vec(1..200_i64, count),
                prop::option::of(1..4_u32),
            );
            let price = (any::<bool>(), 0..at(count), 0..3_usize, per_tonne());
            let policy = (
                vec(price, 2..24),
                vec(lot(at(count), soil), 0..6),
                vec(project(count), works),
                vec((day(count), grams()), 0..3),
                vec((0..at(count), 0..at(count), 0..3_usize, grams(), per_tonne()), 0..2),
            );
            (Just((count, soil, remeasured)), capital, policy, (cents(), 0..90_000_000_i64))
        })
        .prop_flat_map(|((count, soil, remeasured), capital, policy, opening)| {
            let (shares, bears, horizon, staff, soil_horizon) = capital;
            let (prices, lots, projects, credits, found) = policy;
            let corrections = found
                .into_iter()
                .map(|(a, b, class, grams, cents)| {
                    (FIRST - 1 + a.min(b), FIRST + a.max(b), class, grams, cents)
                })
                .collect();
            let mut known: Vec<Price> = Vec::new();
            for (on_soil, rank, class, cents) in prices {
                let (soil, year) = (on_soil && soil, FIRST + rank);
                if !known.iter().any(|p| (p.soil, p.year, p.class) == (soil, year, class)) {
                    known.push(Price { soil, year, class, cents });
                }
            }
            let years: Vec<BoxedStrategy<Year>> = (0..count)
                .map(|rank| {
                    // Nobody pays for a project that has failed, nor before it begins.
                    let at = FIRST + at(rank);
                    let alive = |p: &Project| {
                        p.start <= at && p.failure.is_none_or(|end| i64::from(at) < year_of(end))
                    };
                    let alive: Vec<String> = (0..projects.len())
                        .filter(|rank| alive(&projects[*rank]))
                        .map(|rank| format!("p{rank}"))
                        .collect();
                    let credits = (0..credits.len()).map(|rank| format!("c{rank}"));
                    let works = alive.iter().cloned().chain(credits).collect();
                    year(rank, soil, alive, works)
                })
                .collect();
            let made = World {
                shares,
                bears,
                horizon,
                remeasured: remeasured[0],
                staff,
                soil: soil.then_some((soil_horizon, remeasured[1])),
                prices: known,
                lots,
                projects,
                credits,
                corrections,
                opening,
                years: Vec::new(),
            };
            (Just(made), years).prop_map(|(made, years)| World { years, ..made })
        })
        .boxed()
}

impl World {
    /// The same world without what the independent model does not know: mergers and corrections.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.corrections.clear();
        self.lots.retain(|lot| lot.taken_over.is_none());
        self
    }
}

fn year_of(day: NaiveDate) -> i64 {
    i64::from(chrono::Datelike::year(&day))
}

/// Cents as euros, grams as kilograms or tonnes.
pub fn scaled(amount: i64, scale: u32) -> String {
    Decimal::new(amount, scale).to_string()
}

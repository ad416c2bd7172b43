use rust_decimal::Decimal;

use super::digest::Digest;
use super::population::{Member, Population};
use crate::measure::{Number, Sum};

/// How lines are chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Every line whose amount, without its sign, reaches a threshold.
    Threshold(Sum),
    /// So many lines, without replacement: those whose SHA-256 with the seed are the smallest.
    Random {
        /// How many lines.
        size: usize,
        /// What the hashes begin with.
        seed: String,
    },
    /// So many monetary units at a regular interval, from a start that the seed gives.
    Units {
        /// How many units.
        size: usize,
        /// What the start is made of.
        seed: String,
    },
}

/// Why a line is in a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Its amount reaches the threshold.
    Reached,
    /// It is larger than the interval: no start can miss it.
    Certain,
    /// It was drawn.
    Drawn,
}

/// A line of a sample.
#[derive(Clone, Copy, Debug)]
pub struct Pick {
    /// Its place in the population.
    pub member: usize,
    /// Why it is there.
    pub how: How,
    /// The hash that ranks it, when it is drawn by hash.
    pub hash: Option<Digest>,
    /// The monetary unit that fell in it, when it is drawn by units.
    pub unit: Option<Sum>,
}

/// A sample, with what is needed to draw it again.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// The lines, in the order of the draw.
    pub picks: Vec<Pick>,
    /// The lines that a draw by units leaves out, being on the other side than the balance.
    pub apart: Vec<usize>,
    /// How many lines of nothing a draw by units cannot meet.
    pub nil: usize,
    /// Whether the units are those of credits.
    pub credits: bool,
    /// What units are drawn from once certain lines are taken, their interval, and the first of them.
    pub units: Option<[Sum; 3]>,
    /// Whether there were no more lines to draw from than the size asked for.
    pub exhaustive: bool,
}

/// Draws a sample: the same population and the same method give the same one, always.
///
/// # Panics
/// When a line would be drawn twice: that is our bug.
pub fn sample(population: &Population<'_>, method: &Method) -> Sample {
    let made = match method {
        Method::Threshold(least) => reaching(population, *least),
        Method::Random { size, seed } => random(population, *size, seed),
        Method::Units { size, seed } => units(population, *size, seed),
    };
    let mut drawn = vec![false; population.members.len()];
    for pick in &made.picks {
        assert!(!drawn[pick.member], "line {} is drawn twice", pick.member + 1);
        drawn[pick.member] = true;
    }
    made
}

fn amount(member: &Member<'_>) -> Sum {
    member.line.amount()
}

/// The largest first; equal amounts in the order of the population.
fn reaching(population: &Population<'_>, least: Sum) -> Sample {
    let mut reached: Vec<(usize, Sum)> = population
        .members
        .iter()
        .enumerate()
        .map(|(at, member)| (at, amount(member).abs()))
        .filter(|(_, size)| *size >= least)
        .collect();
    reached.sort_by_key(|(at, size)| (std::cmp::Reverse(*size), *at));
    let pick = |(member, _)| Pick { member, how: How::Reached, hash: None, unit: None };
    Sample { picks: reached.into_iter().map(pick).collect(), ..Sample::default() }
}

/// The hash that ranks a line: of the seed, a newline, and the canonical text of the line; of lines that
/// have the same, the second adds `2` and a newline, the third `3`, so that each has its own chance.
fn ranked(seed: &str, member: &Member<'_>) -> Digest {
    let twin = if member.twin > 1 { format!("{}\n", member.twin) } else { String::new() };
    Digest::of(format!("{seed}\n{}{twin}", member.text).as_bytes())
}

fn random(population: &Population<'_>, size: usize, seed: &str) -> Sample {
    let members = population.members.iter().enumerate();
    let mut hashed: Vec<(Digest, usize)> =
        members.map(|(at, member)| (ranked(seed, member), at)).collect();
    let exhaustive = size >= hashed.len();
    hashed.sort_unstable();
    hashed.truncate(size);
    let pick = |(hash, member)| Pick { member, how: How::Drawn, hash: Some(hash), unit: None };
    Sample { picks: hashed.into_iter().map(pick).collect(), exhaustive, ..Sample::default() }
}

/// The cents of a sum; the books have no smaller unit.
fn cents(sum: Sum) -> i128 {
    (sum.decimal() * Decimal::ONE_HUNDRED).normalize().mantissa()
}

/// A sum of so many cents.
fn euros(cents: i128) -> Sum {
    let cents = i64::try_from(cents);
    assert!(cents.is_ok(), "an interval is no larger than a population");
    Number::new(cents.unwrap_or_default(), 2).sum()
}

fn units(population: &Population<'_>, size: usize, seed: &str) -> Sample {
    let credits = population.totals().balance().is_negative();
    let sized = |member: &Member<'_>| if credits { -amount(member) } else { amount(member) };
    let mut made = Sample { credits, ..Sample::default() };
    let mut left: Vec<(usize, i128)> = Vec::new();
    for (at, member) in population.members.iter().enumerate() {
        match cents(sized(member)) {
            0 => made.nil += 1,
            below if below < 0 => made.apart.push(at),
            above => left.push((at, above)),
        }
    }
    made.exhaustive = size >= left.len();
    let mut wanted = i128::try_from(size.min(left.len())).unwrap_or(i128::MAX);
    // A line larger than the interval is certain; without it the interval is smaller.
    let mut certain: Vec<(usize, i128)> = Vec::new();
    let (whole, interval) = loop {
        let whole: i128 = left.iter().map(|(_, size)| size).sum();
        let interval = whole.checked_div(wanted).unwrap_or_default();
        let before = certain.len();
        certain.extend(left.iter().filter(|(_, size)| *size > interval));
        left.retain(|(_, size)| *size <= interval);
        if certain.len() == before {
            break (whole, interval);
        }
        wanted -= i128::try_from(certain.len() - before).unwrap_or_default();
    };
    certain.sort_by_key(|(at, size)| (std::cmp::Reverse(*size), *at));
    made.picks.extend(certain.iter().map(|(member, _)| Pick {
        member: *member,
        how: How::Certain,
        hash: None,
        unit: None,
    }));
    if interval == 0 {
        return made;
    }
    let start = i128::from(Digest::of(format!("{seed}\n").as_bytes()).head()) % interval + 1;
    made.units = Some([euros(whole), euros(interval), euros(start)]);
    let (mut next, mut reached, mut drawn) = (start, 0, 0);
    for (member, size) in left {
        reached += size;
        if next <= reached && drawn < wanted {
            let unit = Some(euros(next));
            made.picks.push(Pick { member, how: How::Drawn, hash: None, unit });
            next += interval;
            drawn += 1;
        }
    }
    assert!(drawn == wanted, "{drawn} units drawn of {wanted}");
    made
}

use rust_decimal::Decimal;

use super::{At, COLOURS, Drawing, PAPER, Shape, Side, WIDTH, dec, long, short, text};
use crate::measure::rounded_euros;
use crate::render::chart::{Chart, Point};

const HEIGHT: u32 = 420;
/// How wide a letter is, in hundredths of its size: what most labels take, and capitals.
const LETTER: i64 = 52;
const CAPITAL: i64 = 72;

/// A rectangle.
#[derive(Clone, Copy, Debug)]
struct Area {
    at: At,
    size: At,
}

/// Groups as columns or rows of a whole, and in each its points, as large as their amounts (squarified
/// treemap of Bruls, Huizing and van Wijk); the groups are named below it.
pub(super) fn drawing(chart: &Chart) -> Drawing {
    let mut groups: Vec<(&str, Vec<&Point>)> = Vec::new();
    for point in &chart.points {
        match groups.last_mut().filter(|(name, _)| *name == point.group) {
            Some((_, points)) => points.push(point),
            None => groups.push((&point.group, vec![point])),
        }
    }
    let sum = |points: &[&Point]| points.iter().map(|point| point.amount).sum::<Decimal>();
    let sums: Vec<Decimal> = groups.iter().map(|(_, points)| sum(points)).collect();
    let whole = Area {
        at: (Decimal::ZERO, Decimal::ZERO),
        size: (Decimal::from(WIDTH), Decimal::from(HEIGHT)),
    };
    let mut shapes = Vec::new();
    for ((rank, (_, points)), area) in groups.iter().enumerate().zip(squarified(&sums, whole)) {
        let amounts: Vec<Decimal> = points.iter().map(|point| point.amount).collect();
        let fill = COLOURS[rank % COLOURS.len()];
        for (point, area) in points.iter().zip(squarified(&amounts, inside(area, dec(1)))) {
            cell(point, inside(area, dec(1)), fill, &mut shapes);
        }
    }
    let height = legend(&groups, &sums, &mut shapes);
    Drawing { width: WIDTH, height, shapes }
}

/// The same area without its edge.
fn inside(area: Area, edge: Decimal) -> Area {
    let twice = edge + edge;
    let less = |length: Decimal| (length - twice).max(Decimal::new(5, 1));
    Area { at: (area.at.0 + edge, area.at.1 + edge), size: (less(area.size.0), less(area.size.1)) }
}

/// How wide the letters of a text are on average, in hundredths of their size.
fn mean(text: &str) -> Decimal {
    let all = text.chars().count().max(1);
    let capitals = text.chars().filter(|letter| letter.is_uppercase()).count();
    (dec(LETTER) * long(all - capitals) + dec(CAPITAL) * long(capitals)) / long(all)
}

/// A point: its rectangle, with its name and its amount where they hold.
fn cell(point: &Point, area: Area, fill: &'static str, shapes: &mut Vec<Shape>) {
    shapes.push(Shape::Rect { at: area.at, size: area.size, fill });
    let size = if area.size.0 * area.size.1 > dec(12_000) { 14 } else { 11 };
    let holds = |words: &str| {
        let letters = (area.size.0 - dec(10)) * dec(100) / (mean(words) * Decimal::from(size));
        usize::try_from(letters.trunc().mantissa().max(0)).unwrap_or(0)
    };
    let letters = holds(&point.label);
    let line = dec(i64::from(size) + 4);
    if letters < 5 || area.size.1 < line + dec(4) {
        return;
    }
    let (x, mut y) = (area.at.0 + dec(5), area.at.1 + line);
    let mut say = |words: String, y: Decimal| {
        shapes.push(Shape::Text { at: (x, y), size, side: Side::After, fill: PAPER, text: words });
    };
    say(short(&point.label, letters), y);
    y += line;
    let amount = rounded_euros(point.amount, 0);
    if amount.chars().count() <= holds(&amount) && y + dec(4) <= area.at.1 + area.size.1 {
        say(amount, y);
    }
}

/// The groups with their colours and amounts, two a line; how high the drawing is with them.
fn legend(groups: &[(&str, Vec<&Point>)], sums: &[Decimal], shapes: &mut Vec<Shape>) -> u32 {
    for (rank, ((name, _), sum)) in groups.iter().zip(sums).enumerate() {
        let x = dec(if rank % 2 == 0 { 0 } else { 350 });
        let y = Decimal::from(HEIGHT) + dec(24) + dec(24) * long(rank / 2);
        let fill = COLOURS[rank % COLOURS.len()];
        shapes.push(Shape::Rect { at: (x, y - dec(12)), size: (dec(14), dec(14)), fill });
        let name = if name.is_empty() { "Sans programme" } else { name };
        let words = format!("{} – {}", short(name, 30), rounded_euros(*sum, 0));
        shapes.push(text((x + dec(22), y), 14, words));
    }
    let lines = u32::try_from(groups.len().div_ceil(2)).unwrap_or(0);
    HEIGHT + 24 * lines + 12
}

/// An area cut as the amounts are, in their order, each part as near a square as it goes.
fn squarified(amounts: &[Decimal], mut area: Area) -> Vec<Area> {
    let total: Decimal = amounts.iter().sum();
    let mut made = Vec::with_capacity(amounts.len());
    if total.is_zero() {
        return made;
    }
    let scale = area.size.0 * area.size.1 / total;
    let sizes: Vec<Decimal> = amounts.iter().map(|amount| amount * scale).collect();
    let mut rest = sizes.as_slice();
    while !rest.is_empty() {
        let side = area.size.0.min(area.size.1);
        let mut taken = 1;
        while taken < rest.len() && worst(&rest[..=taken], side) <= worst(&rest[..taken], side) {
            taken += 1;
        }
        let (row, after) = rest.split_at(taken);
        area = lay(row, area, &mut made);
        rest = after;
    }
    made
}

/// How far from a square the worst part of a row would be.
fn worst(row: &[Decimal], side: Decimal) -> Decimal {
    let sum: Decimal = row.iter().sum();
    let thick = sum / side.max(Decimal::new(1, 3));
    let shapes = row.iter().map(|size| {
        let long = size / thick.max(Decimal::new(1, 3));
        (long / thick.max(Decimal::new(1, 3))).max(thick / long.max(Decimal::new(1, 3)))
    });
    shapes.max().unwrap_or_default()
}

/// Lays a row along the shorter side; what is left of the area.
fn lay(row: &[Decimal], area: Area, made: &mut Vec<Area>) -> Area {
    let sum: Decimal = row.iter().sum();
    let upright = area.size.0 >= area.size.1;
    let side = if upright { area.size.1 } else { area.size.0 }.max(Decimal::new(1, 3));
    let thick = sum / side;
    let (mut x, mut y) = area.at;
    for size in row {
        let long = size / thick.max(Decimal::new(1, 3));
        if upright {
            made.push(Area { at: (x, y), size: (thick, long) });
            y += long;
        } else {
            made.push(Area { at: (x, y), size: (long, thick) });
            x += long;
        }
    }
    if upright {
        Area { at: (area.at.0 + thick, area.at.1), size: (area.size.0 - thick, area.size.1) }
    } else {
        Area { at: (area.at.0, area.at.1 + thick), size: (area.size.0, area.size.1 - thick) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_fill_the_whole_as_their_amounts_do() {
        let amounts: Vec<Decimal> = [600, 600, 400, 300, 200, 200, 100].map(Decimal::from).into();
        let area = Area { at: (dec(0), dec(0)), size: (dec(600), dec(400)) };
        let made = squarified(&amounts, area);
        assert_eq!(made.len(), amounts.len());
        for (amount, one) in amounts.iter().zip(&made) {
            let size = (one.size.0 * one.size.1).round_dp(6);
            assert_eq!(size, amount * dec(100));
            assert!(one.at.0 + one.size.0 <= Decimal::new(600_001, 3));
            assert!(one.at.1 + one.size.1 <= Decimal::new(400_001, 3));
            let ratio = one.size.0 / one.size.1;
            assert!(ratio < dec(4) && ratio > Decimal::new(25, 2), "{one:?}");
        }
    }
}

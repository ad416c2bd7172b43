use rust_decimal::Decimal;

use super::{COLOURS, Drawing, EMPTY, Shape, WIDTH, dec, long, short, text};
use crate::measure::tonnes;
use crate::render::chart::Chart;

/// A bar for each project, as long as what is expected of it, filled by what was verified.
pub(super) fn drawing(chart: &Chart) -> Drawing {
    let bounds = chart.points.iter().filter_map(|point| point.bound);
    let top = bounds.chain(chart.points.iter().map(|point| point.amount)).max();
    let top = top.unwrap_or_default().max(Decimal::new(1, 3));
    let length = |amount: Decimal| amount.max(Decimal::ZERO) / top * dec(680);
    let in_words = |amount: Decimal| tonnes(amount * Decimal::ONE_THOUSAND);
    let mut shapes = Vec::new();
    for (rank, point) in chart.points.iter().enumerate() {
        let y = dec(52) * long(rank) + dec(8);
        let expected = point.bound.unwrap_or_default();
        let words = format!(
            "{} : {} vérifiées sur {} attendues",
            short(&point.label, 48),
            in_words(point.amount),
            in_words(expected)
        );
        shapes.push(text((dec(10), y + dec(10)), 14, words));
        let mut bar = |amount: Decimal, fill| {
            if !amount.is_zero() {
                let (at, size) = ((dec(10), y + dec(16)), (length(amount), dec(18)));
                shapes.push(Shape::Rect { at, size, fill });
            }
        };
        bar(expected, EMPTY);
        bar(point.amount, COLOURS[0]);
    }
    let height = 52 * u32::try_from(chart.points.len()).unwrap_or(0) + 10;
    Drawing { width: WIDTH, height, shapes }
}

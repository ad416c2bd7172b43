use rust_decimal::Decimal;

use super::{COLOURS, Drawing, FAINT, FALL, INK, Shape, Side, WIDTH, dec, long, short, text};
use crate::measure::euros;
use crate::render::chart::Chart;

/// From one amount to another: horizontal bars under their labels, so that labels are read.
pub(super) fn drawing(chart: &Chart) -> Drawing {
    let mut reached = Decimal::ZERO;
    let bars: Vec<(Decimal, Decimal, &'static str)> = chart
        .points
        .iter()
        .map(|point| {
            let (from, to) = if point.whole {
                (Decimal::ZERO, point.amount)
            } else {
                (reached, reached + point.amount)
            };
            reached = to;
            let fill = if to < from { FALL } else { COLOURS[0] };
            (from.min(to), from.max(to), fill)
        })
        .collect();
    let low = bars.iter().map(|bar| bar.0).min().unwrap_or_default().min(Decimal::ZERO);
    let high = bars.iter().map(|bar| bar.1).max().unwrap_or_default().max(Decimal::ZERO);
    let span = if high == low { Decimal::ONE } else { high - low };
    // From 10 to 550; amounts stand to the right of it.
    let x = |value: Decimal| dec(10) + (value - low) / span * dec(540);
    let height = 52 * u32::try_from(bars.len()).unwrap_or(0) + 10;
    let zero = x(Decimal::ZERO);
    let mut shapes = vec![Shape::Line {
        from: (zero, Decimal::ZERO),
        to: (zero, Decimal::from(height)),
        stroke: FAINT,
        thick: false,
    }];
    for (rank, ((from, to, fill), point)) in bars.into_iter().zip(&chart.points).enumerate() {
        let y = dec(52) * long(rank) + dec(8);
        let width = (x(to) - x(from)).max(Decimal::ONE);
        shapes.push(text((dec(10), y + dec(10)), 14, short(&point.label, 80)));
        shapes.push(Shape::Rect { at: (x(from), y + dec(16)), size: (width, dec(18)), fill });
        shapes.push(Shape::Text {
            at: (dec(690), y + dec(30)),
            size: 14,
            side: Side::Before,
            fill: INK,
            text: euros(point.amount),
        });
    }
    Drawing { width: WIDTH, height, shapes }
}

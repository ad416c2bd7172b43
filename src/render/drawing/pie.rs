use rust_decimal::{Decimal, MathematicalOps};

use super::{At, COLOURS, Drawing, Shape, Step, WIDTH, dec, long, short, text};
use crate::render::chart::Chart;

const RADIUS: i64 = 130;
const CENTRE: i64 = 150;

/// A pie from the top, clockwise, with its labels beside it.
pub(super) fn drawing(chart: &Chart) -> Drawing {
    let total: Decimal = chart.points.iter().map(|point| point.amount).sum();
    let (mut shapes, mut labels) = (Vec::new(), Vec::new());
    let mut from = Decimal::ZERO;
    for (rank, (point, fill)) in chart.points.iter().zip(COLOURS).enumerate() {
        let share = point.amount / total;
        shapes.push(slice(from, from + share, fill));
        from += share;
        let percent = (share * Decimal::ONE_HUNDRED).round().normalize();
        let y = dec(60) + dec(30) * long(rank);
        labels.push(Shape::Rect { at: (dec(320), y - dec(13)), size: (dec(16), dec(16)), fill });
        labels.push(text((dec(345), y), 15, format!("{} – {percent} %", short(&point.label, 40))));
    }
    shapes.append(&mut labels);
    Drawing { width: WIDTH, height: 300, shapes }
}

/// A part of the disc, between two shares of it; each curve takes an eighth of the disc at most, where a
/// cubic stays within a thousandth of the circle.
fn slice(from: Decimal, to: Decimal, fill: &'static str) -> Shape {
    let pieces = ((to - from) * dec(8)).ceil().max(Decimal::ONE);
    let step = (to - from) / pieces;
    // 4/3 × tan(θ/4), for the turn of one curve.
    let handle = (step * Decimal::TWO_PI / dec(4)).tan() * dec(4) / dec(3);
    let mut steps = vec![Step::Line(on(from))];
    let mut at = from;
    while at + step / Decimal::TWO < to {
        let end = at + step;
        let (start_tangent, end_tangent) = (tangent(at), tangent(end));
        let (a, b) = (on(at), on(end));
        let reach = dec(RADIUS) * handle;
        steps.push(Step::Curve(
            (a.0 + start_tangent.0 * reach, a.1 + start_tangent.1 * reach),
            (b.0 - end_tangent.0 * reach, b.1 - end_tangent.1 * reach),
            b,
        ));
        at = end;
    }
    Shape::Slice { from: (dec(CENTRE), dec(CENTRE)), steps, fill }
}

/// A point of the circle.
fn on(share: Decimal) -> At {
    let angle = share * Decimal::TWO_PI;
    (dec(CENTRE) + dec(RADIUS) * angle.sin(), dec(CENTRE) - dec(RADIUS) * angle.cos())
}

/// The direction in which the circle goes there.
fn tangent(share: Decimal) -> At {
    let angle = share * Decimal::TWO_PI;
    (angle.cos(), angle.sin())
}

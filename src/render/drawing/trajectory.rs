use rust_decimal::Decimal;

use super::{COLOURS, Drawing, FAINT, FALL, INK, Shape, Side, WIDTH, dec, long, short, text};
use crate::measure::tonnes;
use crate::render::chart::{Chart, Point};

const HEIGHT: u32 = 320;
const FLOOR: i64 = 280;

/// A column a year with its interval as a stroke, and the threshold as a line across it.
pub(super) fn drawing(chart: &Chart) -> Drawing {
    let tops = chart
        .points
        .iter()
        .flat_map(|point| [Some(point.amount), point.between.map(|(_, high)| high), point.bound]);
    let top = tops.flatten().max().unwrap_or_default().max(Decimal::new(1, 3));
    let y = |amount: Decimal| dec(FLOOR) - amount / top * dec(240);
    let count = long(chart.points.len()).max(Decimal::ONE);
    let place = Decimal::from(WIDTH) / count;
    let wide = (place * Decimal::new(5, 1)).min(dec(90));
    let mut shapes = vec![Shape::Line {
        from: (Decimal::ZERO, dec(FLOOR)),
        to: (Decimal::from(WIDTH), dec(FLOOR)),
        stroke: FAINT,
        thick: false,
    }];
    for (rank, point) in chart.points.iter().enumerate() {
        let centre = place * long(rank) + place / Decimal::TWO;
        let size = (wide, dec(FLOOR) - y(point.amount));
        let at = (centre - wide / Decimal::TWO, y(point.amount));
        shapes.push(Shape::Rect { at, size, fill: COLOURS[2] });
        marks(point, centre, (wide, place), &y, &mut shapes);
        let around =
            |at, text: String| Shape::Text { at, size: 14, side: Side::Around, fill: INK, text };
        shapes.push(around((centre, dec(FLOOR + 20)), short(&point.label, 12)));
        let high = point.between.map_or(point.amount, |(_, high)| high.max(point.amount));
        let high = point.bound.map_or(high, |bound| high.max(bound));
        let told =
            around((centre, y(high) - dec(10)), tonnes(point.amount * Decimal::ONE_THOUSAND));
        shapes.push(told);
    }
    if chart.points.iter().any(|point| point.bound.is_some()) {
        let at = Decimal::from(HEIGHT - 6);
        shapes.push(Shape::Line {
            from: (dec(0), at - dec(4)),
            to: (dec(24), at - dec(4)),
            stroke: FALL,
            thick: true,
        });
        shapes.push(text((dec(32), at), 12, "Seuil".to_owned()));
    }
    Drawing { width: WIDTH, height: HEIGHT, shapes }
}

/// The interval and the threshold of a year.
fn marks(
    point: &Point,
    centre: Decimal,
    (wide, place): (Decimal, Decimal),
    y: &impl Fn(Decimal) -> Decimal,
    shapes: &mut Vec<Shape>,
) {
    let mut line = |from, to, stroke, thick| shapes.push(Shape::Line { from, to, stroke, thick });
    if let Some((low, high)) = point.between {
        line((centre, y(low)), (centre, y(high)), INK, true);
        for end in [low, high] {
            line((centre - dec(8), y(end)), (centre + dec(8), y(end)), INK, true);
        }
    }
    if let Some(bound) = point.bound {
        let half = (wide * Decimal::new(8, 1)).min(place / Decimal::TWO);
        line((centre - half, y(bound)), (centre + half, y(bound)), FALL, true);
    }
}

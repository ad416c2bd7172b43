use maud::{Markup, html};
use rust_decimal::Decimal;

use crate::measure::plain;
use crate::render::chart::Chart;
use crate::render::drawing::{At, Shape, Side, Step, drawing};

/// A chart with its title and description, then its figures in a table.
pub(super) fn figure(chart: &Chart) -> Markup {
    let (title, words) = (format!("t-{}", chart.name), format!("w-{}", chart.name));
    let drawn = drawing(chart);
    let grouped = chart.points.iter().any(|point| !point.group.is_empty());
    html! {
        figure {
            figcaption { (chart.title) }
            svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {} {}", drawn.width, drawn.height))
                role="img" aria-labelledby=(format!("{title} {words}")) {
                title id=(title) { (chart.title) }
                desc id=(words) { (chart.description) }
                @for one in &drawn.shapes { (shape(one)) }
            }
            details {
                summary { "Les chiffres du graphique" }
                table {
                    caption { (chart.title) }
                    thead {
                        tr {
                            @if grouped { th scope="col" { "Programme" } }
                            th scope="col" { "Libellé" }
                            th scope="col" class="n" { "Montant" }
                        }
                    }
                    tbody {
                        @for point in &chart.points {
                            tr {
                                @if grouped { td { (point.group) } }
                                th scope="row" { (point.label) }
                                td class="n" { (chart.figure(point.amount)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A coordinate: a tenth of a point is finer than any screen.
fn at(value: Decimal) -> String {
    plain(value.round_dp(1), 0)
}

fn shape(shape: &Shape) -> Markup {
    match shape {
        Shape::Rect { at: (x, y), size: (width, height), fill } => html! {
            rect x=(at(*x)) y=(at(*y)) width=(at(*width)) height=(at(*height)) fill=(fill) {}
        },
        Shape::Slice { from, steps, fill } => html! {
            path d=(path(*from, steps)) fill=(fill) stroke="#fff" stroke-width="2" {}
        },
        Shape::Line { from, to, stroke, thick } => html! {
            line x1=(at(from.0)) y1=(at(from.1)) x2=(at(to.0)) y2=(at(to.1)) stroke=(stroke)
                stroke-width=(if *thick { "2" } else { "1" }) {}
        },
        Shape::Text { at: (x, y), size, side, fill, text } => html! {
            text x=(at(*x)) y=(at(*y)) font-size=(size) fill=(fill)
                text-anchor=(match side { Side::After => "start", Side::Before => "end", Side::Around => "middle" })
                { (text) }
        },
    }
}

fn path(from: At, steps: &[Step]) -> String {
    let two = |(x, y): &At| format!("{} {}", at(*x), at(*y));
    let mut text = format!("M{}", two(&from));
    for step in steps {
        match step {
            Step::Line(to) => text.push_str(&format!("L{}", two(to))),
            Step::Curve(a, b, to) => {
                text.push_str(&format!("C{} {} {}", two(a), two(b), two(to)));
            }
        }
    }
    text.push('Z');
    text
}

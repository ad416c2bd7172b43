use maud::{Markup, html};
use rust_decimal::{Decimal, MathematicalOps};

use crate::measure::{euros, plain};
use crate::render::chart::{Chart, ChartKind};

/// Colours that stay apart for who tells few of them; each slice bears its label besides.
const COLOURS: [&str; 7] =
    ["#1f4d3a", "#c97b2c", "#3f6fa8", "#8fb03e", "#8a4f7d", "#d0a93a", "#6b7570"];
const FALL: &str = "#b5482a";

/// A chart with its title and description, then its figures in a table.
pub(super) fn figure(chart: &Chart) -> Markup {
    let (title, words) = (format!("t-{}", chart.name), format!("w-{}", chart.name));
    let (view, drawn) = match chart.kind {
        ChartKind::Pie => ("0 0 700 300".to_owned(), pie(chart)),
        ChartKind::Bridge => bridge(chart),
    };
    html! {
        figure {
            figcaption { (chart.title) }
            svg xmlns="http://www.w3.org/2000/svg" viewBox=(view) role="img"
                aria-labelledby=(format!("{title} {words}")) {
                title id=(title) { (chart.title) }
                desc id=(words) { (chart.description) }
                (drawn)
            }
            details {
                summary { "Les chiffres du graphique" }
                table {
                    caption { (chart.title) }
                    thead { tr { th scope="col" { "Libellé" } th scope="col" class="n" { "Montant" } } }
                    tbody {
                        @for point in &chart.points {
                            tr { th scope="row" { (point.label) } td class="n" { (euros(point.amount)) } }
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

fn dec(value: i64) -> Decimal {
    Decimal::from(value)
}

/// A point of a circle, from the top, clockwise, for a share of the whole.
fn around(share: Decimal, radius: Decimal) -> (Decimal, Decimal) {
    let angle = share * Decimal::TWO_PI;
    (dec(150) + radius * angle.sin(), dec(150) - radius * angle.cos())
}

fn pie(chart: &Chart) -> Markup {
    let total: Decimal = chart.points.iter().map(|point| point.amount).sum();
    let radius = dec(130);
    let mut from = Decimal::ZERO;
    let slices: Vec<(String, String, String)> = chart
        .points
        .iter()
        .zip(COLOURS)
        .map(|(point, colour)| {
            let share = point.amount / total;
            let to = from + share;
            let path = if share >= Decimal::ONE {
                "M150 20A130 130 0 1 1 149.9 20Z".to_owned()
            } else {
                let ((x0, y0), (x1, y1)) = (around(from, radius), around(to, radius));
                let large = u8::from(share > Decimal::new(5, 1));
                format!("M150 150L{} {}A130 130 0 {large} 1 {} {}Z", at(x0), at(y0), at(x1), at(y1))
            };
            from = to;
            let percent = (share * Decimal::ONE_HUNDRED).round();
            (
                path,
                colour.to_owned(),
                format!("{} – {} %", short(&point.label), percent.normalize()),
            )
        })
        .collect();
    html! {
        @for (path, colour, _) in &slices {
            path d=(path) fill=(colour) stroke="#fff" stroke-width="2" {}
        }
        @for (rank, (_, colour, label)) in slices.iter().enumerate() {
            @let y = 60 + 30 * rank;
            rect x="320" y=(y - 13) width="16" height="16" fill=(colour) {}
            text x="345" y=(y) font-size="15" fill="#16241d" { (label) }
        }
    }
}

/// A label that holds beside a slice.
fn short(label: &str) -> String {
    const LETTERS: usize = 42;
    if label.chars().count() <= LETTERS {
        return label.to_owned();
    }
    label.chars().take(LETTERS - 1).collect::<String>() + "…"
}

/// Columns from one amount to another: horizontal bars, so that labels are read.
fn bridge(chart: &Chart) -> (String, Markup) {
    let mut reached = Decimal::ZERO;
    let bars: Vec<(Decimal, Decimal, &str, String, String)> = chart
        .points
        .iter()
        .map(|point| {
            let (from, to) = if point.whole {
                (Decimal::ZERO, point.amount)
            } else {
                (reached, reached + point.amount)
            };
            reached = to;
            let colour = if !point.whole && to < from { FALL } else { COLOURS[0] };
            (from.min(to), from.max(to), colour, short(&point.label), euros(point.amount))
        })
        .collect();
    let low = bars.iter().map(|bar| bar.0).min().unwrap_or_default().min(Decimal::ZERO);
    let high = bars.iter().map(|bar| bar.1).max().unwrap_or_default().max(Decimal::ZERO);
    let span = if high == low { Decimal::ONE } else { high - low };
    // From 20 to 560; amounts stand to the right of it.
    let x = |value: Decimal| dec(20) + (value - low) / span * dec(540);
    let height = 52 * bars.len() + 10;
    let zero = at(x(Decimal::ZERO));
    let drawn = html! {
        line x1=(zero) x2=(zero) y1="0" y2=(height) stroke="#9aa89f" {}
        @for (rank, (from, to, colour, label, amount)) in bars.iter().enumerate() {
            @let y = 52 * rank + 8;
            @let width = (x(*to) - x(*from)).max(Decimal::ONE);
            text x="20" y=(y + 10) font-size="14" fill="#16241d" { (label) }
            rect x=(at(x(*from))) y=(y + 16) width=(at(width)) height="18" fill=(colour) {}
            text x="690" y=(y + 30) font-size="14" text-anchor="end" fill="#16241d" { (amount) }
        }
    };
    (format!("0 0 700 {height}"), drawn)
}

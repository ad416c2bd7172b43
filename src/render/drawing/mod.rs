//! Charts as shapes, in points of a page of their own width: HTML and PDF draw the same ones.
//!
//! In: a [`Chart`]. Out: a [`Drawing`]. Absent on purpose: the syntax of any format, and floats.

mod bridge;
mod pie;
mod progress;
mod trajectory;
mod treemap;

use rust_decimal::Decimal;

use super::chart::{Chart, ChartKind};

/// How wide every drawing is.
const WIDTH: u32 = 700;

/// Colours that stay apart for who tells few of them; each shape bears its label besides.
const COLOURS: [&str; 7] =
    ["#1f4d3a", "#a3560f", "#3f6fa8", "#5f7d1f", "#8a4f7d", "#8d6e14", "#5f6964"];
const FALL: &str = "#b5482a";
const INK: &str = "#16241d";
const FAINT: &str = "#9aa89f";
const EMPTY: &str = "#dfe7e1";
const PAPER: &str = "#ffffff";

/// Shapes in the order in which they are laid down.
#[derive(Debug)]
pub(super) struct Drawing {
    /// Its width, in points.
    pub(super) width: u32,
    /// Its height, in points.
    pub(super) height: u32,
    /// Its shapes.
    pub(super) shapes: Vec<Shape>,
}

/// A place, in points from the left and from the top.
pub(super) type At = (Decimal, Decimal);

/// A shape.
#[derive(Debug)]
pub(super) enum Shape {
    /// A filled rectangle: its corner, its width and its height.
    Rect { at: At, size: At, fill: &'static str },
    /// A filled outline with a white edge.
    Slice { from: At, steps: Vec<Step>, fill: &'static str },
    /// A line.
    Line { from: At, to: At, stroke: &'static str, thick: bool },
    /// Words on a baseline.
    Text { at: At, size: u32, side: Side, fill: &'static str, text: String },
}

/// A step of an outline.
#[derive(Debug)]
pub(super) enum Step {
    /// A straight line.
    Line(At),
    /// A cubic curve: two handles, then where it ends.
    Curve(At, At, At),
}

/// On which side of its place a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// It begins there.
    After,
    /// It ends there.
    Before,
    /// It is centred there.
    Around,
}

/// A chart as shapes.
pub(super) fn drawing(chart: &Chart) -> Drawing {
    match chart.kind {
        ChartKind::Pie => pie::drawing(chart),
        ChartKind::Bridge => bridge::drawing(chart),
        ChartKind::Treemap => treemap::drawing(chart),
        ChartKind::Progress => progress::drawing(chart),
        ChartKind::Trajectory => trajectory::drawing(chart),
    }
}

fn dec(value: i64) -> Decimal {
    Decimal::from(value)
}

/// A count as a length.
fn long(count: usize) -> Decimal {
    Decimal::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn text(at: At, size: u32, text: String) -> Shape {
    Shape::Text { at, size, side: Side::After, fill: INK, text }
}

/// A label of at most so many letters.
fn short(label: &str, letters: usize) -> String {
    if label.chars().count() <= letters {
        return label.to_owned();
    }
    label.chars().take(letters.saturating_sub(1)).collect::<String>() + "…"
}

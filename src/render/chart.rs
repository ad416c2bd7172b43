use rust_decimal::Decimal;

/// A chart as data, with the words that say what it shows: each format draws it from its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Its name: `couts`.
    pub name: String,
    /// The table that it is drawn from, and stands beside.
    pub table: String,
    /// Its title.
    pub title: String,
    /// What it shows, in one or two sentences, for who does not see it.
    pub description: String,
    /// How it is drawn.
    pub kind: ChartKind,
    /// Its points, in order.
    pub points: Vec<Point>,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    /// Shares of a whole.
    Pie,
    /// From a first amount to a last one, step by step.
    Bridge,
}

/// A figure of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Its label.
    pub label: String,
    /// Its exact amount.
    pub amount: Decimal,
    /// Whether it is an amount of its own (an end of a bridge), not a step.
    pub whole: bool,
}

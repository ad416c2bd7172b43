use rust_decimal::Decimal;

use crate::measure::{euros, tonnes};

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
    /// Shares of a whole by group, each as large as its amount.
    Treemap,
    /// Tonnes of CO₂ equivalent of each project: verified, of what is expected.
    Progress,
    /// Tonnes of CO₂ equivalent year by year, with what is uncertain and what may be emitted.
    Trajectory,
}

/// A figure of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// Its label.
    pub label: String,
    /// Its exact amount.
    pub amount: Decimal,
    /// Whether it is an amount of its own (an end of a bridge), not a step.
    pub whole: bool,
    /// The group that it belongs to, in a treemap: a programme.
    pub group: String,
    /// The ends of its interval, in a trajectory.
    pub between: Option<(Decimal, Decimal)>,
    /// What it should not exceed, in a trajectory; what is expected, of a project.
    pub bound: Option<Decimal>,
}

impl Chart {
    /// One of its figures, as a reader sees it: euros, but for tonnes.
    pub fn figure(&self, amount: Decimal) -> String {
        match self.kind {
            ChartKind::Trajectory | ChartKind::Progress => tonnes(amount * Decimal::ONE_THOUSAND),
            _ => euros(amount),
        }
    }
}

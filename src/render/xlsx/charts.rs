use rust_decimal::Decimal;
use rust_xlsxwriter::{
    Chart as Drawn, ChartAxisLabelPosition, ChartDataLabel, ChartDataLabelPosition, ChartFormat,
    ChartSolidFill, ChartType, Color, Worksheet, XlsxError,
};

use super::look::Look;
use crate::render::chart::{Chart, ChartKind, Point};
use crate::render::document::Cell;

/// Colours that stay apart for who tells few of them, each beside a label.
pub(super) const COLOURS: [u32; 7] =
    [0x1f_4d_3a, 0xc9_7b_2c, 0x3f_6f_a8, 0x8f_b0_3e, 0x8a_4f_7d, 0xd0_a9_3a, 0x6b_75_70];

/// What falls: darker than what rises in grey, and below it on the page.
const FALL: u32 = 0xb5_48_2a;

/// Rows that a chart takes on screen, its figures included.
const HEIGHT: u32 = 22;

/// Writes the figures of each chart, then draws it beside them.
pub(super) fn sheet(
    sheet: &mut Worksheet,
    name: &str,
    charts: &[Chart],
    look: &Look,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.set_column_width(0, 46)?;
    for column in 1..=6 {
        sheet.set_column_width(column, 13)?;
    }
    let (mut row, mut breaks) = (0, Vec::new());
    for chart in charts {
        if row > 0 {
            breaks.push(row);
        }
        let taken = u32::try_from(chart.points.len()).unwrap_or(0) + 4;
        sheet.write_string_with_format(row, 0, &chart.title, &look.title)?;
        match chart.kind {
            ChartKind::Pie => pie(sheet, (name, chart), row + 1, look)?,
            ChartKind::Bridge => bridge(sheet, (name, chart), row + 1, look)?,
            ChartKind::Treemap => bars(sheet, (name, chart), row + 1, look)?,
            ChartKind::Progress => progress(sheet, (name, chart), row + 1, look)?,
            ChartKind::Trajectory => trajectory(sheet, (name, chart), row + 1, look)?,
        }
        // A bar takes a row of the sheet.
        row += taken.max(HEIGHT) + if chart.kind == ChartKind::Treemap { 6 } else { 0 };
    }
    sheet.set_paper_size(9).set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_page_breaks(&breaks)?;
    Ok(())
}

/// The figures of a chart: a label, an amount and, of a bridge, what its columns are made of.
fn figures(
    sheet: &mut Worksheet,
    chart: &Chart,
    head: u32,
    (heads, rows): (&[&str], &[Vec<Decimal>]),
    look: &Look,
) -> Result<u32, XlsxError> {
    // Heads of two lines.
    sheet.set_row_height(head, 28)?;
    for (at, title) in heads.iter().enumerate() {
        let format = if at == 0 { &look.head } else { &look.head_right };
        sheet.write_string_with_format(head, u16::try_from(at).unwrap_or(0), *title, format)?;
    }
    let base = look.of_row("line", 0);
    let mut row = head;
    for (point, amounts) in chart.points.iter().zip(rows) {
        row += 1;
        sheet.write_string_with_format(row, 0, &point.label, &base)?;
        for (at, amount) in amounts.iter().enumerate() {
            let format = Look::figure(&base, &Cell::cents(*amount));
            let column = u16::try_from(at + 1).unwrap_or(0);
            sheet.write_with_format(row, column, *amount, &format)?;
        }
    }
    Ok(row)
}

fn drawn(kind: ChartType, chart: &Chart) -> Drawn {
    let mut drawn = Drawn::new(kind);
    drawn.title().set_name(&chart.title);
    drawn.set_alt_text(brief(&format!("{}. {}", chart.title, chart.description)));
    drawn.set_width(640).set_height(380);
    drawn
}

/// What Excel keeps of a text that says a chart: 255 characters, and none of a longer one.
fn brief(text: &str) -> String {
    const MOST: usize = 255;
    if text.encode_utf16().count() <= MOST {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(MOST - 1).collect();
    while kept.encode_utf16().count() >= MOST {
        kept.pop();
    }
    kept + "…"
}

fn pie(
    sheet: &mut Worksheet,
    (name, chart): (&str, &Chart),
    head: u32,
    look: &Look,
) -> Result<(), XlsxError> {
    let rows: Vec<Vec<Decimal>> = chart.points.iter().map(|point| vec![point.amount]).collect();
    let last = figures(sheet, chart, head, (&["", "Montant"], &rows), look)?;
    let mut drawn = drawn(ChartType::Pie, chart);
    drawn
        .add_series()
        .set_categories((name, head + 1, 0, last, 0))
        .set_values((name, head + 1, 1, last, 1))
        .set_point_colors(&COLOURS.map(Color::RGB))
        .set_data_label(
            ChartDataLabel::new()
                .show_percentage()
                .set_position(ChartDataLabelPosition::OutsideEnd),
        );
    sheet.insert_chart(head, 8, &drawn)?;
    Ok(())
}

/// What a page draws as a treemap: a bar by partner, the programme before its name.
fn bars(
    sheet: &mut Worksheet,
    (name, chart): (&str, &Chart),
    head: u32,
    look: &Look,
) -> Result<(), XlsxError> {
    let mut chart = chart.clone();
    for point in &mut chart.points {
        if !point.group.is_empty() {
            point.label = format!("{} : {}", point.group, point.label);
        }
    }
    let rows: Vec<Vec<Decimal>> = chart.points.iter().map(|point| vec![point.amount]).collect();
    let last = figures(sheet, &chart, head, (&["", "Montant"], &rows), look)?;
    let mut drawn = drawn(ChartType::Bar, &chart);
    drawn.set_height(u32::try_from(chart.points.len()).unwrap_or(0) * 20 + 120);
    drawn
        .add_series()
        .set_categories((name, head + 1, 0, last, 0))
        .set_values((name, head + 1, 1, last, 1))
        .set_format(
            ChartFormat::new()
                .set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(COLOURS[0]))),
        );
    drawn.y_axis().set_reverse();
    drawn.legend().set_hidden();
    sheet.insert_chart(head, 8, &drawn)?;
    Ok(())
}

/// The tonnes of each project: those verified over those expected.
fn progress(
    sheet: &mut Worksheet,
    (name, chart): (&str, &Chart),
    head: u32,
    look: &Look,
) -> Result<(), XlsxError> {
    let row = |point: &Point| vec![point.amount, point.bound.unwrap_or_default()];
    let rows: Vec<Vec<Decimal>> = chart.points.iter().map(row).collect();
    let heads = ["", "t vérifiées", "t attendues"];
    let last = figures(sheet, chart, head, (&heads, &rows), look)?;
    let mut drawn = drawn(ChartType::Bar, chart);
    series(&mut drawn, (name, head, last), 2);
    sheet.insert_chart(head, 8, &drawn)?;
    Ok(())
}

/// The first columns of figures as series, each in its colour.
fn series(drawn: &mut Drawn, (name, head, last): (&str, u32, u32), count: usize) {
    for (column, colour) in (1_u16..).zip(COLOURS.iter().take(count)) {
        let fill = ChartSolidFill::new().set_color(Color::RGB(*colour)).clone();
        drawn
            .add_series()
            .set_name((name, head, column))
            .set_categories((name, head + 1, 0, last, 0))
            .set_values((name, head + 1, column, last, column))
            .set_format(ChartFormat::new().set_solid_fill(&fill));
    }
}

/// Tonnes year by year: a column, its two ends and the threshold as lines beside it.
fn trajectory(
    sheet: &mut Worksheet,
    (name, chart): (&str, &Chart),
    head: u32,
    look: &Look,
) -> Result<(), XlsxError> {
    let rows: Vec<Vec<Decimal>> = chart
        .points
        .iter()
        .map(|point| {
            let (low, high) = point.between.unwrap_or((point.amount, point.amount));
            let mut row = vec![point.amount, low, high];
            row.extend(point.bound);
            row
        })
        .collect();
    let heads = ["", "tCO₂e", "bas", "haut", "Seuil"];
    let last = figures(sheet, chart, head, (&heads, &rows), look)?;
    let mut drawn = drawn(ChartType::Column, chart);
    let bounded = chart.points.iter().any(|point| point.bound.is_some());
    series(&mut drawn, (name, head, last), if bounded { 4 } else { 3 });
    sheet.insert_chart(head, 8, &drawn)?;
    Ok(())
}

/// A waterfall: columns that stand on an invisible base, for a workbook has no such chart.
fn bridge(
    sheet: &mut Worksheet,
    (name, chart): (&str, &Chart),
    head: u32,
    look: &Look,
) -> Result<(), XlsxError> {
    let rows = columns(chart);
    let heads =
        ["", "Montant", "Base", "Hausse", "Hausse, sous zéro", "Baisse", "Baisse, sous zéro"];
    let last = figures(sheet, chart, head, (&heads, &rows), look)?;
    let mut drawn = drawn(ChartType::ColumnStacked, chart);
    let colours = [None, Some(COLOURS[0]), Some(COLOURS[0]), Some(FALL), Some(FALL)];
    for (column, colour) in (2_u16..).zip(colours) {
        let mut format = ChartFormat::new();
        match colour {
            None => format.set_no_fill(),
            Some(colour) => {
                format.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(colour)))
            }
        };
        drawn
            .add_series()
            .set_name((name, head, column))
            .set_categories((name, head + 1, 0, last, 0))
            .set_values((name, head + 1, column, last, column))
            .set_format(&mut format);
    }
    drawn.legend().set_hidden();
    drawn.x_axis().set_label_position(ChartAxisLabelPosition::Low);
    sheet.insert_chart(head, 8, &drawn)?;
    Ok(())
}

/// The amount of each point, then the base that nobody sees, then what rises or stands and what falls, above
/// nil and below: a step that crosses nil is drawn on each side of it.
fn columns(chart: &Chart) -> Vec<Vec<Decimal>> {
    let zero = Decimal::ZERO;
    let mut reached = zero;
    let made = chart.points.iter().map(|point| {
        let (from, to) =
            if point.whole { (zero, point.amount) } else { (reached, reached + point.amount) };
        reached = to;
        let (low, high) = (from.min(to), from.max(to));
        let (base, above, below) = if low >= zero {
            (low, high - low, zero)
        } else if high <= zero {
            (high, zero, low - high)
        } else {
            (zero, high, low)
        };
        let falls = !point.whole && to < from;
        let (rise, fall) =
            if falls { ([zero; 2], [above, below]) } else { ([above, below], [zero; 2]) };
        vec![point.amount, base, rise[0], rise[1], fall[0], fall[1]]
    });
    made.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::prelude::ToPrimitive;

    #[test]
    fn a_step_that_crosses_nil_stands_on_both_sides() {
        let point = |amount: i64, whole| Point {
            label: String::new(),
            amount: Decimal::from(amount),
            whole,
            ..Point::default()
        };
        let chart = Chart {
            name: String::new(),
            table: String::new(),
            title: String::new(),
            description: String::new(),
            kind: ChartKind::Bridge,
            points: vec![
                point(239, true),
                point(-875, false),
                point(100, false),
                point(-536, true),
            ],
        };
        let shown: Vec<Vec<i64>> = columns(&chart)
            .iter()
            .map(|row| row.iter().map(|amount| amount.to_i64().unwrap_or_default()).collect())
            .collect();
        assert_eq!(
            shown,
            [
                [239, 0, 239, 0, 0, 0],
                [-875, 0, 0, 0, 239, -636],
                [100, -536, 0, -100, 0, 0],
                [-536, 0, 0, -536, 0, 0],
            ]
        );
    }
}

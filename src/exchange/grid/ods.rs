use super::filling::{MOST_CELLS, MOST_TEXT, near};
use super::{CellAt, GridError};

/// Refuses the content of an ODS whose tables reach too far: it is read as rectangles of cells, and a few
/// bytes repeat a row a million times.
pub(super) fn bounded(content: &str) -> Result<(), GridError> {
    let mut table = Table::default();
    let mut repeated = None;
    // The end of the text ends the last cell.
    let places = content.match_indices("<table:").map(|(at, _)| at);
    for at in places.chain([content.len()]) {
        if let Some((from, times)) = repeated.take() {
            table.text += (at - from) * times;
        }
        let tag = tag(content[at..].strip_prefix('<').unwrap_or_default());
        let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next();
        match name.unwrap_or_default() {
            "table:table" => table = Table { text: table.text, ..Table::default() },
            "table:table-row" => table.row(times(tag, "table:number-rows-repeated")),
            "table:table-cell" | "table:covered-table-cell" => {
                let times = times(tag, "table:number-columns-repeated");
                let held = ["office:value-type", "table:formula", "office:value"]
                    .iter()
                    .any(|name| attribute(tag, name).is_some());
                let all = times.saturating_mul(table.rows);
                if held {
                    table.held(times)?;
                    repeated = (all > 1).then_some((at, all));
                }
                table.column = table.column.saturating_add(times);
            }
            _ => {}
        }
        if table.text > MOST_TEXT {
            return Err(GridError::Large(table.at()));
        }
    }
    Ok(())
}

/// Where the reading of a table is, and the rectangle of what it holds.
#[derive(Default)]
struct Table {
    row: usize,
    rows: usize,
    column: usize,
    first: Option<CellAt>,
    last: Option<CellAt>,
    text: usize,
}

impl Table {
    fn at(&self) -> CellAt {
        CellAt { row: self.row, column: self.column }
    }

    fn row(&mut self, times: usize) {
        self.row = self.row.saturating_add(self.rows);
        (self.rows, self.column) = (times, 0);
    }

    fn held(&mut self, times: usize) -> Result<(), GridError> {
        let at = self.at();
        let end = |from: usize, times: usize| from.saturating_add(times.saturating_sub(1));
        let far = CellAt { row: end(at.row, self.rows), column: end(at.column, times) };
        near(far)?;
        let first = self.first.get_or_insert(at);
        *first = CellAt { row: first.row.min(at.row), column: first.column.min(at.column) };
        let last = self.last.get_or_insert(far);
        *last = CellAt { row: last.row.max(far.row), column: last.column.max(far.column) };
        let cells = (last.row + 1 - first.row) * (last.column + 1 - first.column);
        if cells > MOST_CELLS { Err(GridError::Large(far)) } else { Ok(()) }
    }
}

/// A tag up to its end, which no value between quotes is.
fn tag(text: &str) -> &str {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return &text[..at],
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    text
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let (_, after) = tag.split_once(&format!(" {name}="))?;
    let quote = after.chars().next()?;
    after[quote.len_utf8()..].split(quote).next()
}

/// How many times a row or a cell stands: once unless it says otherwise.
fn times(tag: &str, name: &str) -> usize {
    attribute(tag, name).map_or(1, |typed| typed.trim().parse().unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_table_repeats_is_counted() {
        let row = |attributes: &str, cell: &str| {
            format!(
                "<table:table table:name=\"A\"><table:table-column/><table:table-row{attributes}>{cell}</table:table-row></table:table>"
            )
        };
        let text = |attributes: &str, length: usize| {
            let words = "x".repeat(length);
            format!(
                "<table:table-cell{attributes} office:value-type=\"string\"><text:p>{words}</text:p></table:table-cell>"
            )
        };
        let cells = " table:number-columns-repeated=";
        let rows = " table:number-rows-repeated=";
        let blank = format!("<table:table-cell{cells}\"16384\" table:style-name='a>b'/>");
        let told = |text: &str| bounded(text).map_err(|error| error.to_string()).err();
        assert_eq!(told(&row("", &text("", 4))), None);
        assert_eq!(told(&row(&format!("{rows}\"1048576\""), &blank)), None, "blank ones are none");
        let far = told(&row(&format!("{rows}\"1048576\""), &text("", 4)));
        assert!(far.is_some_and(|words| words.contains("A1048576")));
        let far = told(&row("", &format!("{blank}{}", text("", 4))));
        assert!(far.is_some_and(|words| words.contains("XFE1")));
        let wide = row(&format!("{rows}\"199999\""), &text(&format!("{cells}\"500\""), 4));
        assert!(told(&wide).is_some_and(|words| words.contains("SF199999")));
        let long = row(&format!("{rows}\"9000\""), &text("", 30_000));
        assert!(told(&long).is_some(), "a long text, many times");
        // What stands in two tables is no rectangle.
        let two = row("", &text("", 1)) + &row("", &text(&format!("{cells}\"500\""), 1));
        assert_eq!(told(&two), None);
    }
}

use rust_decimal::Decimal;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::measure::round_half_away;
use crate::render::document::Cell;

/// The formats of a workbook.
pub(super) struct Look {
    pub(super) title: Format,
    pub(super) subtitle: Format,
    pub(super) head: Format,
    pub(super) head_right: Format,
    pub(super) note: Format,
    pub(super) link: Format,
    pub(super) text: Format,
}

/// The green of the product, and what stands on it.
const INK: Color = Color::RGB(0x1f_4d_3a);
const PALE: Color = Color::RGB(0xe8_f0_ea);
const LINE: Color = Color::RGB(0x9a_a8_9f);

impl Look {
    pub(super) fn new() -> Self {
        let plain = Format::new().set_font_name("Calibri").set_font_size(10);
        let head = plain
            .clone()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(INK)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter);
        Self {
            title: plain.clone().set_bold().set_font_size(14).set_font_color(INK),
            subtitle: plain.clone().set_font_color(Color::RGB(0x55_5f_59)),
            head_right: head.clone().set_align(FormatAlign::Right),
            head,
            note: plain.clone().set_text_wrap().set_align(FormatAlign::Top),
            link: plain
                .clone()
                .set_font_color(INK)
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            text: plain,
        }
    }

    /// The format of a row that has that role.
    pub(super) fn of_row(&self, role: &str, depth: u32) -> Format {
        let indent = u8::try_from(depth.min(6)).unwrap_or(0);
        let base = self.text.clone().set_indent(indent).set_align(FormatAlign::Top);
        match role {
            "heading" => base.set_bold().set_font_color(INK),
            "subtotal" => base.set_bold().set_border_top(FormatBorder::Thin).set_border_color(LINE),
            "total" => base
                .set_bold()
                .set_background_color(PALE)
                .set_border_top(FormatBorder::Medium)
                .set_border_color(INK),
            "memo" => base.set_italic(),
            "detail" => base.set_font_color(Color::RGB(0x55_5f_59)),
            _ => base,
        }
    }

    /// The format of a figure in a row: what a French reader expects, in the form that a workbook keeps.
    pub(super) fn figure(row: &Format, cell: &Cell) -> Format {
        row.clone().set_indent(0).set_align(FormatAlign::Right).set_num_format(number(cell))
    }
}

/// Whether an amount is shown to the nearest thousand.
fn in_thousands(cell: &Cell) -> bool {
    let Cell::Amount { exact, shown, decimals: 0, .. } = cell else { return false };
    let thousand = Decimal::ONE_THOUSAND;
    *shown != round_half_away(*exact, 0)
        && *shown == round_half_away(*exact / thousand, 0) * thousand
}

/// The number format of a cell. A minus stands beside the red: no colour alone.
fn number(cell: &Cell) -> String {
    match cell {
        Cell::Amount { decimals, brackets, .. } => {
            let zeros = "0".repeat(usize::try_from(*decimals).unwrap_or(0));
            let digits =
                if zeros.is_empty() { "#,##0".to_owned() } else { format!("#,##0.{zeros}") };
            // Round brackets are a loss in a statement: what is not added stands in square ones.
            if *brackets {
                format!("\"[\"{digits}\"]\";[Red]\"[\"-{digits}\"]\"")
            } else if in_thousands(cell) {
                "#,##0,\"\u{202f}000\";[Red]-#,##0,\"\u{202f}000\"".to_owned()
            } else {
                format!("{digits};[Red]-{digits}")
            }
        }
        Cell::Count(_) => "#,##0.########;[Red]-#,##0.########".to_owned(),
        Cell::Share(_) => "0.0\u{a0}%;[Red]-0.0\u{a0}%".to_owned(),
        Cell::Date(_) => "dd/mm/yyyy".to_owned(),
        Cell::Empty | Cell::Text(_) => "General".to_owned(),
    }
}

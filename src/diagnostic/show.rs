use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::source::Excerpt;
use super::{Finding, Severity, SourceMap, Span};

/// A line longer than this is shown in part, around what is wrong.
const LINE_SHOWN: usize = 240;
/// Places further apart than this are shown as two excerpts.
const LINES_SHOWN: usize = 30;

/// How findings are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Frames, without colour: for files and tests.
    Plain,
    /// Frames in colour: for a terminal.
    Coloured,
    /// One line each: `file:line:column: erreur[E0301]: …`.
    Short,
}

/// Draws one finding with the user's own line and a caret, ending with a newline.
pub fn show(finding: &Finding, sources: &SourceMap, style: Style) -> String {
    if style == Style::Short {
        return short(finding, sources);
    }
    let level = match finding.code.severity() {
        Severity::Error => Level::ERROR.with_name("erreur"),
        Severity::Warning => Level::WARNING.with_name("avertissement"),
    };
    let code = finding.code.to_string();
    let title = level.primary_title(finding.message.as_str()).id(code.as_str());
    let mut group = title.elements(snippets(finding, sources));
    let advice = format!("{} ; voir `compta explain {code}`", finding.help.trim_end_matches('.'));
    if !finding.help.is_empty() {
        group = group.element(Level::HELP.with_name("aide").message(advice.as_str()));
    }
    let renderer = match style {
        Style::Coloured => Renderer::styled(),
        Style::Plain | Style::Short => Renderer::plain(),
    };
    let mut text = renderer.decor_style(DecorStyle::Unicode).render(&[group]);
    text.push('\n');
    // The renderer pads some lines; a golden file should not depend on it.
    text.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn short(finding: &Finding, sources: &SourceMap) -> String {
    let place = sources.place(finding.at);
    format!(
        "{}:{}:{}: {}[{}]: {}\n",
        place.source,
        place.line,
        place.column,
        finding.code.severity().word(),
        finding.code,
        finding.message
    )
}

/// The count that ends a run: `1 erreur, 2 avertissements`.
pub fn count(findings: &[Finding]) -> String {
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let warnings = findings.len() - errors;
    let plural = |n: usize, word: &str| format!("{n} {word}{}", if n > 1 { "s" } else { "" });
    match (errors, warnings) {
        (0, 0) => "aucune anomalie".to_owned(),
        (0, _) => plural(warnings, "avertissement"),
        (_, 0) => plural(errors, "erreur"),
        _ => format!("{}, {}", plural(errors, "erreur"), plural(warnings, "avertissement")),
    }
}

/// A mark on a line: which excerpt, whether it is the main one, and its words.
struct Mark<'a> {
    excerpt: Excerpt<'a>,
    main: bool,
    label: &'a str,
}

fn snippets<'a>(
    finding: &'a Finding,
    sources: &'a SourceMap,
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let mark = |at: Span, main, label: &'a String| Mark {
        excerpt: sources.excerpt(at),
        main,
        label: label.as_str(),
    };
    let mut marks = vec![mark(finding.at, true, &finding.label)];
    marks.extend(finding.related.iter().map(|(at, label)| mark(*at, false, label)));
    let mut groups: Vec<Vec<Mark<'a>>> = Vec::new();
    for mark in marks {
        let near = groups.iter_mut().find(|group| {
            group.iter().all(|other| {
                other.excerpt.name == mark.excerpt.name
                    && other.excerpt.line.abs_diff(mark.excerpt.line) <= LINES_SHOWN
            })
        });
        match near {
            Some(group) => group.push(mark),
            None => groups.push(vec![mark]),
        }
    }
    groups.into_iter().map(|group| snippet(group, sources)).collect()
}

fn snippet<'a>(
    mut marks: Vec<Mark<'a>>,
    sources: &'a SourceMap,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    marks.sort_by_key(|mark| (mark.excerpt.line, mark.excerpt.start, !mark.main));
    let (name, first) = (marks[0].excerpt.name, marks[0].excerpt.line);
    let last = marks[marks.len() - 1].excerpt.line;
    let mut text = String::new();
    let mut annotations = Vec::new();
    for number in first..=last {
        let on_line: Vec<&Mark<'a>> = marks.iter().filter(|m| m.excerpt.line == number).collect();
        let base = text.len();
        if let Some(mark) = on_line.first() {
            let window = window(&mark.excerpt);
            for mark in &on_line {
                let kind =
                    if mark.main { AnnotationKind::Primary } else { AnnotationKind::Context };
                let (start, end) = window.within(&mark.excerpt);
                annotations.push(kind.span(base + start..base + end).label(mark.label));
            }
            text.push_str(&window.text);
        } else if let Some(source) = sources.iter().find(|source| source.name() == name) {
            text.push_str(&String::from_utf8_lossy(source.line(number)));
        }
        text.push('\n');
    }
    Snippet::source(text).path(name).line_start(first).fold(true).annotations(annotations)
}

/// The part of a line that is shown.
struct Window {
    text: String,
    skipped: usize,
    ellipsis: usize,
    /// Where the line's own text ends: what may follow is an ellipsis.
    end: usize,
}

fn window(excerpt: &Excerpt<'_>) -> Window {
    let whole = excerpt.bytes;
    if whole.len() <= LINE_SHOWN {
        let text = String::from_utf8_lossy(whole).into_owned();
        let end = text.len();
        return Window { text, skipped: 0, ellipsis: 0, end };
    }
    let boundary = |mut at: usize| {
        while at > 0 && at < whole.len() && whole[at] & 0b1100_0000 == 0b1000_0000 {
            at -= 1;
        }
        at
    };
    let from = boundary(excerpt.start.saturating_sub(LINE_SHOWN / 3));
    let to = boundary((from + LINE_SHOWN).min(whole.len()));
    let (before, after) =
        (if from > 0 { "…" } else { "" }, if to < whole.len() { "…" } else { "" });
    let text = format!("{before}{}{after}", String::from_utf8_lossy(&whole[from..to]));
    let end = text.len() - after.len();
    Window { text, skipped: from, ellipsis: before.len(), end }
}

impl Window {
    /// Where the excerpt's bytes stand in the text shown, which may have replaced some of them.
    fn within(&self, excerpt: &Excerpt<'_>) -> (usize, usize) {
        let shown = |at: usize| {
            let at = at.max(self.skipped);
            let before = &excerpt.bytes[self.skipped..at];
            let mut shown = (self.ellipsis + String::from_utf8_lossy(before).len()).min(self.end);
            // What is marked may begin or end inside a letter that is not UTF-8.
            while !self.text.is_char_boundary(shown) {
                shown -= 1;
            }
            shown
        };
        let (start, end) = (shown(excerpt.start), shown(excerpt.end));
        (start, end.max(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    #[test]
    fn a_long_line_of_accents_is_cut_between_letters() {
        for length in 200..320 {
            for letter in ["é", "€", "x", "𝄞"] {
                let line = format!("{}{}\n", "a".repeat(length % 7), letter.repeat(length));
                let mut sources = SourceMap::default();
                let bytes = line.clone().into_bytes();
                let count = u32::try_from(bytes.len()).unwrap_or(0) - 1;
                assert!(sources.add("f", bytes).is_some());
                for (start, end) in [(0, count), (count / 2, count), (0, 1)] {
                    let finding = Finding::new(Code::FecFields, Span::new(start, end), "trop long");
                    assert!(show(&finding.help("x"), &sources, Style::Plain).contains("trop long"));
                }
            }
        }
    }
}

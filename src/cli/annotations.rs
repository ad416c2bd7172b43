use super::host::Host;
use super::open::Opened;
use crate::diagnostic::{Finding, Severity, count};

/// The findings as annotations that GitHub shows on the lines of a change, then their count.
///
/// Paths are given from the folder of the command, as CI runs it at the root of a repository.
pub(super) fn annotations(opened: &Opened, host: &Host) -> String {
    let here = host.real(host.folder()).unwrap_or_default();
    let mut text = String::new();
    for finding in &opened.findings {
        let place = opened.books.sources().place(finding.at);
        let path = opened.folder.join(&place.source);
        let path = path.strip_prefix(&here).unwrap_or(&path).display().to_string();
        let title = format!("{} {}", finding.code, finding.code.title());
        text.push_str(&format!(
            "::{} file={},line={},col={},title={}::{}\n",
            level(finding),
            property(&path),
            place.line,
            place.column,
            property(&title),
            data(&message(finding)),
        ));
    }
    text + &count(&opened.findings) + "\n"
}

fn level(finding: &Finding) -> &'static str {
    match finding.code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn message(finding: &Finding) -> String {
    let help = if finding.help.is_empty() {
        String::new()
    } else {
        format!(" – aide : {}", finding.help)
    };
    format!("{}{help}", finding.message)
}

/// What stands after `::`: GitHub reads percent codes there.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands between commas.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_github_would_read_otherwise_is_escaped() {
        assert_eq!(data("10 %\nsuite"), "10 %25%0Asuite");
        assert_eq!(property("a:b, c%"), "a%3Ab%2C c%25");
    }
}

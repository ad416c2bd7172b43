use std::sync::OnceLock;

use super::form::Form;
use super::reading::form;
use crate::diagnostic::{Code, Finding, SourceMap, encoding};

/// The forms that compta ships, by name.
const SHIPPED: [(&str, &str); 3] = [
    ("ag", include_str!("forms/ag.toml")),
    ("anc-2018-06", include_str!("forms/anc-2018-06.toml")),
    ("cerfa-12156", include_str!("forms/cerfa-12156.toml")),
];

/// What ends the name of a source that compta ships: no file of the books has it.
const SHIPPED_MARK: &str = " (livrée)";

/// Whether a source is a form that compta ships, which stands in no folder.
pub fn is_shipped_form(source: &str) -> bool {
    source.ends_with(SHIPPED_MARK)
}

/// The forms at hand: those of the books, and the shipped ones, each read when it is first asked for.
#[derive(Debug, Default)]
pub struct Forms {
    shipped: Vec<Shipped>,
    own: Vec<Form>,
}

/// A shipped form that the books do not replace.
#[derive(Debug)]
struct Shipped {
    name: &'static str,
    text: &'static str,
    base: u32,
    read: OnceLock<Option<Form>>,
}

impl Shipped {
    fn form(&self) -> Option<&Form> {
        let read = || {
            let mut findings = Vec::new();
            let read = form(self.text, self.base, &mut findings);
            assert!(
                findings.is_empty(),
                "the shipped form {} is at fault: {findings:?}",
                self.name
            );
            read.map(|(form, _)| form)
        };
        self.read.get_or_init(read).as_ref()
    }
}

impl Forms {
    /// The form of that name.
    pub fn get(&self, name: &str) -> Option<&Form> {
        let shipped = || self.shipped.iter().find(|known| known.name == name)?.form();
        self.own.iter().find(|form| form.name == name).or_else(shipped)
    }

    /// Every form, the shipped ones first.
    pub fn iter(&self) -> impl Iterator<Item = &Form> {
        self.shipped.iter().filter_map(Shipped::form).chain(&self.own)
    }

    /// Their names, in the same order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let own = self.own.iter().map(|form| form.name.as_str());
        self.shipped.iter().map(|known| known.name).chain(own)
    }
}

/// Reads the forms of the books' own folder, which win over a shipped name.
///
/// `own` are (path, text); every form joins the sources, so that findings can point into it.
///
/// # Panics
/// When a shipped form that is asked for later does not read: that is our bug.
pub fn forms(
    own: Vec<(String, Vec<u8>)>,
    sources: &mut SourceMap,
    findings: &mut Vec<Finding>,
) -> Forms {
    let mut forms = Forms::default();
    for (name, text) in SHIPPED {
        let source = format!("formes/{name}.toml{SHIPPED_MARK}");
        let Some(id) = sources.add(source, text.as_bytes().to_vec()) else { continue };
        let base = sources.get(id).base();
        forms.shipped.push(Shipped { name, text, base, read: OnceLock::new() });
    }
    for (path, bytes) in own {
        let Some(id) = sources.add(path, bytes) else { continue };
        let source = sources.get(id);
        let text = match std::str::from_utf8(source.bytes()) {
            Ok(text) => text,
            Err(error) => {
                findings.push(encoding(source.bytes(), error.valid_up_to(), source.base()));
                continue;
            }
        };
        let Some((form, at)) = form(text, source.base(), findings) else { continue };
        if forms.own.iter().any(|known| known.name == form.name) {
            findings.push(
                Finding::new(
                    Code::BadValue,
                    at,
                    format!("deux formes s’appellent `{}`", form.name),
                )
                .label("la seconde")
                .help("donnez à chaque forme du dossier un nom à elle"),
            );
        }
        forms.shipped.retain(|known| known.name != form.name);
        forms.own.retain(|known| known.name != form.name);
        forms.own.push(form);
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_form_reads_under_its_own_name() {
        let forms = forms(Vec::new(), &mut SourceMap::default(), &mut Vec::new());
        let read: Vec<&str> = forms.iter().map(|form| form.name.as_str()).collect();
        assert_eq!(read, SHIPPED.map(|(name, _)| name));
        assert_eq!(read, forms.names().collect::<Vec<_>>());
    }
}

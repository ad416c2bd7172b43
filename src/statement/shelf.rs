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

    /// A form of the books wins over the shipped one of its name; two of them under one name are told, and
    /// the second is the one at hand.
    #[test]
    fn a_form_of_the_books_wins() {
        let text = SHIPPED[0].1;
        let own = |name: &str, title: &str| {
            let text = text.replacen("forme = \"ag\"", &format!("forme = \"{name}\""), 1);
            let title = format!("titre = \"{title}\"");
            text.replacen("titre = \"Présentation en assemblée générale\"", &title, 1).into_bytes()
        };
        let read = |files: &[(&str, Vec<u8>)]| {
            let files = files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.clone()));
            let (mut map, mut findings) = (SourceMap::default(), Vec::new());
            let forms = forms(files.collect(), &mut map, &mut findings);
            let told: Vec<String> = findings.into_iter().map(|one| one.message).collect();
            (forms, told)
        };
        let names = |forms: &Forms| forms.names().map(str::to_owned).collect::<Vec<_>>();
        let title = |forms: &Forms, name: &str| forms.get(name).map(|form| form.title.clone());

        let (shelf, told) = read(&[("formes/a.toml", own("ag", "La nôtre"))]);
        assert_eq!(told, [""; 0]);
        assert_eq!(names(&shelf), ["anc-2018-06", "cerfa-12156", "ag"]);
        assert_eq!(title(&shelf, "ag").as_deref(), Some("La nôtre"));

        let (shelf, told) =
            read(&[("formes/a.toml", own("a", "Une")), ("formes/b.toml", own("b", "Deux"))]);
        assert_eq!(told, [""; 0]);
        assert_eq!(names(&shelf), ["ag", "anc-2018-06", "cerfa-12156", "a", "b"]);

        let (shelf, told) =
            read(&[("formes/a.toml", own("a", "Une")), ("formes/b.toml", own("a", "Deux"))]);
        assert_eq!(told, ["deux formes s’appellent `a`"]);
        assert_eq!(names(&shelf), ["ag", "anc-2018-06", "cerfa-12156", "a"]);
        assert_eq!(title(&shelf, "a").as_deref(), Some("Deux"));
    }
}

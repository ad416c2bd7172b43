//! One page of HTML that needs nothing else: no network, no script; tables, charts, entries and the links
//! between them (RGAA 4.1: language, landmarks, captions, scopes, contrast, narrow screens, print).

mod ledger;
mod links;
mod method;
mod sets;
mod svg;
mod tables;
mod totals;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::chart::Chart;
use super::document::Document;
use links::Links;

pub use ledger::{LedgerAccount, LedgerLine};

/// What a page holds.
#[derive(Debug)]
pub struct Page<'a> {
    /// Its title.
    pub title: &'a str,
    /// Facts under the title: association, year, state, seal.
    pub facts: &'a [(String, String)],
    /// Its documents, each with when it is seen.
    pub documents: Vec<Shown<'a>>,
    /// Its charts, each drawn below the table of its name.
    pub charts: &'a [Chart],
    /// The accounts behind the figures, each with its lines.
    pub ledger: &'a [LedgerAccount],
    /// Why the entries are not there, when they are left out.
    pub unlisted: Option<&'a str>,
}

/// A document of a page.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// When it is seen.
    pub view: PageView,
    /// The document.
    pub document: &'a Document,
    /// Whether its figures lead to the entries of the page: they are of its year.
    pub linked: bool,
}

/// Which of the two ledgers a reader looks at when a document is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageView {
    /// Whatever the reader looks at.
    Always,
    /// The classic ledger, or both.
    Classic,
    /// The CARE ledger, or both.
    Care,
    /// Both, with the bridge between them.
    Both,
}

impl PageView {
    /// The class of its section in the page.
    fn class(self) -> Option<&'static str> {
        match self {
            Self::Always => None,
            Self::Classic => Some("classique"),
            Self::Care => Some("care"),
            Self::Both => Some("deux"),
        }
    }
}

const STYLE: &str = include_str!("style.css");

/// The bytes of a page; the same page gives the same bytes.
pub fn page(page: &Page<'_>) -> Vec<u8> {
    let several = page.documents.len() > 1;
    let switched = page.documents.iter().any(|shown| shown.view != PageView::Always);
    let links = Links::of(page);
    let made: Markup = html! {
        (DOCTYPE)
        html lang="fr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (page.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#contenu" { "Aller au contenu" }
                header {
                    h1 { (page.title) }
                    @if !page.facts.is_empty() {
                        dl class="facts" {
                            @for (name, value) in page.facts { dt { (name) } dd { (value) } }
                        }
                    }
                    @if switched { (switch()) }
                }
                @if several {
                    nav aria-label="Tableaux" {
                        ul {
                            @for (rank, shown) in page.documents.iter().enumerate() {
                                li class=[shown.view.class()] {
                                    a href=(format!("#d{rank}")) { (shown.document.title) }
                                }
                            }
                            @if switched { li { a href="#methode" { "Comment lire ces comptes" } } }
                            @if !page.ledger.is_empty() {
                                li { a href="#grand-livre" { "Écritures, compte par compte" } }
                            }
                        }
                    }
                }
                main id="contenu" {
                    @for (rank, shown) in page.documents.iter().enumerate() {
                        (tables::document(*shown, rank, (page, &links, several)))
                    }
                    @if switched { (method::section()) }
                    (ledger::section(page, &links))
                }
                footer { p class="under" { "Fait par compta " (env!("CARGO_PKG_VERSION")) "." } }
            }
        }
    };
    // A line for each row, so that two pages can be compared; text of the books holds no raw `<`.
    let mut text = made.into_string();
    for begins in ["<tr", "<section", "<figure", "<li"] {
        text = text.replace(begins, &format!("\n{begins}"));
    }
    text.push('\n');
    text.into_bytes()
}

/// The switch between the ledgers, which needs no script: what is chosen hides the sections of the other. An
/// old browser, which cannot, shows everything and no switch.
fn switch() -> Markup {
    let choices = [
        ("v-deux", "Les deux, et le pont de l’un à l’autre", true),
        ("v-classique", "Livre classique", false),
        ("v-care", "Livre CARE", false),
    ];
    html! {
        fieldset class="vues" {
            legend { "Livre montré" }
            @for (id, words, first) in choices {
                input class="vue" type="radio" name="vue" id=(id) checked[first];
                label for=(id) { (words) }
            }
        }
    }
}

//! One page of HTML that needs nothing else: no network, no script; tables, charts, entries and the links
//! between them (RGAA 4.1: language, landmarks, captions, scopes, contrast, narrow screens, print).

mod ledger;
mod svg;
mod tables;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::chart::Chart;
use super::document::Document;
use ledger::Links;

pub use ledger::{LedgerAccount, LedgerLine};

/// What a page holds.
#[derive(Debug)]
pub struct Page<'a> {
    /// Its title.
    pub title: &'a str,
    /// Facts under the title: association, year, state, seal.
    pub facts: &'a [(String, String)],
    /// Its documents.
    pub documents: Vec<&'a Document>,
    /// Its charts, each drawn below the table of its name.
    pub charts: &'a [Chart],
    /// The accounts behind the figures, each with its lines.
    pub ledger: &'a [LedgerAccount],
}

const STYLE: &str = include_str!("style.css");

/// The bytes of a page; the same page gives the same bytes.
pub fn page(page: &Page<'_>) -> Vec<u8> {
    let several = page.documents.len() > 1;
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
                }
                @if several {
                    nav aria-label="Tableaux" {
                        ul {
                            @for (rank, document) in page.documents.iter().enumerate() {
                                li { a href=(format!("#d{rank}")) { (document.title) } }
                            }
                            @if !page.ledger.is_empty() {
                                li { a href="#grand-livre" { "Écritures, compte par compte" } }
                            }
                        }
                    }
                }
                main id="contenu" {
                    @for (rank, document) in page.documents.iter().enumerate() {
                        (tables::document(document, rank, (page, &links, several)))
                    }
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

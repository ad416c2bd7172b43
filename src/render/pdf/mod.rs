//! Tagged PDF (PDF/UA-1 and PDF/A-2a) by typst: a template makes pages of a document given as data.
//!
//! In: documents, charts, and the files of the user's `modeles/`. Out: bytes, or what is wrong in a template.
//! Text of the books reaches a template as strings, which typst never reads as code; a template sees no
//! network, no clock and no file but its own folder. Absent on purpose: words and signs, decided in
//! `present`.

mod data;
mod letters;
mod world;

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::chart::Chart;
use super::document::Document;
use world::{Desk, is_template, name_of};

/// The templates that compta ships, each under the name that a file of `modeles/` may take in its place.
pub const TEMPLATES: [(&str, &str); 4] = [
    ("commun.typ", include_str!("modeles/commun.typ")),
    ("ecran.typ", include_str!("modeles/ecran.typ")),
    ("livret.typ", include_str!("modeles/livret.typ")),
    ("tableau.typ", include_str!("modeles/tableau.typ")),
];

/// What every shipped template takes from: a file of that name reaches into those that are not the user's.
const SHARED: &str = "commun.typ";

/// What the pages are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// One document, on A4.
    Table,
    /// The booklet of a general assembly, on A4.
    Booklet,
    /// The same for the screen of the assembly, 16:9.
    Screen,
}

impl Pages {
    /// The template that makes them.
    fn template(self) -> &'static str {
        match self {
            Self::Table => "tableau.typ",
            Self::Booklet => "livret.typ",
            Self::Screen => "ecran.typ",
        }
    }
}

/// What is to be set on pages.
#[derive(Debug)]
pub struct Booklet<'a> {
    /// Which template.
    pub pages: Pages,
    /// Its title.
    pub title: &'a str,
    /// Whose books.
    pub entity: &'a str,
    /// The year or the period, as it is named; nothing for all of them.
    pub period: &'a str,
    /// Facts of its cover: state, root of the seal.
    pub facts: &'a [(String, String)],
    /// The day that the file bears: never the clock's.
    pub day: NaiveDate,
    /// Its documents, each under its name.
    pub documents: Vec<(&'a str, &'a Document)>,
    /// Its charts, each below the table of its name.
    pub charts: &'a [Chart],
    /// The files of `modeles/`: templates that replace shipped ones, pictures, fonts.
    pub own: &'a [(String, Vec<u8>)],
}

/// What keeps a template from making pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    /// The file, without its folder; nothing when no line is at fault.
    pub file: Option<(String, String)>,
    /// Whether the file is the user's; else compta ships it.
    pub own: bool,
    /// The bytes at fault.
    pub range: Range<usize>,
    /// What typst says, in its own words.
    pub message: String,
    /// What it advises.
    pub hints: Vec<String>,
}

/// The bytes of a PDF; the same data and templates give the same bytes.
pub fn pdf(booklet: &Booklet<'_>) -> Result<Vec<u8>, Vec<TemplateFault>> {
    let unread = unread(booklet.own);
    if !unread.is_empty() {
        return Err(unread);
    }
    let desk =
        Desk::new(booklet.pages.template(), booklet.own, |letters| data::json(booklet, letters));
    let faults = |all: &[SourceDiagnostic]| all.iter().map(|one| fault(&desk, one)).collect();
    let made = typst::compile::<PagedDocument>(&desk).output.map_err(|all| faults(&all))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]);
    let options = PdfOptions {
        ident: Smart::Custom(format!("compta:{}:{}", booklet.entity, booklet.title)),
        creator: Smart::Custom(Some(format!("compta {}", env!("CARGO_PKG_VERSION")))),
        standards: standards.unwrap_or_default(),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&made, &options).map_err(|all| faults(&all))
}

/// The templates of the user that are no text: left out, the shipped ones would stand in silently.
fn unread(own: &[(String, Vec<u8>)]) -> Vec<TemplateFault> {
    let templates = own.iter().filter(|(name, _)| is_template(name));
    let faults = templates.filter_map(|(name, bytes)| {
        let at = std::str::from_utf8(bytes).err()?.valid_up_to();
        let shown = String::from_utf8_lossy(bytes).into_owned();
        Some(TemplateFault {
            file: Some((name.clone(), shown)),
            own: true,
            range: at..at + char::REPLACEMENT_CHARACTER.len_utf8(),
            message: "ce fichier n’est pas en UTF-8".to_owned(),
            hints: vec!["enregistrez-le en UTF-8".to_owned()],
        })
    });
    faults.collect()
}

fn fault(desk: &Desk, said: &SourceDiagnostic) -> TemplateFault {
    // An error inside a shipped function is the caller's: the first place that is the user's own.
    let own =
        |file: &Option<(String, String)>| file.as_ref().is_some_and(|(name, _)| desk.is_own(name));
    let place = |id: Option<typst::syntax::FileId>| {
        let id = id?;
        Some((name_of(id).to_owned(), desk.text(id)?.to_owned()))
    };
    // What is said of the whole is said of the main template.
    let mut file = place(said.span.id()).or_else(|| place(Some(desk.main())));
    let mut range = desk.range(said.span).unwrap_or_default();
    if !own(&file) {
        for trace in &said.trace {
            let called = place(trace.span.id());
            if own(&called) {
                range = desk.range(trace.span).unwrap_or_default();
                file = called;
                break;
            }
        }
    }
    let mut message = said.message.to_string();
    // Nobody can mend a shipped template: the user's file that goes with it is named.
    let yours = [SHARED, name_of(desk.main())].into_iter().find(|name| desk.is_own(name));
    if let (false, Some(yours)) = (own(&file), yours) {
        let shipped = file.map_or_else(String::new, |(name, _)| name);
        message = format!("{message} (dans `{shipped}`, modèle livré qui va avec ce fichier)");
        file = desk.named(yours).map(|text| (yours.to_owned(), text.to_owned()));
        range = 0..0;
    }
    TemplateFault {
        own: own(&file),
        file,
        range,
        message,
        hints: said.hints.iter().map(|hint| hint.v.to_string()).collect(),
    }
}

/// The day of a year as a template reads it.
fn day(day: NaiveDate) -> [i64; 3] {
    [i64::from(day.year()), i64::from(day.month()), i64::from(day.day())]
}

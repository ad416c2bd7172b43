//! What cannot be sealed: its parts do not hold together, and no seal is made.

use compta::book::{Books, EntryRef};
use compta::closing::{Kind, Previous, Seal, SealError, SealInput, SourceInput, SourceKind, State};
use compta::measure::{FiscalYear, day};

use super::world::{Files, TOOL, read, until};

/// Seals a year of books, with other sources or other entries than theirs.
fn sealed<'a>(
    books: &'a Books,
    year: &'a FiscalYear,
    entries: Vec<EntryRef<'a>>,
    sources: Vec<SourceInput<'a>>,
) -> Result<Seal, SealError> {
    Seal::build(&SealInput {
        books,
        entries,
        entity: "Les Amis du Canal",
        siren: None,
        year,
        kind: Kind::Annual,
        day: day(2024, 3, 12).unwrap(),
        state: State::Final,
        previous: Previous::Genesis,
        sources,
        tool: TOOL,
    })
}

fn of<'a>(books: &'a Books, year: &FiscalYear) -> Vec<EntryRef<'a>> {
    books.entries().filter(|entry| year.period.contains(entry.date())).collect()
}

fn journals(live: &Files) -> Vec<SourceInput<'_>> {
    let journals = live.iter().filter(|(path, _)| path.ends_with(".journal"));
    journals.map(|(path, bytes)| SourceInput { path, kind: SourceKind::Journal, bytes }).collect()
}

#[test]
fn a_path_that_a_manifest_cannot_carry_is_refused() {
    let (live, year) = (until(2023), FiscalYear::calendar(2023).unwrap());
    let books = read(&live, 2023).unwrap();
    for path in ["", "a\nb.toml", "a\tb.toml", "a\\b.toml", "a\u{7f}.toml"] {
        let mut sources = journals(&live);
        sources.push(SourceInput { path, kind: SourceKind::Register, bytes: b"" });
        let error = sealed(&books, &year, of(&books, &year), sources).unwrap_err();
        assert_eq!(error, SealError::Path(path.into()));
        assert!(error.to_string().contains("ne peut pas être scellé"), "{error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    // The same name in other letters is the same file; of another kind, it is another.
    let twice = |kind| {
        let mut sources = journals(&live);
        for (path, kind) in [("\u{e9}.toml", SourceKind::Register), ("e\u{301}.toml", kind)] {
            sources.push(SourceInput { path, kind, bytes: b"" });
        }
        sealed(&books, &year, of(&books, &year), sources)
    };
    assert_eq!(twice(SourceKind::Register), Err(SealError::Path("\u{e9}.toml".into())));
    assert!(twice(SourceKind::Policy).is_ok());
}

#[test]
fn an_entry_that_its_file_does_not_hold_is_refused() {
    let (live, year) = (until(2023), FiscalYear::calendar(2023).unwrap());
    let books = read(&live, 2023).unwrap();
    assert!(sealed(&books, &year, of(&books, &year), journals(&live)).is_ok());
    let first = of(&books, &year).into_iter().find(|entry| !entry.is_derived()).unwrap();
    let path = first.place().source;
    let said = format!("{} ({})", first.code(), first.place());
    // Another text, one line further, and no file at all.
    let text = String::from_utf8(live[&path].clone()).unwrap();
    for changed in
        [Some(text.replacen(" | facture", " | note", 1)), Some(format!("\n{text}")), None]
    {
        let mut live = live.clone();
        live.remove(&path);
        if let Some(text) = changed {
            live.insert(path.clone(), text.into_bytes());
        }
        let error = sealed(&books, &year, of(&books, &year), journals(&live)).unwrap_err();
        assert_eq!(error, SealError::NotThere(said.clone()));
        assert!(error.to_string().contains("n’est plus dans son fichier"), "{error}");
    }
    // One entry given twice stands there once.
    let mut entries = of(&books, &year);
    entries.push(first);
    assert_eq!(sealed(&books, &year, entries, journals(&live)), Err(SealError::NotThere(said)));
}

#[test]
fn an_entry_of_the_year_that_is_not_given_is_refused() {
    let (live, year) = (until(2023), FiscalYear::calendar(2023).unwrap());
    let books = read(&live, 2023).unwrap();
    let mut entries = of(&books, &year);
    let at = entries.iter().position(|entry| !entry.is_derived()).unwrap();
    let gone = entries.remove(at);
    let (path, at) = (gone.place().source, gone.place().line);
    let error = sealed(&books, &year, entries, journals(&live)).unwrap_err();
    assert_eq!(error, SealError::Unsealed(path.clone(), at));
    assert!(error.to_string().starts_with(&format!("{path}:{at} : ")), "{error}");
    assert!(error.to_string().ends_with("que rien ne scelle"), "{error}");
}

/// Derived entries are sealed by what they say, wherever their text is: in a generated journal, with
/// comments of its own, or nowhere.
#[test]
fn derived_entries_need_no_file() {
    let (live, year) = (until(2023), FiscalYear::calendar(2023).unwrap());
    let books = read(&live, 2023).unwrap();
    let nowhere = sealed(&books, &year, of(&books, &year), journals(&live)).unwrap();
    let derived: Vec<_> = nowhere.entries.iter().filter(|entry| entry.place.is_none()).collect();
    assert_eq!(
        derived.iter().map(|entry| entry.code.as_str()).collect::<Vec<_>>(),
        ["CARE-0001", "CARE-0002"]
    );
    let texts: Vec<String> = of(&books, &year)
        .iter()
        .filter(|entry| entry.is_derived())
        .map(|entry| entry.text().trim_end().to_owned())
        .collect();
    let plain = format!("{}\n\n{}\n", texts[0], texts[1]);
    let told = plain.replacen('\n', "  ; dit de plus\n    ; et plus encore\n", 1);
    for (generated, line) in [(&plain, 1), (&told, 1)] {
        let mut sources = journals(&live);
        let bytes = generated.as_bytes();
        sources.push(SourceInput { path: "care.journal", kind: SourceKind::Generated, bytes });
        let seal = sealed(&books, &year, of(&books, &year), sources).unwrap();
        let places: Vec<_> = seal.entries.iter().filter(|e| e.code.starts_with("CARE")).collect();
        assert_eq!(places[0].place, Some(("care.journal".into(), line)));
        assert_eq!(places[1].place.as_ref().map(|(path, _)| path.as_str()), Some("care.journal"));
        // What they say is what they said; only where it stands, and how, differs.
        assert_eq!(places[0].content, derived[0].content);
        assert_eq!(seal.totals, nowhere.totals);
    }
}

/// Books without a currency symbol, entries without a number: what a seal counts is there all the same.
#[test]
fn a_seal_counts_what_is_there() {
    let year = FiscalYear::calendar(2023).unwrap();
    let mut live = until(2023);
    live.insert(
        "2023/od.journal".into(),
        "decimal-mark ,\n\n2023-05-01 * (OD-0001) Une\n    6251 Voyages et déplacements  1,00 €\n    512000 Crédit coopératif\n\n2023-05-02 * Sans numéro\n    6251 Voyages et déplacements  -2,00 €\n    512000 Crédit coopératif\n    (train-tgv)  3 pkm\n".into(),
    );
    let books = read(&live, 2023).unwrap();
    let own = |entry: &EntryRef<'_>| entry.place().source == "2023/od.journal";
    let seal = sealed(&books, &year, of(&books, &year), journals(&live)).unwrap();
    let count = of(&books, &year).iter().filter(|entry| own(entry)).count();
    assert_eq!(count, 2);
    let numbers: Vec<_> = seal
        .numbers
        .iter()
        .map(|one| (one.journal.as_str(), one.count, one.first.as_str(), one.last.as_str()))
        .collect();
    assert_eq!(
        numbers,
        [
            ("", 1, "", ""),
            ("ACH", 6, "0001", "0006"),
            ("BQ", 6, "0001", "0006"),
            ("CARE", 2, "0001", "0002"),
            ("OD", 1, "0001", "0001")
        ]
    );
    let totals: Vec<_> =
        seal.totals.iter().map(|one| (one.book.as_str(), one.unit.as_str())).collect();
    assert_eq!(totals, [("F", "€"), ("C", "€"), ("T", "kgCO₂e"), ("A", "pkm")]);
    let financial = &seal.totals[0];
    assert_eq!(financial.postings, 4 + 2 * 12);
    assert_eq!(financial.debit, financial.credit);
    let activity = &seal.totals[3];
    assert_eq!(
        (activity.debit.as_str(), activity.credit.as_str(), activity.postings),
        ("19", "0", 2)
    );
    assert_eq!(seal.siren, "");
}

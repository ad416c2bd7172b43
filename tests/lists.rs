//! Lists that are made as they are written say what their documents say, in every format.

use chrono::NaiveDate;
use compta::measure::{Number, Unit};
use compta::render::{Column, Document, Format, Line, List, Table, render, write_list};

const WORDS: [&str; 9] = [
    "SNCF | Paris–Grenoble",
    "",
    "Électricité de Savoie, facture de février et de mars",
    "=1+1",
    "deux\nlignes et un\ttab",
    "a \"b\" \\ c",
    "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
    "mot-très-long-qui-ne-se-coupe-qu-aux-traits-d-union",
    "\u{202e}caché",
];

/// A list of so many rows; some stand under a title.
fn list(count: usize) -> List<'static> {
    let columns = vec![
        Column::whole("date", "Date"),
        Column::words("libelle", "Libellé de l’écriture"),
        Column::words("piece", "Pièce"),
        Column::numbers("debit", "Débit"),
        Column::whole("source", "Source").off_screen(),
    ];
    let table = Table {
        name: "essai".to_owned(),
        title: String::new(),
        columns,
        rows: Vec::new(),
        keyed: false,
    };
    let frame = Document {
        schema: "compta/essai/1".to_owned(),
        facts: vec![("year", "2024".to_owned())],
        title: "Essai".to_owned(),
        tables: vec![table],
        ..Document::default()
    };
    List::new(frame, count, |rank, line: &mut Line| {
        if rank % 7 == 0 {
            line.above(|out| out.push_str(&format!("compte {rank}")));
        }
        line.date(NaiveDate::from_ymd_opt(2024, 1, 1 + u32::try_from(rank % 28).unwrap()).unwrap());
        line.words(|| WORDS[rank % WORDS.len()]);
        line.text(|out| out.push_str(&rank.to_string()));
        let amount = i64::try_from(rank).unwrap() * 104_729 - 500_000;
        if rank % 5 == 0 {
            line.empty();
        } else {
            line.amount(Number::new(amount, 2).decimal(), Unit::EURO);
        }
        line.words(|| "a.journal:12");
    })
}

fn bytes(list: &List<'_>, format: Format, threads: usize) -> Vec<u8> {
    let mut out = Vec::new();
    write_list(list, format, threads, &mut out).unwrap();
    out
}

/// A part is 4 000 rows, a turn eight of them for each thread.
#[test]
fn a_list_says_what_its_document_says() {
    for count in [0, 1, 2, 50, 4_000, 4_001, 40_003] {
        let list = list(count);
        let document = list.document();
        assert_eq!(document.tables[0].rows.len(), count);
        for format in [
            Format::Text { width: 60 },
            Format::Text { width: 200 },
            Format::Csv,
            Format::CsvExcel,
            Format::Json,
        ] {
            let whole = render(&document, format);
            for threads in [1, 3] {
                let parts = bytes(&list, format, threads);
                assert!(parts == whole, "{count} rows, {format:?}, {threads} threads");
            }
        }
    }
}

/// An output that refuses stops the list, with its own error.
#[test]
fn an_output_that_refuses_is_heard() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if self.0 < bytes.len() {
                return Err(std::io::Error::from(std::io::ErrorKind::StorageFull));
            }
            self.0 -= bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let list = list(40_000);
    for format in [Format::Text { width: 80 }, Format::Csv, Format::Json] {
        let told = write_list(&list, format, 2, &mut Full(1_000_000));
        assert_eq!(told.unwrap_err().kind(), std::io::ErrorKind::StorageFull);
    }
}

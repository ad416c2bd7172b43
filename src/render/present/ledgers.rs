use super::Heading;
use super::lists::list;
use crate::book::{Account, Books};
use crate::measure::Unit;
use crate::render::document::Column;
use crate::render::rows::{Line, List};
use crate::statement::lists::EntryLine;

/// Unit, debit and credit of a line.
fn put_sides(line: &EntryLine<'_>, books: &Books, out: &mut Line) {
    let (exact, unit) = (line.amount().decimal(), line.unit());
    out.words(|| books.units().code(unit));
    if exact.is_sign_negative() {
        out.empty();
        out.amount(-exact, unit);
    } else {
        out.amount(exact, unit);
        out.empty();
    }
}

/// A screen shows the unit only where there are others than the euro.
fn unit_column(lines: &[EntryLine<'_>]) -> Column {
    let column = Column::whole("unite", "Unité");
    let only_euros = lines.iter().all(|line| line.unit() == Unit::EURO);
    if only_euros { column.off_screen() } else { column }
}

/// The accounts of the books as lists name them, by their ranks.
fn keys(books: &Books) -> Vec<String> {
    books.accounts().every().map(Account::key).collect()
}

/// The journal, entry after entry.
pub fn journal_list<'a>(
    lines: &'a [EntryLine<'a>],
    heading: &Heading,
    books: &'a Books,
) -> List<'a> {
    let columns = vec![
        Column::whole("date", "Date").off_screen(),
        Column::whole("numero", "Numéro").off_screen(),
        Column::words("compte", "Compte"),
        Column::words("libelle", "Libellé"),
        Column::words("ecriture", "Écriture").off_screen(),
        Column::words("piece", "Pièce").off_screen(),
        Column::words("programme", "Programme").off_screen(),
        unit_column(lines),
        Column::numbers("debit", "Débit"),
        Column::numbers("credit", "Crédit"),
        Column::whole("source", "Source"),
        Column::words("origine", "Origine").off_screen(),
    ];
    let frame = list("journal", "journal", "Journal", columns, Vec::new(), heading);
    let keys = keys(books);
    List::new(frame, lines.len(), move |at, out| {
        let line = &lines[at];
        if at == 0 || lines[at - 1].rank != line.rank {
            out.above(|out| {
                out.push_str(&line.date().to_string());
                for word in [line.code(), line.description()] {
                    if !word.is_empty() {
                        out.push_str("  ");
                        out.push_str(word);
                    }
                }
                let piece = line.piece();
                if !piece.is_empty() {
                    out.push_str("  [");
                    out.push_str(piece);
                    out.push(']');
                }
            });
        }
        out.date(line.date());
        out.words(|| line.code());
        out.words(|| &keys[line.account_id().rank()]);
        out.words(|| line.label());
        out.words(|| line.description());
        out.words(|| line.piece());
        out.words(|| line.programme());
        put_sides(line, books, out);
        out.text(|out| out.push_str(&line.place().to_string()));
        out.text(|out| out.push_str(&line.origin()));
    })
}

/// The grand-livre, account after account.
pub fn grand_livre_list<'a>(
    lines: &'a [EntryLine<'a>],
    heading: &Heading,
    books: &'a Books,
) -> List<'a> {
    let lettered = lines.iter().any(|line| !line.lettrage().is_empty());
    let letter = Column::words("lettrage", "Let.");
    let columns = vec![
        Column::words("compte", "Compte").off_screen(),
        Column::words("libelle", "Libellé").off_screen(),
        Column::whole("date", "Date"),
        Column::whole("numero", "Numéro"),
        Column::words("ecriture", "Écriture"),
        Column::words("piece", "Pièce"),
        if lettered { letter } else { letter.off_screen() },
        unit_column(lines),
        Column::numbers("debit", "Débit"),
        Column::numbers("credit", "Crédit"),
        Column::numbers("solde", "Solde"),
        Column::whole("source", "Source").off_screen(),
        Column::words("origine", "Origine").off_screen(),
    ];
    let frame = list("grand_livre", "grand-livre", "Grand-livre", columns, Vec::new(), heading);
    let keys = keys(books);
    let here = |line: &EntryLine<'_>| (line.account_id(), line.unit());
    List::new(frame, lines.len(), move |at, out| {
        let line = &lines[at];
        let key = &keys[line.account_id().rank()];
        if at == 0 || here(&lines[at - 1]) != here(line) {
            out.above(|out| {
                let label = line.label();
                out.push_str(key);
                if !label.is_empty() {
                    out.push(' ');
                    out.push_str(label);
                }
            });
        }
        out.words(|| key);
        out.words(|| line.label());
        out.date(line.date());
        out.words(|| line.code());
        out.words(|| line.description());
        out.words(|| line.piece());
        out.words(|| line.lettrage());
        put_sides(line, books, out);
        out.amount(line.running.decimal(), line.unit());
        out.text(|out| out.push_str(&line.place().to_string()));
        out.text(|out| out.push_str(&line.origin()));
    })
}

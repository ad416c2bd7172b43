use super::Heading;
use crate::book::{Books, EntryRef};
use crate::measure::{Sum, euros, signed_words};
use crate::render::document::{Cell, Column, Document, Remark, Row, Table};
use crate::statement::tiers::matching::{
    LeavingLetter, Letter, LetterState, Line, Proposal, Standing, TiersMatching,
};

/// What a matching shows.
#[derive(Clone, Copy, Debug)]
pub struct MatchingShown<'a> {
    /// The accounts that were looked at, by tiers.
    pub made: &'a [TiersMatching],
    /// The letters of other accounts that leave something.
    pub elsewhere: &'a [LeavingLetter],
    /// The beginning of the accounts that were asked; every letter is looked at without it.
    pub prefix: Option<&'a str>,
    /// Whether letters without a date are given one by one; a screen counts them.
    pub full: bool,
}

/// The matching of a year: letters to look at, what is proposed, what stays open.
pub fn matching_document(shown: &MatchingShown<'_>, heading: &Heading, books: &Books) -> Document {
    let MatchingShown { made, full, .. } = *shown;
    let told = |state: LetterState| state.is_told() || (full && state == LetterState::Undated);
    let letters = made.iter().flat_map(|tiers| {
        let own = tiers.letters.iter().filter(move |letter| told(letter.state));
        own.flat_map(move |letter| letter_rows(tiers, letter, books))
    });
    let proposed = |nature: &'static str, fits: fn(Standing) -> bool| {
        let rows = made.iter().flat_map(move |tiers| {
            let own = tiers.proposals.iter().filter(move |one| fits(one.standing));
            own.flat_map(move |one| proposal_rows(tiers, one, nature, books))
        });
        rows.collect::<Vec<Row>>()
    };
    let open = made.iter().flat_map(|tiers| open_rows(tiers, books));
    let tables = [
        ("lettres", "Lettres à revoir", letters.collect()),
        (
            "ailleurs",
            "Lettres d’autres comptes qui ne se soldent pas",
            shown.elsewhere.iter().map(|one| elsewhere_row(one, books)).collect(),
        ),
        ("propositions", "Propositions", proposed("proposition", |s| s == Standing::Certain)),
        (
            "reconnus",
            "Reconnus, sans lettre à écrire",
            proposed("reconnu", |s| matches!(s, Standing::Recognised(_))),
        ),
        (
            "confirmer",
            "À confirmer",
            proposed("a-confirmer", |s| matches!(s, Standing::Probable(_))),
        ),
        ("choix", "À choisir", proposed("choix", |s| s == Standing::ToChoose)),
        ("ouverts", "Reste ouvert", open.collect()),
    ];
    let filled = tables.into_iter().filter(|(_, _, rows)| !rows.is_empty());
    let tables: Vec<Table> = filled
        .map(|(name, title, rows)| Table {
            name: name.to_owned(),
            title: title.to_owned(),
            columns: columns(),
            rows,
            keyed: false,
        })
        .collect();
    Document {
        schema: "compta/lettrer/1".to_owned(),
        facts: heading.facts(),
        title: format!("Lettrage {}", heading.period),
        subtitle: heading.subtitle(""),
        tables,
        facing: false,
        remarks: remarks(shown),
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::words("nature", "Nature").off_screen(),
        Column::words("compte", "Compte").off_screen(),
        Column::words("tiers", "Tiers").off_screen(),
        Column::words("identite", "Identité").off_screen(),
        Column::whole("lettrage", "Let."),
        Column::words("motif", "Motif").off_screen(),
        Column::whole("date", "Date"),
        Column::whole("numero", "Numéro"),
        Column::words("ecriture", "Écriture"),
        Column::words("piece", "Pièce"),
        Column::numbers("debit", "Débit"),
        Column::numbers("credit", "Crédit"),
        Column::whole("source", "Source"),
    ]
}

/// What a row says of the group it belongs to.
#[derive(Clone, Copy)]
struct Group<'a> {
    nature: &'static str,
    letter: &'a str,
    reason: &'a str,
    above: &'a str,
}

fn row(
    tiers: &TiersMatching,
    line: &Line,
    (group, first): (Group<'_>, bool),
    books: &Books,
) -> Row {
    let account = books.accounts().get(tiers.account);
    let text = |text: &str| {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    };
    let [debit, credit] = sides(line.item.amount);
    let cells = vec![
        Cell::Text(group.nature.to_owned()),
        Cell::Text(account.number.clone()),
        text(account.auxiliary.as_deref().unwrap_or_default()),
        text(books.accounts().auxiliary_code(account).unwrap_or_default()),
        text(group.letter),
        text(group.reason),
        Cell::Date(line.item.booked),
        text(&line.code),
        text(&line.description),
        text(line.item.document()),
        debit,
        credit,
        Cell::Text(books.sources().place(line.item.at).to_string()),
    ];
    let above = first.then(|| group.above.to_owned());
    Row { role: "line", cells, above, ..Row::default() }
}

fn sides(amount: Sum) -> [Cell; 2] {
    let exact = Cell::cents(amount.abs().decimal());
    if amount.is_negative() { [Cell::Empty, exact] } else { [exact, Cell::Empty] }
}

fn rows(tiers: &TiersMatching, ranks: &[usize], group: Group<'_>, books: &Books) -> Vec<Row> {
    let line =
        |(at, rank): (usize, &usize)| row(tiers, &tiers.lines[*rank], (group, at == 0), books);
    ranks.iter().enumerate().map(line).collect()
}

fn letter_rows(tiers: &TiersMatching, letter: &Letter, books: &Books) -> Vec<Row> {
    let left = euros(letter.left.decimal());
    let key = |id| books.accounts().get(id).key();
    let reason = match letter.state {
        LetterState::Balanced => "soldée".to_owned(),
        LetterState::Undated => "soldée, sans date (`datelet`)".to_owned(),
        LetterState::DatedBefore { written, last } => format!(
            "datée du {}, avant sa dernière ligne du {}",
            written.format("%d/%m/%Y"),
            last.format("%d/%m/%Y")
        ),
        LetterState::SettledLater(day) => {
            format!("il reste {left}, soldés ensuite, le {}", day.format("%d/%m/%Y"))
        }
        LetterState::Partial => format!("lettrage partiel : il reste {left}"),
        LetterState::Astride(other) => {
            format!("il reste {left}, que la même lettre de {} solderait : deux tiers", key(other))
        }
    };
    let nature = match letter.state {
        LetterState::Balanced => "soldee",
        LetterState::Undated => "sans-date",
        LetterState::DatedBefore { .. } => "date-anterieure",
        LetterState::SettledLater(_) => "soldee-ensuite",
        LetterState::Partial => "partielle",
        LetterState::Astride(_) => "deux-tiers",
    };
    let above = format!("{}  {} – {reason}", key(tiers.account), letter.letter);
    let group = Group { nature, letter: &letter.letter, reason: &reason, above: &above };
    rows(tiers, &letter.lines, group, books)
}

fn proposal_rows(
    tiers: &TiersMatching,
    proposal: &Proposal,
    nature: &'static str,
    books: &Books,
) -> Vec<Row> {
    let mut reason = proposal.reason.words();
    match proposal.standing {
        Standing::Recognised(why) => reason.push_str(&format!(" ; {why}")),
        Standing::Probable(doubt) if !doubt.is_empty() => reason.push_str(&format!(", {doubt}")),
        _ => {}
    }
    let key = books.accounts().get(tiers.account).key();
    let letter = &proposal.letter;
    let name = if letter.is_empty() { key } else { format!("{key}  {letter}") };
    let above = format!("{name} – {reason}");
    let group = Group { nature, letter, reason: &reason, above: &above };
    rows(tiers, &proposal.lines, group, books)
}

/// What stays open of a tiers: its balance, line by line; a letter that leaves something is one line.
fn open_rows(tiers: &TiersMatching, books: &Books) -> Vec<Row> {
    let ranks = tiers.open();
    let letters: Vec<&Letter> = tiers.unfinished().collect();
    let open: Sum = ranks.iter().map(|rank| tiers.lines[*rank].item.amount).sum();
    let left: Sum = letters.iter().map(|letter| letter.left).sum();
    let key = books.accounts().get(tiers.account).key();
    let above = format!("{key} : {}", euros((open + left).decimal()));
    let group = Group { nature: "ouvert", letter: "", reason: "", above: &above };
    let mut shown = rows(tiers, &ranks, group, books);
    for letter in letters {
        let Some(last) = letter.lines.last().map(|rank| &tiers.lines[*rank]) else { continue };
        let mut line = last.clone();
        line.item.amount = letter.left;
        line.code = String::new();
        line.item.forget_document();
        line.description = format!("reste de la lettre {}", letter.letter);
        let group = Group { letter: &letter.letter, ..group };
        shown.push(row(tiers, &line, (group, shown.is_empty()), books));
    }
    shown
}

/// A letter of another account, at its last line: what it leaves.
fn elsewhere_row(one: &LeavingLetter, books: &Books) -> Row {
    let key = |id| books.accounts().get(id).key();
    let left = euros(one.left.decimal());
    let count = signed_words(one.lines, "ligne");
    let reason = match one.facing {
        Some(other) => {
            format!("il reste {left} sur {count}, que la même lettre de {} solderait", key(other))
        }
        None => format!("lettrage partiel : il reste {left} sur {count}"),
    };
    let account = books.accounts().get(one.account);
    let text = |text: &str| {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    };
    let entry = one.at.and_then(|at| books.entry_at(at));
    let words = |of: &dyn Fn(&EntryRef<'_>) -> String| {
        entry.as_ref().map_or(Cell::Empty, |entry| text(&of(entry)))
    };
    let [debit, credit] = sides(one.left);
    let cells = vec![
        Cell::Text("ailleurs".to_owned()),
        Cell::Text(account.number.clone()),
        text(account.auxiliary.as_deref().unwrap_or_default()),
        text(books.accounts().auxiliary_code(account).unwrap_or_default()),
        text(&one.letter),
        text(&reason),
        entry.as_ref().map_or(Cell::Empty, |entry| Cell::Date(entry.date())),
        words(&|entry| entry.code().to_owned()),
        words(&|entry| entry.description().to_owned()),
        Cell::Empty,
        debit,
        credit,
        one.at.map_or(Cell::Empty, |at| Cell::Text(books.sources().place(at).to_string())),
    ];
    let above = format!("{}  {} – {reason}", key(one.account), one.letter);
    Row { role: "line", cells, above: Some(above), ..Row::default() }
}

fn remarks(shown: &MatchingShown<'_>) -> Vec<Remark> {
    let made = shown.made;
    let letters = || made.iter().flat_map(|tiers| &tiers.letters);
    let states =
        |fits: fn(LetterState) -> bool| letters().filter(|letter| fits(letter.state)).count();
    let proposals = |fits: fn(Standing) -> bool| {
        made.iter().flat_map(|tiers| &tiers.proposals).filter(|one| fits(one.standing)).count()
    };
    let certain = proposals(|standing| standing == Standing::Certain);
    let probable = proposals(|standing| matches!(standing, Standing::Probable(_)));
    let choices = proposals(|standing| standing == Standing::ToChoose);
    let (failing, undated) = (
        states(LetterState::fails) + shown.elsewhere.len(),
        states(|state| state == LetterState::Undated),
    );
    let lines = [
        (failing, "lettre qui ne se solde pas", "lettres qui ne se soldent pas", ""),
        (
            undated,
            "lettre soldée sans date",
            "lettres soldées sans date",
            " : ajoutez `datelet: AAAA-MM-JJ`",
        ),
        (
            certain,
            "lettrage certain à écrire",
            "lettrages certains à écrire",
            " : `compta lettrer -n` le montre, `--ecrire` l’écrit",
        ),
        (
            probable,
            "lettrage probable à confirmer",
            "lettrages probables à confirmer",
            " : écrivez vous-même la lettre de ceux qui sont justes",
        ),
        (choices, "rapprochement à choisir", "rapprochements à choisir", ""),
    ];
    let mut told: Vec<String> = lines
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many, more)| {
            format!("{count} {}{more}", if count > 1 { many } else { one })
        })
        .collect();
    if told.is_empty() {
        let scope =
            shown.prefix.map_or_else(String::new, |prefix| format!(" des comptes {prefix}"));
        told.push(format!("chaque lettre{scope} se solde, rien de plus ne se rapproche"));
    }
    let remark = |text| Remark { code: None, severity: "note", key: "lettrage".to_owned(), text };
    told.into_iter().map(remark).collect()
}

use std::collections::BTreeSet;

use super::axes::spends;
use crate::book::{Book, Books, EntryRef, PostingRef};
use crate::diagnostic::{Code, Finding, Span};
use crate::register::{Convention, Conventions, Financing, Programmes, Registers};

/// A tag and the place of its value.
type Tag<'b> = (&'b str, &'b str, Span);

/// The tags of every line against the registers: unknown names, and what a convention contradicts.
pub(super) fn tags(books: &Books, registers: &Registers, findings: &mut Vec<Finding>) {
    if registers.programmes.is_none() && registers.conventions.is_none() {
        return;
    }
    let mut told = BTreeSet::new();
    let planned = books.planned().map(|entry| (entry, true));
    for (entry, planned) in books.written().map(|entry| (entry, false)).chain(planned) {
        let whole: Vec<Tag<'_>> = entry.placed_tags().collect();
        for posting in entry.postings().filter(|posting| posting.book() != Book::Activity) {
            let own: Vec<Tag<'_>> = posting.placed_tags().collect();
            let tag = |name: &str| last(&own, name).or_else(|| last(&whole, name));
            let mut tell = |finding: Finding| {
                // A tag of the entry speaks for all its lines: its fault is told once.
                if told.insert((finding.at, finding.code)) {
                    findings.push(finding);
                }
            };
            if let (Some(programmes), Some((_, code, at))) =
                (&registers.programmes, tag("programme"))
                && programmes.rank(code).is_none()
            {
                tell(unknown_programme(code, at, programmes));
            }
            let (Some(conventions), Some((_, id, at))) =
                (&registers.conventions, tag("convention"))
            else {
                continue;
            };
            let Some(known) = conventions.rank(id).map(|rank| &conventions.list[rank]) else {
                tell(unknown_convention(id, at, conventions));
                continue;
            };
            contradictions(known, registers.programmes.as_ref(), tag).for_each(&mut tell);
            account(known, &entry, &posting, planned).into_iter().for_each(&mut tell);
        }
    }
}

/// The last tag of that name: it wins, as it does for hledger.
fn last<'b>(tags: &[Tag<'b>], name: &str) -> Option<Tag<'b>> {
    tags.iter().rfind(|tag| tag.0 == name).copied()
}

fn unknown_programme(code: &str, at: Span, programmes: &Programmes) -> Finding {
    Finding::new(Code::UnknownProgramme, at, format!("programme inconnu : `{code}`"))
        .label("absent de `programmes.toml`")
        .help(format!("les programmes sont : {}", programmes.codes()))
}

fn unknown_convention(id: &str, at: Span, conventions: &Conventions) -> Finding {
    let near = conventions
        .list
        .iter()
        .map(|known| (strsim::osa_distance(&known.id.value, id), known.id.value.as_str()))
        .min()
        .filter(|(distance, name)| *distance <= (name.len() / 3).max(1));
    let help = near.map_or_else(
        || "corrigez l’étiquette, ou ajoutez la convention au registre".to_owned(),
        |(_, name)| format!("vouliez-vous dire `{name}` ?"),
    );
    Finding::new(Code::UnknownConvention, at, format!("convention inconnue : `{id}`"))
        .label("absente de `conventions.toml`")
        .help(help)
}

/// What the tags of a line say otherwise than its convention.
fn contradictions<'b>(
    known: &Convention,
    programmes: Option<&Programmes>,
    tag: impl Fn(&str) -> Option<Tag<'b>>,
) -> impl Iterator<Item = Finding> {
    let structure = programmes.map_or("", |programmes| {
        programmes.list.get(programmes.structure()).map_or("", |own| own.code.as_str())
    });
    let programme = known.programme.as_ref().map_or(structure, |code| code.value.as_str());
    let said = [
        ("programme", programme),
        ("partenaire", known.partner.as_str()),
        ("financement", known.financing.word()),
    ];
    let differ = said.into_iter().filter_map(|(name, expected)| {
        let (_, value, at) = tag(name)?;
        (value != expected).then(|| {
            let message = format!("`{name}: {value}` contredit la convention {}", known.id.value);
            Finding::new(Code::ConventionContradicted, at, message)
                .label(format!("la convention dit `{expected}`"))
                .related(known.id.at, "cette convention")
                .help(format!(
                    "corrigez l’étiquette, ou retirez-la : `convention: {}` suffit",
                    known.id.value
                ))
        })
    });
    differ.collect::<Vec<Finding>>().into_iter()
}

/// Products by which a funder pays: other products of the action (756…) are its own resources.
const FUNDING: [&str; 4] = ["70", "74", "754", "755"];
/// Accounts of third parties on which a funder may owe.
const OWED: [&str; 4] = ["41", "441", "467", "468"];

/// The account of a line against the kind of its convention.
fn account(
    known: &Convention,
    entry: &EntryRef<'_>,
    posting: &PostingRef<'_>,
    planned: bool,
) -> Option<Finding> {
    let number = posting.account().number.as_str();
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| number.starts_with(prefix));
    let product = begins(&FUNDING);
    // What an expense of the action owes (467, a volunteer's claim) is not the funder's debt.
    // What is owed back to the funder (4686, a payment too many) is a debt, whoever it is.
    let owed_back = number.starts_with("4686");
    let owed = begins(&OWED) && !owed_back && !(number.starts_with("46") && spends(entry));
    if posting.book() != Book::Financial || !(product || owed) {
        return None;
    }
    let what = match (known.financing, known.funder.is_public()) {
        (Financing::Invoice, _) => "une prestation facturée",
        (Financing::Grant, true) => "une subvention publique",
        (Financing::Grant, false) => "une aide privée",
    };
    let allowed = if product { known.products() } else { known.debtors() };
    if !begins(allowed) {
        let message = format!("le compte {number} ne va pas avec {what}");
        return Some(
            Finding::new(Code::ConventionAccount, posting.account_span(), message)
                .label("ce compte")
                .related(known.id.at, format!("{} est {what}", known.id.value))
                .help(format!("écrivez un compte {}", allowed.join(" ou "))),
        );
    }
    let condition = known.condition.as_ref().filter(|_| product && !planned)?;
    let message =
        format!("{} est sous condition suspensive : rien n’est encore un produit", known.id.value);
    let day = entry.date().format("%d/%m/%Y");
    Some(
        Finding::new(Code::ConventionAccount, posting.account_span(), message)
            .label(format!("produit du {day}"))
            .related(condition.at, "la condition")
            .help("attendez que la condition tombe, puis retirez `condition` du registre"),
    )
}

use std::collections::{BTreeMap, BTreeSet};

use super::labels;
use super::lines::Line;
use super::repairs::Repairs;
use super::years::{YearRead, begins};
use crate::book::is_account_number;
use crate::chart::Edition;
use crate::diagnostic::{Code, Finding};
use crate::exchange::fec::{Column, advice, opens};
use crate::journal::tag_value;

/// A name that the books use for something of the files, and the label that the files use most.
#[derive(Clone, Debug, Default)]
pub(super) struct Name {
    /// As the books write it.
    pub(super) written: String,
    /// As most rows of the files have it.
    pub(super) label: String,
}

/// A tiers of an account: by its number, else by its name.
type TiersKey<'t> = (&'t str, &'t str);

/// What the books call the accounts, the tiers and the journals of the files.
#[derive(Debug, Default)]
pub(super) struct Names<'t> {
    /// Accounts, by their number in the files.
    pub(super) accounts: BTreeMap<&'t str, (String, Name)>,
    /// Tiers, by account and key.
    pub(super) tiers: BTreeMap<(&'t str, TiersKey<'t>), Name>,
    /// Journals, by their code in the files.
    pub(super) journals: BTreeMap<&'t str, Name>,
    /// The journal that opens the first year, by its code in the files.
    pub(super) opening: Option<&'t str>,
    /// Every journal of openings: a later year may call its own otherwise.
    pub(super) openings: BTreeSet<&'t str>,
}

/// How often each label was met, and when first.
#[derive(Default)]
struct Votes<'t>(BTreeMap<&'t str, (usize, usize)>);

impl<'t> Votes<'t> {
    fn vote(&mut self, label: &'t str, rank: usize) {
        let known = self.0.entry(label).or_insert((0, rank));
        known.0 += 1;
    }

    /// The label met most often; of several, the first met. A blank one only when there is no other.
    fn most(&self) -> &'t str {
        let best = self.0.iter().max_by_key(|(label, (count, first))| {
            (!label.is_empty(), *count, std::cmp::Reverse(*first))
        });
        best.map_or("", |(label, _)| *label)
    }

    /// The label met most often, when there are several, blanks apart.
    fn disputed(&self) -> Option<&'t str> {
        let several = self.0.keys().filter(|label| !label.is_empty()).nth(1).is_some();
        several.then(|| self.most())
    }
}

pub(super) fn tiers_key<'t>(line: &Line<'t>) -> Option<TiersKey<'t>> {
    let (number, label) = (line.cell(Column::CompAuxNum), line.cell(Column::CompAuxLib));
    if number.is_empty() && label.is_empty() {
        return None;
    }
    // A number decides; without one, the name does.
    Some(if number.is_empty() { ("", label) } else { (number, "") })
}

impl<'t> Names<'t> {
    /// Names for everything that the files hold.
    pub(super) fn of(
        files: &[YearRead<'t>],
        findings: &mut Vec<Finding>,
        repairs: &mut Repairs,
    ) -> Self {
        let mut accounts: BTreeMap<&str, Votes<'t>> = BTreeMap::new();
        let mut tiers: BTreeMap<(&str, TiersKey<'t>), Votes<'t>> = BTreeMap::new();
        let mut journals: BTreeMap<&str, Votes<'t>> = BTreeMap::new();
        let all = || files.iter().flat_map(|file| file.lines.iter());
        for (rank, line) in all().enumerate() {
            let account = line.cell(Column::CompteNum);
            accounts.entry(account).or_default().vote(line.cell(Column::CompteLib), rank);
            if let Some(key) = tiers_key(line) {
                tiers.entry((account, key)).or_default().vote(line.cell(Column::CompAuxLib), rank);
            }
            let journal = line.cell(Column::JournalCode);
            journals.entry(journal).or_default().vote(line.cell(Column::JournalLib), rank);
        }
        told(files, &accounts, &tiers, repairs);
        let mut names = Self::default();
        names.name_accounts(&accounts, files, findings, repairs);
        names.name_tiers(&tiers);
        names.name_journals(&journals, files);
        names
    }

    fn name_accounts(
        &mut self,
        known: &BTreeMap<&'t str, Votes<'t>>,
        files: &[YearRead<'t>],
        findings: &mut Vec<Finding>,
        repairs: &mut Repairs,
    ) {
        let mut taken = Taken::default();
        let mut lines: BTreeMap<&str, Vec<&Line<'t>>> = BTreeMap::new();
        for file in files {
            for line in &file.lines {
                lines.entry(line.cell(Column::CompteNum)).or_default().push(line);
            }
        }
        // A number that is right keeps itself, whatever another becomes.
        let spaced = |number: &str| number.contains(char::is_whitespace);
        let (odd, right): (Vec<_>, Vec<_>) = known.iter().partition(|(number, _)| spaced(number));
        for (number, votes) in right.into_iter().chain(odd) {
            let plain: String = number.split_whitespace().collect::<Vec<&str>>().join("_");
            let written = unique(&plain, &mut taken);
            let own = lines.get(number).map(Vec::as_slice).unwrap_or_default();
            if !is_account_number(&written) || !written.starts_with(|c: char| c.is_ascii_digit()) {
                findings.extend(own.first().map(|line| unreadable(number, line)));
            } else if written != *number {
                for line in own {
                    let what = format!("compte `{number}` écrit `{written}`");
                    repairs.note(line.file.name, Code::FecForm, what, line.number);
                }
            }
            let label = votes.most();
            let edition = files
                .first()
                .map_or(Edition::Anc2018, |file| Edition::of_year_opened(file.year.period.first));
            let name = match labels::name(label) {
                name if name.is_empty() => edition.title(&written).unwrap_or(&written).to_owned(),
                name => name,
            };
            self.accounts
                .insert(number, (written, Name { written: name, label: label.to_owned() }));
        }
    }

    fn name_tiers(&mut self, known: &BTreeMap<(&'t str, TiersKey<'t>), Votes<'t>>) {
        let mut all: BTreeMap<&str, Taken> = BTreeMap::new();
        for ((account, key), votes) in known {
            let taken = all.entry(account).or_default();
            let label = votes.most();
            let plain = match labels::tiers(label) {
                name if name.is_empty() => labels::tiers(key.0),
                name => name,
            };
            let plain = if plain.is_empty() { "sans nom".to_owned() } else { plain };
            let first = match key.0 {
                number if taken.names.contains(&plain) && !number.is_empty() => {
                    format!("{plain} ({})", labels::tiers(number))
                }
                _ => plain.clone(),
            };
            let written = taken.take(&first, |rank| format!("{plain} ({rank})"));
            self.tiers.insert((account, *key), Name { written, label: label.to_owned() });
        }
    }

    fn name_journals(&mut self, known: &BTreeMap<&'t str, Votes<'t>>, files: &[YearRead<'t>]) {
        let mut on_first: BTreeSet<&str> = BTreeSet::new();
        for file in files {
            let lines = file.lines.iter().filter(|line| begins(line.date, file.year.period));
            on_first.extend(lines.map(|line| line.cell(Column::JournalCode)));
        }
        let first = |code: &&str| on_first.contains(*code);
        let opening = known.iter().filter(|(code, votes)| opens(code, votes.most()));
        self.openings = opening.map(|(code, _)| *code).collect();
        let opening: Vec<&'t str> = self.openings.iter().copied().filter(first).collect();
        self.opening = opening.iter().find(|code| **code == "AN").or(opening.first()).copied();
        let names = BTreeSet::from(OURS.map(str::to_owned));
        let mut taken = Taken { names, ..Taken::default() };
        for (code, votes) in known {
            let plain = labels::code(code).replace('-', "_");
            let plain = if plain.is_empty() { "DIV".to_owned() } else { plain };
            let written = match self.opening {
                Some(opening) if opening == *code => "AN".to_owned(),
                _ => unique(&plain, &mut taken),
            };
            self.journals.insert(code, Name { written, label: votes.most().to_owned() });
        }
    }

    /// The account and the tiers of a line, as a posting writes them.
    pub(super) fn account(&self, line: &Line<'t>) -> String {
        let number = line.cell(Column::CompteNum);
        let Some((written, name)) = self.accounts.get(number) else { return String::new() };
        let tiers = tiers_key(line).and_then(|key| self.tiers.get(&(number, key)));
        match tiers {
            Some(tiers) => format!("{written} {}:{}", name.written, tiers.written),
            None => format!("{written} {}", name.written),
        }
    }

    /// The `account` lines of everything.
    pub(super) fn declarations(&self) -> String {
        let mut text = String::new();
        for (number, (written, name)) in &self.accounts {
            text.push_str(&format!("account {written} {}", name.written));
            if name.label != name.written && !name.label.is_empty() {
                text.push_str(&format!("  ; lib: {}", tag_value(&name.label)));
            }
            text.push('\n');
            let own =
                self.tiers.range((*number, ("", ""))..).take_while(|((of, _), _)| of == number);
            for ((_, (code, _)), tiers) in own {
                text.push_str(&format!("account {written} {}:{}", name.written, tiers.written));
                text.push_str(&format!("  ; aux: {}", tag_value(code)));
                if tiers.label != tiers.written {
                    text.push_str(&format!(", lib: {}", tag_value(&tiers.label)));
                }
                text.push('\n');
            }
        }
        text
    }
}

/// Codes of journals that compta keeps for itself.
const OURS: [&str; 6] = ["AN", "ANR", "INVR", "CLO", "CARE", "DIV"];

/// Names that are taken, and for each the last rank that was tried after it.
#[derive(Debug, Default)]
pub(super) struct Taken {
    names: BTreeSet<String>,
    ranks: BTreeMap<String, u64>,
}

impl Taken {
    /// Takes a name; when it is taken already, what `ranked` makes of it and of the first free rank from 2.
    pub(super) fn take(&mut self, plain: &str, ranked: impl Fn(u64) -> String) -> String {
        let mut name = plain.to_owned();
        if self.names.contains(&name) {
            let rank = self.ranks.entry(name.clone()).or_insert(1);
            while self.names.contains(&name) {
                *rank += 1;
                name = ranked(*rank);
            }
        }
        self.names.insert(name.clone());
        name
    }
}

fn unique(plain: &str, taken: &mut Taken) -> String {
    taken.take(plain, |rank| format!("{plain}_{rank}"))
}

/// Says where one code has several labels.
fn told<'t>(
    files: &[YearRead<'t>],
    accounts: &BTreeMap<&'t str, Votes<'t>>,
    tiers: &BTreeMap<(&'t str, TiersKey<'t>), Votes<'t>>,
    repairs: &mut Repairs,
) {
    // Once for each code: there may be as many labels as rows.
    let accounts: BTreeMap<&str, &str> =
        accounts.iter().filter_map(|(number, votes)| Some((*number, votes.disputed()?))).collect();
    let tiers: BTreeMap<(&str, TiersKey<'t>), &str> =
        tiers.iter().filter_map(|(key, votes)| Some((*key, votes.disputed()?))).collect();
    for file in files {
        for line in &file.lines {
            let number = line.cell(Column::CompteNum);
            let label = line.cell(Column::CompteLib);
            if let Some(most) = accounts.get(number).filter(|most| **most != label) {
                let what = format!(
                    "compte {number} : libellé « {label} », « {most} » étant le plus fréquent"
                );
                repairs.note(line.file.name, Code::FecLabels, what, line.number);
            }
            let most = tiers_key(line).and_then(|key| tiers.get(&(number, key)));
            let label = line.cell(Column::CompAuxLib);
            if let Some(most) = most.filter(|most| **most != label) {
                let what = format!(
                    "tiers {} : libellé « {label} », « {most} » étant le plus fréquent",
                    line.cell(Column::CompAuxNum)
                );
                repairs.note(line.file.name, Code::FecLabels, what, line.number);
            }
        }
    }
}

/// An account number that the books cannot hold, where it is met first.
fn unreadable(number: &str, line: &Line<'_>) -> Finding {
    Finding::new(
        Code::FecAccount,
        line.place(Column::CompteNum),
        format!("`{number}` n’est pas un numéro de compte"),
    )
    .label("un chiffre d’abord, puis des chiffres et des lettres")
    .help(advice(Code::FecAccount))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each rank is tried once, however many names meet.
    #[test]
    fn names_that_meet_are_ranked_without_trying_them_all_again() {
        let mut taken = Taken::default();
        let tries = std::cell::Cell::new(0);
        let ranked = |rank: u64| {
            tries.set(tries.get() + 1);
            format!("VE_{rank}")
        };
        assert_eq!(taken.take("VE_3", ranked), "VE_3");
        for expected in ["VE", "VE_2", "VE_4"] {
            assert_eq!(taken.take("VE", ranked), expected);
        }
        for _ in 0..20_000 {
            taken.take("VE", ranked);
        }
        assert_eq!(tries.get(), 20_003);
        assert_eq!(taken.names.len(), 20_004);
    }
}

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

    /// How many different labels there are, blanks apart.
    fn several(&self) -> bool {
        self.0.keys().filter(|label| !label.is_empty()).count() > 1
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
        let mut taken = BTreeSet::new();
        for (number, votes) in known {
            let plain: String = number.split_whitespace().collect::<Vec<&str>>().join("_");
            let written = unique(&plain, &taken);
            taken.insert(written.clone());
            if !is_account_number(&written) || !written.starts_with(|c: char| c.is_ascii_digit()) {
                findings.extend(unreadable(number, files));
            } else if written != *number {
                let of = |line: &&Line<'_>| line.cell(Column::CompteNum) == *number;
                for file in files {
                    for line in file.lines.iter().filter(of) {
                        let what = format!("compte `{number}` écrit `{written}`");
                        repairs.note(line.file.name, Code::FecForm, what, line.number);
                    }
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
        let mut taken: BTreeSet<(&str, String)> = BTreeSet::new();
        for ((account, key), votes) in known {
            let label = votes.most();
            let plain = match labels::name(label) {
                name if name.is_empty() => labels::name(key.0),
                name => name,
            };
            let plain = if plain.is_empty() { "sans nom".to_owned() } else { plain };
            let mut written = plain.clone();
            if taken.contains(&(*account, written.clone())) && !key.0.is_empty() {
                written = format!("{plain} ({})", labels::name(key.0));
            }
            let mut rank = 2;
            while taken.contains(&(*account, written.clone())) {
                written = format!("{plain} ({rank})");
                rank += 1;
            }
            taken.insert((account, written.clone()));
            self.tiers.insert((account, *key), Name { written, label: label.to_owned() });
        }
    }

    fn name_journals(&mut self, known: &BTreeMap<&'t str, Votes<'t>>, files: &[YearRead<'t>]) {
        let first = |code: &&str| {
            files.iter().any(|file| {
                let mut lines =
                    file.lines.iter().filter(|line| line.cell(Column::JournalCode) == *code);
                lines.any(|line| begins(line.date, file.year.period))
            })
        };
        let opening = known.iter().filter(|(code, votes)| opens(code, votes.most()));
        self.openings = opening.map(|(code, _)| *code).collect();
        let opening: Vec<&'t str> = self.openings.iter().copied().filter(first).collect();
        self.opening = opening.iter().find(|code| **code == "AN").or(opening.first()).copied();
        let mut taken = BTreeSet::from(OURS.map(str::to_owned));
        for (code, votes) in known {
            let plain = labels::code(code).replace('-', "_");
            let plain = if plain.is_empty() { "DIV".to_owned() } else { plain };
            let written = match self.opening {
                Some(opening) if opening == *code => "AN".to_owned(),
                _ => unique(&plain, &taken),
            };
            taken.insert(written.clone());
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

fn unique(plain: &str, taken: &BTreeSet<String>) -> String {
    let free = |name: &String| !taken.contains(name);
    let numbered = (2..).map(|rank| format!("{plain}_{rank}"));
    std::iter::once(plain.to_owned()).chain(numbered).find(free).unwrap_or_default()
}

/// Says where one code has several labels.
fn told<'t>(
    files: &[YearRead<'t>],
    accounts: &BTreeMap<&'t str, Votes<'t>>,
    tiers: &BTreeMap<(&'t str, TiersKey<'t>), Votes<'t>>,
    repairs: &mut Repairs,
) {
    for file in files {
        for line in &file.lines {
            let number = line.cell(Column::CompteNum);
            let votes = accounts.get(number).filter(|votes| votes.several());
            let label = line.cell(Column::CompteLib);
            if let Some(most) = votes.map(Votes::most).filter(|most| *most != label) {
                let what = format!(
                    "compte {number} : libellé « {label} », « {most} » étant le plus fréquent"
                );
                repairs.note(line.file.name, Code::FecLabels, what, line.number);
            }
            let key = tiers_key(line);
            let votes =
                key.and_then(|key| tiers.get(&(number, key))).filter(|votes| votes.several());
            let label = line.cell(Column::CompAuxLib);
            if let Some(most) = votes.map(Votes::most).filter(|most| *most != label) {
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
fn unreadable(number: &str, files: &[YearRead<'_>]) -> Option<Finding> {
    let mut met = files.iter().flat_map(|file| file.lines.iter());
    let line = met.find(|line| line.cell(Column::CompteNum) == number)?;
    Some(
        Finding::new(
            Code::FecAccount,
            line.place(Column::CompteNum),
            format!("`{number}` n’est pas un numéro de compte"),
        )
        .label("un chiffre d’abord, puis des chiffres et des lettres")
        .help(advice(Code::FecAccount)),
    )
}

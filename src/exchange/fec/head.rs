use unicode_normalization::UnicodeNormalization;

use super::ear::{At, Ear};
use super::{Column, Separator};
use crate::diagnostic::Code;

/// What a field of a row is, as the header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// One of the eighteen.
    Known(Column),
    /// The amount of a file that gives amount and side instead of debit and credit.
    Amount,
    /// The side of such an amount: D or C, +1 or -1.
    Side,
    /// A field beyond the eighteen.
    Extra(String),
    /// Nothing: a separator ended the header.
    Nothing,
}

/// The header of a file: what separates the fields, and what they are.
#[derive(Clone, Debug)]
pub struct Head {
    /// What separates fields.
    pub separator: Separator,
    /// The fields of a row, in order.
    pub fields: Vec<Meaning>,
    /// Where each of the eighteen stands.
    places: [Option<usize>; 18],
    /// Amount and side, when they stand for debit and credit.
    pub sided: Option<(usize, usize)>,
}

/// A header names at least so many of the fields, else the file is something else.
const RECOGNISED: usize = 6;

/// A header, and most often its rows, that end with a separator more.
pub(super) const ENDED_BY_A_SEPARATOR: &str = "séparateur en trop à la fin de l’en-tête";

impl Head {
    /// Where a field stands in a row.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.places[column.rank()]
    }

    /// Reads a header; `None` when the file cannot be read as a FEC: the ear has heard why.
    pub fn read(at: At<'_>, ear: &mut dyn Ear) -> Option<Self> {
        let separator = separator(at, ear)?;
        let mut fields = Vec::new();
        let mut places = [None; 18];
        let mut start = 0;
        let (mut twice, mut odd) = (false, false);
        for name in at.text.split(separator.char()) {
            let range = start..start + name.len();
            start = range.end + separator.char().len_utf8();
            let meaning = meaning(name);
            if let Meaning::Known(column) = meaning {
                if places[column.rank()].is_some() {
                    let kind = "colonne en double";
                    at.tell(ear, (Code::FecColumns, Some(column), kind), range.clone(), || {
                        format!("la colonne {} est donnée deux fois", column.name())
                    });
                    twice = true;
                }
                places[column.rank()] = Some(fields.len());
                odd |= name != column.name();
            }
            if let Meaning::Extra(name) = &meaning {
                at.tell(ear, (Code::FecExtra, None, "colonne supplémentaire"), range, || {
                    format!("colonne supplémentaire : `{name}`")
                });
            }
            fields.push(meaning);
        }
        if places.iter().flatten().count() < RECOGNISED {
            at.tell(ear, (Code::FecNotOne, None, "en-tête inconnu"), at.whole(), || {
                "la première ligne n’est pas l’en-tête d’un FEC".to_owned()
            });
            return None;
        }
        if odd {
            let kind = "noms de colonnes écrits autrement";
            at.tell(ear, (Code::FecForm, None, kind), at.whole(), || {
                "des noms de colonnes ne sont pas écrits comme l’article les donne".to_owned()
            });
        }
        if fields.last() == Some(&Meaning::Nothing) {
            let end = at.text.len().saturating_sub(1)..at.text.len();
            at.tell(ear, (Code::FecForm, None, ENDED_BY_A_SEPARATOR), end, || {
                "un séparateur de trop finit l’en-tête : une colonne sans nom".to_owned()
            });
        }
        let position = |wanted: &Meaning| fields.iter().position(|field| field == wanted);
        let sided = position(&Meaning::Amount).zip(position(&Meaning::Side));
        let head = Self { separator, fields, places, sided };
        (head.whole(at, ear) && !twice).then_some(head)
    }

    /// Whether no field is missing; their order is told.
    fn whole(&self, at: At<'_>, ear: &mut dyn Ear) -> bool {
        let stands = |column: &Column| {
            let sides = matches!(column, Column::Debit | Column::Credit);
            self.place(*column).is_some() || (sides && self.sided.is_some())
        };
        let missing: Vec<Column> =
            Column::ALL.into_iter().filter(|column| !stands(column)).collect();
        for column in &missing {
            at.tell(ear, (Code::FecColumns, Some(*column), "colonne absente"), at.whole(), || {
                format!("la colonne {} manque", column.name())
            });
        }
        if self.sided.is_some() {
            let kind = "Montant et Sens au lieu de Debit et Credit";
            at.tell(ear, (Code::FecForm, None, kind), at.whole(), || {
                "les montants sont donnés par Montant et Sens".to_owned()
            });
        }
        let order: Vec<usize> = self.places.iter().flatten().copied().collect();
        if missing.is_empty() && !order.is_sorted() {
            at.tell(ear, (Code::FecForm, None, "colonnes dans un autre ordre"), at.whole(), || {
                "les colonnes ne sont pas dans l’ordre de l’article".to_owned()
            });
        }
        missing.is_empty()
    }
}

/// The separator of a header: a tab or a bar, nothing else.
fn separator(at: At<'_>, ear: &mut dyn Ear) -> Option<Separator> {
    let count = |c: char| at.text.matches(c).count();
    let (tabs, bars) = (count('\t'), count('|'));
    if tabs.max(bars) >= RECOGNISED {
        return Some(if tabs >= bars { Separator::Tab } else { Separator::Bar });
    }
    let other = [';', ','].into_iter().find(|c| count(*c) >= RECOGNISED);
    if let Some(other) = other.filter(|_| at.text.to_lowercase().contains("journal")) {
        at.tell(ear, (Code::FecNotOne, None, "autre séparateur"), at.whole(), || {
            format!("les champs sont séparés par `{other}` : le FEC veut la tabulation ou `|`")
        });
    } else {
        at.tell(ear, (Code::FecNotOne, None, "en-tête inconnu"), at.whole(), || {
            "la première ligne n’est pas l’en-tête d’un FEC".to_owned()
        });
    }
    None
}

/// What a name of the header means: case, accents, spaces and quotes do not count.
fn meaning(name: &str) -> Meaning {
    let bare: String =
        name.nfd().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if bare.is_empty() {
        return Meaning::Nothing;
    }
    let known = Column::ALL.into_iter().find(|column| column.name().eq_ignore_ascii_case(&bare));
    match (known, bare.as_str()) {
        (Some(column), _) => Meaning::Known(column),
        (None, "montant") => Meaning::Amount,
        (None, "sens") => Meaning::Side,
        (None, _) => Meaning::Extra(name.trim().to_owned()),
    }
}

use super::adhesions::{Adhesions, adhesions};
use super::annexe::{Annexe, annexe};
use super::care::{CarePolicy, care};
use super::controls::{ControlPolicy, controls};
use super::conventions::{Convention, Conventions, conventions};
use super::document::document;
use super::immobilisations::{Assets, immobilisations};
use super::programmes::{Programmes, programmes, unknown_programme};
use super::provisions::{Provision, provisions};
use super::regularisations::{Regularisations, regularisations};
use super::repartition::{Repartition, repartition};
use super::resolutions::{Resolution, SummaryLine, resolutions, summary};
use crate::diagnostic::Finding;

/// Every register of a folder; an absent one is simply absent.
#[derive(Clone, Debug, Default)]
pub struct Registers {
    /// `programmes.toml`.
    pub programmes: Option<Programmes>,
    /// `conventions.toml`.
    pub conventions: Option<Conventions>,
    /// `adhesions.toml`.
    pub adhesions: Option<Adhesions>,
    /// `repartition.toml`.
    pub repartition: Option<Repartition>,
    /// `resolutions.toml`.
    pub resolutions: Option<Vec<Resolution>>,
    /// `principaux.toml`.
    pub summary: Option<Vec<SummaryLine>>,
    /// `annexe.toml`.
    pub annexe: Option<Annexe>,
    /// `immobilisations.toml`.
    pub assets: Option<Assets>,
    /// `provisions.toml`.
    pub provisions: Option<Vec<Provision>>,
    /// `regularisations.toml`.
    pub regularisations: Option<Regularisations>,
    /// `care.toml`.
    pub care: Option<CarePolicy>,
    /// `controles.toml`.
    pub controls: Option<ControlPolicy>,
}

impl Registers {
    /// The files of the registers, in the order of their reading.
    pub const FILES: [&'static str; 12] = [
        "programmes.toml",
        "conventions.toml",
        "adhesions.toml",
        "repartition.toml",
        "resolutions.toml",
        "principaux.toml",
        "annexe.toml",
        "immobilisations.toml",
        "provisions.toml",
        "regularisations.toml",
        "care.toml",
        "controles.toml",
    ];

    /// Those that yield entries.
    pub const YIELDING: [&'static str; 4] =
        ["conventions.toml", "immobilisations.toml", "provisions.toml", "regularisations.toml"];

    /// Those that say nothing of the tags of entries.
    pub const UNTAGGED: [&'static str; 9] = [
        "adhesions.toml",
        "resolutions.toml",
        "principaux.toml",
        "annexe.toml",
        "immobilisations.toml",
        "provisions.toml",
        "regularisations.toml",
        "care.toml",
        "controles.toml",
    ];

    /// Reads one of [`Registers::FILES`], whose first byte is at `base`.
    pub fn read(&mut self, file: &str, text: &str, base: u32, findings: &mut Vec<Finding>) {
        let document = match document(text, base) {
            Ok(document) => document,
            Err(finding) => {
                findings.push(*finding);
                return;
            }
        };
        let top = document.fields();
        match file {
            "programmes.toml" => self.programmes = Some(programmes(top, findings)),
            "conventions.toml" => self.conventions = Some(conventions(top, findings)),
            "adhesions.toml" => self.adhesions = Some(adhesions(top, findings)),
            "repartition.toml" => self.repartition = Some(repartition(top, findings)),
            "resolutions.toml" => self.resolutions = Some(resolutions(top, findings)),
            "principaux.toml" => self.summary = Some(summary(top, findings)),
            "controles.toml" => self.controls = Some(controls(top, findings)),
            "annexe.toml" => self.annexe = Some(annexe(top, findings)),
            "immobilisations.toml" => self.assets = Some(immobilisations(top, findings)),
            "provisions.toml" => self.provisions = Some(provisions(top, findings)),
            "regularisations.toml" => self.regularisations = Some(regularisations(top, findings)),
            _ => self.care = Some(care(top, findings)),
        }
    }

    /// Those that are there, by their files.
    pub fn present(&self) -> Vec<&'static str> {
        let there = [
            self.programmes.is_some(),
            self.conventions.is_some(),
            self.adhesions.is_some(),
            self.repartition.is_some(),
            self.resolutions.is_some(),
            self.summary.is_some(),
            self.annexe.is_some(),
            self.assets.is_some(),
            self.provisions.is_some(),
            self.regularisations.is_some(),
            self.care.is_some(),
            self.controls.is_some(),
        ];
        Self::FILES
            .into_iter()
            .zip(there)
            .filter(|(_, there)| *there)
            .map(|(file, _)| file)
            .collect()
    }

    /// Whether one of those that speak of entries is there.
    pub fn any(&self) -> bool {
        self.programmes.is_some()
            || self.conventions.is_some()
            || self.repartition.is_some()
            || self.care.is_some()
    }

    /// Whether one of them yields entries at a closing.
    pub fn yield_entries(&self) -> bool {
        let grants = self.conventions.iter().flat_map(|register| &register.list);
        let own = |known: &Convention| known.product.is_some() || known.dedicated.is_some();
        self.assets.is_some()
            || self.provisions.is_some()
            || self.regularisations.is_some()
            || grants.into_iter().any(own)
    }

    /// What two registers say of each other: a convention's programme is one of the programmes.
    pub fn agree(&self, findings: &mut Vec<Finding>) {
        let (Some(programmes), Some(conventions)) = (&self.programmes, &self.conventions) else {
            return;
        };
        for programme in conventions.list.iter().filter_map(|known| known.programme.as_ref()) {
            if programmes.rank(&programme.value).is_none() {
                findings.push(unknown_programme(programme, programmes));
            }
        }
    }
}

use super::ag::Named;
use super::args::Common;
use super::assembly::Prepared;
use super::booklet::own_templates;
use super::care::compared;
use super::controls::{bench, fixed_assets};
use super::failure::Failure;
use super::host::Host;
use super::page::{Behind, whole};
use super::ready::Scope;
use super::workbook::{made, manifest_document};
use crate::assembly;
use crate::closing::controls::{controls, sheet};
use crate::ledger::View;
use crate::render::{
    Chart, Document, Heading, PageView, Shown, charts, diff_document, entries_document,
    sheet_document, statement_document,
};
use crate::statement::Kind;

/// The tables of a difference that are bridges, or what stands behind them; both statements follow.
const BRIDGES: usize = 5;

/// The dossier of a year as people hold it: in a workbook, on a page, in a booklet.
pub(super) struct Dossier<'a> {
    prepared: &'a Prepared,
    heading: Heading,
    named: &'a [Named],
    /// From the classic result to the CARE one, then both statements side by side.
    difference: Option<Document>,
    /// The same without the statements.
    bridges: Option<Document>,
    /// Emissions, debts by vintage, projects, trajectory.
    carbon: Option<Document>,
    /// Bilan and compte de résultat of the CARE ledger.
    care: Vec<Document>,
    /// What was controlled before the closing.
    controls: Document,
    manifest: Document,
    /// The files of `modeles/`, which make the booklets.
    templates: Vec<(String, Vec<u8>)>,
}

impl<'a> Dossier<'a> {
    /// Makes what the tables of the assembly do not hold.
    pub(super) fn of(
        prepared: &'a mut Prepared,
        named: &'a [Named],
        common: &Common,
        host: &mut Host,
    ) -> Result<Self, Failure> {
        let heading = prepared.ready.heading(common, &Scope::Year(prepared.year.clone()));
        let difference = difference(prepared, &heading)?;
        let bridges = difference.clone().map(|mut document| {
            document.tables.truncate(BRIDGES);
            document
        });
        let care = if difference.is_some() { care(prepared, common, host)? } else { Vec::new() };
        let carbon = assembly::carbon(&prepared.meeting()?);
        let carbon = carbon.map(|sheet| {
            let mut document = prepared.document(&sheet, common);
            document.subtitle = vec!["tonnes de CO₂ équivalent, euros".to_owned()];
            document
        });
        let (ready, year) = (&prepared.ready, &prepared.year);
        let assets = fixed_assets(ready, year);
        let controls = controls(&bench(ready, year, assets.as_ref()));
        let sources = ready.opened.books.sources();
        let controls = sheet_document(&sheet(&controls, &year.name, sources, None), &heading);
        let templates = own_templates(&ready.opened.folder, host)?;
        let facts = (heading.period.as_str(), heading.state.as_str());
        let manifest = manifest_document(&ready.opened, facts, &templates);
        Ok(Self {
            prepared,
            heading,
            named,
            difference,
            bridges,
            carbon,
            care,
            controls,
            manifest,
            templates,
        })
    }

    fn title(&self) -> String {
        format!("Assemblée générale, comptes {}", self.heading.period)
    }

    fn facts(&self) -> Vec<(String, String)> {
        let heading = &self.heading;
        [("Association", &heading.entity), ("Exercice", &heading.period), ("État", &heading.state)]
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .into()
    }

    /// The tables of the assembly, then the bridges and the carbon.
    fn documents(&self) -> Vec<(&str, &Document)> {
        let named = self.named.iter().map(|one| (one.name.as_str(), &one.document));
        let bridges = self.bridges.as_ref().map(|document| ("pont", document));
        let carbon = self.carbon.as_ref().map(|document| ("carbone", document));
        named.chain(bridges).chain(carbon).collect()
    }

    fn charts(&self) -> Vec<Chart> {
        let all: Vec<&Document> = self.documents().into_iter().map(|(_, one)| one).collect();
        charts(&all)
    }

    /// One workbook: each table, the bridges, the carbon, the entries, what the figures come from.
    pub(super) fn workbook(&self) -> Result<Vec<u8>, Failure> {
        let ready = &self.prepared.ready;
        let entries = ready.entries(&Scope::Year(self.prepared.year.clone()));
        let conventions = ready.opened.registers.conventions.iter().flat_map(|all| &all.list);
        let programmes = conventions
            .filter_map(|one| Some((one.id.value.as_str(), one.programme.as_ref()?.value.as_str())))
            .collect();
        let units = ready.opened.books.units();
        let entries = entries_document(&entries, &self.heading, (units, &programmes));
        let mut all: Vec<&Document> = self.documents().into_iter().map(|(_, one)| one).collect();
        all.extend([&entries, &self.controls, &self.manifest]);
        let day = self.prepared.year.period.last;
        made(ready, &self.title(), (&self.facts(), all, &self.charts()), day)
    }

    /// One page: the same with a switch between the ledgers, the controls, and the entries behind figures.
    pub(super) fn page<'d>(&'d self) -> Vec<u8> {
        let year = ("year", self.prepared.year.name.clone());
        // The treasury is of the year after: its entries are in the page of that year.
        let of = |view, document: &'d Document| Shown {
            view,
            document,
            linked: document.facts.contains(&year),
        };
        let mut shown: Vec<Shown<'_>> = Vec::new();
        let classic = if self.difference.is_some() { PageView::Classic } else { PageView::Always };
        for one in self.named {
            let statement = matches!(one.name.as_str(), "bilan" | "resultat");
            let view = if statement { classic } else { PageView::Always };
            shown.push(of(view, &one.document));
            if one.name == "resultat" {
                let care = self.care.iter();
                shown.extend(care.map(|document| of(PageView::Care, document)));
                let both = self.difference.iter();
                shown.extend(both.map(|document| of(PageView::Both, document)));
            }
        }
        let always = |document| of(PageView::Always, document);
        shown.extend(self.carbon.iter().map(always));
        shown.extend([&self.controls, &self.manifest].map(always));
        let mut all: Vec<&Document> = self.documents().into_iter().map(|(_, one)| one).collect();
        all.extend(self.difference.as_ref());
        let (title, facts, charts) = (self.title(), self.facts(), self.charts());
        let behind = Behind::Year(self.prepared.year.clone());
        whole(&self.prepared.ready, &title, (&facts, shown, &charts), Some(&behind))
    }

    /// For each that is asked, the booklet, or the same for the screen of the assembly.
    #[cfg(feature = "pdf")]
    pub(super) fn booklets(
        &self,
        screens: &[bool],
        host: &mut Host,
    ) -> Result<Vec<Vec<u8>>, Failure> {
        use super::booklet::{Held, set};
        use crate::render::Pages;
        let mut documents = self.documents();
        documents.push(("manifeste", &self.manifest));
        let title = format!("Comptes {}", self.heading.period);
        let (facts, charts) = (self.facts(), self.charts());
        let held = |screen: &bool| Held {
            pages: if *screen { Pages::Screen } else { Pages::Booklet },
            title: &title,
            period: &self.heading.period,
            facts: &facts[1..],
            day: self.prepared.year.period.last,
            documents: documents.clone(),
            charts: &charts,
            own: &self.templates,
        };
        set(&self.prepared.ready, screens.iter().map(held).collect(), host)
    }

    /// The templates of the books.
    pub(super) fn templates(&self) -> &[(String, Vec<u8>)] {
        &self.templates
    }

    /// Without the feature there is no PDF, and it says so.
    #[cfg(not(feature = "pdf"))]
    pub(super) fn booklets(&self, _: &[bool], _: &mut Host) -> Result<Vec<Vec<u8>>, Failure> {
        Err(super::booklet::without())
    }
}

/// Classic beside CARE; nothing without an ecological policy.
fn difference(prepared: &mut Prepared, heading: &Heading) -> Result<Option<Document>, Failure> {
    if prepared.ready.opened.registers.care.is_none() {
        return Ok(None);
    }
    // What a statement lacks was told with the statement.
    let made = compared(&mut prepared.ready, &prepared.year, None, &mut Vec::new())?;
    Ok(made.map(|made| diff_document(&made, heading, &prepared.ready.opened.books)))
}

/// The statements of the CARE ledger, in flux.
fn care(prepared: &Prepared, common: &Common, host: &mut Host) -> Result<Vec<Document>, Failure> {
    let mut asked = Common::of(&prepared.ready.opened.folder, None);
    asked.care = true;
    asked.largeur = common.largeur;
    let (ready, year) = (&prepared.ready, &prepared.year);
    let heading = Heading { view: View::Care, ..ready.heading(common, &Scope::Year(year.clone())) };
    let mut made = Vec::new();
    for (kind, budget) in [(Kind::Bilan, None), (Kind::Resultat, prepared.budget.as_ref())] {
        let form = ready.form(None, kind)?;
        let statement = ready.made(&asked, form, kind, (year, None), budget, host)?;
        let mut document = statement_document(&statement, &heading, &ready.opened.books);
        document.title = format!("{}, livre CARE", document.title);
        made.push(document);
    }
    Ok(made)
}

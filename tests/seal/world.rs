//! A small invented association over three years, and its closings.

use std::collections::BTreeMap;

use compta::book::{Books, Derivation, ReadError, Sources, Years, load};
use compta::closing::verify::{Context, KnownSeal, Reread, SealedFolder, Verdict, verify};
use compta::closing::{
    Hash, Kind, Previous, Seal, SealInput, SourceInput, SourceKind, State, with_papers,
};
use compta::diagnostic::SourceMap;
use compta::measure::{FiscalYear, day};

pub type Files = BTreeMap<String, Vec<u8>>;

pub const TOOL: &str = "compta 0.1.0";

struct Memory<'f>(&'f Files);

impl Sources for Memory<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).cloned().ok_or(ReadError::Missing)
    }
    fn list(&self, folder: &str) -> Result<Vec<String>, ReadError> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ok(self.0.keys().filter_map(|path| path.strip_prefix(&prefix)).map(str::to_owned).collect())
    }
}

/// Seeded numbers: the same seed gives the same run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % limit.max(1) as u64).unwrap()
    }
}

const THIRDS: [&str; 5] = ["SNCF", "Imprimerie des Écluses", "Bailleur", "Traiteur Ô Canal", "EDF"];

/// The live books: shared files, and the journals of three years.
pub fn books() -> Files {
    let mut files = Files::new();
    let mut put = |path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
    put("compta.toml", "[entite]\nnom = \"Les Amis du Canal\"\nsiren = \"123456789\"\n\n[livres]\njournal = \"principal.journal\"\nforme = \"ag\"\n".into());
    put("care.toml", "# Politique écologique\n[care]\nhorizon = 5\nprix = \"120 €\"\n".into());
    put("principal.journal", "; Les livres\n\ndecimal-mark ,\n\ninclude comptes.journal\ninclude 2023/*.journal\ninclude 2024/*.journal\ninclude 2025/*.journal\n".into());
    put("comptes.journal", "decimal-mark ,\n\n; Les comptes de l’association\naccount 512000 Crédit coopératif\naccount 467 Comptes d’attente\naccount 401 Fournisseurs:SNCF  ; aux: F-SNCF\naccount 401 Fournisseurs:EDF  ; aux: F-EDF\naccount 401 Fournisseurs:Imprimerie des Écluses\naccount 401 Fournisseurs:Bailleur\naccount 401 Fournisseurs:Traiteur Ô Canal\n\n; étiquettes\ntag programme\ntag piece\ntag lettrage\n".into());
    for year in [2023, 2024, 2025] {
        let mut dice = Dice(year);
        let count = if year == 2024 { 58 } else { 6 };
        let head = |what: &str| format!("; {what}, exercice {year}\n\ndecimal-mark ,\n\n");
        let (mut buying, mut bank, mut od) =
            (head("Achats"), head("Banque"), head("Opérations diverses"));
        for rank in 1..=count {
            let third = THIRDS[dice.below(THIRDS.len())];
            let (month, number) = (1 + rank * 11 / count, 1 + dice.below(28));
            let day = format!("{year}-{month:02}-{number:02}");
            let cents = 100 + dice.below(400_000);
            let amount = format!("{},{:02} €", cents / 100, cents % 100);
            let second =
                if rank % 7 == 0 { format!("={year}-{month:02}-01") } else { String::new() };
            let mark = ["* ", "! ", ""][rank % 3];
            buying.push_str(&format!("{day}{second} {mark}(ACH-{rank:04}) {third} | facture no {rank}   ; piece: {year}-{rank}.pdf, programme: P{}\n", rank % 4));
            if rank % 5 == 0 {
                buying.push_str("    ; relue par la trésorière\n");
            }
            buying.push_str(&format!("    6251 Voyages et déplacements  {amount}  ; programme: P{}\n    401 Fournisseurs:{third}  -{amount}\n", rank % 3));
            if rank % 6 == 0 {
                buying.push_str(&format!(
                    "        ; lettrage: L{rank}\n    (train-tgv)  {} pkm\n",
                    10 + rank
                ));
            }
            if rank % 9 != 0 {
                buying.push('\n');
            }
            if rank % 11 == 0 {
                buying.push_str(&format!("\n; à revoir : fournisseur {third}\n"));
            }
            bank.push_str(&format!("{day} * (BQ-{rank:04}) {third} | virement\n    401 Fournisseurs:{third}  {amount}\n    512000 Crédit coopératif  -{amount}\n\n"));
        }
        od.push_str(&format!("{year}-12-31 * (OD-0001) Régularisation\n    471 Comptes d’attente  12,50 €\n    467 Comptes d’attente\n\n{year}-12-31 (OD-0002) Consommation du capital climat\n    [C6812 Consommation irrécouvrable]  24,50 €\n    [C172 Dette climat irrécouvrable]  -24,50 €  = -24,50 €\n"));
        od = od
            .replace("471 Comptes d’attente", "512000 Crédit coopératif")
            .replace("  = -24,50 €", if year == 2023 { "  = -24,50 €" } else { "" });
        put(&format!("{year}/achats.journal"), buying);
        put(&format!("{year}/banque.journal"), bank);
        put(&format!("{year}/od.journal"), od);
    }
    files
}

/// What the rule of a year derives: it stands in the generated journal of its closing.
pub fn derived(year: i32) -> String {
    format!(
        "{year}-12-31 * (CARE-0001) Émissions de {year}\n    [C6812 Consommation irrécouvrable]  10,00 €\n    [C172 Dette climat irrécouvrable]  -10,00 €\n\n{year}-12-31 * (CARE-0002) Tonnes de {year}\n    [T60 Émissions]  80 kgCO₂e\n    [T172 Dette carbone irrécouvrable]  -80 kgCO₂e\n"
    )
}

/// Reads live books, with what the rule of a year derives; `None` when they are not sound.
pub fn read(live: &Files, year: i32) -> Option<Books> {
    let read = load("principal.journal", &Memory(live), Years::default(), SourceMap::default(), 1);
    let (mut books, findings) = read.ok()?;
    if findings.iter().any(compta::diagnostic::Finding::is_error) {
        return None;
    }
    let by = Derivation {
        by: compta::book::Deriver::Care,
        rule: format!("care {year}"),
        inputs: "care.toml".into(),
        policy: None,
    };
    books.derive(by, derived(year));
    Some(books)
}

/// The entries of a year, as the books of today say them.
pub fn reread(live: &Files, year: i32) -> Option<Vec<Reread>> {
    let books = read(live, year)?;
    let period = FiscalYear::calendar(year).unwrap().period;
    let entries = books.entries().filter(|entry| period.contains(entry.date()));
    Some(entries.map(|entry| Reread::of(entry, &books)).collect())
}

/// A closing: its seal, and its folder.
pub struct Closed {
    pub seal: Seal,
    pub folder: SealedFolder,
}

/// Closes a year of live books.
pub fn close(live: &Files, year: i32, previous: Previous) -> Closed {
    close_with(live, year, previous, &derived(year))
}

/// The same, the generated journal of the ecological ledger being that text.
pub fn close_with(live: &Files, year: i32, previous: Previous, generated: &str) -> Closed {
    let books = read(live, year).expect("sound books");
    let fiscal = FiscalYear::calendar(year).unwrap();
    let mut files = Files::new();
    files.insert(
        "care.journal".into(),
        format!("; écritures dérivées, ne pas modifier\n\ndecimal-mark ,\n\n{generated}")
            .into_bytes(),
    );
    files.insert("resultat.journal".into(), format!("; à ne lire qu’avec les livres de {year}\n\ndecimal-mark ,\n\n{year}-12-31 * (CL-0001) Solde des comptes de gestion\n    120 Résultat de l'exercice (excédent)  1,00 €\n    6251 Voyages et déplacements  -1,00 €\n").into_bytes());
    for path in ["compta.toml", "care.toml"] {
        files.insert(format!("registres/{path}"), live[path].clone());
    }
    let factors = "id\tkg\ntrain-tgv\t0,0037\n".as_bytes().to_vec();
    files.insert("registres/compta/facteurs/v1.tsv".into(), factors.clone());
    let journals: Files = live
        .iter()
        .filter(|(path, _)| path.ends_with(".journal"))
        .map(|(p, b)| (p.clone(), b.clone()))
        .collect();
    let kinds = |path: &str| match path {
        "compta.toml" => SourceKind::Register,
        "care.toml" => SourceKind::Policy,
        _ => SourceKind::Journal,
    };
    let live_sources =
        live.iter().map(|(path, bytes)| SourceInput { path, kind: kinds(path), bytes });
    let mut sources: Vec<SourceInput<'_>> = live_sources.collect();
    sources.push(SourceInput {
        path: "compta/facteurs/v1.tsv",
        kind: SourceKind::Factors,
        bytes: &factors,
    });
    for path in ["care.journal", "resultat.journal"] {
        sources.push(SourceInput { path, kind: SourceKind::Generated, bytes: &files[path] });
    }
    let input = SealInput {
        books: &books,
        entries: books.entries().filter(|entry| fiscal.period.contains(entry.date())).collect(),
        entity: "Les Amis du Canal",
        siren: Some("123456789"),
        year: &fiscal,
        kind: Kind::Annual,
        day: day(year + 1, 3, 12).unwrap(),
        state: State::Final,
        previous,
        sources,
        tool: TOOL,
    };
    let seal = Seal::build(&input).expect("what is sealed holds together");
    let code = seal.code();
    files.insert(
        "etats/bilan.txt".into(),
        format!("Bilan au {year}-12-31\n\nTotal  1 234\n\nracine {code}\n").into_bytes(),
    );
    files.insert(
        "etats/resultat.csv".into(),
        format!("\u{feff}compte;montant\r\n6251;1,00\r\nracine;{code}\r\n").into_bytes(),
    );
    let files = with_papers(&seal, files, &journals);
    Closed { seal, folder: SealedFolder { name: format!("clotures/{year}"), files } }
}

/// The live books without the years after that one: as they were when it closed.
pub fn until(year: i32) -> Files {
    let mut live = books();
    live.retain(|path, _| {
        path.get(..4).and_then(|p| p.parse().ok()).is_none_or(|y: i32| y <= year)
    });
    // A pattern that brings nothing is an error: the lines of later years come with them.
    let door = String::from_utf8(live["principal.journal"].clone()).unwrap();
    let later = |line: &&str| !(year + 1..=2025).any(|y| line.contains(&format!("{y}/")));
    let door: Vec<&str> = door.lines().filter(later).collect();
    live.insert("principal.journal".into(), format!("{}\n", door.join("\n")).into_bytes());
    live
}

/// Three closings, one after the other, and the books of the last day.
pub fn three() -> (Files, [Closed; 3]) {
    let first = close(&until(2023), 2023, Previous::Genesis);
    let second = close(&until(2024), 2024, Previous::Root(first.seal.root()));
    let third = close(&books(), 2025, Previous::Root(second.seal.root()));
    (books(), [first, second, third])
}

/// One year closed: the books as they were, the closing, and what is known beside.
pub fn one() -> (Files, Closed, Vec<KnownSeal>) {
    let first = close(&until(2023), 2023, Previous::Genesis);
    let known = vec![known(&first)];
    let live = until(2024);
    let closed = close(&live, 2024, Previous::Root(first.seal.root()));
    (live, closed, known)
}

pub fn known(closed: &Closed) -> KnownSeal {
    let seal = &closed.seal;
    KnownSeal {
        year: seal.year.clone(),
        last: seal.period.last,
        root: seal.root(),
        previous: seal.previous,
    }
}

/// What is known beside the bytes, without the books.
pub fn context(known: &[KnownSeal]) -> Context<'static> {
    Context { tool: TOOL, known: known.to_vec(), ..Context::default() }
}

/// Verifies with all that can be known: the books too, when they are sound.
pub fn whole(folder: &SealedFolder, live: &Files, known: &[KnownSeal], year: i32) -> Vec<Verdict> {
    let context = Context { entries: reread(live, year), ..context(known) };
    verify(folder, live, &context)
}

/// The hash of a text, to compare roots.
pub fn hash(text: &str) -> Hash {
    Hash::of(text.as_bytes())
}

use std::path::Path;

use super::ag;
use super::args::Common;
use super::failure::Failure;
use super::host::Host;
use super::intake::{FecIntake, from_fec};
use crate::register::reads_as_written;

/// A file of a model: its path and its text.
type Model = (&'static str, &'static str);

/// The books of a small invented association, with every feature.
const DEMO: &[Model] = &[
    ("controles.toml", include_str!("models/demo/controles.toml")),
    ("regularisations.toml", include_str!("models/demo/regularisations.toml")),
    ("provisions.toml", include_str!("models/demo/provisions.toml")),
    ("immobilisations.toml", include_str!("models/demo/immobilisations.toml")),
    ("LISEZMOI.md", include_str!("models/demo/LISEZMOI.md")),
    ("compta.toml", include_str!("models/demo/compta.toml")),
    ("comptes.journal", include_str!("models/demo/comptes.journal")),
    ("principal.journal", include_str!("models/demo/principal.journal")),
    ("programmes.toml", include_str!("models/demo/programmes.toml")),
    ("conventions.toml", include_str!("models/demo/conventions.toml")),
    ("adhesions.toml", include_str!("models/demo/adhesions.toml")),
    ("repartition.toml", include_str!("models/demo/repartition.toml")),
    ("resolutions.toml", include_str!("models/demo/resolutions.toml")),
    ("principaux.toml", include_str!("models/demo/principaux.toml")),
    ("annexe.toml", include_str!("models/demo/annexe.toml")),
    ("care.toml", include_str!("models/demo/care.toml")),
    ("2024/achats.journal", include_str!("models/demo/2024/achats.journal")),
    ("2024/an.journal", include_str!("models/demo/2024/an.journal")),
    ("2024/banque.journal", include_str!("models/demo/2024/banque.journal")),
    ("2024/od.journal", include_str!("models/demo/2024/od.journal")),
    ("2024/paie.journal", include_str!("models/demo/2024/paie.journal")),
    ("2024/subventions.journal", include_str!("models/demo/2024/subventions.journal")),
    ("2024/ventes.journal", include_str!("models/demo/2024/ventes.journal")),
    ("2025/achats.journal", include_str!("models/demo/2025/achats.journal")),
    ("2025/banque.journal", include_str!("models/demo/2025/banque.journal")),
    ("2025/budget.journal", include_str!("models/demo/2025/budget.journal")),
    ("2025/od.journal", include_str!("models/demo/2025/od.journal")),
    ("2025/paie.journal", include_str!("models/demo/2025/paie.journal")),
    ("2025/subventions.journal", include_str!("models/demo/2025/subventions.journal")),
    ("2025/ventes.journal", include_str!("models/demo/2025/ventes.journal")),
    ("2026/budget.journal", include_str!("models/demo/2026/budget.journal")),
];

/// The year whose general assembly the demonstration holds.
const DEMO_YEAR: &str = "2025";

/// What every folder of books gets.
const SHARED: &[Model] = &[
    (".github/workflows/compta.yml", include_str!("models/shared/compta.yml")),
    (".gitignore", "clotures/.*\n"),
];

/// The journals of a new year.
const JOURNALS: [(&str, &str); 4] = [
    ("achats", "Achats : une écriture par facture"),
    ("banque", "Banque : une écriture par ligne de relevé"),
    ("ventes", "Ventes, subventions et adhésions"),
    ("od", "Opérations diverses"),
];

/// Makes a folder of books that works at once; nothing is written where something stands already.
pub(super) fn init(
    target: &Path,
    (demo, dry): (bool, bool),
    from: &FecIntake<'_>,
    host: &mut Host,
) -> Result<u8, Failure> {
    if host.real(target).is_ok() {
        let taken = !host.is_folder(target)
            || !host.list(target).is_ok_and(|names| names.iter().all(|name| name == ".git"));
        if taken {
            return Err(Failure::usage(
                format!("`{}` existe déjà et n’est pas un dossier vide", target.display()),
                "donnez le nom d’un dossier qui n’existe pas encore",
            ));
        }
    }
    if from.name.is_some_and(|name| !reads_as_written(name)) {
        return Err(Failure::usage(
            "le nom donné à `--nom` tient une fin de ligne, ou un caractère invisible",
            "retapez le nom, sur une seule ligne",
        ));
    }
    let mut files: Vec<(String, Vec<u8>)> =
        SHARED.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let mut told = String::new();
    if !from.files.is_empty() {
        let taken = from_fec(target, from, host)?;
        files.extend(taken.files);
        told = taken.told + "\n";
    } else if demo {
        let own = DEMO.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        files.extend(own);
    } else {
        files.extend(plain(
            from.name.unwrap_or("Mon association"),
            chrono::Datelike::year(&host.today()),
        ));
    }
    files.sort();
    if dry {
        for (path, _) in &files {
            told.push_str(&format!("  {path}\n"));
        }
        let count = files.len();
        told.push_str(&format!("{count} fichiers ; essai (`-n`) : rien n’a été écrit\n"));
        return host.put(told.as_bytes()).map(|()| 0);
    }
    host.write_folder(target, &files)?;
    if demo {
        // The tables of its assembly, so that its workflow has something to hold them to.
        let output = Some(target.join(format!("sorties/ag-{DEMO_YEAR}")));
        let common = Common::of(target, output);
        ag::all(&common, (Some(DEMO_YEAR), false), host)?;
    }
    for (path, _) in &files {
        told.push_str(&format!("  {path}\n"));
    }
    let place = target.display();
    let next = if demo {
        [
            format!("compta -C {place}"),
            format!("compta -C {place} bilan {DEMO_YEAR}"),
            format!("compta -C {place} ag {DEMO_YEAR} --check {place}/sorties/ag-{DEMO_YEAR}"),
        ]
    } else if !from.files.is_empty() {
        [
            format!("compta -C {place}"),
            format!("compta -C {place} bilan"),
            format!("compta -C {place} balance"),
        ]
    } else {
        [
            format!("compta -C {place}"),
            format!("compta -C {place} check"),
            format!("compta -C {place} fmt"),
        ]
    };
    told.push_str(&format!(
        "{} fichiers dans {place}\n\nEnsuite :\n  {}\n",
        files.len(),
        next.join("\n  ")
    ));
    host.put(told.as_bytes())?;
    Ok(0)
}

/// Sound books without an entry: a year of journals that wait for theirs.
fn plain(name: &str, year: i32) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![
        ("LISEZMOI.md".to_owned(), include_str!("models/plain/LISEZMOI.md").to_owned()),
        ("comptes.journal".to_owned(), include_str!("models/plain/comptes.journal").to_owned()),
        ("programmes.toml".to_owned(), include_str!("models/plain/programmes.toml").to_owned()),
        (
            "compta.toml".to_owned(),
            format!(
                "[entite]\nnom = {}\n\n[livres]\njournal = \"principal.journal\"\nforme = \"ag\"\n\n[journaux]\nACH = \"Achats\"\nBQ = \"Banque\"\nVTE = \"Ventes\"\nOD = \"Opérations diverses\"\n",
                toml::Value::from(name)
            ),
        ),
        (
            "principal.journal".to_owned(),
            format!(
                "; La porte : elle inclut tous les autres journaux.\n\ndecimal-mark ,\n\ninclude comptes.journal\ninclude {year}/*.journal\n"
            ),
        ),
        (
            format!("{year}/budget.journal"),
            format!(
                "; Budget prévisionnel {year}. Exemple :\n; ~ {year}  BP {year}\n;     6236 Catalogues et imprimés  300,00 €\n;     512000 Banque\n\ndecimal-mark ,\n"
            ),
        ),
    ];
    for (journal, what) in JOURNALS {
        let text = format!(
            "; {what}. Exemple :\n; {year}-03-12 * (ACH-0001) Imprimeur | affiches   ; piece: {year}-001.pdf\n;     6236 Catalogues et imprimés  120,00 €\n;     401 Fournisseurs:Imprimeur  -120,00 €\n\ndecimal-mark ,\n"
        );
        files.push((format!("{year}/{journal}.journal"), text));
    }
    files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
}

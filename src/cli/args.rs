use std::path::{Path, PathBuf};

use super::audit_args::AuditCommand;
use super::closing_args::ClosingCommand;
use super::fec_args::FecArgs;
use super::sheet_args::{BudgetArgs, EcrituresCommand};
use super::tiers_args::TiersCommand;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// What was typed.
#[derive(Debug, Parser)]
#[command(
    name = "compta",
    version,
    about = "Les comptes d’une association en texte : grand livre classique et grand livre CARE",
    long_about = "Les comptes d’une association en texte : chaque écriture va au grand livre classique \
                  (plan comptable) et au grand livre CARE (le capital écologique comme une dette).\n\n\
                  Exemples :\n  compta check                        contrôler les livres\n  \
                  compta bilan 2024                   bilan de l’exercice\n  \
                  compta resultat 2024 --budget 2025  compte de résultat et budget\n  \
                  compta trace bilan.actif.creances_clients 2024",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    subcommand_help_heading = "Commandes ",
    subcommand_value_name = "COMMANDE",
    help_template = "{about-with-newline}\nUsage : {usage}\n\n{all-args}{after-help}",
    next_help_heading = "Options "
)]
pub(super) struct Cli {
    #[command(flatten, next_help_heading = "Options communes ")]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Options that every command takes, before or after its name.
#[derive(Clone, Default, Debug, Args)]
pub(super) struct Common {
    /// Lit ce journal et ses inclusions, sans `compta.toml` ni registre
    #[arg(
        short = 'f',
        long = "fichier",
        value_name = "FICHIER",
        global = true,
        conflicts_with = "folder"
    )]
    pub(super) file: Option<PathBuf>,
    /// Dossier des livres (sinon : celui de `compta.toml`, en remontant)
    #[arg(short = 'C', long = "dossier", value_name = "DOSSIER", global = true)]
    pub(super) folder: Option<PathBuf>,
    /// Format de sortie : text, csv, csv-excel, json, html, xlsx, pdf (avec `-o`) ; pour `journal` et
    /// `inventaire` aussi hledger, pour `check` aussi github
    #[arg(
        short = 'O',
        long = "format",
        value_name = "FORMAT",
        global = true,
        hide_possible_values = true
    )]
    pub(super) format: Option<FormatName>,
    /// Écrit là au lieu de la sortie standard : un fichier, ou un dossier pour fec, ag et export
    #[arg(short = 'o', long = "sortie", value_name = "FICHIER", global = true)]
    pub(super) output: Option<PathBuf>,
    /// Grand livre classique
    #[arg(long, global = true, conflicts_with = "care")]
    pub(super) classique: bool,
    /// Grand livre CARE : classique, lignes entre crochets, tonnes et activités
    #[arg(long, global = true)]
    pub(super) care: bool,
    /// Tous les exercices : la somme simple des écritures écrites
    #[arg(long, global = true)]
    pub(super) tout: bool,
    /// Largeur de l’affichage, en colonnes
    #[arg(long, value_name = "N", global = true)]
    pub(super) largeur: Option<usize>,
    /// Affiche cette aide
    #[arg(short = 'h', long = "help", alias = "aide", action = clap::ArgAction::Help, global = true)]
    help: Option<bool>,
    /// Affiche la version
    #[arg(short = 'V', long = "version", action = clap::ArgAction::Version)]
    version: Option<bool>,
}

impl Common {
    /// The options of a command on a folder, as if typed with `-C` and `-o`.
    pub(super) fn of(folder: &Path, output: Option<PathBuf>) -> Self {
        Self { folder: Some(folder.to_owned()), output, ..Self::default() }
    }
}

/// A format by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatName {
    Text,
    Csv,
    CsvExcel,
    Json,
    /// A workbook.
    Xlsx,
    /// A page that a browser shows.
    Html,
    /// Pages to be printed, tagged.
    Pdf,
    /// The entries themselves, as a journal that hledger reads.
    Hledger,
    /// The findings as annotations of GitHub.
    Github,
}

/// On which basis the CARE result is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum BaseName {
    Flux,
    Stock,
}

#[derive(Debug, Subcommand)]
#[command(disable_help_flag = true)]
pub(super) enum Command {
    /// Crée un dossier de livres qui marche : vide, de démonstration, ou repris d’un FEC
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Init {
        /// Dossier à créer
        #[arg(value_name = "DOSSIER", help_heading = "Arguments ")]
        target: PathBuf,
        /// Une petite association inventée, avec tout ce que compta sait faire
        #[arg(long, conflicts_with = "name")]
        demo: bool,
        /// Nom de l’association
        #[arg(long = "nom", id = "name", value_name = "NOM")]
        name: Option<String>,
        /// FEC d’un ou de plusieurs exercices : toutes leurs écritures deviennent les livres
        #[arg(long = "depuis-fec", id = "fec", value_name = "FICHIER", num_args = 1.., conflicts_with = "demo")]
        fec: Vec<PathBuf>,
        /// Premier jour du premier exercice, s’il n’a pas douze mois
        #[arg(long = "debut", id = "first", value_name = "AAAA-MM-JJ", requires = "fec")]
        first: Option<String>,
        /// Montre ce qui serait écrit, n’écrit rien
        #[arg(short = 'n', long = "essai")]
        dry: bool,
    },
    /// Contrôle les livres et montre toutes les anomalies
    #[command(aliases = ["controler", "contrôler"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Check,
    /// Contrôles avant la clôture : ce qui la bloque (E), ce qui se justifie (W)
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Controles {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    /// Remet les journaux en forme : alignement, libellés, fautes qui n’ont qu’un sens
    #[command(aliases = ["formater"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Fmt {
        /// Ne change rien ; sort en 1 si un fichier changerait
        #[arg(long)]
        check: bool,
    },
    /// Balance générale : débits, crédits, soldes ; ou auxiliaire, tiers par tiers
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Balance {
        /// Exercice ou période : 2024, 2024-T2, 2024-06
        #[arg(value_name = "PÉRIODE", help_heading = "Arguments ")]
        period: Option<String>,
        /// Balance auxiliaire : chaque tiers, et le total de chaque compte
        #[arg(long = "auxiliaire")]
        subsidiary: bool,
        /// Avec `--auxiliaire`, un compte ou un début de compte : 401
        #[arg(long = "compte", value_name = "COMPTE")]
        account: Option<String>,
    },
    #[command(flatten)]
    Tiers(TiersCommand),
    /// Journal : les écritures dans l’ordre des dates
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Journal {
        /// Exercice ou période : 2024, 2024-T2, 2024-06
        #[arg(value_name = "PÉRIODE", help_heading = "Arguments ")]
        period: Option<String>,
        /// Un seul journal : ACH, BQ…
        #[arg(long, value_name = "CODE")]
        journal: Option<String>,
    },
    /// Grand-livre : les écritures par compte, avec le solde courant
    #[command(aliases = ["gl"], help_template = TEMPLATE, next_help_heading = "Options ")]
    GrandLivre {
        /// Compte (ou début de compte), ou période
        #[arg(value_name = "COMPTE", help_heading = "Arguments ")]
        first: Option<String>,
        /// Exercice ou période : 2024, 2024-T2, 2024-06
        #[arg(value_name = "PÉRIODE", help_heading = "Arguments ")]
        second: Option<String>,
    },
    /// Bilan d’un exercice
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Bilan {
        /// Exercice (le dernier ouvert si absent), ou période : 2024-T2
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Forme : ag, anc-2018-06, ou une forme du dossier
        #[arg(long = "forme", value_name = "FORME")]
        form: Option<String>,
        /// Livre CARE en flux (par défaut), ou présenté en stock
        #[arg(long, value_name = "BASE")]
        base: Option<BaseName>,
    },
    /// Compte de résultat d’un exercice
    #[command(aliases = ["résultat", "cr"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Resultat {
        /// Exercice (le dernier ouvert si absent), ou période : 2024-T2
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Exercice dont le budget est montré à côté (le suivant si absent)
        #[arg(long, value_name = "ANNÉE")]
        budget: Option<String>,
        /// Forme : ag, anc-2018-06, cerfa-12156, ou une forme du dossier
        #[arg(long = "forme", value_name = "FORME")]
        form: Option<String>,
        /// Livre CARE en flux (par défaut), ou présenté en stock
        #[arg(long, value_name = "BASE")]
        base: Option<BaseName>,
    },
    /// Budget prévisionnel et réalisé d’un exercice ; son classeur à remplir, et son import
    #[command(aliases = ["bp"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Budget(BudgetArgs),
    /// Écritures saisies dans un tableur : le tableau à remplir, et son import
    #[command(aliases = ["écritures"], disable_help_flag = true, help_template = TEMPLATE,
        subcommand_help_heading = "Commandes ", subcommand_value_name = "COMMANDE")]
    Ecritures {
        #[command(subcommand)]
        command: EcrituresCommand,
    },
    /// D’une cellule à ses comptes, ses écritures, ses lignes de fichier
    #[command(aliases = ["tracer"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Trace {
        /// Clé d’une ligne, avec sa colonne au besoin : `bilan.actif.creances_clients.brut`
        #[arg(value_name = "CLÉ", help_heading = "Arguments ")]
        key: String,
        /// Exercice (le dernier ouvert si absent), ou période : 2024-T2
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Forme de l’état
        #[arg(long = "forme", value_name = "FORME")]
        form: Option<String>,
    },
    /// Principaux éléments de l’exercice
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Principaux {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    /// Subventions et facturations, convention par convention
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Subventions {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    /// Répartition des coûts et des financements
    #[command(aliases = ["répartition"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Repartition {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Les coûts seulement
        #[arg(long, conflicts_with = "funding")]
        couts: bool,
        /// Les financements seulement
        #[arg(long = "financements", id = "funding")]
        funding: bool,
    },
    /// Adhésions : la grille, les membres, l’attendu et le reçu
    #[command(aliases = ["adhésions"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Adhesions {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    /// Ce que la grille demande à un organisme
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Cotisation {
        /// Exercice (la dernière grille si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Budget annuel de l’organisme, en euros
        #[arg(long, value_name = "EUROS", allow_hyphen_values = true)]
        budget: String,
    },
    /// Résolutions mises au vote
    #[command(aliases = ["résolutions"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Resolutions {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    /// Compte de résultat par programme, charges communes réparties
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Programmes {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    /// Compte rendu financier d’une convention (Cerfa 15059) : prévu, réalisé, %
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    CompteRendu {
        /// Convention : son `id` dans `conventions.toml`
        #[arg(value_name = "CONVENTION", help_heading = "Arguments ")]
        convention: String,
    },
    /// Annexe des comptes
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Annexe {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    /// Écritures que les registres donnent à la clôture : amortissements, provisions, régularisations
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Inventaire {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    /// Tableau des immobilisations et de leurs amortissements
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Immobilisations {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    /// Trésorerie mois par mois : réalisée, ou prévue par le budget et les conventions
    #[command(aliases = ["trésorerie"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Tresorerie {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    /// Tout le dossier de l’assemblée générale, à l’écran ou dans un dossier (`-o`)
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Ag {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Refait le dossier et le compare à celui-ci ; sort en 1 au premier octet qui diffère
        #[arg(long, value_name = "DOSSIER", conflicts_with = "contre")]
        check: Option<PathBuf>,
        /// Compare les chiffres publiés de ce fichier aux livres, un par un
        #[arg(long = "contre", id = "contre", value_name = "FICHIER")]
        against: Option<PathBuf>,
        /// Avec `-O pdf`, des pages 16:9 pour l’écran de l’assemblée
        #[arg(long = "ecran", alias = "écran", id = "screen", conflicts_with_all = ["check", "contre"])]
        screen: bool,
    },
    /// Modèles des PDF : leurs noms, ou avec `-o modeles` leurs fichiers, à changer
    #[command(aliases = ["modèles"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Modeles,
    /// Du classique au CARE : les deux résultats, le pont de l’un à l’autre, ligne à ligne
    #[command(aliases = ["pont"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Diff {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Forme : ag, anc-2018-06, ou une forme du dossier
        #[arg(long = "forme", value_name = "FORME")]
        form: Option<String>,
    },
    /// Carbone : émissions, dettes par millésime, projets, trajectoire
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Care {
        /// projets, facteurs, journal, dialogue, responsabilite ou provision ; rien pour tout voir
        #[arg(value_name = "SUJET", help_heading = "Arguments ")]
        subject: Option<String>,
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    #[command(flatten)]
    Closing(ClosingCommand),
    /// Fichier des écritures comptables d’un exercice (FEC), ou contrôle d’un FEC
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Fec(FecArgs),
    #[command(flatten)]
    Audit(AuditCommand),
    /// Explique un code d’anomalie
    #[command(aliases = ["expliquer"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Explain {
        /// Code : E0301
        #[arg(value_name = "CODE", help_heading = "Arguments ")]
        code: String,
    },
    /// Complétions de l’interpréteur : bash, zsh, fish, elvish, powershell
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Completions {
        /// Interpréteur
        #[arg(value_name = "SHELL", help_heading = "Arguments ")]
        shell: clap_complete::Shell,
    },
    /// Pages de manuel : celle de compta, ou toutes dans un dossier (`-o`)
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Man,
}

pub(super) const TEMPLATE: &str = "{about-with-newline}\nUsage : {usage}\n\n{all-args}";

use clap::{Args, Subcommand, ValueEnum};

use super::args::TEMPLATE;

/// What an auditor asks of the books.
#[derive(Debug, Subcommand)]
#[command(disable_help_flag = true)]
pub(super) enum AuditCommand {
    /// Les dix preuves d’un audit : OK, KO ou non vérifié, chacune avec ses éléments
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Audit {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Code du sceau, tel qu’il est imprimé au procès-verbal
        #[arg(long = "racine", value_name = "CODE")]
        root: Option<String>,
    },
    /// Le dossier du commissaire aux comptes : FEC, balances, états, registres, contrôles, manifeste
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Export {
        /// Ce qui s’exporte : cac
        #[arg(value_name = "QUOI", help_heading = "Arguments ")]
        what: String,
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Code du sceau, tel qu’il est imprimé au procès-verbal
        #[arg(long = "racine", value_name = "CODE")]
        root: Option<String>,
    },
    /// Population d’un sondage : ses comptes, égaux à la balance, et son SHA-256
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Population {
        /// Exercice ou période : 2024, 2024-T2, 2024-06
        #[arg(value_name = "PÉRIODE", help_heading = "Arguments ")]
        period: Option<String>,
        #[command(flatten)]
        lines: LinesArgs,
        /// Le texte canonique, dont `sha256sum` rend le SHA-256 affiché
        #[arg(long = "texte")]
        canonical: bool,
    },
    /// Sondage que chacun peut refaire : par seuil, au hasard, ou par unités monétaires
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Sondage {
        /// Exercice ou période : 2024, 2024-T2, 2024-06
        #[arg(value_name = "PÉRIODE", help_heading = "Arguments ")]
        period: Option<String>,
        #[command(flatten)]
        lines: LinesArgs,
        /// seuil, aleatoire ou unites
        #[arg(
            long = "methode",
            alias = "méthode",
            value_name = "MÉTHODE",
            hide_possible_values = true
        )]
        method: MethodName,
        /// Combien de lignes (aleatoire), d’unités monétaires (unites)
        #[arg(long = "taille", value_name = "N")]
        size: Option<usize>,
        /// Ce dont le tirage dépend : convenu, noté, jamais tiré d’une horloge
        #[arg(long = "graine", value_name = "TEXTE")]
        seed: Option<String>,
        /// Montant, sans signe, à partir duquel toute ligne est prise (seuil)
        #[arg(long = "seuil", value_name = "MONTANT")]
        threshold: Option<String>,
    },
    /// Feuilles maîtresses : chaque compte dans son cycle, N, N−1, variation
    #[command(alias = "feuilles-maitresses", alias = "feuilles-maîtresses", help_template = TEMPLATE, next_help_heading = "Options ")]
    Feuilles {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Variation à voir, en euros (sinon 1 % des charges de l’exercice)
        #[arg(long = "seuil", value_name = "MONTANT")]
        threshold: Option<String>,
        /// Variation à voir, en pour cent : les deux à la fois (10 si absent)
        #[arg(long = "pourcent", value_name = "P")]
        percent: Option<String>,
    },
}

/// Which lines a population holds.
#[derive(Debug, Args)]
pub(super) struct LinesArgs {
    /// Début de compte : 6, 401:SNCF ; répétable
    #[arg(long = "compte", value_name = "COMPTE")]
    pub(super) accounts: Vec<String>,
    /// Code de journal : ACH ; répétable
    #[arg(long = "journal", value_name = "CODE")]
    pub(super) journals: Vec<String>,
}

/// A method of sampling by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum MethodName {
    Seuil,
    #[value(alias = "aléatoire")]
    Aleatoire,
    #[value(alias = "unités")]
    Unites,
}

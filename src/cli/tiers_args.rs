use clap::Subcommand;

use super::args::TEMPLATE;

/// What third parties owe, and how their lines are matched.
#[derive(Debug, Subcommand)]
#[command(disable_help_flag = true)]
pub(super) enum TiersCommand {
    /// Balance âgée : ce que chaque tiers doit, ou attend, par ancienneté
    #[command(aliases = ["balance-âgée"], help_template = TEMPLATE, next_help_heading = "Options ")]
    BalanceAgee {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Jour (le dernier de l’exercice si absent)
        #[arg(long = "au", value_name = "AAAA-MM-JJ")]
        day: Option<String>,
        /// Compte, ou début de compte : 40, 411, 467 (40 et 41 si absent)
        #[arg(long = "compte", value_name = "COMPTE")]
        account: Option<String>,
    },
    /// Lettrage : contrôle les lettres, propose celles qui manquent, les écrit
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Lettrer {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Compte, ou début de compte : 40, 411, 467 (40 et 41 si absent, et les lettres de tous les autres)
        #[arg(long = "compte", value_name = "COMPTE")]
        account: Option<String>,
        /// Écrit dans les journaux les lettres des propositions certaines
        #[arg(long = "ecrire", alias = "écrire", id = "ecrire", conflicts_with = "check")]
        write: bool,
        /// Montre les lignes qui changeraient, n’écrit rien
        #[arg(short = 'n', long = "essai", conflicts_with = "check")]
        dry: bool,
        /// Sort en 1 si une lettre ne se solde pas
        #[arg(long)]
        check: bool,
    },
}

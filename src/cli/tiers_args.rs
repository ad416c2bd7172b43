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
}

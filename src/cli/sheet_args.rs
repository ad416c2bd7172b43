use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::TEMPLATE;

/// `compta budget`: the budget beside what happened, or its sheet.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_help_heading = "Commandes ",
    subcommand_value_name = "COMMANDE"
)]
pub(super) struct BudgetArgs {
    /// Exercice (le dernier ouvert si absent), ou période : 2024-T2
    #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
    pub(super) year: Option<String>,
    /// Forme : ag, anc-2018-06, cerfa-12156, ou une forme du dossier
    #[arg(long = "forme", value_name = "FORME")]
    pub(super) form: Option<String>,
    #[command(subcommand)]
    pub(super) command: Option<BudgetCommand>,
}

/// What can be done with the sheet of a budget.
#[derive(Debug, Subcommand)]
#[command(disable_help_flag = true)]
pub(super) enum BudgetCommand {
    /// Écrit le classeur du budget, avec `-o` : l’année d’avant à côté, ce qui est déjà prévu
    #[command(aliases = ["modèle"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Modele {
        /// Exercice du budget (celui d’après le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
    },
    /// Lit un budget rempli (XLSX, ODS ou CSV) et l’écrit dans le journal du budget
    #[command(aliases = ["importer"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Import {
        /// Le classeur
        #[arg(id = "sheet", value_name = "FICHIER", help_heading = "Arguments ")]
        file: PathBuf,
        /// Exercice du budget (celui d’après le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Remplace un budget déjà écrit ; l’ancien est gardé à côté
        #[arg(long = "remplace")]
        replace: bool,
        /// Montre ce qui serait écrit, n’écrit rien
        #[arg(short = 'n', long = "essai")]
        dry: bool,
    },
}

/// What can be done with a sheet of entries.
#[derive(Debug, Subcommand)]
#[command(disable_help_flag = true)]
pub(super) enum EcrituresCommand {
    /// Écrit le tableau à remplir, avec `-o` : ses listes sont celles de ces livres
    #[command(aliases = ["modèle"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Modele,
    /// Ajoute les écritures d’un tableau (XLSX, ODS ou CSV) aux journaux : toutes, ou aucune
    #[command(aliases = ["importer"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Import {
        /// Le tableau
        #[arg(id = "sheet", value_name = "FICHIER", help_heading = "Arguments ")]
        file: PathBuf,
        /// Montre ce qui serait écrit, n’écrit rien
        #[arg(short = 'n', long = "essai")]
        dry: bool,
    },
}

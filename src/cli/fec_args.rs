use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::args::TEMPLATE;

/// `compta fec`: a year's file, or the verification of one.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_help_heading = "Commandes ",
    subcommand_value_name = "COMMANDE"
)]
pub(super) struct FecArgs {
    /// Exercice (le dernier ouvert si absent)
    #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
    pub(super) year: Option<String>,
    /// Numéros d’écriture : livres (par défaut), ou unique, de 1 à n avec sa concordance
    #[arg(
        long,
        value_name = "SÉQUENCE",
        default_value = "livres",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(super) sequence: SequenceName,
    /// Séparateur des champs : tab (par défaut) ou pipe
    #[arg(
        long = "separateur",
        value_name = "SÉPARATEUR",
        default_value = "tab",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(super) separator: SeparatorName,
    /// Jeu de caractères : utf-8 (par défaut) ou iso-8859-15
    #[arg(
        long = "encodage",
        value_name = "ENCODAGE",
        default_value = "utf-8",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(super) charset: CharsetName,
    #[command(subcommand)]
    pub(super) command: Option<FecCommand>,
}

/// What numbers the entries of a FEC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SequenceName {
    /// The numbers of the books.
    Livres,
    /// One sequence, from 1.
    Unique,
}

/// A separator by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SeparatorName {
    Tab,
    #[value(alias = "|")]
    Pipe,
}

/// A character set by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CharsetName {
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    #[value(name = "iso-8859-15", alias = "latin9")]
    Latin,
}

/// What can be done with a FEC of anyone.
#[derive(Debug, Subcommand)]
#[command(disable_help_flag = true)]
pub(super) enum FecCommand {
    /// Contrôle un FEC, d’où qu’il vienne : ce que vérifie l’outil officiel, et ce qu’il ne vérifie pas
    #[command(aliases = ["vérifier", "verify", "check"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Verifier {
        /// Le fichier
        #[arg(value_name = "FICHIER", help_heading = "Arguments ")]
        file: PathBuf,
        /// Premier jour de l’exercice, s’il n’a pas douze mois
        #[arg(long = "debut", value_name = "AAAA-MM-JJ")]
        first: Option<String>,
    },
}

use clap::Subcommand;

use super::args::TEMPLATE;

/// What ends a year, and what follows.
#[derive(Debug, Subcommand)]
#[command(disable_help_flag = true)]
pub(super) enum ClosingCommand {
    /// Clôt un exercice : contrôle, écrit, scelle dans `clotures/` ; sans retour
    #[command(aliases = ["cloturer", "clôturer", "clore"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Close {
        /// Exercice (le dernier ouvert si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Montre tout ce qui serait écrit, n’écrit rien
        #[arg(short = 'n', long = "essai")]
        dry: bool,
        /// Ne demande pas de taper l’exercice
        #[arg(long = "oui")]
        yes: bool,
        /// Une version qui se refait, pour le commissaire et l’assemblée : rien n’est bloqué
        #[arg(long = "provisoire")]
        provisional: bool,
        /// Date de la clôture (aujourd’hui si absente)
        #[arg(long, value_name = "AAAA-MM-JJ")]
        date: Option<String>,
    },
    /// Affecte le résultat d’un exercice clos, comme l’assemblée l’a voté
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Affecter {
        /// Exercice clos
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: String,
        /// Date du vote
        #[arg(long, value_name = "AAAA-MM-JJ")]
        vote: String,
        /// Part mise en réserve ; le reste va au report à nouveau
        #[arg(long = "reserve", value_name = "COMPTE=MONTANT")]
        reserves: Vec<String>,
        /// Le procès-verbal
        #[arg(long = "piece", value_name = "FICHIER")]
        document: Option<String>,
        /// Montre l’écriture, n’écrit rien
        #[arg(short = 'n', long = "essai")]
        dry: bool,
    },
    /// Corrige une écriture scellée : son annulation et la nouvelle, au premier jour ouvert
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Corriger {
        /// Numéro de l’écriture : ACH-0042
        #[arg(value_name = "NUMÉRO", help_heading = "Arguments ")]
        code: String,
        /// Exercice de l’écriture, si plusieurs ont ce numéro
        #[arg(long = "exercice", value_name = "ANNÉE")]
        year: Option<String>,
        /// Date de la correction (aujourd’hui, ou le premier jour ouvert)
        #[arg(long, value_name = "AAAA-MM-JJ")]
        date: Option<String>,
        /// Compte à remplacer
        #[arg(long = "compte", value_name = "ANCIEN=NOUVEAU")]
        accounts: Vec<String>,
        /// Montant à remplacer, sans signe
        #[arg(long = "montant", value_name = "ANCIEN=NOUVEAU")]
        amounts: Vec<String>,
        /// Montre les écritures, n’écrit rien
        #[arg(short = 'n', long = "essai")]
        dry: bool,
    },
    /// Scelle les écritures d’un exercice ouvert jusqu’à un jour
    #[command(help_template = TEMPLATE, next_help_heading = "Options ")]
    Sceller {
        /// Dernier jour scellé
        #[arg(long = "jusqu-au", value_name = "AAAA-MM-JJ")]
        until: String,
        /// Date du sceau (aujourd’hui si absente)
        #[arg(long, value_name = "AAAA-MM-JJ")]
        date: Option<String>,
        /// Montre ce qui serait scellé, n’écrit rien
        #[arg(short = 'n', long = "essai")]
        dry: bool,
    },
    /// Vérifie que ce qui est scellé n’a pas bougé, et nomme ce qui a bougé
    #[command(aliases = ["verifier", "vérifier"], help_template = TEMPLATE, next_help_heading = "Options ")]
    Verify {
        /// Exercice (toutes les clôtures si absent)
        #[arg(value_name = "ANNÉE", help_heading = "Arguments ")]
        year: Option<String>,
        /// Le sceau imprimé au bilan ou au procès-verbal : prouve que rien n’a été scellé à nouveau
        #[arg(long = "racine", value_name = "CODE")]
        root: Option<String>,
    },
}

use super::{Restored, UNSOUND, made, unverified};
use crate::closing::controls::outcome::{Control, Evidence, Outcome, counted};

/// What this proof leaves out, since its name could promise more.
const NOT_TRIED: &str = "ni les registres, ni le livre CARE, ni une sauvegarde n’y sont essayés";

/// A10: the classic balances of the year come back from its FEC alone.
pub(super) fn restored(outcome: Option<&Result<Restored, String>>) -> Control {
    let (code, title) = ("A10", "Essai de reprise du FEC");
    match outcome {
        None => unverified(code, title, UNSOUND, "lancez `compta check`"),
        Some(Err(why)) => {
            let help = "`compta fec` puis `compta init --depuis-fec` le montrent";
            made(code, title, Outcome::Failed, why.clone(), Vec::new(), help)
        }
        Some(Ok(read)) if read.lost.is_empty() => {
            let renamed = match read.renamed {
                0 => String::new(),
                more => format!(
                    ", dont {} sous un nom que le FEC transcrit",
                    counted(more, "tiers", "tiers")
                ),
            };
            let words = format!(
                "soldes du livre classique refaits en mémoire depuis le seul FEC : {}, {} au même solde{renamed} ; {NOT_TRIED}",
                counted(read.rows, "ligne", "lignes"),
                counted(read.accounts, "compte", "comptes")
            );
            made(code, title, Outcome::Sound, words, Vec::new(), "")
        }
        Some(Ok(read)) => {
            let words = "les soldes refaits depuis le FEC ne sont pas les mêmes".to_owned();
            let evidence = read.lost.iter().map(Evidence::words).collect();
            made(code, title, Outcome::Failed, words, evidence, "comparez les comptes nommés")
        }
    }
}

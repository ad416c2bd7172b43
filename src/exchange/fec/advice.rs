use crate::diagnostic::Code;

/// What to do next about something in a FEC, in a few words.
pub fn advice(code: Code) -> &'static str {
    match code {
        Code::FecNotOne => "redemandez le FEC au logiciel d’origine, sans passer par un tableur",
        Code::FecEmpty => "refaites l’export : il a échoué, ou porte sur un autre exercice",
        Code::FecColumns => "refaites l’export avec les dix-huit colonnes, même à blanc",
        Code::FecFields => "corrigez la ligne, ou refaites l’export",
        Code::FecNeeded | Code::FecMissingData => "complétez-le dans le logiciel d’origine",
        Code::FecAmount => "écrivez `1234,56`, ou refaites l’export sans passer par un tableur",
        Code::FecDate => "écrivez AAAAMMJJ, ou refaites l’export sans passer par un tableur",
        Code::FecBytes => "retirez le caractère, ou refaites l’export",
        Code::FecEntry => "cherchez la ligne qui manque dans le logiciel d’origine",
        Code::FecUnbalanced => "refaites l’export : des lignes manquent",
        Code::FecOutsideYear => {
            "renommez le fichier, ou donnez `--debut AAAA-MM-JJ` si l’exercice n’a pas douze mois"
        }
        Code::FecAccount => "corrigez le numéro dans le logiciel d’origine",
        _ => "vérifiez dans le logiciel d’origine",
    }
}

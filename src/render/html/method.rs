use maud::{Markup, html};

/// What the two ledgers are, for who never kept one.
pub(super) fn section() -> Markup {
    html! {
        section class="method" aria-labelledby="methode" {
            h2 id="methode" { "Comment lire ces comptes" }
            p {
                "Chaque écriture est passée à la fois dans deux livres. Le " strong { "livre classique" }
                " suit le plan comptable : ce sont les comptes légaux, et rien d’écologique ne les change."
            }
            p {
                "Le " strong { "livre CARE" } " (comptabilité adaptée au renouvellement de l’environnement) part des mêmes "
                "écritures et y ajoute ce que l’association doit aux milieux dont elle vit. Ce qui est consommé du climat y est une "
                "dette, comme celle qu’on doit à une banque : tant qu’elle n’est pas rendue, un excédent n’en est pas tout à fait un."
            }
            p {
                "Une dette est " strong { "recouvrable" } " quand une action de préservation peut encore la compenser, "
                strong { "irrécouvrable" } " quand rien ne le peut plus. De l’argent dépensé n’efface jamais de tonnes : seules "
                "des absorptions vérifiées le font. Les tonnes attendues d’un projet sont montrées, et n’éteignent rien."
            }
            p {
                "Le résultat CARE se lit de deux façons. " strong { "En flux" } ", l’année ne porte que les dettes qu’elle a "
                "créées. " strong { "En stock" } ", toute la dette encore ouverte est opposée au résultat d’une seule année. "
                "Le pont donne, ligne à ligne, ce qui mène d’un résultat à l’autre ; chaque ligne nomme la règle et l’écriture "
                "dont elle vient."
            }
            p {
                "Chaque montant est arrondi pour lui-même : la somme des lignes affichées peut différer du total de "
                "quelques euros, et rien n’est ajusté pour le cacher. Un tiret est un montant nul, une case vide l’absence "
                "de montant ; un chiffre entre crochets est montré à côté des autres, jamais additionné."
            }
        }
    }
}

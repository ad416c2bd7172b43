#!/bin/sh
# Vérifie cette clôture sans compta, avec sha256sum seul. Usage : sh verifier.sh [CODE]
# CODE est le code de la racine, tel qu’il est imprimé sur les états et au procès-verbal.
LC_ALL=C; export LC_ALL; cd "$(dirname "$0")" || exit 1
tab=$(printf '\t'); cr=$(printf '\r'); bom=$(printf '\357\273\277'); faux=0
sha() { { sha256sum 2>/dev/null || shasum -a 256; } | cut -c1-64; }
lf() { sed -e "1s/^$bom//" -e "s/$cr\$//" "$1"; }
mal() { printf '%s\n' "$1"; faux=1; }
racine=$(lf racine.txt 2>/dev/null | sed -n 's/^racine: //p')
for f in sceau.txt racine.txt manifeste.sha256; do [ -f "$f" ] || mal "manquant : $f"; done
if [ -f sceau.txt ]; then
  sceau=$(lf sceau.txt | sha); [ "$sceau" = "$racine" ] || mal "altéré : sceau.txt ou racine.txt, qui ne s’accordent pas"
  code=$(printf '%s' "${1:-}" | tr -d ' -' | tr 'A-F' 'a-f')
  case $code in '') echo "racine non comparée : donnez le code imprimé pour exclure un scellé refait" ;;
    ????????????????????????????????*) case $sceau in "$code"*) ;; *) mal "scellé de nouveau : la racine n’est pas celle du code donné" ;; esac ;;
    *) mal "code trop court : 32 caractères au moins" ;; esac
  while IFS=$tab read -r mot genre taille somme chemin reste; do
    [ "$mot" = source ] || continue; case $genre in journal) f=../../$chemin ;; genere) f=$chemin ;; *) f=registres/$chemin ;; esac
    if [ ! -f "$f" ]; then mal "manquant : $f"
    elif [ "$(lf "$f" | sha)" = "$somme" ]; then :
    elif [ "$genre" = journal ] && [ "$(lf "$f" | head -c "$taille" | sha)" = "$somme" ]; then echo "complété depuis, contenu scellé intact : $f"
    elif [ "$genre" = journal ]; then mal "altéré, ou complété ailleurs qu’à la fin (compta verify dit lequel) : $f"
    else mal "altéré : $f"; fi
  done <<FIN
$(lf sceau.txt)
FIN
fi
if [ -f manifeste.sha256 ]; then
  nombre=$(lf manifeste.sha256 | sed '$d' | sha)
  [ "# manifeste $nombre" = "$(lf manifeste.sha256 | sed -n '$p')" ] || mal "altéré : manifeste.sha256"
  while read -r somme f; do [ "$somme" = '#' ] && continue
    if [ ! -f "$f" ]; then case $f in ../../*) ;; *) mal "manquant : $f" ;; esac
    elif [ "$(sha <"$f")" = "$somme" ]; then :
    elif [ "$(lf "$f" | sha)" = "$somme" ] || [ "$(sed -e "s/$cr\$//" -e "s/\$/$cr/" "$f" | sha)" = "$somme" ]; then echo "fin de ligne seulement : $f"
    else case $f in ../../*) ;; *) mal "altéré : $f" ;; esac; fi
  done <<FIN
$(lf manifeste.sha256)
FIN
fi
[ $faux = 0 ] && echo "clôture intacte : $racine"; exit $faux

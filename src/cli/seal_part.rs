use super::allocate::day;
use super::args::Common;
use super::close::{closing_day, opens_on_a_closed_year};
use super::failure::Failure;
use super::host::Host;
use super::ready::ready;
use super::sealing::{Sealing, TOOL, publish_folder};
use crate::closing::{CLOSINGS, ClosingAsk, Kind, State, files, folder_name, seal};
use crate::measure::{FiscalYear, Period, signed_words};

/// `compta sceller --jusqu-au DATE`: what is validated inside a year no longer moves.
pub(super) fn seal_part(
    common: &Common,
    until: &str,
    date: Option<&str>,
    dry: bool,
    host: &mut Host,
) -> Result<u8, Failure> {
    let ready = ready(common, host)?;
    let last = day(until)?;
    let shown = last.format("%d/%m/%Y");
    let opened = &ready.opened;
    let Some(year) = opened.books.years().of(last) else {
        return Err(Failure::usage(
            format!("le {shown} n’est dans aucun exercice"),
            "donnez un jour des livres",
        ));
    };
    if last == year.period.last {
        return Err(Failure::usage(
            format!("le {shown} est la fin de l’exercice {}", year.name),
            format!("`compta close {}` le clôt entier", year.name),
        ));
    }
    opens_on_a_closed_year(&ready, &year)?;
    let sealed = opened.closures.sealed_until().filter(|sealed| *sealed >= year.period.first);
    if let Some(sealed) = sealed.filter(|sealed| *sealed >= last) {
        host.put(
            format!("déjà scellé jusqu’au {} : rien à faire\n", sealed.format("%d/%m/%Y"))
                .as_bytes(),
        )?;
        return Ok(0);
    }
    let made_on = closing_day(opened, last, date, host)?;
    let first = sealed.and_then(|sealed| sealed.succ_opt()).unwrap_or(year.period.first);
    let part = FiscalYear {
        name: format!("{} jusqu’au {last}", year.name),
        period: Period { first, last },
    };
    if let Some(draft) =
        opened.books.written().find(|entry| part.period.contains(entry.date()) && entry.is_draft())
    {
        return Err(Failure::usage(
            format!("l’écriture {} est un brouillon, marqué `!` ({})", draft.code(), draft.place()),
            "relisez-la et remplacez `!` par `*` : ce qui est scellé ne change plus",
        ));
    }
    let ask = ClosingAsk {
        books: &opened.books,
        annual: &ready.annual,
        kept: None,
        entity: &opened.dossier.name,
        siren: opened.dossier.siren.as_deref(),
        year: &part,
        day: made_on,
        state: State::Final,
        previous: opened.closures.previous(),
        tool: TOOL,
    };
    let made = seal(&ask, Kind::Part, &[], &[]).map_err(|error| {
        Failure::usage(error.to_string(), "relancez : un fichier a changé pendant la lecture")
    })?;
    let files = files(&ask, &made, Vec::new(), Vec::new(), Vec::new());
    let place = format!("{CLOSINGS}/{}", folder_name(&part.name, Kind::Part, last, None));
    let sealed = if made.entries.len() > 1 { "scellées" } else { "scellée" };
    let count = format!("{} {sealed}", signed_words(made.entries.len(), "écriture"));
    let code = made.code();
    let sealing = Sealing { seal: made, place, files };
    if dry {
        host.put(
            format!(
                "{count} du {} au {shown} dans {}\nessai (`-n`) : rien n’a été écrit\n",
                first.format("%d/%m/%Y"),
                sealing.place
            )
            .as_bytes(),
        )?;
        return Ok(0);
    }
    publish_folder(&ready, &sealing, host)?;
    host.put(
        format!(
            "{count} du {} au {shown} : {}, sceau {code}\n",
            first.format("%d/%m/%Y"),
            sealing.place
        )
        .as_bytes(),
    )?;
    Ok(0)
}

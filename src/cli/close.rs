use chrono::{Days, NaiveDate};

use super::allocate::day;
use super::args::Common;
use super::controls::{bench, fixed_assets};
use super::failure::Failure;
use super::host::Host;
use super::open::Opened;
use super::ready::{Ready, ready};
use super::sealing::{Sealing, confirm_folder, publish_folder, sealing};
use super::state::result;
use crate::closing::controls::{Control, Outcome, controls};
use crate::closing::{CLOSINGS, Closure, Kind, PublishedFile, State};
use crate::measure::{FiscalYear, euros, signed_words};

/// How a closing was asked for.
pub(super) struct CloseAsk<'a> {
    pub(super) year: Option<&'a str>,
    /// The day of the closing, when it is not today.
    pub(super) date: Option<&'a str>,
    /// Show everything, write nothing.
    pub(super) dry: bool,
    /// Do not ask.
    pub(super) yes: bool,
    /// May be made again.
    pub(super) provisional: bool,
}

/// `compta close ANNÉE`.
pub(super) fn close(common: &Common, ask: &CloseAsk<'_>, host: &mut Host) -> Result<u8, Failure> {
    if common.file.is_some() {
        return Err(Failure::usage(
            "une clôture porte sur un dossier de livres, pas sur un journal",
            "retirez `-f`",
        ));
    }
    let mut ready = ready(common, host)?;
    let year = ready.year(ask.year)?;
    if let Some(closed) = ready.opened.closures.of(&year) {
        let (day, code) = (closed.seal.day.format("%d/%m/%Y"), closed.root.code());
        let place = format!("{CLOSINGS}/{}", closed.name);
        let words = format!(
            "l’exercice {} est arrêté depuis le {day} : {place}, sceau {code}\n",
            year.name
        );
        confirm_folder(&ready, &closed.name.clone())?;
        host.put(format!("{words}rien à faire\n").as_bytes())?;
        return Ok(0);
    }
    let last = if ask.provisional { NaiveDate::MIN } else { year.period.last };
    let day = closing_day(&ready.opened, last, ask.date, host)?;
    previous_is_closed(&ready, &year, ask)?;
    let assets = fixed_assets(&ready, &year);
    let made = controls(&bench(&ready, &year, assets.as_ref()));
    let blocking: Vec<&Control> =
        made.iter().filter(|one| one.blocks() || one.awaits_justification()).collect();
    host.put(heading(&ready, &year, day, ask, &made).as_bytes())?;
    if !ask.provisional && !blocking.is_empty() {
        return Ok(refused(&blocking, &year, host));
    }
    let state = if ask.provisional { State::Provisional } else { State::Final };
    let made = sealing(&mut ready, common, &year, (day, state), host)?;
    let mut known = ready.opened.closures.provisional(&year);
    if let Some(same) = known.find(|one| ask.provisional && one.root == made.seal.root()) {
        let words = format!("rien n’a changé depuis {CLOSINGS}/{} : rien à faire\n", same.name);
        host.put(words.as_bytes())?;
        return Ok(0);
    }
    host.put(listing(&made).as_bytes())?;
    if !ask.provisional {
        host.put(impossible(&ready, &year).as_bytes())?;
    }
    if ask.dry {
        host.put("essai (`-n`) : rien n’a été écrit\n".as_bytes())?;
        return Ok(0);
    }
    if !ask.provisional && !ask.yes {
        let typed = host.ask(&format!("\nTapez {} pour clore : ", year.name));
        if typed.as_deref() != Some(year.name.as_str()) {
            return Err(Failure::usage(
                "l’exercice n’a pas été tapé : rien n’a été écrit",
                format!("tapez {}, ou donnez `--oui` dans un script", year.name),
            ));
        }
    }
    publish_folder(&ready, &made, host)?;
    host.put(done(&made, &year, ask).as_bytes())?;
    Ok(0)
}

/// The day of a seal: after what it seals, and not before the last one.
pub(super) fn closing_day(
    opened: &Opened,
    last: NaiveDate,
    typed: Option<&str>,
    host: &Host,
) -> Result<NaiveDate, Failure> {
    let made_on = match typed {
        None => host.today(),
        Some(typed) => day(typed)?,
    };
    let shown = made_on.format("%d/%m/%Y");
    // Nowhere on earth is it later than one day after the universal day.
    let latest = host.today().checked_add_days(Days::new(1)).unwrap_or(host.today());
    if made_on > latest {
        return Err(Failure::usage(
            format!("le {shown} n’est pas encore venu : un sceau ne se date pas d’avance"),
            "donnez le jour même, ou vérifiez l’horloge de la machine",
        ));
    }
    if made_on <= last {
        return Err(Failure::usage(
            format!("rien ne se scelle au {shown} jusqu’au {}", last.format("%d/%m/%Y")),
            "attendez la fin de la période, ou faites un essai avec `--provisoire`",
        ));
    }
    let before = opened.closures.binding().map(|one| one.seal.day).max();
    if let Some(before) = before.filter(|before| made_on < *before) {
        return Err(Failure::usage(
            format!("le {shown} est avant le dernier sceau, du {}", before.format("%d/%m/%Y")),
            "vérifiez l’horloge de la machine, ou donnez `--date AAAA-MM-JJ`",
        ));
    }
    Ok(made_on)
}

/// A year is closed after the one before, so that its openings no longer move.
fn previous_is_closed(ready: &Ready, year: &FiscalYear, ask: &CloseAsk<'_>) -> Result<(), Failure> {
    let after =
        |one: &&Closure| one.seal.kind == Kind::Annual && one.seal.period.first > year.period.last;
    let later = ready.opened.closures.binding().find(after);
    if let Some(later) = later.filter(|_| !ask.provisional) {
        return Err(Failure::sealed(
            format!("{} est clos déjà, après {}", later.seal.year, year.name),
            format!("la clôture {} a-t-elle disparu ? reprenez-la d’une sauvegarde", year.name),
        ));
    }
    if ask.provisional { Ok(()) } else { opens_on_a_closed_year(ready, year) }
}

/// Refuses to seal anything of a year that opens on one still open: what is sealed ends on one day, and all
/// that comes before it is sealed.
pub(super) fn opens_on_a_closed_year(ready: &Ready, year: &FiscalYear) -> Result<(), Failure> {
    let books = &ready.opened.books;
    let before = books.years().before(year).filter(|before| {
        let kept = books.written().any(|entry| before.period.contains(entry.date()));
        kept && ready.opened.closures.of(before).is_none()
    });
    match before {
        None => Ok(()),
        Some(before) => Err(Failure::usage(
            format!("l’exercice {} n’est pas clos : {} s’ouvre sur lui", before.name, year.name),
            format!("lancez d’abord `compta close {}`", before.name),
        )),
    }
}

fn heading(
    ready: &Ready,
    year: &FiscalYear,
    day: NaiveDate,
    ask: &CloseAsk<'_>,
    made: &[Control],
) -> String {
    let shown = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    let what = if ask.provisional { "Clôture provisoire" } else { "Clôture" };
    let (first, last) = (shown(year.period.first), shown(year.period.last));
    let result = result(&ready.opened.books, &ready.annual, year);
    let account = if result.is_negative() { "129" } else { "120" };
    let count =
        |wanted: fn(&Outcome) -> bool| made.iter().filter(|one| wanted(&one.outcome)).count();
    let (sound, excused) = (
        count(|outcome| matches!(outcome, Outcome::Sound)),
        count(|outcome| matches!(outcome, Outcome::Justified { .. })),
    );
    let (failed, unknown) = (
        count(|outcome| matches!(outcome, Outcome::Failed)),
        count(|outcome| matches!(outcome, Outcome::Unverified { .. })),
    );
    format!(
        "{what} de l’exercice {}, du {first} au {last}\n{}\n\n  date de clôture  {}\n  contrôles        {sound} OK, {excused} justifiés, {unknown} non vérifiés, {failed} en échec\n  résultat         {}, au compte {account}\n",
        year.name,
        ready.opened.dossier.name,
        shown(day),
        euros(result.decimal()),
    )
}

fn refused(blocking: &[&Control], year: &FiscalYear, host: &mut Host) -> u8 {
    let mut words = "\nLa clôture est refusée :\n".to_owned();
    for control in blocking {
        words.push_str(&format!(
            "  {} {} : {}\n     → {}\n",
            control.code, control.title, control.proof, control.help
        ));
    }
    let excusable = blocking.iter().any(|control| control.awaits_justification());
    if excusable {
        words.push_str(&format!(
            "un contrôle W se corrige, ou se justifie dans `controles.toml` ([[justification]], exercice {})\n",
            year.name
        ));
    }
    words.push_str(&format!(
        "`compta controles {}` donne le détail ; rien n’a été écrit\n",
        year.name
    ));
    host.say(&words);
    1
}

fn listing(made: &Sealing) -> String {
    let size = |files: &[&PublishedFile]| files.iter().map(|file| file.bytes.len()).sum::<usize>();
    let below = |folder: &str| -> Vec<&PublishedFile> {
        made.files.iter().filter(|file| file.path.starts_with(folder)).collect()
    };
    let mut words = format!("\nÀ écrire dans {}/ :\n", made.place);
    for file in made.files.iter().filter(|file| !file.path.contains('/')) {
        let entries = file.path.ends_with(".journal").then(|| {
            let text = String::from_utf8_lossy(&file.bytes);
            let count =
                text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).count();
            format!(", {}", signed_words(count, "écriture"))
        });
        words.push_str(&format!(
            "  {:<22} {} octets{}\n",
            file.path,
            file.bytes.len(),
            entries.unwrap_or_default()
        ));
    }
    for (folder, what) in [("etats/", "états"), ("registres/", "copies")] {
        let files = below(folder);
        words.push_str(&format!(
            "  {folder:<22} {} octets, {} {what}\n",
            size(&files),
            files.len()
        ));
    }
    words.push_str(&format!(
        "\n  {} scellées, sceau {}\n",
        signed_words(made.seal.entries.len(), "écriture"),
        made.seal.code()
    ));
    words
}

fn impossible(ready: &Ready, year: &FiscalYear) -> String {
    let last = year.period.last.format("%d/%m/%Y");
    let next = ready
        .opened
        .books
        .years()
        .after(year)
        .map_or_else(|| "l’exercice suivant".to_owned(), |next| next.name);
    format!(
        "\nCe qui devient impossible :\n\
         \x20 – ajouter, changer ou effacer une écriture datée jusqu’au {last} ;\n\
         \x20 – faire bouger un chiffre de {} par un registre ou par la politique CARE ;\n\
         \x20 – rouvrir l’exercice : une erreur se corrige en {next} (`compta corriger NUMÉRO`).\n\
         Pour un essai qui se refait : `compta close {} --provisoire`\n",
        year.name, year.name
    )
}

fn done(made: &Sealing, year: &FiscalYear, ask: &CloseAsk<'_>) -> String {
    let name = &year.name;
    let code = made.seal.code();
    if ask.provisional {
        return format!(
            "\nversion provisoire de {name} écrite dans {}, sceau {code}\nensuite : `compta close {name}` quand elle est bonne\n",
            made.place
        );
    }
    format!(
        "\nl’exercice {name} est arrêté : {}, sceau {code}\n\
         portez ce sceau au procès-verbal : il prouve que rien n’a bougé depuis\n\
         ensuite : `compta verify {name}` ; après le vote, `compta affecter {name} --vote AAAA-MM-JJ`\n",
        made.place
    )
}

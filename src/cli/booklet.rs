#[cfg(feature = "pdf")]
mod with_pdf {
    use std::path::Path;

    use chrono::NaiveDate;

    use crate::book::Sources;
    use crate::cli::args::Common;
    use crate::cli::booklet::TEMPLATES as FOLDER;
    use crate::cli::failure::Failure;
    use crate::cli::host::Host;
    use crate::cli::on_disk::Folder;
    use crate::cli::ready::Ready;
    use crate::crew;
    use crate::diagnostic::{Code, Finding, Source, SourceMap, Span, count};
    use crate::measure::signed_words;
    use crate::render::{Booklet, Chart, Document, Pages, TEMPLATES, TemplateFault, pdf};

    /// More rows than this take minutes to be set, and nobody leafs through them.
    const ROWS: usize = 20_000;

    /// What a PDF holds.
    pub(in crate::cli) struct Held<'a> {
        pub(in crate::cli) pages: Pages,
        pub(in crate::cli) title: &'a str,
        pub(in crate::cli) period: &'a str,
        pub(in crate::cli) facts: &'a [(String, String)],
        pub(in crate::cli) day: NaiveDate,
        pub(in crate::cli) documents: Vec<(&'a str, &'a Document)>,
        pub(in crate::cli) charts: &'a [Chart],
        pub(in crate::cli) own: &'a [(String, Vec<u8>)],
    }

    /// The bytes of each PDF, made side by side; what is wrong in a template of the user is shown in it.
    pub(in crate::cli) fn set(
        ready: &Ready,
        all: Vec<Held<'_>>,
        host: &mut Host,
    ) -> Result<Vec<Vec<u8>>, Failure> {
        let misplaced = misplaced(&ready.opened.folder, host);
        if !misplaced.is_empty() {
            return Err(told(&misplaced, host));
        }
        let rows = |held: &Held<'_>| -> usize {
            let tables = held.documents.iter().flat_map(|(_, document)| &document.tables);
            tables.map(|table| table.rows.len()).sum()
        };
        let most = all.iter().map(rows).max().unwrap_or(0);
        if most > ROWS {
            return Err(Failure::usage(
                format!("{} seraient trop de pages pour un PDF", signed_words(most, "ligne")),
                "demandez une période plus courte, ou `-O html`, `-O xlsx`",
            ));
        }
        host.doing("composition du PDF");
        let entity = ready.opened.dossier.name.as_str();
        let made = |held: Held<'_>| {
            pdf(&Booklet {
                pages: held.pages,
                title: held.title,
                entity,
                period: held.period,
                facts: held.facts,
                day: held.day,
                documents: held.documents,
                charts: held.charts,
                own: held.own,
            })
        };
        let made: Vec<Result<Vec<u8>, Vec<TemplateFault>>> = crew::all(host.threads(), all, made);
        let (mut pages, mut faults) = (Vec::new(), Vec::new());
        for one in made {
            match one {
                Ok(bytes) => pages.push(bytes),
                Err(found) => faults.extend(found),
            }
        }
        // What two templates share is wrong once.
        let mut told_once: Vec<TemplateFault> = Vec::new();
        for fault in faults {
            if !told_once.contains(&fault) {
                told_once.push(fault);
            }
        }
        if told_once.is_empty() { Ok(pages) } else { Err(told(&told_once, host)) }
    }

    /// What stands where a template or their folder should, and is none.
    fn misplaced(books: &Path, host: &Host) -> Vec<TemplateFault> {
        let Ok(folder) = Folder::open(host, books) else { return Vec::new() };
        let fault = |name: &str, message: &str| TemplateFault {
            file: Some((name.to_owned(), String::new())),
            own: true,
            range: 0..0,
            message: message.to_owned(),
            hints: Vec::new(),
        };
        if folder.read(FOLDER).is_ok() {
            return vec![fault("", "c’est un fichier, et non un dossier")];
        }
        let names = TEMPLATES.iter().map(|(name, _)| *name);
        let folders = names.filter(|name| folder.holds_folder(&format!("{FOLDER}/{name}")));
        folders.map(|name| fault(name, "c’est un dossier, et non un fichier")).collect()
    }

    /// The files of `modeles/` and of its folders, in alphabetical order.
    pub(in crate::cli) fn own_templates(
        books: &Path,
        host: &Host,
    ) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let unread = |path: &str, error| Failure::unread(path, &error);
        let folder = Folder::open(host, books).map_err(|error| Failure::Unreadable {
            message: error.to_string(),
            help: "vérifiez le dossier".to_owned(),
        })?;
        let visible = |name: &String| !name.starts_with('.') && !name.ends_with('~');
        let (mut own, mut left) = (Vec::new(), vec![String::new()]);
        while let Some(inside) = left.pop() {
            let path = format!("{FOLDER}/{inside}");
            let path = path.trim_end_matches('/');
            let names = folder.list(path).map_err(|error| unread(path, error))?;
            for name in names.into_iter().filter(visible) {
                let name = if inside.is_empty() { name } else { format!("{inside}/{name}") };
                let path = format!("{FOLDER}/{name}");
                // A link is no folder: it is read as a file, and refused when it leads out of the books.
                if folder.holds_folder(&path) {
                    left.push(name);
                    continue;
                }
                let bytes = folder.read(&path).map_err(|error| unread(&path, error))?;
                own.push((name, bytes));
            }
        }
        own.sort();
        Ok(own)
    }

    /// Shows what is wrong in the templates, each at its line.
    fn told(faults: &[TemplateFault], host: &mut Host) -> Failure {
        let mut map = SourceMap::default();
        let mut findings = Vec::new();
        for fault in faults {
            let (name, text) = fault.file.clone().unwrap_or_default();
            let path = match (name.as_str(), fault.own) {
                ("", _) => FOLDER.to_owned(),
                (name, true) => format!("{FOLDER}/{name}"),
                (name, false) => format!("{name} (modèle livré)"),
            };
            let help = if fault.own {
                format!("corrigez `{path}`, ou retirez-le : le modèle livré reprend sa place")
            } else {
                "ce modèle est livré avec compta : signalez ce défaut".to_owned()
            };
            // An empty file has a line to be shown.
            let text = if text.is_empty() { "\n".to_owned() } else { text };
            let known = map.iter().find(|source| source.name() == path).map(Source::base);
            let base = known.or_else(|| {
                let id = map.add(path, text.clone().into_bytes())?;
                Some(map.get(id).base())
            });
            let at = |offset: usize| {
                base.unwrap_or(0) + u32::try_from(offset.min(text.len())).unwrap_or(0)
            };
            let mut said = vec![fault.message.as_str()];
            said.extend(fault.hints.iter().map(String::as_str));
            let message = format!("typst ne compose pas ce modèle : {}", said.join(" ; "));
            findings.push(
                Finding::new(
                    Code::Template,
                    Span::new(at(fault.range.start), at(fault.range.end)),
                    message,
                )
                .label("ici")
                .help(help),
            );
        }
        crate::cli::books::tell(&findings, &map, host);
        host.say(&format!("{} : rien n’a été écrit\n", count(&findings)));
        Failure::Unsound(1)
    }

    /// `compta modeles`: the shipped templates, on screen by their names or into a folder.
    pub(in crate::cli) fn templates(common: &Common, host: &mut Host) -> Result<u8, Failure> {
        let Some(folder) = common.output.as_deref().filter(|path| path.as_os_str() != "-") else {
            let names = TEMPLATES.map(|(name, _)| format!("{name}\n")).concat();
            host.put(names.as_bytes())?;
            host.say(
                "ensuite : `compta modeles -o modeles` les écrit pour que vous les changiez\n",
            );
            return Ok(0);
        };
        let there: Vec<&str> = TEMPLATES
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| host.real(&folder.join(name)).is_ok())
            .collect();
        if !there.is_empty() {
            return Err(Failure::usage(
                format!("`{}` a déjà {}", folder.display(), there.join(", ")),
                "écrivez-les ailleurs, et comparez : rien n’a été remplacé",
            ));
        }
        host.make_folder(folder)?;
        let files: Vec<_> =
            TEMPLATES.iter().map(|(name, text)| (folder.join(name), text.as_bytes())).collect();
        host.write_all(&files)?;
        host.say(&format!(
            "{} modèles dans {}\nensuite : changez-les, puis `compta ag -O pdf -o ag.pdf`\n",
            files.len(),
            folder.display()
        ));
        Ok(0)
    }
}

#[cfg(feature = "pdf")]
pub(super) use with_pdf::{Held, own_templates, set, templates};

/// The folder of the user's templates.
pub(super) const TEMPLATES: &str = "modeles";

use super::failure::Failure;
use super::host::Host;
use super::ready::Ready;
use crate::render::Document;

/// A document as a PDF of its own.
#[cfg(feature = "pdf")]
pub(super) fn one_pdf(
    ready: &Ready,
    document: &Document,
    host: &mut Host,
) -> Result<Vec<u8>, Failure> {
    let fact = |wanted: &str| document.facts.iter().find(|(name, _)| *name == wanted);
    let name = document.schema.split('/').nth(1).unwrap_or_default();
    let held = Held {
        pages: crate::render::Pages::Table,
        title: &document.title,
        period: fact("year").map_or("", |(_, year)| year),
        facts: &[],
        day: super::workbook::day_of(ready, document),
        documents: vec![(name, document)],
        charts: &crate::render::charts(&[document]),
        own: &own_templates(&ready.opened.folder, host)?,
    };
    Ok(set(ready, vec![held], host)?.concat())
}

/// Without the feature there is no PDF, and it says so.
#[cfg(not(feature = "pdf"))]
pub(super) fn one_pdf(_: &Ready, _: &Document, _: &mut Host) -> Result<Vec<u8>, Failure> {
    Err(without())
}

/// Why this program makes no PDF.
#[cfg(not(feature = "pdf"))]
pub(super) fn without() -> Failure {
    Failure::usage(
        "ce programme fut construit sans le PDF",
        "construisez-le avec la fonction `pdf` (elle y est par défaut), ou demandez `-O html`, qui s’imprime",
    )
}

/// Without the feature nothing reads the templates of the books.
#[cfg(not(feature = "pdf"))]
pub(super) fn own_templates(
    _: &std::path::Path,
    _: &Host,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    Ok(Vec::new())
}

/// Without the feature there are no templates.
#[cfg(not(feature = "pdf"))]
pub(super) fn templates(_: &super::args::Common, _: &mut Host) -> Result<u8, Failure> {
    Err(without())
}

use typst::diag::{FileError, FileResult, PackageError};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

use super::TEMPLATES;
use super::letters::Letters;

/// The name of the data beside the templates.
const DATA: &str = "donnees.json";

/// Everything that a template may see.
pub(super) struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: FileId,
    sources: Vec<Source>,
    files: Vec<(String, Bytes)>,
    own: Vec<String>,
}

/// A path inside the folder of templates; what is not one leads nowhere.
fn id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(format!("/{name}")).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The name of a file of the folder.
pub(super) fn name_of(id: FileId) -> &'static str {
    id.get().vpath().get_without_slash()
}

fn is(name: &str, kinds: &[&str]) -> bool {
    let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
    kinds.iter().any(|one| one.eq_ignore_ascii_case(kind))
}

/// Whether a file is a template, by its name.
pub(super) fn is_template(name: &str) -> bool {
    is(name, &["typ"])
}

/// Why a file is not there: a package would come from a network.
fn absent(id: FileId) -> FileError {
    match id.get().root() {
        VirtualRoot::Project => FileError::NotFound(name_of(id).into()),
        VirtualRoot::Package(_) => {
            let why = "rien n’est pris sur un réseau : copiez ses fichiers dans `modeles/`";
            FileError::Package(PackageError::Other(Some(why.into())))
        }
    }
}

impl Desk {
    /// A desk whose main template is a shipped one, or the user's file of that name; the data is made once
    /// it is known which letters the fonts have.
    pub(super) fn new(
        main: &str,
        own: &[(String, Vec<u8>)],
        data: impl FnOnce(&Letters) -> Vec<u8>,
    ) -> Self {
        let mut fonts: Vec<Font> = typst_kit::fonts::embedded().map(|(font, _)| font).collect();
        let mut texts: Vec<(&str, &str)> = TEMPLATES.to_vec();
        let mut files = Vec::new();
        for (name, bytes) in own {
            if is(name, &["ttf", "otf", "ttc"]) {
                fonts.extend(Font::iter(Bytes::new(bytes.clone())));
            } else if let (true, Ok(text)) = (is_template(name), std::str::from_utf8(bytes)) {
                texts.retain(|(shipped, _)| shipped != name);
                texts.push((name, text));
            }
            files.push((name.clone(), Bytes::new(bytes.clone())));
        }
        let data = data(&Letters::of(&fonts));
        files.push((DATA.to_owned(), Bytes::new(data)));
        let sources = texts
            .into_iter()
            .filter_map(|(name, text)| Some(Source::new(id(name)?, text.to_owned())))
            .collect();
        let features = [Feature::A11yExtras].into_iter().collect();
        Self {
            library: LazyHash::new(Library::builder().with_features(features).build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: id(main).unwrap_or_else(|| Source::detached("").id()),
            sources,
            files,
            own: own.iter().map(|(name, _)| name.clone()).collect(),
        }
    }

    /// Whether a file is the user's.
    pub(super) fn is_own(&self, name: &str) -> bool {
        self.own.iter().any(|one| one == name)
    }

    /// The text of a template, by its name.
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        self.text(id(name)?)
    }

    /// The text of a template.
    pub(super) fn text(&self, id: FileId) -> Option<&str> {
        self.sources.iter().find(|source| source.id() == id).map(Source::text)
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = self.sources.iter().find(|source| source.id() == id).cloned();
        found.ok_or_else(|| absent(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = name_of(id);
        let inside = matches!(id.get().root(), VirtualRoot::Project);
        let found = self.files.iter().find(|(file, _)| inside && file == name);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// No clock: the same books give the same bytes.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

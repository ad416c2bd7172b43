use super::comment::dates;
use super::directive::{self, Read};
use super::header::header;
use super::posting::posting;
use super::swift::swift;
use super::tree::{Directive, Entry, Every, Header, Plan, Posting, Word};
use crate::diagnostic::{Code, Finding, Span};
use crate::measure::Period;

/// A line longer than this is no line of a journal.
const LINE_LIMIT: usize = 64 * 1024;

/// Who receives what is read, in the order of the text.
pub trait Sink<'t> {
    /// An entry with its lines.
    fn entry(&mut self, entry: &Entry<'t>, postings: &[Posting<'t>]);
    /// A budget rule with its lines.
    fn plan(&mut self, plan: &Plan<'t>, postings: &[Posting<'t>]);
    /// A directive.
    fn directive(&mut self, directive: Directive<'t>);
    /// Something that cannot be read.
    fn finding(&mut self, finding: Finding);
}

/// What a stretch of text says about amounts: decides whether a file declared its decimal mark in time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Marks {
    /// The first `decimal-mark ,`.
    pub decimal_mark: Option<Span>,
    /// The first amount.
    pub first_amount: Option<Span>,
}

/// Reads a stretch of a journal that begins at the beginning of a line outside any entry.
///
/// `base` is the place of its first byte.
pub fn read<'t>(text: &'t str, base: u32, sink: &mut impl Sink<'t>) -> Marks {
    let text = Word { text, at: base };
    Reader {
        text,
        next: 0,
        sink,
        marks: Marks::default(),
        postings: Vec::new(),
        in_conflict: false,
        returns: memchr::memchr(b'\r', text.text.as_bytes()).is_some(),
    }
    .run()
}

struct Reader<'t, 's, S> {
    text: Word<'t>,
    next: usize,
    sink: &'s mut S,
    marks: Marks,
    /// The lines of the entry being read; one allocation serves all entries.
    postings: Vec<Posting<'t>>,
    /// Whether an unfinished merge was met, and not yet its last mark.
    in_conflict: bool,
    /// Whether the text has a carriage return at all.
    returns: bool,
}

/// What opened the indented lines being read.
enum Opened<'t> {
    Entry(Option<Header<'t>>),
    Plan(Option<(Every, Period, Word<'t>)>),
}

impl<'t, S: Sink<'t>> Reader<'t, '_, S> {
    fn run(mut self) -> Marks {
        while let Some(line) = self.line() {
            let Some(&first) = line.text.as_bytes().first() else {
                continue;
            };
            match first {
                b'0'..=b'9' => {
                    let read = header(line);
                    if let Ok(header) = &read
                        && let Some(comment) = header.comment
                    {
                        dates(comment, |finding| self.sink.finding(finding));
                    }
                    let header = self.report(read);
                    self.block(line, &Opened::Entry(header));
                }
                b'~' => {
                    let read = self.report(directive::plan(line));
                    self.block(line, &Opened::Plan(read));
                }
                b';' | b'#' | b'*' => {}
                b' ' | b'\t' => self.stray(line),
                _ => self.other(line),
            }
        }
        self.last_line();
        self.marks
    }

    fn report<T>(&mut self, read: Result<T, Box<Finding>>) -> Option<T> {
        read.map_err(|finding| self.sink.finding(*finding)).ok()
    }

    /// The next line, without its end; a line that is too long is reported and given as empty.
    #[inline]
    fn line(&mut self) -> Option<Word<'t>> {
        let bytes = self.text.text.as_bytes();
        if self.next >= bytes.len() {
            return None;
        }
        let start = self.next;
        let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at);
        self.next = end + 1;
        let stop = if end > start && bytes[end - 1] == b'\r' { end - 1 } else { end };
        let line = self.text.part(start, stop);
        if self.returns {
            self.returns(line, end < bytes.len());
        }
        if stop - start > LINE_LIMIT {
            self.sink.finding(
                Finding::new(
                    Code::LongLine,
                    line.part(0, 1).span(),
                    format!("ligne de {} octets", stop - start),
                )
                .label(format!("une ligne a au plus {LINE_LIMIT} octets"))
                .help("vérifiez que le fichier est un journal, et ses fins de ligne"),
            );
            return Some(line.part(0, 0));
        }
        Some(line)
    }

    /// Reports carriage returns that hledger would read otherwise than an editor shows them.
    fn returns(&mut self, line: Word<'t>, ended: bool) {
        let bytes = self.text.text.as_bytes();
        let inside = memchr::memchr(b'\r', line.text.as_bytes());
        let offset = (line.at - self.text.at) as usize + line.text.len();
        let before_newline = bytes.get(offset) == Some(&b'\r');
        let (at, message) = match inside {
            Some(at) => (at, "retour chariot au milieu d’une ligne"),
            None if before_newline && (!ended || line.text.starts_with("include")) => {
                (line.text.len(), "retour chariot que hledger prendrait pour du texte")
            }
            None => return,
        };
        let start = line.at + u32::try_from(at).unwrap_or(0);
        self.sink.finding(
            Finding::new(Code::LoneReturn, Span::new(start, start + 1), message)
                .label("U+000D")
                .help("enregistrez le fichier avec des fins de ligne ordinaires"),
        );
    }

    /// The next line when it has the usual shape.
    #[inline]
    fn at_once(&self) -> Option<(Posting<'t>, usize)> {
        if self.returns { None } else { swift(self.text, self.next) }
    }

    /// Reads the indented lines below a first line, and hands the whole over.
    fn block(&mut self, first: Word<'t>, opened: &Opened<'t>) {
        let mut whole = match opened {
            Opened::Entry(header) => header.is_some(),
            Opened::Plan(plan) => plan.is_some(),
        };
        self.postings.clear();
        let mut span = first.span();
        while matches!(self.text.text.as_bytes().get(self.next), Some(b' ' | b'\t')) {
            if let Some((posting, next)) = self.at_once() {
                if self.marks.first_amount.is_none() {
                    self.marks.first_amount = posting.amount.map(|amount| amount.span);
                }
                span.end = posting.line.end;
                self.postings.push(posting);
                self.next = next;
                continue;
            }
            let Some(line) = self.line() else { break };
            let content = line.text.trim_start_matches([' ', '\t']);
            if content.is_empty() {
                break;
            }
            span.end = line.span().end;
            if content.starts_with(';') {
                let comment = line.part(line.text.len() - content.len() + 1, line.text.len());
                dates(comment, |finding| self.sink.finding(finding));
                if let Some(posting) = self.postings.last_mut() {
                    posting.line.end = span.end;
                }
                continue;
            }
            match posting(line) {
                Ok((posting, comment)) => {
                    if self.marks.first_amount.is_none() {
                        self.marks.first_amount = posting.amount.map(|amount| amount.span);
                    }
                    if let Some(comment) = comment {
                        dates(comment, |finding| self.sink.finding(finding));
                    }
                    self.postings.push(posting);
                }
                Err(finding) => {
                    whole = false;
                    self.sink.finding(*finding);
                }
            }
        }
        if whole && self.postings.is_empty() {
            self.sink.finding(
                Finding::new(Code::NoPosting, first.span(), "écriture sans ligne")
                    .label("rien ne suit")
                    .help("ajoutez ses lignes, en retrait, ou effacez-la"),
            );
            return;
        }
        match *opened {
            Opened::Entry(Some(header)) => {
                self.sink.entry(&Entry { header, span, whole }, &self.postings);
            }
            Opened::Plan(Some((every, over, description))) => {
                self.sink.plan(&Plan { every, over, description, span, whole }, &self.postings);
            }
            Opened::Entry(None) | Opened::Plan(None) => {}
        }
    }

    fn stray(&mut self, line: Word<'t>) {
        let content = line.text.trim_start_matches([' ', '\t']);
        if content.is_empty() || content.starts_with(';') {
            return;
        }
        self.sink.finding(
            Finding::new(Code::Stray, line.trim().span(), "ligne en retrait hors d’une écriture")
                .label("à quelle écriture appartient-elle ?")
                .help(
                    "rattachez-la à une écriture, sans ligne vide avant, ou commentez-la avec `;`",
                ),
        );
    }

    fn other(&mut self, line: Word<'t>) {
        let conflict = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];
        if let Some(mark) = conflict.iter().position(|mark| line.text.starts_with(mark)) {
            // One conflict is one finding, at its first mark.
            let known = std::mem::replace(&mut self.in_conflict, mark < 3);
            if known {
                return;
            }
            self.sink.finding(
                Finding::new(
                    Code::ConflictMarker,
                    line.part(0, 7).span(),
                    "marque de conflit de fusion",
                )
                .label("une fusion n’est pas finie")
                .help("choisissez la bonne version, et effacez les marques"),
            );
            return;
        }
        if line.text.starts_with('=') {
            self.sink.finding(
                Finding::new(Code::AutoPosting, line.span(), "règle d’écriture automatique")
                    .label("hors du sous-ensemble")
                    .help("écrivez les lignes dans chaque écriture"),
            );
            self.pass_block();
        } else {
            let read = directive::directive(line);
            match self.report(read) {
                Some(Read::Kept(directive)) => {
                    if let Directive::Commodity(symbol) = directive {
                        self.marks.first_amount.get_or_insert(symbol.span());
                    }
                    self.sink.directive(directive);
                }
                Some(Read::DecimalMark) => {
                    self.marks.decimal_mark.get_or_insert(line.span());
                }
                Some(Read::Ignored) => {}
                None => self.pass_block(),
            }
        }
        if line.trim().text == "comment" {
            self.skip_comment();
        }
        self.skip_block(line);
    }

    /// Passes over the indented lines of what was refused as a whole.
    fn pass_block(&mut self) {
        while matches!(self.text.text.as_bytes().get(self.next), Some(b' ' | b'\t')) {
            if self.line().is_none_or(|line| line.trim().text.is_empty()) {
                break;
            }
        }
    }

    /// Passes over a block of comment: it was refused as a whole, at its first line.
    fn skip_comment(&mut self) {
        while let Some(line) = self.line() {
            if line.trim().text == "end comment" {
                break;
            }
        }
    }

    /// Passes over the indented lines below a directive; only comments may stand there.
    fn skip_block(&mut self, above: Word<'t>) {
        while matches!(self.text.text.as_bytes().get(self.next), Some(b' ' | b'\t')) {
            let Some(line) = self.line() else { break };
            let content = line.text.trim_start_matches([' ', '\t']);
            if content.is_empty() {
                break;
            }
            if !content.starts_with(';') {
                let keyword = above.text.split([' ', '\t']).next().unwrap_or_default();
                self.sink.finding(
                    Finding::new(
                        Code::Directive,
                        line.trim().span(),
                        format!("ligne en retrait sous `{keyword}`"),
                    )
                    .label("seuls des commentaires vont ici")
                    .help("écrivez la directive sur une ligne, et séparez-la de ce qui suit par une ligne vide"),
                );
            }
        }
    }

    /// The end of the text: what hledger wants to be followed by a newline.
    fn last_line(&mut self) {
        let text = self.text.text;
        let last = text.rsplit('\n').next().unwrap_or_default();
        let blank = !last.is_empty() && last.bytes().all(|b| matches!(b, b' ' | b'\t'));
        if blank || last.starts_with("include") {
            let start = text.len() - last.len();
            self.sink.finding(
                Finding::new(
                    Code::NoLastNewline,
                    self.text.part(start, text.len()).span(),
                    "dernière ligne sans retour à la ligne",
                )
                .label("il manque la fin de ligne")
                .help("ajoutez un retour à la ligne, ou lancez `compta fmt`"),
            );
        }
    }
}

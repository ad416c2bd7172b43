//! Every byte flipped: detected, in the right file, in the right entry.

use compta::book::Books;
use compta::closing::verify::{Context, Readings, Verdict, verify_readings};

use super::world::{Closed, Files, context, one, read};

/// Where each entry stands: path, bytes, code.
type Places = Vec<(String, std::ops::Range<usize>, String)>;

fn places(books: &Books) -> Places {
    let place = |entry: compta::book::EntryRef<'_>| {
        let span = entry.span();
        let source = books.sources().source_of(span);
        let (start, end) =
            ((span.start - source.base()) as usize, (span.end - source.base()) as usize);
        (source.name().to_owned(), start..end, entry.code().to_owned())
    };
    let year = |entry: &compta::book::EntryRef<'_>| entry.date().to_string().starts_with("2024");
    books.written().filter(year).map(place).collect()
}

/// What one flip must give; the reason when it does not.
fn judge(
    verdicts: &[Verdict],
    file: &str,
    entry: Option<&str>,
    line: Option<usize>,
    sealed: bool,
) -> Result<(), String> {
    let here: Vec<&Verdict> = verdicts.iter().filter(|verdict| verdict.file == file).collect();
    if here.is_empty() {
        return Err("not seen".into());
    }
    if sealed && !here.iter().any(|verdict| verdict.alarm) {
        return Err(format!("no alarm: {here:?}"));
    }
    if let Some(other) = verdicts.iter().find(|verdict| verdict.alarm && verdict.file != file) {
        return Err(format!("another file: {other:?}"));
    }
    if let Some(code) = entry
        && !here
            .iter()
            .any(|verdict| verdict.entry.as_ref().is_some_and(|entry| entry.code == code))
    {
        return Err(format!("entry {code} is not named: {here:?}"));
    }
    if let Some(line) = line
        && !here.iter().any(|verdict| verdict.line == Some(line))
    {
        return Err(format!("line {line} is not named: {here:?}"));
    }
    Ok(())
}

struct Trial<'w> {
    readings: Readings,
    context: Context<'static>,
    live: &'w Files,
    closed: &'w Closed,
    places: Places,
    failures: Vec<String>,
    count: usize,
}

impl Trial<'_> {
    /// Flips the bits of one file, and gives it back as it was.
    fn file(&mut self, path: &str, in_folder: bool, every_bit: bool, part: impl Fn(usize) -> bool) {
        let files = if in_folder { &self.closed.folder.files } else { self.live };
        let bytes = files[path].clone();
        let name = if in_folder { format!("clotures/2024/{path}") } else { path.to_owned() };
        let paper = ["sceau.txt"].contains(&path);
        let sealed = in_folder || !["compta.toml", "care.toml"].contains(&path);
        let mut line = 1;
        let mut work = bytes.clone();
        for at in 0..bytes.len() {
            let here = line;
            line += usize::from(bytes[at] == b'\n');
            if !part(at) {
                continue;
            }
            let entry = self
                .places
                .iter()
                .find(|(source, range, _)| !in_folder && source == path && range.contains(&at));
            let entry = entry.map(|(.., code)| code.clone());
            // The seal is long: by default, each of its bytes has one bit flipped, and one in eight all of them.
            let every_bit = every_bit && (path != "sceau.txt" || all() || at % 8 == 0);
            let bits = if every_bit { 0..8 } else { at % 8..at % 8 + 1 };
            for bit in bits {
                work[at] ^= 1 << bit;
                if in_folder {
                    self.readings.put_sealed(path, &work);
                } else {
                    self.readings.put_current(path, &work);
                }
                let verdicts = verify_readings(&self.readings, &self.context);
                let said = judge(&verdicts, &name, entry.as_deref(), paper.then_some(here), sealed);
                if let Err(why) = said {
                    self.failures.push(format!("{name} byte {at} bit {bit} line {here}: {why}"));
                }
                self.count += 1;
                work[at] ^= 1 << bit;
            }
        }
        if in_folder {
            self.readings.put_sealed(path, &bytes);
        } else {
            self.readings.put_current(path, &bytes);
        }
        assert!(verify_readings(&self.readings, &self.context).is_empty(), "{path} is as it was");
    }
}

/// Whether `COMPTA_CASES` asks for every bit of the seal, in a proof that is run by hand.
fn all() -> bool {
    std::env::var_os("COMPTA_CASES").is_some()
}

#[test]
fn every_byte_flipped_is_named() {
    let (live, closed, known) = one();
    let size: usize = live.values().chain(closed.folder.files.values()).map(Vec::len).sum();
    let spans = places(&read(&live, 2024).unwrap());
    assert!((50_000..100_000).contains(&size), "{size} bytes");
    assert!(closed.seal.entries.len() > 110, "{}", closed.seal.entries.len());
    let work = |half: usize| {
        let mut trial = Trial {
            readings: Readings::of(&closed.folder, &live),
            context: context(&known),
            live: &live,
            closed: &closed,
            places: spans.clone(),
            failures: Vec::new(),
            count: 0,
        };
        assert!(verify_readings(&trial.readings, &trial.context).is_empty());
        for path in live.keys() {
            trial.file(path, false, false, |at| at % 2 == half);
        }
        for path in closed.folder.files.keys() {
            let papers = ["sceau.txt", "racine.txt", "manifeste.sha256"].contains(&path.as_str());
            trial.file(path, true, papers, |at| at % 2 == half);
        }
        (trial.count, trial.failures)
    };
    let start = std::time::Instant::now();
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(|| work(1));
        (work(0), other.join().unwrap())
    });
    let count = one.0 + other.0;
    let failures: Vec<String> = one.1.into_iter().chain(other.1).collect();
    eprintln!("{size} bytes, {count} flips, {} failures, {:?}", failures.len(), start.elapsed());
    assert!(
        failures.is_empty(),
        "{} of {count}:\n{}",
        failures.len(),
        failures[..failures.len().min(40)].join("\n")
    );
}

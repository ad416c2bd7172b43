//! Input that means harm, or that nobody meant: refused in words, in time, and inside its folder.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use compta::diagnostic::Code;
use compta::journal::read;

use crate::harness::{Run, binary, compta, copy, folder, region, typed};
use crate::laws::{Seen, books};

/// What 1 MiB may take in this profile, beside other tests; the release profile is asked for a second.
const PATIENCE: Duration = Duration::from_secs(8);

/// Digits in threes after the first, or in one piece; then a comma and decimals. Written apart from the reader.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = text.split_once(',').map_or((text, "0"), |(whole, rest)| (whole, rest));
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let mut groups = whole.split(' ');
    let first = groups.next().unwrap_or_default();
    let others: Vec<&str> = groups.collect();
    digits(decimals)
        && digits(first)
        && (others.is_empty() || first.len() <= 3)
        && others.iter().all(|group| digits(group) && group.len() == 3)
}

/// Every writing of up to five signs, of those that numbers are made of: read as one number, or refused.
#[test]
fn no_writing_of_a_number_is_guessed() {
    const SIGNS: [char; 8] = ['0', '1', ',', '.', ' ', '\u{a0}', '\u{202f}', '-'];
    let (mut accepted, mut refused) = (0, 0);
    for length in 1..=5_u32 {
        for rank in 0..8_usize.pow(length) {
            let sign = |at: u32| SIGNS[rank / 8_usize.pow(at) % 8];
            let written: String = (0..length).map(sign).collect();
            let text = format!("decimal-mark ,\n2024-01-01 x\n  (a)  {written} pkm\n");
            let mut seen = Seen::default();
            read(&text, 0, &mut seen);
            let body = written.trim_matches(' ');
            if is_number(body) {
                let plain: String = body.chars().filter(|c| *c != ' ').collect();
                let exact: rust_decimal::Decimal = plain.replace(',', ".").parse().unwrap();
                assert!(seen.findings.is_empty(), "{written:?} {:?}", seen.findings);
                assert_eq!(seen.numbers[0].decimal(), exact, "{written:?}");
                accepted += 1;
            } else {
                assert!(!seen.findings.is_empty(), "{written:?} was read as {:?}", seen.numbers);
                refused += 1;
            }
        }
    }
    eprintln!("{accepted} writings read, {refused} refused");
    assert!(accepted > 400 && refused > 30_000);
}

/// Numbers without end are refused in a time that follows their length.
#[test]
fn numbers_without_end_are_refused_at_once() {
    for (written, code) in [
        ("9".repeat(60_000), Code::HugeNumber),
        (format!("1,{}", "1".repeat(300)), Code::HugeNumber),
        (format!("1e{}", "9".repeat(60_000)), Code::Exponent),
        (format!("-{}", "1 000".repeat(12_000)), Code::HugeNumber),
    ] {
        let text = format!("decimal-mark ,\n2024-01-01 x\n  (a)  {written} pkm\n");
        let began = Instant::now();
        let mut seen = Seen::default();
        read(&text, 0, &mut seen);
        let took = began.elapsed();
        assert_eq!(seen.findings.len(), 1, "{:?}", &seen.findings);
        let told = seen.findings[0].code;
        assert!(told == code || told == Code::DigitGroups, "{told}");
        assert!(took < Duration::from_millis(200), "{took:?}");
    }
}

fn timed(folder: &Path, arguments: &[&str]) -> (Run, Duration) {
    let began = Instant::now();
    (compta(folder, arguments), began.elapsed())
}

/// Wrong files of 1 MiB: an answer in time, whatever is wrong with them.
#[test]
fn a_wrong_file_is_refused_quickly() {
    let size = 1 << 20;
    let full = |piece: &str| piece.repeat(size / piece.len());
    let mut numbered = String::from("decimal-mark ,\n");
    let mut unknown = numbered.clone();
    for rank in 0..16_000 {
        writeln!(numbered, "account 512{rank:05} Banque {rank}  ; a: {rank}").unwrap();
        writeln!(
            unknown,
            "2024-01-01 (A-{rank}) {rank}\n  {rank}1 Nom {rank}:T{rank}  1,00 €\n  512 Banques"
        )
        .unwrap();
    }
    let home = folder();
    for (name, text) in [
        ("nuls", full("\0")),
        ("lignes", full("\n")),
        ("parenthèses", full("(")),
        ("crochets", full("  [\n")),
        ("inclusions", full("include z\n")),
        ("motifs", full("include *a*a*a*a*b\n")),
        ("écritures vides", full("2024-01-01 x\n")),
        ("une écriture", format!("2024-01-01 x\n{}", full("  512 Banques  1,00 €\n"))),
        ("sans montant", format!("2024-01-01 x\n{}", full("  512 Banques\n"))),
        ("commentaires", format!("2024-01-01 x\n{}", full("  ; a:b, date:[2024], vote: x\n"))),
        ("deux-points", format!("2024-01-01 x ;{}\n", full(":,"))),
        ("comptes", full("account 1 x\n")),
        ("règles", full("~ monthly in 2024  x\n  512 Banques  1,00 €\n  53 Caisse\n")),
        ("fusion", full("<<<<<<<\n=======\n")),
        ("déclarés", numbered),
        ("inconnus", unknown),
    ] {
        let path = home.path().join("a.journal");
        fs::write(&path, &text).unwrap();
        for command in ["check", "balance", "fmt"] {
            let (run, took) = timed(home.path(), &["-f", "a.journal", command]);
            assert!([0, 1].contains(&run.code), "{name} {command}: {}", run.err);
            assert!(took < PATIENCE, "{name} {command}: {took:?}");
            assert!(
                run.out.len() + run.err.len() < 1 << 20,
                "{name} {command}: a screen, not a book"
            );
            fs::write(&path, &text).unwrap();
        }
    }
}

/// What a run takes at most, in kilobytes.
#[cfg(target_os = "linux")]
fn peak(folder: &Path, arguments: &[&str]) -> (i32, u64, String) {
    let told = folder.join("mesure");
    let run = Command::new("/usr/bin/time")
        .args(["-f", "%M", "-o"])
        .arg(&told)
        .arg(binary())
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = fs::read_to_string(told).unwrap();
    let kilobytes = text.lines().last().unwrap().parse().unwrap();
    let code = run.status.code().unwrap_or(-1);
    (code, kilobytes, String::from_utf8(run.stdout).unwrap())
}

/// A hundred thousand inclusions of one file, or of none, take little more than their lines.
#[cfg(target_os = "linux")]
#[test]
fn inclusions_that_bring_nothing_take_little_memory() {
    let home = folder();
    let path = home.path().join("a.journal");
    let entry = "decimal-mark ,\n2024-01-01 x\n  512 Banques  1,00 €\n  53 Caisse\n";
    fs::write(home.path().join("z"), entry).unwrap();
    fs::write(&path, "decimal-mark ,\ninclude z\n").unwrap();
    let (code, base, _) = peak(home.path(), &["-f", "a.journal", "check"]);
    assert_eq!(code, 0);
    for (line, count) in
        [("include z\n", 99_999), ("include y\n", 100_000), ("include ../z\n", 100_000)]
    {
        fs::write(&path, format!("decimal-mark ,\n{}", line.repeat(100_000))).unwrap();
        let (code, most, out) = peak(home.path(), &["-f", "a.journal", "check"]);
        assert_eq!(code, 1, "{line}");
        assert!(out.ends_with(&format!("\n{count} erreurs\n")), "{line}: each is counted");
        assert!(most < base + 80_000, "{line}: {most} kB, {base} without");
    }
}

/// As many accounts, tiers and tags as lines: the time follows their number.
#[test]
fn time_follows_the_number_of_names() {
    let took = |count: usize| {
        let mut text = "decimal-mark ,\n".to_owned();
        for rank in 0..count {
            let fields = (rank, rank, rank * 7);
            writeln!(
                text,
                "2024-01-01 * (A-{:06}) Tiers {}  ; t{}: x\n  401 Fournisseurs:T{rank}  1,00 €\n  512 Banques  -1,00 €\n",
                fields.0, fields.1, fields.2
            )
            .unwrap();
        }
        let began = Instant::now();
        let (_, findings) = books(&[("a", text)], 1);
        assert!(findings.iter().all(|finding| !finding.is_error()));
        began.elapsed()
    };
    let (few, many) = (took(20_000), took(40_000));
    assert!(many < few * 3 + Duration::from_secs(1), "{few:?}, then {many:?}");
}

/// A tiers that looks like a declared one is not it: it is told, and the right one is named.
#[test]
fn a_name_that_looks_like_a_declared_one_is_told() {
    let head = "decimal-mark ,\n\naccount 401 Fournisseurs:ACME\naccount 401 Fournisseurs:Copains d’Été\naccount 401 Fournisseurs:Пари\naccount 512100 Banque\n";
    for (written, declared, odd) in [
        ("АСМЕ", "ACME", "« А » (U+0410)"),
        ("ACМE", "ACME", "« М » (U+041C)"),
        ("ΑCME", "ACME", "« Α » (U+0391)"),
        ("ＡＣＭＥ", "ACME", "« Ａ » (U+FF21)"),
        ("Сораіns d’Été", "Copains d’Été", "« С » (U+0421)"),
        ("Copaıns d’Été", "Copains d’Été", "« ı » (U+0131)"),
        ("Пapи", "Пари", "« а » (U+0430)"),
    ] {
        let entry = format!(
            "\n2024-01-01 * (ACH-0001) x  ; piece: f.pdf\n  401 Fournisseurs:{written}  1,00 €\n  512100 Banque\n"
        );
        let (_, findings) = books(&[("a", format!("{head}{entry}"))], 1);
        assert_eq!(findings.len(), 1, "{written}: {findings:?}");
        let told = &findings[0];
        assert_eq!(told.code, Code::UnknownAuxiliary, "{written}");
        let meant = format!("vouliez-vous dire `401 Fournisseurs:{declared}` ?");
        assert!(told.help.starts_with(&meant), "{written}: {}", told.help);
        assert!(told.help.contains(odd), "{written}: {}", told.help);
    }
    // Another letter is another name; one that is declared too is another tiers.
    let entry = |tiers: &str| {
        format!("\n2024-01-01 x\n  401 Fournisseurs:{tiers}  1,00 €\n  512100 Banque\n")
    };
    let (_, findings) = books(&[("a", format!("{head}{}", entry("Paris")))], 1);
    assert!(findings[0].help.starts_with("déclarez-le"), "{findings:?}");
    let both = format!("{head}account 401 Fournisseurs:АСМЕ\n{}{}", entry("АСМЕ"), entry("ACME"));
    let (read, findings) = books(&[("a", both)], 1);
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(read.accounts().sorted().len(), 3, "two tiers and a bank");
}

/// What a tag names is read by somebody: a reference that shows other letters than its own is told, on the line of
/// the entry, on those of its postings, and on those below them.
#[test]
fn a_reference_that_deceives_is_told_wherever_it_stands() {
    let mut tried = 0;
    for odd in
        ['\u{202e}', '\u{2066}', '\u{200b}', '\u{200f}', '\u{ad}', '\u{feff}', '\u{85}', '\u{3164}']
    {
        for tag in ["piece", "lettrage", "programme", "lib"] {
            let value = format!("{tag}: fac{odd}ture.pdf");
            for (line, places) in [
                (1, [value.as_str(), "", "", ""]),
                (2, ["", &value, "", ""]),
                (3, ["", "", &value, ""]),
                (4, ["", "", "", &value]),
            ] {
                let noted = |at: usize| match places[at] {
                    "" => String::new(),
                    value => format!("  ; note, {value}, fin: x"),
                };
                let below = if places[3].is_empty() {
                    String::new()
                } else {
                    format!("    ; {}\n", places[3])
                };
                let text = format!(
                    "2024-01-01 * (ACH-0001) x{}\n    512 Banques   1,00 €{}\n    (train)   3 km{}\n    53 Caisse   -1,00 €\n{below}",
                    noted(0),
                    noted(1),
                    noted(2),
                );
                let text = format!("decimal-mark ,\n{text}");
                let (read, findings) = books(&[("a", text)], 1);
                let own: Vec<_> =
                    findings.iter().filter(|one| one.code == Code::InvisibleText).collect();
                assert_eq!(own.len(), 1, "{odd:?} {tag} {line}: {findings:?}");
                assert_eq!(own[0].label, format!("U+{:04X}", u32::from(odd)));
                assert!(own[0].message.ends_with(&format!("`{tag}`")), "{}", own[0].message);
                assert_eq!(read.sources().text(own[0].at), odd.to_string());
                let expected = if line == 4 { 6 } else { line + 1 };
                assert_eq!(read.sources().place(own[0].at).line, expected, "{odd:?} {tag}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 128);
    // What French writes, and what a remark shows, deceives nobody.
    let plain = "decimal-mark ,\n2024-01-01 x  ; piece: l’été – « 10 € »\u{a0}n°\u{202f}3.pdf, 👩\u{200d}🌾 merci\n    512 Banques   1,00 €  ; piece: œuvre…\u{2019}.pdf\n    53 Caisse\n";
    let (_, findings) = books(&[("a", plain.to_owned())], 1);
    assert!(findings.is_empty(), "{findings:?}");
}

/// A file is included once, through however many doors: else it is told, and nothing counts twice.
#[test]
fn a_diamond_and_a_long_chain_are_told() {
    let entry = "decimal-mark ,\n2024-01-01 x\n  512 Banques  1,00 €\n  53 Caisse\n".to_owned();
    let told = |files: &[(&str, String)]| {
        let (_, findings) = books(files, 1);
        findings.into_iter().map(|finding| finding.code).collect::<Vec<Code>>()
    };
    let door = |files: &[&str]| {
        let lines = files.iter().map(|file| ["include ", file, "\n"].concat());
        lines.collect::<String>()
    };
    let diamond =
        [("a", door(&["b", "c"])), ("b", door(&["d"])), ("c", door(&["d"])), ("d", entry.clone())];
    assert_eq!(told(&diamond), [Code::IncludeTwice]);
    assert_eq!(
        told(&[("a", door(&["./b", "x/../b"])), ("b", entry.clone())]),
        [Code::IncludeTwice]
    );
    for (levels, expected) in [(31, vec![]), (32, vec![Code::IncludeDepth])] {
        let names: Vec<String> = (0..=levels).map(|level| format!("f{level:02}")).collect();
        let files: Vec<(&str, String)> = names
            .iter()
            .enumerate()
            .map(|(level, name)| {
                let text = if level == levels { entry.clone() } else { door(&[&names[level + 1]]) };
                (name.as_str(), text)
            })
            .collect();
        assert_eq!(told(&files), expected, "{levels} levels below the first");
    }
}

/// No file outside the folder is opened, whatever leads there.
#[cfg(unix)]
#[test]
fn nothing_outside_the_folder_is_read() {
    use std::os::unix::fs::symlink;
    let home = folder();
    let books = home.path().join("livres");
    let secret = home.path().join("secret.journal");
    fs::create_dir_all(books.join("sous")).unwrap();
    fs::write(&secret, "decimal-mark ,\n; le secret\n").unwrap();
    symlink(&secret, books.join("lien.journal")).unwrap();
    symlink(home.path(), books.join("dehors")).unwrap();
    symlink("nulle-part", books.join("perdu.journal")).unwrap();
    assert!(Command::new("mkfifo").arg(books.join("tube.journal")).status().unwrap().success());
    for path in [
        "lien.journal",
        "dehors/secret.journal",
        "perdu.journal",
        "tube.journal",
        "sous",
        "../secret.journal",
        "sous/../../secret.journal",
        "/etc/passwd",
        "~/secret.journal",
        "dehors/*.journal",
    ] {
        fs::write(books.join("a.journal"), format!("decimal-mark ,\ninclude {path}\n")).unwrap();
        let log = home.path().join("appels");
        let run = Command::new("strace")
            .args(["-f", "-e", "trace=open,openat", "-o"])
            .arg(&log)
            .arg(binary())
            .args(["-f", "a.journal", "check"])
            .current_dir(&books)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&run.stderr).into_owned()
            + &String::from_utf8_lossy(&run.stdout);
        assert_eq!(run.status.code(), Some(1), "{path}: {told}");
        assert!(told.contains("E0128") || told.contains("E0126"), "{path}: {told}");
        let opened = fs::read_to_string(&log).unwrap();
        assert!(!opened.contains("secret.journal\""), "{path}: {opened}");
        assert!(!opened.contains("/etc/passwd"), "{path}: {opened}");
    }
}

/// A reader that goes away, an output that is closed, a disk that is full: said in the exit code, in words when
/// somebody may read them.
#[cfg(unix)]
#[test]
fn an_output_that_ends_is_no_fault_of_the_books() {
    let home = folder();
    let books = home.path().join("livres");
    copy(&region(), &books);
    let shell = |script: &str| {
        let run = Command::new("bash")
            .args(["-c", script])
            .env("COMPTA", binary())
            .current_dir(&books)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        (run.status.code(), String::from_utf8_lossy(&run.stderr).into_owned())
    };
    let (code, told) =
        shell("set -o pipefail; \"$COMPTA\" journal --tout -O csv | head -1 >/dev/null");
    assert_eq!((code, told.as_str()), (Some(0), ""), "a reader that goes");
    let (code, told) = shell("\"$COMPTA\" journal 2024 -O csv >/dev/full");
    assert_eq!(code, Some(5), "{told}");
    assert!(told.contains("il n’y a plus de place"), "{told}");
    // What came before the refusal is out: nobody is told that nothing was written.
    assert!(told.contains("incomplet") && !told.contains("rien n’a été écrit"), "{told}");
    let (code, told) = shell("\"$COMPTA\" bilan 2024 >&-");
    assert!([Some(0), Some(5)].contains(&code) && !told.contains("bogue"), "{code:?} {told}");
    let (code, _) = shell("\"$COMPTA\" check 2>&-");
    assert_eq!(code, Some(0));
}

/// A quota that a closing meets: the system ends it there, and the next one ends the work.
#[cfg(target_os = "linux")]
#[test]
fn a_quota_leaves_a_closing_to_be_done_again() {
    let home = folder();
    typed(home.path(), "init demo --demo").ok();
    let books = home.path().join("demo");
    let limited = |blocks: u32| {
        let script = format!("ulimit -f {blocks}; exec \"$COMPTA\" close 2024 --oui");
        let run = Command::new("bash")
            .args(["-c", &script])
            .env("COMPTA", binary())
            .current_dir(&books)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        run.status.success()
    };
    for blocks in [1, 2, 8] {
        assert!(!limited(blocks), "{blocks}");
        assert!(!books.join("clotures/2024").exists(), "{blocks}");
        typed(&books, "check").ok();
    }
    typed(&books, "close 2024 --oui").ok();
    typed(&books, "verify").ok();
    let left = fs::read_dir(books.join("clotures")).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| ["2024", ".verrou"].contains(&name.as_str())));
}

/// Threads that the system refuses are done without.
#[cfg(target_os = "linux")]
#[test]
fn a_thread_that_is_refused_is_done_without() {
    let home = folder();
    let mut text = "decimal-mark ,\n\n".to_owned();
    for rank in 0..60_000 {
        let day = rank % 28 + 1;
        writeln!(text, "2024-01-{day:02} * (A-{rank:06}) Fournisseur {rank}\n    604 Achats d'études et prestations de services   {rank},00 €\n    401 Fournisseurs   -{rank},00 €\n").unwrap();
    }
    fs::write(home.path().join("a.journal"), text).unwrap();
    let plain = compta(home.path(), &["-f", "a.journal", "balance"]).ok();
    let run = Command::new("strace")
        .args([
            "-f",
            "-o",
            "/dev/null",
            "-e",
            "trace=none",
            "-e",
            "inject=clone,clone3:error=EAGAIN",
        ])
        .arg(binary())
        .args(["-f", "a.journal", "balance"])
        .current_dir(home.path())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(String::from_utf8_lossy(&run.stdout), plain);
}

//! Documents cannot lie: the README's commands run, the glossary's names exist, codes are explained.

use std::fs;

use compta::diagnostic::Code;

use crate::harness::{compta, files, root, typed};

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The commands of the README: lines of its code blocks that begin with `cargo run` or `compta`.
#[test]
fn the_commands_of_the_readme_run() {
    let mut ran = 0;
    for line in read("README.md").lines() {
        let line = line.trim();
        let arguments = match line.strip_prefix("cargo run --release -- ") {
            Some(arguments) => arguments,
            None => match line.strip_prefix("compta ") {
                Some(arguments) => arguments,
                None => continue,
            },
        };
        let arguments = arguments.split('#').next().unwrap().trim();
        let run = typed(&root(), arguments);
        assert_eq!(run.code, 0, "{line}: {}", run.screen());
        ran += 1;
    }
    assert!(ran >= 4, "{ran} commands");
}

/// The screen that the README shows is the true one.
#[test]
fn the_screen_of_the_readme_is_true() {
    let text = read("README.md");
    let shown = text.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let true_screen = compta(&root(), &["-C", "ledgers/27e-region", "bilan", "2024"]).ok();
    assert!(true_screen.starts_with(shown.trim_end_matches("…\n")), "the README's screen has aged");
}

/// The closing chapter of the guide, typed from the first command to the last in a copy of the books.
#[test]
fn the_closing_of_the_guide_is_true() {
    let home = crate::harness::folder();
    crate::harness::copy(&crate::harness::region(), home.path());
    let guide = read("docs/guide.md");
    let mut ran = 0;
    for block in guide.split("```console\n").skip(1) {
        let block = block.split("\n```").next().unwrap();
        for typed_in in format!("\n{block}").split("\n$ compta ").skip(1) {
            let (line, shown) = typed_in.split_once('\n').unwrap();
            let run = typed(home.path(), line);
            assert_eq!(run.code, 0, "compta {line}\n{}", run.screen());
            let shown = shown.trim_end_matches("\n…");
            assert!(run.out.starts_with(shown), "compta {line}\n{}", run.out);
            ran += 1;
        }
    }
    assert!(ran >= 5, "{ran} commands");
}

#[test]
fn the_glossary_names_things_that_exist() {
    let text = read("README.md");
    let glossary = text.split("## Glossary").nth(1).unwrap();
    let source: String = files(&root().join("src"))
        .into_iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut seen = 0;
    for row in glossary.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let name = row.rsplit('`').nth(1).unwrap();
        let word = name.rsplit("::").next().unwrap();
        assert!(source.contains(word), "{name} is nowhere in the code");
        seen += 1;
    }
    assert!(seen >= 15, "{seen} rows");
}

/// `docs/findings.md` is made of the fixtures: the gallery of every finding.
#[test]
fn the_gallery_of_findings_is_true() {
    let mut text = String::from(
        "# Les anomalies\n\nChaque code, sa raison, et l’écran exact qu’il donne sur les plus petits livres qui le montrent \
         (`fixtures/findings`).\n",
    );
    for code in Code::ALL {
        text.push_str(&format!("\n## {code} – {}\n\n{}\n", code.title(), code.explanation()));
        let screen = root().join("fixtures/findings").join(code.text()).join("ecran.txt");
        if let Ok(screen) = fs::read_to_string(screen) {
            let shown = screen.split("[sortie").next().unwrap();
            text.push_str(&format!("\n```text\n{}\n```\n", shown.trim_end()));
        }
    }
    let mut failures = Vec::new();
    crate::harness::expect(&root().join("docs/findings.md"), &text, &mut failures);
    crate::harness::none(&failures);
}

#[test]
fn the_guide_names_only_commands_that_exist() {
    let help = compta(&root(), &["--help"]).ok();
    let mut seen = 0;
    for text in [read("docs/guide.md"), read("README.md")] {
        for (at, _) in text.match_indices("compta ") {
            let begins = text[..at].ends_with(['`', '\n', '$']) || text[..at].ends_with("$ ");
            let rest: String = text[at + 7..]
                .chars()
                .take_while(|c| c.is_ascii_alphabetic() || *c == '-')
                .collect();
            if !begins
                || rest.is_empty()
                || rest.starts_with('-')
                || rest.chars().any(char::is_uppercase)
            {
                continue;
            }
            assert!(help.contains(&format!("  {rest} ")), "`compta {rest}` does not exist");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} commands named");
}

/// Every key that `docs/registres.md` shows is one that the registers know, with a value that suits it.
#[test]
fn the_registers_of_the_documentation_are_read() {
    let text = read("docs/registres.md");
    let mut seen = Vec::new();
    for section in text.split("\n## `").skip(1) {
        let (name, rest) = section.split_once('`').unwrap();
        let Some(block) = rest.split("```toml\n").nth(1) else { continue };
        let block = block.split("\n```").next().unwrap();
        let home = crate::harness::folder();
        fs::write(home.path().join(name), block).unwrap();
        fs::write(home.path().join("compta.toml"), "[entite]\nnom = \"Essai\"\n").unwrap();
        let entry =
            |day| format!("{day} Essai\n    512 Banques  1,00 €\n    756 Cotisations  -1,00 €\n\n");
        let journal = ["decimal-mark ,\n\n", &entry("2023-01-02"), &entry("2030-01-02")].concat();
        fs::write(home.path().join("principal.journal"), journal).unwrap();
        let run = typed(home.path(), "check");
        for code in ["E0801", "E0802", "E0804"] {
            assert!(!run.screen().contains(code), "{name}: {}", run.screen());
        }
        if name == "care.toml" {
            assert_eq!(run.code, 0, "{}", run.screen());
        }
        seen.push(name);
    }
    assert_eq!(seen.len(), 12, "{seen:?}");
}

/// The screens of the guide are true: those of La 27e Région, and those of the small association whose
/// books are in `fixtures/exemple`. The few others show books spoilt on purpose.
#[test]
fn the_screens_of_the_guide_are_true() {
    const SPOILT: usize = 5;
    let guide = read("docs/guide.md");
    let (mut seen, mut other) = (0, Vec::new());
    // The guide adds the form of its example to the books of La 27e Région.
    let with_form = crate::harness::folder();
    crate::harness::copy(&crate::harness::region(), with_form.path());
    crate::harness::copy(&root().join("fixtures/exemple/formes"), &with_form.path().join("formes"));
    for block in guide.split("```text\n$ compta ").skip(1) {
        let (line, rest) = block.split_once('\n').unwrap();
        let shown = rest.split("\n```").next().unwrap();
        let shown = shown.strip_suffix("\n…").unwrap_or(shown);
        let folder = if line.starts_with("-C ") { root() } else { root().join("fixtures/exemple") };
        let true_in = |folder: &std::path::Path| {
            let run = typed(folder, line);
            format!("{}{}", run.out, run.err).replace("\r\n", "\n").contains(shown)
        };
        if true_in(&folder) || true_in(with_form.path()) {
            seen += 1;
        } else {
            other.push(line.to_owned());
        }
    }
    assert!(seen >= 14, "{seen} true screens; others: {other:?}");
    assert!(other.len() <= SPOILT, "{other:?}");
    for line in other {
        let spoilt = line.starts_with("check") || line.starts_with("fmt");
        assert!(spoilt, "`compta {line}` shows something else now");
    }
}

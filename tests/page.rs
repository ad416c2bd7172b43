//! The page of HTML: alone, linked, labelled, the figures of the JSON in it, and text that stays text.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::harness::{compta, copy, folder, region, root, typed};

fn dossier() -> String {
    compta(&region(), &["ag", "2024", "-O", "html"]).ok()
}

/// What stands between a beginning and an end, each time.
fn between<'t>(text: &'t str, begins: &str, ends: char) -> Vec<&'t str> {
    text.split(begins).skip(1).map(|rest| rest.split(ends).next().unwrap()).collect()
}

#[test]
fn a_page_needs_nothing_else() {
    let page = dossier();
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"fr\">"), "{}", &page[..80]);
    for outside in
        ["<script", "javascript:", " onclick", "<link", "<iframe", "@import", "url(", "src="]
    {
        assert!(!page.contains(outside), "{outside}");
    }
    let without = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!without.contains("http://") && !without.contains("https://"));
    assert_eq!(page, dossier(), "the same books give the same page");
}

/// Every link leads somewhere in the page, every number of an account is reached, no name is of two things.
#[test]
fn every_link_leads_somewhere() {
    let page = dossier();
    let ids = between(&page, " id=\"", '"');
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(known.len(), ids.len(), "a name is of two things");
    let links = between(&page, "href=\"#", '"');
    for link in &links {
        assert!(known.contains(link), "{link}");
    }
    let figures = links.iter().filter(|link| link.starts_with(['c', 'g'])).count();
    assert!(figures > 300, "{figures}");
    for place in ["2024/banque.journal:", "2024-ACH-0001.pdf"] {
        assert!(page.contains(place), "{place}");
    }
}

/// Captions, scopes, one first title, landmarks, charts with their words (RGAA 4.1).
#[test]
fn a_page_is_labelled() {
    let page = dossier();
    let count = |what: &str| page.matches(what).count();
    assert_eq!(count("<h1>"), 1);
    for landmark in ["<header>", "<main id=\"contenu\">", "<nav aria-label=", "<footer>"] {
        assert_eq!(count(landmark), 1, "{landmark}");
    }
    assert_eq!(count("<table>"), count("<caption>"));
    assert_eq!(count("<th "), count("<th scope="), "a head without its scope");
    assert!(count("<svg ") >= 4);
    assert_eq!(count("<svg "), count("role=\"img\""));
    assert_eq!(count("<desc id="), count("<svg "));
    assert_eq!(
        count("tabindex=\"0\""),
        count("class=\"scroll\""),
        "what scrolls takes the keyboard"
    );
}

/// What the JSON shows of each figure is in the page.
#[test]
fn every_figure_shown_is_in_the_page() {
    let page = dossier();
    let json: Value =
        serde_json::from_str(&compta(&region(), &["ag", "2024", "-O", "json"]).ok()).unwrap();
    let cells: BTreeSet<&str> = between(&page, "class=\"n", '<')
        .iter()
        .chain(&between(&page, "href=\"#", '<'))
        .filter_map(|cell| cell.split('>').nth(1))
        .collect();
    let grouped = |plain: &str| {
        if plain == "0" {
            return "–".to_owned();
        }
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("−", rest));
        let mut text = String::new();
        for (rank, digit) in digits.chars().enumerate() {
            if rank > 0 && (digits.len() - rank).is_multiple_of(3) {
                text.push('\u{202f}');
            }
            text.push(digit);
        }
        format!("{sign}{text}")
    };
    let mut seen = 0;
    for name in ["bilan.actif", "bilan.passif", "resultat.charges", "resultat.produits"] {
        let tables = json["tables"].as_array().unwrap();
        let table = tables.iter().find(|table| table["name"] == name).unwrap();
        for row in table["rows"].as_array().unwrap() {
            for shown in row["shown"].as_object().unwrap().values().filter_map(Value::as_str) {
                let text = grouped(shown);
                let found =
                    cells.contains(text.as_str()) || cells.contains(format!("[{text}]").as_str());
                assert!(found, "{name} {}: {text}", row["key"]);
                seen += 1;
            }
        }
    }
    assert!(seen > 150, "{seen}");
}

/// A dossier is compared to the byte, and what is no text is told by its name alone.
#[test]
fn a_dossier_holds_its_page_and_its_workbook() {
    let home = folder();
    let target = home.path().join("ag");
    let shown = target.to_str().unwrap();
    let run = compta(&region(), &["ag", "2024", "-o", shown]);
    assert_eq!(run.code, 0, "{}", run.screen());
    assert_eq!(fs::read_to_string(target.join("ag.html")).unwrap(), dossier());
    let check = ["ag", "2024", "--check", shown];
    assert_eq!(compta(&region(), &check).code, 0);
    let book = target.join("ag.xlsx");
    let mut bytes = fs::read(&book).unwrap();
    bytes.push(b'x');
    fs::write(&book, bytes).unwrap();
    let run = compta(&region(), &check);
    assert_eq!(run.code, 1, "{}", run.screen());
    assert!(run.out.starts_with("ag.xlsx : diffère, à l’octet"), "{}", run.out);
}

/// What a shell completes, and the manual, come from the help itself.
#[test]
fn the_manual_and_the_completions_know_every_command() {
    let home = folder();
    let script = typed(home.path(), "completions bash").ok();
    let manual = typed(home.path(), "man").ok();
    for command in ["bilan", "lettrer", "sondage", "verify"] {
        assert!(script.contains(command), "{command}");
        assert!(manual.contains(command), "{command}");
    }
    let run = typed(home.path(), "man -o pages");
    assert_eq!(run.code, 0, "{}", run.screen());
    let page = fs::read_to_string(home.path().join("pages/compta-bilan.1")).unwrap();
    assert!(page.starts_with(".ie") && page.contains("compta\\-bilan"), "{page}");
}

/// Text of the books does nothing in a page.
#[test]
fn markup_in_the_books_stays_text() {
    let home = folder();
    copy(&root().join("fixtures/lettrage/lettres"), home.path());
    let path = home.path().join("principal.journal");
    let text = fs::read_to_string(&path).unwrap();
    let entry = "\n2024-06-01 * (OD-0001) <script>alert(1)</script> | \"><img src=x onerror=alert(2)>  ; piece: '><b>x\n    6226 Honoraires  1,00 €\n    512 Banque  -1,00 €\n";
    fs::write(&path, text + entry).unwrap();
    let long = "L".repeat(300);
    let settings = home.path().join("compta.toml");
    let told = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, told.replace("Association d’essai", &format!("<svg onload=x> & {long}")))
        .unwrap();
    for command in ["journal 2024 -O html", "resultat 2024 -O html", "ag 2024 -O html"] {
        let page = typed(home.path(), command).ok();
        for live in ["<script", "<img", "<svg onload", "<b>"] {
            assert!(!page.contains(live), "{command}: {live}");
        }
        assert!(page.contains("&lt;svg onload=x&gt; &amp; LLL"), "{command}");
    }
}

/// A share of less than nothing has no surface: there is no drawing, and the reason is told in each format.
#[test]
fn a_negative_share_is_told() {
    let home = folder();
    copy(&region(), home.path());
    let path = home.path().join("2024/od.journal");
    let text = fs::read_to_string(&path).unwrap();
    let entry = "\n2024-12-30 * (OD-0990) DITP | trop-perçu\n    740100 DITP  500 000,00 €  ; convention: DITP-2024, financement: subvention\n    441700 Subventions publiques à recevoir:DITP  -500 000,00 €  ; convention: DITP-2024\n";
    fs::write(&path, text + entry).unwrap();
    // A pie of negative slices is refused where its slices are described: E0815.
    fs::remove_file(home.path().join("repartition.toml")).unwrap();
    let page = typed(home.path(), "ag 2024 -O html").ok();
    let drawn = "par programme et par partenaire</title>";
    assert!(!page.contains(drawn));
    let before = dossier();
    assert!(before.contains(drawn) && !before.contains("n’est pas tracé"));
    for format in ["html", "text", "json"] {
        let said = typed(home.path(), &format!("subventions 2024 -O {format}")).ok();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("une part négative n’a pas de surface"), "{format}: {said}");
        assert!(said.contains("DITP (STRUCTURE) −434"), "{format}: {said}");
    }
}

/// The column of the year before leads to the entries of that year; a budget has none.
#[test]
fn a_figure_leads_to_entries_of_its_own_year() {
    let page = dossier();
    let table = rows_of(&page, "Compte de résultat 2024 – PRODUITS");
    let row = table.iter().find(|row| row[0].contains(">DITP<")).unwrap();
    let linked: Vec<bool> = row[1..].iter().map(|cell| link(cell).is_some()).collect();
    assert_eq!(linked, [true, true, false], "{row:?}");
    for (cell, year) in [(row[1], "/2024"), (row[2], "/2023")] {
        let (body, foot) = led(&page, link(cell).unwrap().0);
        let target = if body[0].len() > 4 {
            body
        } else {
            // A list of accounts: the first of them.
            let inner = body[0][0].split("href=\"#").nth(1).unwrap().split('"').next().unwrap();
            led(&page, inner).0
        };
        assert!(target.iter().all(|line| line[0].contains(year)), "{target:?} {foot:?}");
    }
    assert!(page.contains(" – 2023</caption>"));
}

/// What opens an account stands apart at its foot: the opening of a table of movements is found there.
#[test]
fn an_opening_is_found_at_the_foot() {
    let page = dossier();
    let rows = rows_of(&page, "Variation des fonds propres");
    let mut seen_cells = 0;
    for row in &rows {
        let Some((target, shown)) = link(row[1]) else { continue };
        let (_, foot) = led(&page, target);
        let opened: Vec<_> = foot
            .iter()
            .filter(|row| ["nouveaux", "Solde", ">Total"].iter().any(|word| row[0].contains(word)))
            .cloned()
            .collect();
        assert!(stands(shown, &figures(&opened)), "{row:?}: {foot:?}");
        seen_cells += 1;
    }
    assert!(seen_cells > 1, "{rows:?}");
}

/// A figure as it is read: in cents, the sign left out.
fn cents(words: &str) -> Option<i64> {
    let plain = words.replace(['\u{202f}', '−', '[', ']'], "");
    let (whole, rest) = plain.split_once(',').unwrap_or((&plain, "00"));
    Some(whole.parse::<i64>().ok()? * 100 + rest.parse::<i64>().ok()?)
}

/// What a reader sees of some markup.
fn seen(markup: &str) -> String {
    let parts = markup.split('<');
    let words: String =
        parts.map(|part| part.split_once('>').map_or(part, |(_, words)| words)).collect();
    words.trim().to_owned()
}

/// The rows of a table with a caption, each with its cells as markup.
fn rows_of<'p>(page: &'p str, caption: &str) -> Vec<Vec<&'p str>> {
    let at =
        page.find(&format!("<caption>{caption}</caption>")).unwrap_or_else(|| panic!("{caption}"));
    let table = page[at..].split("</table>").next().unwrap();
    table.split("<tr").skip(1).map(cells).collect()
}

/// The cells of a row, as markup.
fn cells(row: &str) -> Vec<&str> {
    row.split("</tr>")
        .next()
        .unwrap()
        .split("<t")
        .filter(|cell| cell.starts_with(['h', 'd']) && !cell.starts_with("head"))
        .collect()
}

/// The rows below what a link leads to.
fn led<'p>(page: &'p str, target: &str) -> (Vec<Vec<&'p str>>, Vec<Vec<&'p str>>) {
    let at = page.find(&format!(" id=\"{target}\">")).unwrap_or_else(|| panic!("{target}"));
    let table = page[at..].split("</table>").next().unwrap();
    let (body, foot) = table.split_once("<tfoot>").unwrap_or_else(|| panic!("no foot: {target}"));
    let rows = |text: &'p str| text.split("<tr").skip(1).map(cells).collect::<Vec<_>>();
    (rows(body).split_off(1), rows(foot))
}

/// Where a cell leads, with its figure in cents.
fn link(cell: &str) -> Option<(&str, i64)> {
    let target = cell.split("href=\"#").nth(1)?.split('"').next()?;
    Some((target, cents(&seen(&format!("<t{cell}")))?))
}

/// The figures of some rows, in cents, the sign left out.
fn figures(rows: &[Vec<&str>]) -> Vec<i64> {
    let cells = rows.iter().flatten();
    cells.filter_map(|cell| cents(&seen(&format!("<t{cell}")))).collect()
}

/// A figure shown to the cent, to the euro, to the hundred or to the thousand stands among some.
fn stands(shown: i64, among: &[i64]) -> bool {
    let to = |cents: i64, step: i64| (cents + step / 2) / step * step;
    among
        .iter()
        .any(|cents| [1, 100, 10_000, 100_000].iter().any(|step| to(*cents, *step) == shown))
}

/// An auditor follows a figure of either ledger and finds it at the foot of where it leads.
#[test]
fn a_figure_leads_where_its_sum_is_shown() {
    let page = dossier();
    let mut seen_cells = 0;
    for caption in [
        "Bilan au 31/12/2024 – ACTIF",
        "Bilan au 31/12/2024 – PASSIF",
        "Compte de résultat 2024 – CHARGES",
        "Compte de résultat 2024 – PRODUITS",
        "Bilan au 31/12/2024, livre CARE – ACTIF",
        "Bilan au 31/12/2024, livre CARE – PASSIF",
        "Compte de résultat 2024, livre CARE – CHARGES",
        "Bilan : passif",
        "Compte de résultat : charges",
        "Bilan 2024 : principaux éléments",
    ] {
        for row in rows_of(&page, caption) {
            for (target, shown) in row.iter().filter_map(|cell| link(cell)) {
                let (_, foot) = led(&page, target);
                assert!(stands(shown, &figures(&foot)), "{caption} {row:?}: {foot:?}");
                seen_cells += 1;
            }
        }
    }
    assert!(seen_cells > 200, "{seen_cells}");
    // Both ledgers at the foot, and each line of CARE marked.
    for (row, total) in
        [("Résultat de l’exercice", "238,69"), ("Provisions pour charges", "2\u{202f}153,80")]
    {
        let row = rows_of(&page, "Bilan au 31/12/2024 – PASSIF")
            .into_iter()
            .find(|cells| cells[0].contains(row))
            .unwrap();
        let (body, foot) = led(&page, link(row[1]).unwrap().0);
        assert!(foot.iter().flatten().any(|cell| cell.contains(total)), "{foot:?}");
        assert!(!body.is_empty());
    }
    let (body, foot) =
        led(&page, &account(&page, "158100 Provision pour dette carbone recouvrable"));
    let of = |book: &str| body.iter().filter(|row| row[4] == format!("d>{book}</td>")).count();
    assert_eq!((of("CARE"), of("les deux")), (1, 1), "{body:?}");
    let labels: Vec<String> =
        foot.iter().map(|row| seen(&format!("<t{}", row[0])).trim().to_owned()).collect();
    assert_eq!(
        labels,
        [
            "Total, livre classique",
            "Solde, livre classique",
            "Total, livre CARE",
            "Solde, livre CARE"
        ]
    );
}

/// Where the table of an account is.
fn account(page: &str, label: &str) -> String {
    let at =
        page.find(&format!("aria-label=\"{label}\" id=\"")).unwrap_or_else(|| panic!("{label}"));
    page[at..].split("id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Of every linked figure of a dossier, what it leads to ends with it: but for conventions and partners,
/// whose entries have both sides, and tonnes, which are shown to the kilogram.
#[test]
fn every_figure_of_a_dossier_is_where_it_leads() {
    let home = folder();
    typed(home.path(), "init demo --demo").ok();
    let demo = home.path().join("demo");
    for (books, year, at_least) in
        [(region(), "2024", 700), (demo.clone(), "2024", 350), (demo, "2025", 450)]
    {
        let page = compta(&books, &["ag", year, "-O", "html"]).ok();
        let tables = page.split("id=\"grand-livre\"").next().unwrap();
        let mut found = 0;
        for row in tables.split("<tr").map(cells) {
            for (cell, (target, shown)) in row.iter().filter_map(|cell| Some((cell, link(cell)?))) {
                let at = page.find(&format!(" id=\"{target}\">")).unwrap();
                let caption = page[at..].split("<caption>").nth(1).unwrap();
                let whole = seen(&format!("<t{cell}"));
                let decimals = whole.split_once(',').map_or(0, |(_, rest)| rest.len());
                if caption.starts_with("Convention")
                    || caption.starts_with("Partenaire")
                    || decimals > 2
                {
                    continue;
                }
                let (_, foot) = led(&page, target);
                assert!(stands(shown, &figures(&foot)), "{year} {row:?}: {foot:?}");
                found += 1;
            }
        }
        assert!(found > at_least, "{found}");
        // The treasury is of the year after: its entries are in the page of that year.
        let treasury = tables.split("<caption>Trésorerie").nth(1).unwrap();
        assert!(!treasury.split("</table>").next().unwrap().contains("href"), "{year}");
    }
    // Private funders are not among the public ones.
    let page = dossier();
    let rows = rows_of(&page, "Subventions par nature de financeur");
    let private = rows.iter().find(|row| row[0].contains("aides privées")).unwrap();
    let (body, _) = led(&page, link(private[1]).unwrap().0);
    assert!(body.iter().all(|row| !row[0].contains("ADEME")), "{body:?}");
    // What differs between the ledgers leads to the entry that makes it.
    let rows = rows_of(&page, "Du résultat classique au résultat CARE, en flux");
    let linked = rows.iter().flatten().filter_map(|cell| link(cell)).count();
    assert!(linked > 0, "{rows:?}");
}

/// A figure of a programme stands under the account or the accounts that it leads to; what shared costs
/// make leads nowhere, for no account has it.
#[test]
fn a_figure_of_a_programme_is_found() {
    let page = dossier();
    let rows = rows_of(&page, "Compte de résultat 2024 par programme");
    let mut found = 0;
    for row in &rows {
        for (target, shown) in row.iter().filter_map(|cell| link(cell)) {
            let (_, foot) = led(&page, target);
            assert!(stands(shown, &figures(&foot)), "{row:?}: {foot:?}");
            found += 1;
        }
    }
    assert!(found > 50, "{found}");
    let shared = rows.iter().find(|row| row[0].contains("Charges après répartition")).unwrap();
    assert!(shared.iter().all(|cell| link(cell).is_none()), "{shared:?}");
}

/// A source is a file and a line, or what derived the entry; a table of entries is never empty.
#[test]
fn entries_name_files_that_are_there() {
    let page = dossier();
    let sources = between(&page, "<code>", '<');
    assert!(sources.len() > 2_000, "{}", sources.len());
    for source in sources {
        let (file, line) = source.rsplit_once(':').unwrap();
        assert!(region().join(file).is_file() && line.parse::<usize>().is_ok(), "{source}");
    }
    assert!(page.contains("<td>dérivée : à-nouveaux 2024 (soldes de 2023"));
    assert!(!page.contains("<tbody></tbody>"));
    assert!(!page.contains("<caption>Convention DITP-2025</caption>"));
    let funding = rows_of(&page, "Détail des subventions et facturations 2024");
    let of =
        |name: &str| funding.iter().find(|row| row.iter().any(|cell| cell.contains(name))).unwrap();
    assert!(of(">DITP-2025<").iter().all(|cell| link(cell).is_none()));
    assert!(of(">DITP-2024<").iter().any(|cell| link(cell).is_some()));
    // What a register yields is among the lines of its convention, every line of it.
    let (body, foot) = led(&page, &account(&page, "Convention R-NANTES-2024"));
    assert!(figures(&foot).contains(&1_200_000), "{body:?} {foot:?}");
}

/// Each account of a balance leads to its entries; beyond what a page can hold, a sentence says where they are.
#[test]
fn a_balance_leads_to_its_entries() {
    for command in ["balance 2024", "balance 2024-T2", "balance --tout", "balance 2024 --care"] {
        let page = typed(&region(), &format!("{command} -O html")).ok();
        let table = page.split("</table>").next().unwrap();
        let rows: Vec<Vec<&str>> = table.split("<tr").skip(2).map(cells).collect();
        assert!(rows.len() > 30);
        let classic = !command.contains("care");
        for row in &rows {
            let mut links = row.iter().filter_map(|cell| link(cell)).peekable();
            assert!(links.peek().is_some(), "{command}: {row:?}");
            for (target, shown) in links {
                let (_, foot) = led(&page, target);
                assert!(figures(&foot).contains(&shown) || !classic, "{command} {row:?}: {foot:?}");
            }
        }
    }
    let home = folder();
    let mut text = "decimal-mark ,\n".to_owned();
    for rank in 0..10_001 {
        text.push_str(&format!(
            "\n2024-01-05 * (ACH-{rank:05}) Papeterie | papier\n    606 Achats non stockés de matière et fournitures  1,00 €\n    512 Banques\n"
        ));
    }
    fs::write(home.path().join("grand.journal"), text).unwrap();
    let page = typed(home.path(), "-f grand.journal balance 2024 -O html").ok();
    let said = seen(&page);
    assert!(
        said.contains("20\u{202f}002 lignes, trop pour une page")
            && said.contains("`compta grand-livre COMPTE 2024`"),
        "{}",
        &said[said.len() - 600..]
    );
    assert!(!page.contains("href=\"#c0") && !page.contains("id=\"c0"));
}

/// A part of a year leads to what it counts; what each tiers did, and what each owes, to the lines of its account.
#[test]
fn parts_of_a_year_and_tiers_lead_to_entries() {
    for (command, at_least) in [
        ("bilan 2024-T2", 20),
        ("resultat 2024-T2", 20),
        ("resultat 2024-T2 --care", 20),
        ("balance --auxiliaire 2024", 30),
        ("balance --auxiliaire 2024-T2", 30),
        ("balance-agee 2024", 10),
    ] {
        let page = typed(&region(), &format!("{command} -O html")).ok();
        let tables = page.split("id=\"grand-livre\"").next().unwrap();
        let mut found = 0;
        for row in tables.split("<tr").map(cells) {
            // Of a tiers, the last figure is the balance; the others are parts of it.
            let from = if command.starts_with("balance") { row.len().saturating_sub(1) } else { 0 };
            let shown = row[from..].iter().filter_map(|cell| link(cell));
            for (target, shown) in shown {
                let (_, foot) = led(&page, target);
                assert!(stands(shown, &figures(&foot)), "{command} {row:?}: {foot:?}");
                found += 1;
            }
        }
        assert!(found >= at_least, "{command}: {found}");
    }
}

/// The budget, the difference and the lead schedules lead to entries as the statements do.
#[test]
fn other_tables_lead_to_entries() {
    let home = folder();
    let text = "decimal-mark ,\n\n~ 2024  BP 2024\n    606 Achats non stockés de matière et fournitures  90,00 €\n    512 Banques\n\n2024-01-05 * (ACH-0001) Papeterie | papier\n    606 Achats non stockés de matière et fournitures  61,00 €\n    512 Banques\n";
    fs::write(home.path().join("petit.journal"), text).unwrap();
    let page = typed(home.path(), "-f petit.journal budget 2024 -O html").ok();
    let rows: Vec<Vec<&str>> = page.split("<tr").map(cells).collect();
    let charge = rows.iter().find(|row| row.iter().any(|cell| cell.contains(">90<"))).unwrap();
    let linked: Vec<bool> = charge.iter().map(|cell| link(cell).is_some()).collect();
    assert_eq!(linked, [false, false, true, false, false], "{charge:?}");
    for (command, at_least) in [("diff 2024", 60), ("feuilles 2024", 90), ("bilan 2024", 60)] {
        let page = typed(&region(), &format!("{command} -O html")).ok();
        let tables = page.split("id=\"grand-livre\"").next().unwrap();
        let found: Vec<(&str, i64)> =
            tables.split("<tr").flat_map(cells).filter_map(link).collect();
        assert!(found.len() >= at_least, "{command}: {}", found.len());
        for (target, shown) in found {
            let (_, foot) = led(&page, target);
            assert!(stands(shown, &figures(&foot)), "{command} {shown}: {foot:?}");
        }
    }
}

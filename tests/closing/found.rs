//! What a fresh reader of closings found wrong, each fault kept out.

use std::fs;
use std::path::Path;

use crate::harness::{copy, folder, region, typed};

/// The region's books, 2023 and 2024 closed.
fn closed() -> tempfile::TempDir {
    let home = folder();
    copy(&region(), home.path());
    typed(home.path(), "close 2023 --oui --date 2024-05-15").ok();
    typed(home.path(), "close 2024 --oui --date 2025-05-15").ok();
    home
}

fn rewrite(path: &Path, change: impl Fn(String) -> String) {
    let text = fs::read_to_string(path).unwrap();
    let changed = change(text.clone());
    assert_ne!(text, changed, "{}", path.display());
    fs::write(path, changed).unwrap();
}

fn hex(bytes: &[u8]) -> String {
    compta::closing::Hash::of(bytes).to_string()
}

/// The code that a verification prints of a closing.
fn code(home: &Path, year: &str) -> String {
    let said = typed(home, &format!("verify {year}")).ok();
    said.split("sceau ").nth(1).unwrap().lines().next().unwrap().to_owned()
}

#[test]
fn a_copy_of_a_closing_counts_nothing_twice() {
    let home = closed();
    copy(&home.path().join("clotures/2024"), &home.path().join("clotures/2024-copie"));
    let run = typed(home.path(), "bilan 2024");
    assert!(run.code == 4 && run.err.contains("E0703"), "{}", run.screen());
    assert_eq!(typed(home.path(), "verify 2024").code, 4);
}

#[test]
fn closings_under_each_other_s_name_are_told() {
    let home = closed();
    let place = |name: &str| home.path().join("clotures").join(name);
    fs::rename(place("2023"), place("x")).unwrap();
    fs::rename(place("2024"), place("2023")).unwrap();
    fs::rename(place("x"), place("2024")).unwrap();
    let run = typed(home.path(), "verify");
    assert!(run.code == 4 && run.out.matches("déplacé").count() == 2, "{}", run.screen());
    assert_eq!(typed(home.path(), "bilan 2024").code, 4);
}

#[test]
fn a_damaged_seal_accuses_no_other() {
    let home = closed();
    fs::remove_file(home.path().join("clotures/2024/sceau.txt")).unwrap();
    let run = typed(home.path(), "verify 2023");
    assert!(run.code == 0 && run.out.contains(": intact – 623 écritures"), "{}", run.screen());
}

#[test]
fn line_endings_change_no_printed_code() {
    let home = closed();
    let before = code(home.path(), "2024");
    rewrite(&home.path().join("clotures/2024/sceau.txt"), |text| text.replace('\n', "\r\n"));
    assert_eq!(code(home.path(), "2024"), before);
    assert_eq!(typed(home.path(), &format!("verify 2024 --racine {before}")).code, 0);
    rewrite(&home.path().join("clotures/2024/sceau.txt"), |text| format!("\u{feff}{text}"));
    assert_eq!(code(home.path(), "2024"), before);
    assert_eq!(typed(home.path(), "bilan 2024").code, 0);
}

#[test]
fn a_register_that_changed_hides_no_forged_statement() {
    let home = closed();
    rewrite(&home.path().join("annexe.toml"), |text| text + "\n# x\n");
    let place = home.path().join("clotures/2024");
    rewrite(&place.join("etats/bilan.txt"), |text| text.replacen("Bilan au", "Bilam au", 1));
    let forged = hex(&fs::read(place.join("etats/bilan.txt")).unwrap());
    rewrite(&place.join("manifeste.sha256"), |text| {
        let kept = text.lines().filter(|line| !line.starts_with('#'));
        let body: String = kept
            .map(|line| match line.strip_suffix("  etats/bilan.txt") {
                Some(_) => format!("{forged}  etats/bilan.txt\n"),
                None => format!("{line}\n"),
            })
            .collect();
        format!("{body}# manifeste {}\n", hex(body.as_bytes()))
    });
    let run = typed(home.path(), "verify 2024");
    let told = run.out.contains("✗ clotures/2024/etats/bilan.txt : non redonné par les livres");
    assert!(run.code == 4 && told, "{}", run.screen());
}

#[test]
fn a_journal_that_is_gone_is_one_fault() {
    let home = closed();
    fs::remove_file(home.path().join("2024/ventes.journal")).unwrap();
    let run = typed(home.path(), "verify 2024");
    assert!(run.out.contains("clotures/2024 : 1 anomalie\n"), "{}", run.screen());
    assert!(run.out.contains("2024/ventes.journal : manquant"), "{}", run.screen());
}

#[test]
fn what_left_in_a_closed_year_is_refused_and_words_may_change() {
    let home = closed();
    let assets = home.path().join("immobilisations.toml");
    let before = fs::read_to_string(&assets).unwrap();
    rewrite(&assets, |text| {
        let sold = "annees = 2\npiece = \"tableau-des-immobilisations.pdf\"\n";
        text.replacen(
            sold,
            &format!("{sold}sortie = {{ date = 2024-06-30, motif = \"vendu\" }}\n"),
            1,
        )
    });
    let run = typed(home.path(), "check");
    assert!(run.code == 4 && run.out.contains("E0704"), "{}", run.screen());
    fs::write(&assets, before).unwrap();
    rewrite(&home.path().join("provisions.toml"), |text| {
        text.replacen("libelle = \"dette carbone", "libelle = \"la dette carbone", 1)
    });
    assert_eq!(typed(home.path(), "check").code, 0);
}

#[test]
fn a_provisional_version_taken_away_blocks_no_other() {
    let home = folder();
    copy(&region(), home.path());
    let again =
        |day: &str| typed(home.path(), &format!("close 2024 --provisoire --date {day}")).ok();
    again("2025-03-01");
    again("2025-03-02");
    fs::remove_dir_all(home.path().join("clotures/2024-provisoire-1")).unwrap();
    assert!(again("2025-03-03").contains("clotures/2024-provisoire-3"));
}

#[test]
fn a_vote_in_a_sealed_period_is_booked_on_the_first_open_day() {
    let home = closed();
    typed(home.path(), "sceller --jusqu-au 2025-06-30 --date 2025-07-01").ok();
    let said = typed(home.path(), "affecter 2024 --vote 2025-06-12").ok();
    assert!(said.contains("2025-07-01=2025-06-12 * (AFF-0001)"), "{said}");
    assert!(typed(home.path(), "bilan 2024").ok().contains("approuvé le 12/06/2025"));
}

/// A small folder with one register.
fn small(file: &str, register: &str) -> tempfile::TempDir {
    let home = folder();
    let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
    write("compta.toml", "[entite]\nnom = \"Essai\"\n");
    write(
        "principal.journal",
        "decimal-mark ,\n\n2024-12-05 * (BQ-0001) Assureur | prime 2025\n    6161 Multirisques  1 200,00 €\n    512 Banques\n\n2025-02-01 * (BQ-0001) Banque | frais\n    627 Services bancaires et assimilés  1,00 €\n    512 Banques\n",
    );
    write(file, register);
    home
}

#[test]
fn a_charge_booked_before_its_period_waits_whole() {
    let register = "[[regularisation]]\ngenre = \"charge-constatee-d-avance\"\nlibelle = \"prime\"\ncharge = \"6161\"\ntotal = 1200\ndebut = 2025-01-01\nfin = 2025-12-31\n";
    let booked = format!("{register}facture = 2024-12-05\n");
    let home = small("regularisations.toml", &booked);
    let balance = typed(home.path(), "balance 2024 -O csv").ok();
    assert!(
        balance.contains("486,Charges constatées d'avance,EUR,1200.00,0.00,1200.00"),
        "{balance}"
    );
    let after = typed(home.path(), "balance 2025 -O csv").ok();
    assert!(after.contains("6161,Multirisques,EUR,1200.00,0.00,1200.00"), "{after}");
}

#[test]
fn no_text_of_a_register_makes_an_entry_that_cannot_be_read() {
    for name in [
        "Région ; culture",
        "Région  culture",
        "Rég\\tion",
        "Rég\\nion",
        "Rég\\u0000ion",
        "(Région)",
    ] {
        let register = format!(
            "[[convention]]\nid = \"C\"\npartenaire = \"{name}\"\nfinanceur = \"region\"\ngenre = \"subvention\"\nproduit = \"740\"\nmontant = 10\ndebut = 2024-01-01\nfin = 2024-12-31\nnotification = 2024-01-02\n"
        );
        let home = small("conventions.toml", &register);
        let run = typed(home.path(), "check");
        assert!(
            run.code == 1 && run.out.contains("ne peut nommer un tiers"),
            "{name}: {}",
            run.screen()
        );
    }
    for text in ["a ; b", "a: b, c", "a\\u0001b", "a\\nb", "a | b | c", "[x] (y) {z} = 3 €  @", ""]
    {
        let register = format!(
            "[[provision]]\nid = \"p\"\nlibelle = \"{text}\"\ncompte = \"1511\"\npiece = \"{text}\"\nniveaux = {{ 2024 = 10 }}\n"
        );
        let home = small("provisions.toml", &register);
        let run = typed(home.path(), "balance 2024 -O csv");
        assert!(
            run.out.contains("1511,Provisions pour litiges,EUR,0.00,10.00"),
            "{text}: {}",
            run.screen()
        );
    }
}

#[test]
fn an_unknown_depreciation_account_falls_on_the_one_the_chart_has() {
    let home = small(
        "immobilisations.toml",
        "[[bien]]\nid = \"a\"\nlibelle = \"portable\"\ncompte = \"2183\"\nvaleur = 720\nmise_en_service = 2024-01-01\nannees = 2\n",
    );
    let balance = typed(home.path(), "balance 2024 -O csv").ok();
    assert!(balance.contains("2818,") && balance.contains("-360.00"), "{balance}");
}

/// A folder that a link names is looked at under its own name: neither outside the books, nor round and round;
/// and what a journal includes through one is still found.
#[cfg(unix)]
#[test]
fn links_to_folders_lead_a_verification_nowhere_else() {
    use std::os::unix::fs::symlink;
    let kept = super::folders::small();
    let home = kept.path().join("livres");
    copy(kept.path(), &home);
    fs::create_dir(home.join(".vrai")).unwrap();
    fs::create_dir(home.join("classeur")).unwrap();
    fs::rename(home.join("2024.journal"), home.join(".vrai/2024.journal")).unwrap();
    symlink(".vrai", home.join("lien")).unwrap();
    super::folders::edit(&home, "principal.journal", "2024.journal", "lien/2024.journal");
    super::folders::close(&home, "2023", "2024-03-01").ok();
    super::folders::close(&home, "2024", "2025-05-01").ok();
    super::folders::intact(&home);
    let secret = kept.path().join("dehors");
    fs::create_dir(&secret).unwrap();
    fs::write(secret.join("secret.journal"), "decimal-mark ,\n").unwrap();
    for (to, name) in [
        (".", "rond"),
        ("..", "ici"),
        ("../dehors", "dehors"),
        ("/", "volume"),
        ("..", "classeur/retour"),
        ("../../..", "clotures/2024/etats/loin"),
        ("nulle-part", "perdu"),
    ] {
        symlink(to, home.join(name)).unwrap();
    }
    let log = kept.path().join("appels");
    let run = std::process::Command::new("timeout")
        .args(["20", "strace", "-f", "-e", "trace=open,openat", "-o"])
        .arg(&log)
        .arg(crate::harness::binary())
        .arg("verify")
        .current_dir(&home)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stdout).into_owned();
    assert_eq!(run.status.code(), Some(0), "{told}{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(told.matches(" : intact – ").count(), 2, "{told}");
    let opened = fs::read_to_string(&log).unwrap();
    for never in ["secret", "/rond", "/ici", "/dehors", "/volume", "/retour", "/loin"] {
        assert!(!opened.contains(never), "{never}: {opened}");
    }
    // Changed behind its link, it is named by the path that was sealed.
    super::folders::edit(&home, ".vrai/2024.journal", "affiches", "tracts");
    let run = typed(&home, "verify 2024");
    assert_eq!(run.code, 4, "{}", run.screen());
    assert!(run.out.contains("✗ lien/2024.journal:11 : altéré"), "{}", run.out);
}

/// Two names that differ by case are two files: where a volume keeps one of them, the other is missed.
#[test]
fn names_that_collide_by_case_are_told() {
    let kept = super::folders::small();
    let home = kept.path();
    fs::rename(home.join("2024.journal"), home.join("Achats.journal")).unwrap();
    let entry = "decimal-mark ,\n\n2024-11-20 * (ACH-0002) Imprimeur | tracts  ; piece: f.pdf\n    6236 Imprimés   30,00 €\n    401 Fournisseurs:Imprimeur   -30,00 €  ; lettrage: B\n\n2024-11-21 * (BQ-0006) Imprimeur | virement  ; piece: r.pdf\n    401 Fournisseurs:Imprimeur   30,00 €  ; lettrage: B\n    512100 Banque   -30,00 €\n";
    fs::write(home.join("achats.journal"), entry).unwrap();
    super::folders::edit(home, "Achats.journal", "= 830,00 €", "= 800,00 €");
    super::folders::edit(
        home,
        "principal.journal",
        "include 2024.journal",
        "include Achats.journal\ninclude achats.journal",
    );
    super::folders::close(home, "2023", "2024-03-01").ok();
    super::folders::close(home, "2024", "2025-05-01").ok();
    super::folders::intact(home);
    let both = super::folders::tree(home);
    // What a checkout leaves where case counts for nothing: one name, with the bytes of the one or the other.
    for (name, bytes) in [
        ("Achats.journal", "Achats.journal"),
        ("Achats.journal", "achats.journal"),
        ("achats.journal", "Achats.journal"),
    ] {
        for (path, bytes) in &both {
            fs::write(home.join(path), bytes).unwrap();
        }
        let other = if name == "Achats.journal" { "achats.journal" } else { "Achats.journal" };
        fs::remove_file(home.join(other)).unwrap();
        fs::write(home.join(name), &both[bytes]).unwrap();
        let run = typed(home, "check");
        // The entries of the other, under its name: they are where they were not.
        let code = if name == bytes { 1 } else { 4 };
        assert_eq!(run.code, code, "{name} {bytes}: {}", run.screen());
        assert!(run.out.contains(&format!("[E0126]: `{other}` n’existe pas")), "{}", run.out);
        let run = typed(home, "verify 2024");
        assert_eq!(run.code, 4, "{name} {bytes}: {}", run.screen());
        let line = run.out.lines().find(|line| line.contains(&format!("✗ {other}")));
        assert!(line.is_some(), "{name} {bytes}: {other} is not missed: {}", run.out);
    }
}

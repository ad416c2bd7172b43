//! The door: arguments, files, clock, terminal, exit codes. The only room that touches the world.
//!
//! In: what the user typed. Out: a report on stdout, words on stderr, an exit code:
//! 0 sound, 1 findings (or `--check` differs), 2 usage, 3 unreadable, 4 sealed period touched,
//! 5 the file system, 70 a bug of ours.

mod ag;
mod against;
mod allocate;
mod annotations;
mod args;
mod assembly;
mod audit;
mod audit_args;
mod booklet;
mod books;
mod care;
mod close;
mod closing_args;
mod closures;
mod controls;
mod correct;
mod dossier;
mod ecritures;
mod export;
mod failure;
mod fec;
mod fec_args;
mod fec_check;
mod filled;
mod folder;
mod host;
mod init;
mod intake;
mod inventory;
mod large;
mod matching;
mod on_disk;
mod open;
mod output;
mod package;
mod page;
mod placing;
mod plan;
mod progress;
mod proofs;
mod ready;
mod registers;
mod reports;
mod seal_part;
mod sealing;
mod sheet_args;
mod shell;
mod state;
mod stated;
mod storage;
mod tiers;
mod tiers_args;
mod unplaced;
mod usage;
mod verify;
mod workbook;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command, Common};
use assembly::Subject;
use audit_args::AuditCommand;
use booklet::templates;
use closing_args::ClosingCommand;
use failure::Failure;
use fec_args::FecCommand;
pub use host::Host;
use intake::FecIntake;
use sheet_args::{BudgetArgs, BudgetCommand, EcrituresCommand};
pub use storage::Disk;
use tiers_args::TiersCommand;

/// Runs the process's own arguments, and gives its exit code.
pub fn main() -> ExitCode {
    let work = || run(std::env::args_os(), &mut Host::of_process());
    ExitCode::from(held(work, |words| Host::of_process().say(words)))
}

/// The exit code of some work; what stops it by a fault of ours is told, and has its own.
fn held(work: impl FnOnce() -> u8 + std::panic::UnwindSafe, tell: impl FnOnce(&str)) -> u8 {
    std::panic::catch_unwind(work).unwrap_or_else(|_| {
        tell(BUG);
        70
    })
}

/// What a panic says last: a file appears by its last step, so that none is there by half.
const BUG: &str = "bogue de compta : rien n’a été écrit. Merci de signaler la commande et le message ci-dessus.\n";

/// Runs a command line in a host, and gives the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>, host: &mut Host) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage::explain(&error, host),
    };
    match command(&cli, host) {
        Ok(code) => code,
        Err(failure) => failure.tell(host),
    }
}

fn command(cli: &Cli, host: &mut Host) -> Result<u8, Failure> {
    host.remember(&cli.common);
    let common = &output::settled(&cli.common, cli.command.as_ref(), host)?;
    let Some(command) = &cli.command else {
        return state::state(common, host);
    };
    match command {
        Command::Init { target, demo, name, fec, first, dry } => {
            let from = FecIntake { files: fec, name: name.as_deref(), first: first.as_deref() };
            init::init(target, (*demo, *dry), &from, host)
        }
        Command::Check => books::check(common, host),
        Command::Controles { year } => controls::controls(common, year.as_deref(), host),
        Command::Fmt { check } => books::fmt(common, *check, host),
        Command::Explain { code } => books::explain(common, code, host),
        Command::Completions { shell } => shell::completions(*shell, host),
        Command::Man => shell::man(common, host),
        Command::Balance { period, subsidiary, account } => {
            let account = account.as_deref();
            if *subsidiary {
                return tiers::subsidiary_balance(common, period.as_deref(), account, host);
            }
            reports::balance(common, period.as_deref(), account, host)
        }
        Command::Tiers(command) => third_parties(command, common, host),
        Command::Journal { period, journal } => {
            reports::journal(common, period.as_deref(), journal.as_deref(), host)
        }
        Command::GrandLivre { first, second } => {
            reports::grand_livre(common, first.as_deref(), second.as_deref(), host)
        }
        Command::Bilan { year, form, base } => {
            reports::bilan(common, year.as_deref(), (form.as_deref(), *base), host)
        }
        Command::Resultat { year, budget, form, base } => {
            let shape = (form.as_deref(), *base);
            reports::resultat(common, year.as_deref(), budget.as_deref(), shape, host)
        }
        Command::Diff { year, form } => care::diff(common, year.as_deref(), form.as_deref(), host),
        Command::Care { subject, year } => {
            care::care(common, subject.as_deref(), year.as_deref(), host)
        }
        Command::Budget(args) => budget(args, common, host),
        Command::Ecritures { command } => match command {
            EcrituresCommand::Modele => ecritures::sheet_model(common, host),
            EcrituresCommand::Import { file, dry } => ecritures::import(common, file, *dry, host),
        },
        Command::Principaux { year } => {
            assembly::one(common, Subject::Summary, year.as_deref(), host)
        }
        Command::Subventions { year } => {
            assembly::one(common, Subject::Subventions, year.as_deref(), host)
        }
        Command::Repartition { year, couts, funding } => {
            let subjects = match (couts, funding) {
                (true, _) => &[Subject::Costs][..],
                (_, true) => &[Subject::Funding],
                _ => &[Subject::Costs, Subject::Funding],
            };
            assembly::several(common, subjects, year.as_deref(), host)
        }
        Command::Adhesions { year } => {
            assembly::several(common, &[Subject::Adhesions, Subject::Grid], year.as_deref(), host)
        }
        Command::Cotisation { year, budget } => {
            assembly::dues(common, budget, year.as_deref(), host)
        }
        Command::Resolutions { year } => {
            assembly::one(common, Subject::Resolutions, year.as_deref(), host)
        }
        Command::Programmes { year } => {
            assembly::one(common, Subject::Programmes, year.as_deref(), host)
        }
        Command::CompteRendu { convention } => assembly::report(common, convention, host),
        Command::Annexe { year } => assembly::one(common, Subject::Annexe, year.as_deref(), host),
        Command::Inventaire { year } => inventory::inventory(common, year.as_deref(), host),
        Command::Immobilisations { year } => inventory::assets(common, year.as_deref(), host),
        Command::Closing(command) => closing(command, common, host),
        Command::Fec(args) => match &args.command {
            Some(FecCommand::Verifier { file, first }) => {
                fec_check::verifier(common, file, first.as_deref(), host)
            }
            None => fec::fec_of(common, args, host),
        },
        Command::Audit(command) => audited(command, common, host),
        Command::Tresorerie { year } => assembly::treasury(common, year.as_deref(), host),
        Command::Ag { year, check, against, screen } => {
            let year = year.as_deref();
            match (check, against) {
                (Some(folder), _) => ag::check(common, year, folder, host),
                (_, Some(file)) => against::against(common, year, file, host),
                _ => ag::all(common, (year, *screen), host),
            }
        }
        Command::Modeles => templates(common, host),
        Command::Trace { key, year, form } => {
            reports::trace(common, key, year.as_deref(), form.as_deref(), host)
        }
    }
}

fn budget(args: &BudgetArgs, common: &Common, host: &mut Host) -> Result<u8, Failure> {
    match &args.command {
        None => reports::budget(common, args.year.as_deref(), args.form.as_deref(), host),
        Some(BudgetCommand::Modele { year }) => plan::budget_model(common, year.as_deref(), host),
        Some(BudgetCommand::Import { file, year, replace, dry }) => {
            let (year, replace, dry) = (year.as_deref(), *replace, *dry);
            plan::import(common, &plan::PlanAsk { file, year, replace, dry }, host)
        }
    }
}

fn third_parties(command: &TiersCommand, common: &Common, host: &mut Host) -> Result<u8, Failure> {
    match command {
        TiersCommand::BalanceAgee { year, day, account } => {
            let asked = (day.as_deref(), account.as_deref());
            tiers::aged_balance(common, year.as_deref(), asked, host)
        }
        TiersCommand::Lettrer { year, account, write, dry, check } => {
            let ask = matching::MatchingAsk {
                year: year.as_deref(),
                account: account.as_deref(),
                write: *write,
                dry: *dry,
                check: *check,
            };
            matching::lettrer(common, &ask, host)
        }
    }
}

fn closing(command: &ClosingCommand, common: &Common, host: &mut Host) -> Result<u8, Failure> {
    match command {
        ClosingCommand::Close { year, date, dry, yes, provisional } => {
            let ask = close::CloseAsk {
                year: year.as_deref(),
                date: date.as_deref(),
                dry: *dry,
                yes: *yes,
                provisional: *provisional,
            };
            close::close(common, &ask, host)
        }
        ClosingCommand::Affecter { year, vote, reserves, document, dry } => {
            let ask = allocate::AllocateAsk {
                year,
                vote,
                reserves,
                document: document.as_deref(),
                dry: *dry,
            };
            allocate::allocate(common, &ask, host)
        }
        ClosingCommand::Corriger { code, year, date, accounts, amounts, dry } => {
            let ask = correct::CorrectAsk {
                code,
                year: year.as_deref(),
                date: date.as_deref(),
                accounts,
                amounts,
                dry: *dry,
            };
            correct::correct(common, &ask, host)
        }
        ClosingCommand::Sceller { until, date, dry } => {
            seal_part::seal_part(common, until, date.as_deref(), *dry, host)
        }
        ClosingCommand::Verify { year, root } => {
            verify::verify_closings(common, year.as_deref(), root.as_deref(), host)
        }
    }
}

fn audited(command: &AuditCommand, common: &Common, host: &mut Host) -> Result<u8, Failure> {
    match command {
        AuditCommand::Audit { year, root } => {
            proofs::audit(common, year.as_deref(), root.as_deref(), host)
        }
        AuditCommand::Export { what, year, root } => {
            export::export(common, what, (year.as_deref(), root.as_deref()), host)
        }
        AuditCommand::Population { period, lines, canonical } => {
            audit::population(common, period.as_deref(), lines, *canonical, host)
        }
        AuditCommand::Sondage { period, lines, method, size, seed, threshold } => {
            let ask = audit::SampleAsk {
                period: period.as_deref(),
                lines,
                method: *method,
                size: *size,
                seed: seed.as_deref(),
                threshold: threshold.as_deref(),
            };
            audit::sondage(common, &ask, host)
        }
        AuditCommand::Feuilles { year, threshold, percent } => {
            let limits = (threshold.as_deref(), percent.as_deref());
            audit::feuilles(common, year.as_deref(), limits, host)
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test looks at what is left on disk")]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{BUG, Host, held};

    fn outcome(work: impl FnOnce() -> u8 + std::panic::UnwindSafe) -> (u8, String) {
        let mut told = String::new();
        let code = held(work, |words| told.push_str(words));
        (code, told)
    }

    fn names(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
    }

    #[test]
    fn a_fault_of_ours_is_told_and_leaves_nothing_half_written() -> std::io::Result<()> {
        assert_eq!(outcome(|| 4), (4, String::new()));
        assert_eq!(outcome(|| panic!("un essai")), (70, BUG.to_owned()));
        let job = |job: i32| assert!(job < 40, "un essai dans un autre fil");
        let crowd = || u8::try_from(crate::crew::all(3, 0..50, job).len()).unwrap_or(0);
        assert_eq!(outcome(crowd), (70, BUG.to_owned()));
        // While a file is being written: what was there stays, and nothing is left beside it.
        let home = tempfile::tempdir()?;
        let kept = home.path().join("rapport.csv");
        std::fs::write(&kept, "à garder")?;
        for path in [&kept, &home.path().join("neuf.csv")] {
            let half = || {
                let written = Host::of_process().stream(Some(path), &mut |out| {
                    out.write_all(&vec![b'x'; 200_000])?;
                    panic!("un essai au milieu d’un fichier")
                });
                u8::from(written.is_err())
            };
            assert_eq!(outcome(half), (70, BUG.to_owned()));
            assert_eq!(names(home.path())?, std::slice::from_ref(&kept));
            assert_eq!(std::fs::read_to_string(&kept)?, "à garder");
        }
        Ok(())
    }
}

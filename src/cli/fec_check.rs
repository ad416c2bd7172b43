use std::io;
use std::path::Path;

use chrono::{Months, NaiveDate};

use super::args::{Common, FormatName};
use super::failure::Failure;
use super::host::{Host, in_french};
use crate::diagnostic::Style;
use crate::exchange::fec::FileName;
use crate::exchange::fec::verify::{Verified, verify};
use crate::render::{fec_check_csv, fec_check_json, fec_check_text};

/// `compta fec verifier`: what the official tester looks at in a file, and what it does not.
pub(super) fn verifier(
    common: &Common,
    file: &Path,
    first: Option<&str>,
    host: &mut Host,
) -> Result<u8, Failure> {
    let format = common.format.unwrap_or(FormatName::Text);
    if !matches!(format, FormatName::Text | FormatName::Json | FormatName::Csv) {
        return Err(Failure::usage("`fec verifier` sort en text, json ou csv", "donnez `-O json`"));
    }
    let output = common.output.as_deref().filter(|path| path.as_os_str() != "-");
    if let Some(output) = output {
        guard(file, output, host)?;
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let first = first.map(|typed| first_day(typed, &name)).transpose()?;
    let unread = |error: io::Error| Failure::Unreadable {
        message: format!("`{}` ne se laisse pas lire : {}", file.display(), in_french(&error)),
        help: "vérifiez le chemin et les droits".to_owned(),
    };
    let mut verified = verify(&name, first, host.open(file).map_err(unread)?).map_err(unread)?;
    match format {
        FormatName::Json => {
            host.stream(output, &mut |out| fec_check_json(&verified, out))?;
        }
        FormatName::Csv => {
            host.stream(output, &mut |out| fec_check_csv(&verified, out))?;
        }
        _ => {
            if verified.wants_lines() {
                verified.read_lines(host.open(file).map_err(unread)?).map_err(unread)?;
            }
            let style =
                if host.coloured() && output.is_none() { Style::Coloured } else { Style::Plain };
            let text = fec_check_text(&verified, &file.display().to_string(), style);
            host.stream(output, &mut |out| out.write_all(text.as_bytes()))?;
        }
    }
    Ok(code(&verified))
}

fn code(verified: &Verified) -> u8 {
    u8::from(!verified.verdict().sound)
}

/// A report never takes the place of what it is about, nor of the books.
fn guard(file: &Path, output: &Path, host: &Host) -> Result<(), Failure> {
    let Ok(real) = host.real(output) else { return Ok(()) };
    let books = real.extension().is_some_and(|ext| ext == "journal" || ext == "toml");
    if books || host.real(file).is_ok_and(|file| file == real) {
        let shown = output.display();
        return Err(Failure::usage(
            format!("`{shown}` ne sera pas remplacé par un rapport"),
            "donnez un autre nom à `-o`",
        ));
    }
    Ok(())
}

/// The first day that was typed: before the closing that the name gives, by two years at the most.
fn first_day(typed: &str, name: &str) -> Result<NaiveDate, Failure> {
    let Ok(first) = NaiveDate::parse_from_str(typed, "%Y-%m-%d") else {
        return Err(Failure::usage(
            format!("`--debut {typed}` n’est pas un jour"),
            "donnez-le ainsi : `--debut 2023-07-01`",
        ));
    };
    let Some(read) = FileName::read(name) else { return Ok(first) };
    let early = read.closing.checked_sub_months(Months::new(24)).unwrap_or(NaiveDate::MIN);
    if first > read.closing || first <= early {
        return Err(Failure::usage(
            format!("un exercice clos le {} ne commence pas le {first}", read.closing),
            "un exercice commence avant sa clôture, et dure deux ans au plus",
        ));
    }
    Ok(first)
}

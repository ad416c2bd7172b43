use clap::ValueEnum;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::audit_args::MethodName;
use super::host::Host;

/// Says in French what clap says of the arguments; gives the exit code.
pub(super) fn explain(error: &clap::Error, host: &mut Host) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            return match host.put(error.render().to_string().as_bytes()) {
                Ok(()) => 0,
                Err(failure) => failure.tell(host),
            };
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            host.say(&error.render().to_string());
            return 2;
        }
        _ => {}
    }
    let of = |kind| error.get(kind).map(words).unwrap_or_default();
    let argument = of(ContextKind::InvalidArg);
    let message = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("commande inconnue : `{}`", of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("argument inconnu : `{argument}`"),
        ErrorKind::InvalidValue if of(ContextKind::InvalidValue).is_empty() => {
            format!("`{argument}` attend une valeur")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("valeur `{}` refusée pour `{argument}`", of(ContextKind::InvalidValue))
        }
        ErrorKind::ArgumentConflict => {
            format!("`{argument}` ne va pas avec `{}`", of(ContextKind::PriorArg))
        }
        ErrorKind::MissingRequiredArgument => {
            format!("il manque {argument}{}", choices(&argument))
        }
        ErrorKind::MissingSubcommand => "il manque une commande".to_owned(),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("mauvais nombre de valeurs pour `{argument}`")
        }
        _ => "arguments non compris".to_owned(),
    };
    let suggested =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
            .into_iter()
            .find_map(|kind| error.get(kind).map(words))
            .or_else(|| {
                let valid = error.get(ContextKind::ValidValue).map(words)?;
                (!valid.is_empty()).then_some(valid)
            });
    host.say(&format!("erreur : {message}\n"));
    match suggested {
        Some(words) => host.say(&format!("aide : vouliez-vous dire {words} ?\n")),
        None => host.say(
            "aide : `compta --help` donne les commandes, `compta COMMANDE --help` leurs options\n",
        ),
    }
    2
}

/// What an argument that is missing may be, when that is one of a few words.
fn choices(argument: &str) -> String {
    if !argument.contains("--methode") {
        return String::new();
    }
    let names = MethodName::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let names: Vec<String> = names.map(|name| format!("`{}`", name.get_name())).collect();
    match names.split_last() {
        Some((last, others)) => format!(" : {} ou {last}", others.join(", ")),
        None => String::new(),
    }
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        other => other.to_string(),
    }
}

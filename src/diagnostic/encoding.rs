use super::{Code, Finding, Span};

/// Says which encoding a file that is not UTF-8 seems to have.
pub fn encoding(bytes: &[u8], at: usize, base: u32) -> Finding {
    let start = base + u32::try_from(at).unwrap_or(0);
    let byte = bytes.get(at).copied().unwrap_or_default();
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let (guess, help) = match byte {
        _ if utf16 => ("UTF-16", "convertissez le fichier : `iconv -f UTF-16 -t UTF-8`"),
        0x80 => (
            "le signe € de Windows-1252",
            "convertissez le fichier : `iconv -f WINDOWS-1252 -t UTF-8`",
        ),
        0xa0..=0xff => (
            "une lettre accentuée de Latin-1 ou Windows-1252",
            "convertissez le fichier : `iconv -f WINDOWS-1252 -t UTF-8`",
        ),
        _ => ("un autre codage", "enregistrez le fichier en UTF-8"),
    };
    Finding::new(
        Code::Encoding,
        Span::new(start, start + 1),
        format!("octet 0x{byte:02X} : le fichier n’est pas en UTF-8"),
    )
    .label(format!("sans doute {guess}"))
    .help(help)
}

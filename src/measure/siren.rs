/// Whether a text is nine digits whose key is right (Luhn).
pub fn is_siren(text: &str) -> bool {
    let digits = text.bytes().rev().enumerate().map(|(rank, byte)| {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        if rank % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit }
    });
    text.len() == 9 && text.bytes().all(|b| b.is_ascii_digit()) && digits.sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_is_a_key() {
        assert!(is_siren("732829320") && is_siren("000000000"));
        assert!(!is_siren("732829321") && !is_siren("73282932") && !is_siren("73282932A"));
    }
}

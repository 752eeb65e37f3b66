//! JSON may name half of a surrogate pair (RFC 8259, section 8.2), as of a text that was cut inside an emoji. No Rust string
//! can hold it, so that serde_json would refuse the whole answer for it.

/// Makes U+FFFD, the replacement character, of each `\uD800` to `\uDFFF` of a JSON text that has no other half.
pub(super) fn mend(json: &mut [u8]) {
    let mut place = 0;
    while let Some(next) = json[place..].iter().position(|byte| *byte == b'\\') {
        place += next;
        place += match escaped(&json[place..]) {
            // Some other escape, perhaps of a backslash: what follows that is text.
            None => 2,
            Some(0xD800..=0xDBFF) if is_low(&json[place + 6..]) => 12,
            Some(0xD800..=0xDFFF) => {
                json[place..place + 6].copy_from_slice(b"\\ufffd");
                6
            }
            Some(_) => 6,
        };
        place = place.min(json.len());
    }
}

/// The number of the `\uXXXX` that these bytes begin with.
fn escaped(json: &[u8]) -> Option<u16> {
    let digits = json.strip_prefix(b"\\u")?.get(..4)?;
    let digits = str::from_utf8(digits).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

fn is_low(json: &[u8]) -> bool {
    matches!(escaped(json), Some(0xDC00..=0xDFFF))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_replaced_and_nothing_else() {
        for (json, mended) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\uDE00!""#, r#""\ufffd!""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\ud83d\n""#, r#""\ufffd\n""#),
            (r#""\ud83d\\ude00""#, r#""\ufffd\\ude00""#),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\\\ud83d""#, r#""\\\ufffd""#),
            (r#""\u00e9 \" \\""#, r#""\u00e9 \" \\""#),
        ] {
            let mut bytes = json.as_bytes().to_vec();
            mend(&mut bytes);
            assert_eq!(str::from_utf8(&bytes), Ok(mended), "{json}");
            assert!(serde_json::from_slice::<String>(&bytes).is_ok(), "{mended}");
        }
        // What is no JSON stays what it is.
        for rest in [
            &b"\\"[..],
            b"\\u",
            b"\\ud8",
            b"\\ud83",
            b"\\ud83\xff\\",
            b"",
        ] {
            let mut bytes = rest.to_vec();
            mend(&mut bytes);
            assert_eq!(bytes, rest);
        }
    }
}

//! What a file is, by its first bytes. What its sender says it is does not count.

/// The type of whatever is not shown: browsers save it.
pub const ANY: &str = "application/octet-stream";

/// So many bytes tell.
pub const ENOUGH: usize = 12;

/// The type of a picture that browsers show and in which nothing can act (WHATWG MIME Sniffing, 6.1); never SVG.
pub fn picture(start: &[u8]) -> Option<&'static str> {
    match start {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        for (start, kind) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Some("image/jpeg")),
            (b"GIF89a\x01\0\x01\0\0\0", Some("image/gif")),
            (b"GIF87a\x01\0\x01\0\0\0", Some("image/gif")),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"RIFF\x24\0\0\0WAVEfmt ", None),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\">", None),
            (b"<html>\x89PNG\r\n\x1a\n", None),
            (b" \x89PNG\r\n\x1a\n", None),
            (b"%PDF-1.7", None),
            (b"GIF88a", None),
            (b"\xff\xd8", None),
            (b"", None),
        ] {
            assert_eq!(picture(start), kind, "{start:?}");
        }
        assert!(picture(&b"RIFF\x24\0\0\0WEBPVP8 "[..ENOUGH]).is_some());
    }
}

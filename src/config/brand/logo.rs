//! The brand's logo: a file of the operator's that the portal serves itself.

use std::{fs::File, io::Read as _};

const MAX_BYTES: u64 = 256 * 1024;

/// An image and its kind.
#[derive(Clone)]
pub struct Logo {
    pub kind: ImageKind,
    pub bytes: Vec<u8>,
}

/// Kinds of image that every browser shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageKind {
    Svg,
    Png,
    WebP,
    Jpeg,
}

impl ImageKind {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Jpeg => "jpg",
        }
    }

    /// Looks at what the file holds, whatever it is called: the browser is told so, and told not to guess.
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
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
            ] => Some(Self::WebP),
            _ => {
                let text = std::str::from_utf8(bytes).ok()?;
                let text = text.trim_start_matches('\u{feff}').trim_start();
                let begins = ["<svg", "<?xml", "<!--"]
                    .iter()
                    .any(|start| text.starts_with(start));
                (begins && text.contains("<svg")).then_some(Self::Svg)
            }
        }
    }
}

impl Logo {
    /// Reads the file.
    ///
    /// # Errors
    /// A sentence that says why it cannot be the logo.
    pub fn read(path: &str) -> Result<Self, String> {
        let mut bytes = vec![];
        File::open(path)
            .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
            .map_err(|error| format!("cannot read {path:?}: {error}"))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(format!("{path:?} is larger than {} kB", MAX_BYTES / 1024));
        }
        match ImageKind::of(&bytes) {
            Some(kind) => Ok(Self { kind, bytes }),
            None => Err(format!("{path:?} is no SVG, PNG, WebP or JPEG image")),
        }
    }
}

/// Without the image itself, which would fill the log.
impl std::fmt::Debug for Logo {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "Logo({:?}, {} bytes)",
            self.kind,
            self.bytes.len()
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(bytes: &[u8]) -> Result<Logo, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        Logo::read(file.path().to_str().unwrap())
    }

    #[test]
    fn an_image_is_known_by_what_it_holds() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\n..."[..], ImageKind::Png),
            (b"\xff\xd8\xff\xe0...", ImageKind::Jpeg),
            (b"RIFF\0\0\0\0WEBPVP8 ", ImageKind::WebP),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ImageKind::Svg),
            (b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg/>", ImageKind::Svg),
        ] {
            assert_eq!(read(bytes).unwrap().kind, kind);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let large = [&b"\x89PNG\r\n\x1a\n"[..], &[0; 256 * 1024]].concat();
        for bytes in [
            &b""[..],
            b"GIF89a",
            b"<html><svg></svg>",
            b"<?xml?><html/>",
            b"RIFF\0\0\0\0WAVE",
            &large,
        ] {
            assert!(read(bytes).is_err());
        }
        assert!(
            Logo::read("no/such/file.svg")
                .unwrap_err()
                .contains("no/such/file.svg")
        );
    }
}

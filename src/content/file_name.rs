//! Names of files, as strangers choose them.

use super::line;

/// As many bytes as file systems and mail programs take.
const LONGEST: usize = 255;

/// A file's name without folders, characters that nobody sees or that turn text around, or those that no system takes; at
/// most 255 bytes, with its extension kept. Never empty.
pub fn file_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = line(name)
        .chars()
        .map(|c| match c {
            '"' | '<' | '>' | '|' | ':' | '*' | '?' => '_',
            c => c,
        })
        .collect();
    let name = name.trim();
    if name.trim_matches('.').is_empty() {
        return "file".to_owned();
    }
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 32 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut end = LONGEST - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_name_and_no_path() {
        for (name, clean) in [
            ("report.pdf", "report.pdf"),
            ("C:\\Users\\ada\\report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\r\nb\t\"c\".txt", "a b _c_.txt"),
            ("Übersicht 山.png", "Übersicht 山.png"),
            ("", "file"),
            ("..", "file"),
            ("folder/", "file"),
            ("\u{200b}", "file"),
        ] {
            assert_eq!(file_name(name), clean, "{name:?}");
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let name = file_name(&format!("{}.docx", "ü".repeat(300)));
        assert!(name.len() <= LONGEST && name.ends_with("ü.docx"), "{name}");
        assert_eq!(file_name(&"x".repeat(300)).len(), LONGEST);
        let odd = file_name(&format!("a.{}", "é".repeat(300)));
        assert!(odd.len() <= LONGEST);
    }
}

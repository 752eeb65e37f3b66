//! Files of messages.

pub use crate::file_rules::human_size;

/// A file of a message. Every word of it is its sender's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub id: String,
    /// On one line, and never empty.
    pub name: String,
    pub size_bytes: u64,
    pub kind: FileKind,
}

/// What a file claims to be: enough for a label, and for whether to try to show it. What it is, its first bytes say
/// when it is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Of a kind that browsers show and that cannot do anything: PNG, JPEG, GIF, WebP.
    Image,
    Document,
    Spreadsheet,
    Text,
    Archive,
    Audio,
    Video,
    Other,
}

impl FileKind {
    /// By the media type, or else by the name's extension.
    pub fn of(media_type: &str, name: &str) -> Self {
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        match media_type.to_ascii_lowercase().as_str() {
            "image/png" | "image/jpeg" | "image/gif" | "image/webp" => return Self::Image,
            "application/pdf" => return Self::Document,
            "application/zip" => return Self::Archive,
            "text/csv" => return Self::Spreadsheet,
            "text/plain" => return Self::Text,
            it if it.starts_with("audio/") => return Self::Audio,
            it if it.starts_with("video/") => return Self::Video,
            _ => {}
        }
        let extension = name.rsplit_once('.').map(|(_, end)| end.to_lowercase());
        match extension.as_deref() {
            Some("png" | "jpg" | "jpeg" | "gif" | "webp") => Self::Image,
            Some("pdf" | "doc" | "docx" | "odt" | "rtf" | "pages") => Self::Document,
            Some("csv" | "xls" | "xlsx" | "ods" | "numbers") => Self::Spreadsheet,
            Some("txt" | "log" | "md" | "json" | "xml" | "yaml" | "yml") => Self::Text,
            Some("zip" | "gz" | "tgz" | "7z" | "rar" | "tar" | "bz2" | "xz") => Self::Archive,
            Some("mp3" | "wav" | "m4a" | "ogg" | "flac") => Self::Audio,
            Some("mp4" | "mov" | "webm" | "mkv" | "avi") => Self::Video,
            _ => Self::Other,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Image => "Image",
            Self::Document => "Document",
            Self::Spreadsheet => "Spreadsheet",
            Self::Text => "Text",
            Self::Archive => "Archive",
            Self::Audio => "Audio",
            Self::Video => "Video",
            Self::Other => "File",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_that_of_the_type_or_else_of_the_name() {
        for (media_type, name, kind) in [
            ("image/png", "a", FileKind::Image),
            ("IMAGE/JPEG; x=1", "a.exe", FileKind::Image),
            ("image/svg+xml", "a.svg", FileKind::Other),
            ("text/html", "a.html", FileKind::Other),
            ("", "scan.PDF", FileKind::Document),
            ("application/octet-stream", "photo.WebP", FileKind::Image),
            ("", "", FileKind::Other),
        ] {
            assert_eq!(FileKind::of(media_type, name), kind, "{media_type} {name}");
        }
    }
}

//! The brand as files that a browser fetches: a style sheet of its own properties, the logo, the icon. Their addresses carry
//! a hash of what is in them, so that a browser need never ask again.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use super::components::initials;
use crate::config::{Accent, Brand};

/// What pages and the server need of a [`Brand`].
#[derive(Debug, Clone)]
pub struct BrandFiles {
    pub style: BrandFile,
    pub logo: Option<BrandFile>,
    /// For the browser's tab.
    pub icon: BrandFile,
}

#[derive(Debug, Clone)]
pub struct BrandFile {
    /// Below the base path.
    pub path: String,
    pub media_type: &'static str,
    pub bytes: Arc<[u8]>,
}

impl BrandFiles {
    pub fn new(brand: &Brand) -> Self {
        Self {
            style: BrandFile::new("css", "text/css; charset=utf-8", style(brand).into()),
            logo: brand.logo.as_ref().map(|logo| {
                BrandFile::new(
                    logo.kind.extension(),
                    logo.kind.media_type(),
                    logo.bytes.clone(),
                )
            }),
            icon: BrandFile::new("svg", "image/svg+xml", icon(brand).into()),
        }
    }

    /// Those whose address says what is in them; the icon has one that stays.
    pub fn hashed(&self) -> impl Iterator<Item = &BrandFile> {
        [&self.style].into_iter().chain(&self.logo)
    }
}

impl BrandFile {
    fn new(extension: &str, media_type: &'static str, bytes: Vec<u8>) -> Self {
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(&bytes)[..12]);
        Self {
            path: format!("/brand/{hash}.{extension}"),
            media_type,
            bytes: bytes.into(),
        }
    }
}

/// The custom properties that `style/tokens.css` leaves to the brand. Only checked values come here.
fn style(brand: &Brand) -> String {
    let Accent {
        fill,
        on_fill,
        light,
        dark,
    } = &brand.accent;
    let radius = brand.radius;
    let fonts: String = brand
        .fonts
        .iter()
        .map(|name| format!("\"{name}\","))
        .collect();
    format!(
        ":root{{--brand:{fill};--on-brand:{on_fill};--accent:{};--tint:{};--radius:{radius}px;--font:{fonts}var(--font-usual)}}\
         @media screen and (prefers-color-scheme:dark){{:root{{--accent:{};--tint:{}}}}}",
        light.text, light.tint, dark.text, dark.tint
    )
}

/// A tile in the brand's colour with the first letter of its name.
fn icon(brand: &Brand) -> String {
    let letter = initials(&brand.name, 1);
    let Accent { fill, on_fill, .. } = &brand.accent;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"8\" fill=\"{fill}\"/>\
         <text x=\"16\" y=\"23\" fill=\"{on_fill}\" font-family=\"system-ui,sans-serif\" font-size=\"19\" font-weight=\"700\" text-anchor=\"middle\">{letter}</text></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Accent, ImageKind, Logo};

    fn brand() -> Brand {
        Brand {
            name: "<Fieldnote> & Co".to_owned(),
            logo: None,
            accent: Accent::default(),
            radius: 4,
            fonts: vec!["Inter".to_owned(), "IBM Plex Sans".to_owned()],
        }
    }

    #[test]
    fn the_style_sheet_holds_the_brands_properties() {
        let sheet = style(&brand());
        for part in [
            "--brand:#1f5c4d;",
            "--on-brand:#ffffff;",
            "--accent:#1f5c4d;",
            "--radius:4px;",
            "--font:\"Inter\",\"IBM Plex Sans\",var(--font-usual)}",
        ] {
            assert!(sheet.contains(part), "{part} in {sheet}");
        }
    }

    #[test]
    fn the_icon_takes_a_letter_and_no_markup() {
        assert!(icon(&brand()).contains(">F</text>"));
    }

    #[test]
    fn another_content_has_another_address() {
        let files = BrandFiles::new(&brand());
        let mut other = brand();
        other.radius = 5;
        other.logo = Some(Logo {
            kind: ImageKind::Png,
            bytes: vec![1, 2, 3],
        });
        let others = BrandFiles::new(&other);
        assert_ne!(files.style.path, others.style.path);
        assert_eq!(files.icon.path, others.icon.path);
        assert_eq!(others.hashed().count(), 2);
    }
}

//! White label: the name, logo, accent, corners and font that the portal wears.

mod accent;
mod logo;

use super::{Problem, Problems, Settings};

pub use accent::{Accent, Shades};
pub use logo::{ImageKind, Logo};

/// What an operator may change of the look. Built only from settings that have been checked: all of it may stand in a
/// style sheet as it is.
#[derive(Debug, Clone)]
pub struct Brand {
    pub name: String,
    /// Stands in the header instead of the name.
    pub logo: Option<Logo>,
    pub accent: Accent,
    /// How round corners are, in CSS pixels.
    pub radius: u8,
    /// Font families that come before the usual ones.
    pub fonts: Vec<String>,
}

const MAX_RADIUS: u8 = 24;
const DEFAULT_RADIUS: u8 = 6;
const MAX_FONTS: usize = 8;
const MAX_FONT_NAME: usize = 60;

impl Brand {
    /// # Errors
    /// One [`Problem`] for each setting that is wrong.
    pub fn from_settings(settings: &Settings) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let logo = settings.brand_logo.as_deref().map(Logo::read).transpose();
        let logo =
            problems.take(logo.map_err(|problem| Problem::new("PORTAL_BRAND_LOGO", problem)));
        let accent = settings
            .brand_accent
            .as_deref()
            .map(Accent::parse)
            .transpose();
        let accent =
            problems.take(accent.map_err(|problem| Problem::new("PORTAL_BRAND_ACCENT", problem)));
        let radius = problems.take(radius(settings.brand_radius.as_deref()));
        let fonts = problems.take(fonts(settings.brand_font.as_deref()));
        let name = settings.brand_name.as_deref().unwrap_or("Support");
        match (logo, accent, radius, fonts) {
            (Some(logo), Some(accent), Some(radius), Some(fonts)) => Ok(Self {
                name: name.trim().to_owned(),
                logo,
                accent: accent.unwrap_or_default(),
                radius,
                fonts,
            }),
            _ => Err(problems.0),
        }
    }
}

fn radius(text: Option<&str>) -> Result<u8, Problem> {
    let Some(text) = text else {
        return Ok(DEFAULT_RADIUS);
    };
    let pixels = text.trim().trim_end_matches("px").parse().ok();
    pixels
        .filter(|pixels| *pixels <= MAX_RADIUS)
        .ok_or_else(|| {
            let problem =
                format!("{text:?} is not a number of pixels from 0 to {MAX_RADIUS}, such as 8px");
            Problem::new("PORTAL_BRAND_RADIUS", problem)
        })
}

/// Names of families, separated by commas. Nothing of CSS but the names gets through.
fn fonts(text: Option<&str>) -> Result<Vec<String>, Problem> {
    let problem = |problem: String| Problem::new("PORTAL_BRAND_FONT", problem);
    let Some(text) = text else { return Ok(vec![]) };
    let names: Vec<String> = text
        .split(',')
        .map(|name| name.trim().trim_matches(['"', '\'']).to_owned())
        .collect();
    if names.len() > MAX_FONTS {
        return Err(problem(format!("names more than {MAX_FONTS} families")));
    }
    let is_name = |name: &&String| {
        (1..=MAX_FONT_NAME).contains(&name.chars().count())
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || c == ' ' || c == '-')
    };
    match names.iter().find(|name| !is_name(name)) {
        None => Ok(names),
        Some(name) => Err(problem(format!(
            "{name:?} is not a font family's name: letters, digits, blanks and hyphens, separated by commas"
        ))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn corners_are_a_few_pixels() {
        for (text, pixels) in [("0", 0), ("8px", 8), (" 24 ", 24)] {
            assert_eq!(radius(Some(text)).unwrap(), pixels, "{text:?}");
        }
        for text in ["", "25", "-1", "1rem", "4px;}", "8 px 8"] {
            assert!(radius(Some(text)).is_err(), "{text:?}");
        }
    }

    #[test]
    fn fonts_are_names_and_nothing_else() {
        let names = fonts(Some("Söhne, \"Inter Tight\",'IBM Plex Sans'")).unwrap();
        assert_eq!(names, ["Söhne", "Inter Tight", "IBM Plex Sans"]);
        let long = "x".repeat(MAX_FONT_NAME + 1);
        let many = ["a"; MAX_FONTS + 1].join(",");
        for text in [
            "",
            "a,,b",
            "a;b",
            "a}body{display:none",
            "url(//x.example)",
            "a\\b",
            "a\"b",
            "a\nb",
            "a/*b*/",
            "</style>",
            &long,
            &many,
        ] {
            assert!(fonts(Some(text)).is_err(), "{text:?}");
        }
    }
}

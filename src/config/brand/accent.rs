//! The brand's colour, and the variants of it that can be read wherever they stand.

use csscolorparser::Color;

/// WCAG 2.2, 1.4.3: the contrast that text needs.
const TEXT: f32 = 4.5;
/// What we take on dark paper, where a darker shade looks dull.
const TEXT_ON_DARK: f32 = 6.0;

/// The grounds that the accent may stand on as text, from `style/tokens.css`; a test compares them.
const LIGHT: [Color; 2] = [rgb(0xff_ff_ff), rgb(0xf5_f5_f2)];
const DARK: [Color; 2] = [rgb(0x1c_20_24), rgb(0x14_17_1a)];

const WHITE: Color = rgb(0xff_ff_ff);
const BLACK: Color = rgb(0x00_00_00);

/// An opaque colour, with what follows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Accent {
    /// As the operator gave it: what buttons are filled with.
    pub fill: String,
    /// Black or white: what can be read on it.
    pub on_fill: String,
    pub light: Shades,
    pub dark: Shades,
}

/// The accent on light paper, or on dark.
#[derive(Debug, Clone, PartialEq)]
pub struct Shades {
    /// For text, links and outlines.
    pub text: String,
    /// A ground with a breath of it, on which `text` can still be read.
    pub tint: String,
}

impl Accent {
    /// Takes `#rgb` or `#rrggbb`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let digits = text
            .trim()
            .strip_prefix('#')
            .filter(|digits| matches!(digits.len(), 3 | 6));
        digits
            .and_then(|_| text.trim().parse::<Color>().ok())
            .map(|color| Self::from(&color))
            .ok_or_else(|| format!("{text:?} is not a colour such as #1f5c4d"))
    }
}

impl Default for Accent {
    fn default() -> Self {
        Self::from(&rgb(0x1f_5c_4d))
    }
}

impl From<&Color> for Accent {
    fn from(fill: &Color) -> Self {
        // One of the two always reaches 4.58.
        let on_fill = if contrast(&WHITE, fill) >= TEXT {
            WHITE
        } else {
            BLACK
        };
        Self {
            fill: hex(fill),
            on_fill: hex(&on_fill),
            light: Shades::of(fill, &LIGHT, 0.96, -0.01, TEXT),
            dark: Shades::of(fill, &DARK, 0.27, 0.01, TEXT_ON_DARK),
        }
    }
}

impl Shades {
    /// Changes the lightness step by step, and nothing else, until the colour can be read on every ground and on its own
    /// tint. In OKLCH, because equal steps there look equal, and the hue stays what it is.
    fn of(fill: &Color, grounds: &[Color], tint: f32, step: f32, needed: f32) -> Self {
        let [lightness, chroma, hue, _] = fill.to_oklcha();
        let tint = rounded(&Color::from_oklcha(
            tint,
            (chroma * 0.2).min(0.02),
            hue,
            1.0,
        ));
        let shade = |steps: u8| {
            let lightness = (lightness + f32::from(steps) * step).clamp(0.0, 1.0);
            rounded(&Color::from_oklcha(lightness, chroma, hue, 1.0))
        };
        let is_readable = |shade: &Color| {
            let mut grounds = grounds.iter().chain([&tint]);
            grounds.all(|ground| contrast(shade, ground) >= needed)
        };
        // A hundred steps end at black or white, which can be read on any of the grounds.
        let end = if step < 0.0 { BLACK } else { WHITE };
        let text = (0..=100).map(shade).find(is_readable).unwrap_or(end);
        Self {
            text: hex(&text),
            tint: hex(&tint),
        }
    }
}

const fn rgb(value: u32) -> Color {
    let [_, r, g, b] = value.to_be_bytes();
    Color::from_rgba8(r, g, b, 255)
}

/// As a screen shows it: within sRGB, in 256 steps.
fn rounded(color: &Color) -> Color {
    let [r, g, b, _] = color.clamp().to_rgba8();
    Color::from_rgba8(r, g, b, 255)
}

fn hex(color: &Color) -> String {
    color.to_css_hex().to_string()
}

/// WCAG 2.2, "contrast ratio".
fn contrast(a: &Color, b: &Color) -> f32 {
    let luminance = |color: &Color| {
        let [r, g, b, _] = color.to_linear_rgba();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Every corner of the colour cube and what lies between, in steps of 51: web-safe colours, greys, white and black.
    fn many() -> impl Iterator<Item = Color> {
        let steps = || {
            (0..=255)
                .step_by(51)
                .map(|step| u8::try_from(step).unwrap())
        };
        steps().flat_map(move |r| {
            steps().flat_map(move |g| steps().map(move |b| Color::from_rgba8(r, g, b, 255)))
        })
    }

    fn color(text: &str) -> Color {
        text.parse().unwrap()
    }

    /// The two values of a token in the style sheet, light and dark.
    fn token(name: &str) -> [Color; 2] {
        let sheet = include_str!("../../../style/tokens.css");
        let line = sheet
            .lines()
            .find_map(|line| line.trim().strip_prefix(&format!("--{name}: light-dark(")))
            .unwrap();
        let (light, dark) = line.trim_end_matches(");").split_once(", ").unwrap();
        [color(light), color(dark)]
    }

    #[test]
    fn contrast_is_wcags() {
        assert!((contrast(&WHITE, &BLACK) - 21.0).abs() < 0.001);
        assert!((contrast(&color("#767676"), &WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn every_accent_can_be_read_wherever_it_stands() {
        let (surface, paper) = (token("surface"), token("paper"));
        for fill in many() {
            let accent = Accent::from(&fill);
            assert!(
                contrast(&color(&accent.on_fill), &fill) >= TEXT,
                "{accent:?}"
            );
            for (mode, shades) in [&accent.light, &accent.dark].into_iter().enumerate() {
                let tint = color(&shades.tint);
                for ground in [&surface[mode], &paper[mode], &tint] {
                    assert!(contrast(&color(&shades.text), ground) >= TEXT, "{accent:?}");
                }
                for ink in ["ink", "ink-soft", "danger"] {
                    assert!(
                        contrast(&token(ink)[mode], &tint) >= TEXT,
                        "{ink} on {accent:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        let accent = Accent::parse("#1f5c4d").unwrap();
        assert_eq!(accent, Accent::default());
        assert_eq!(
            (accent.fill.as_str(), accent.light.text.as_str()),
            ("#1f5c4d", "#1f5c4d")
        );
        assert_eq!(accent.on_fill, "#ffffff");
        assert_eq!(Accent::parse("#ff0").unwrap().on_fill, "#000000");
    }

    #[test]
    fn the_hue_stays() {
        for text in ["#ffd400", "#0057ff", "#d6006c"] {
            let accent = Accent::parse(text).unwrap();
            let hue = |text: &str| color(text).to_oklcha()[2].to_degrees();
            for shades in [&accent.light, &accent.dark] {
                let turned = (hue(text) - hue(&shades.text)).abs();
                assert!(turned.min(360.0 - turned) < 25.0, "{text}: {accent:?}");
            }
        }
    }

    #[test]
    fn only_hexadecimal_colours_are_taken() {
        for text in [
            "",
            "red",
            "#12",
            "#12345",
            "#1234567",
            "#1f5c4d80",
            "#xyzxyz",
            "1f5c4d",
            "rgb(0,0,0)",
            "#fff;}",
            "#日",
        ] {
            assert!(Accent::parse(text).is_err(), "{text:?}");
        }
    }
}

//! Who somebody is, at a glance: the first letters of their name on a disc. Beside the name itself, so nobody is read it twice.

use leptos::prelude::*;

/// The first letters of the first and the last word, at most `most` of them.
pub fn initials(name: &str, most: usize) -> String {
    let letters = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let letters: Vec<char> = letters.collect();
    let ends = match letters[..] {
        [first, .., last] => vec![first, last],
        _ => letters,
    };
    ends.into_iter()
        .take(most)
        .flat_map(char::to_uppercase)
        .collect()
}

/// `kind` is what the style sheet tells people apart by: `mine`, `colleague`, `agent` or `system`.
#[component]
pub fn Avatar(name: String, kind: &'static str) -> impl IntoView {
    view! {
        <span class=format!("avatar avatar--{kind}") aria-hidden="true">
            {initials(&name, 2)}
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_letters_of_the_first_and_the_last_word() {
        for (name, expected) in [
            ("Ines Marchetti", "IM"),
            ("ana maría de la cruz", "AC"),
            ("Theo", "T"),
            ("<b> \"Bo\"", "BB"),
            ("ßen", "SS"),
            ("!?", ""),
            ("", ""),
        ] {
            assert_eq!(initials(name, 2), expected, "{name}");
        }
        assert_eq!(initials("Ines Marchetti", 1), "I");
    }
}

//! Links that strangers wrote: where they may lead, and what a reader has to be told of where they do.

use url::{Host, Url};

use super::text::line;

/// What a link may lead to.
pub(super) const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// No name in the DNS is longer (RFC 1035, 2.3.4).
const LONGEST_HOST: usize = 253;

/// More people are written to by a list, and comparing words with addresses must not become work.
const MOST_ADDRESSES: usize = 20;

/// What looks like the dot between labels, and to some resolvers is one.
const DOTS: [char; 5] = ['\u{2024}', '\u{3002}', '\u{fe52}', '\u{ff0e}', '\u{ff61}'];

/// A link that a page may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address as a browser reads it (URL Standard): ASCII, hosts in punycode, without user name and password.
    pub href: String,
    /// Where it really leads, for the page to say beside the words: they may make a reader believe something else.
    ///
    /// Given when the host is an internationalised one, whose letters may look like others'; when there was a user name,
    /// which may look like a host (`https://bank.example@evil.example`); and when the words name another host.
    pub really: Option<String>,
}

impl Link {
    /// Reads where a link leads, and compares it with the words that stand for it.
    ///
    /// `None` for what must not be a link: anything but http, https, mailto and tel, and what is relative to our own
    /// pages.
    pub fn new(target: &str, words: &str) -> Option<Self> {
        let mut url = Url::parse(target).ok()?;
        let (places, really, disguised) = match url.scheme() {
            "http" | "https" => {
                let host = url.host_str()?.to_owned();
                let with_user = !url.username().is_empty() || url.password().is_some();
                // Cannot fail where there is a host.
                let _ = url.set_username("");
                let _ = url.set_password(None);
                (vec![host.clone()], host, with_user)
            }
            "mailto" => {
                keep_only_the_words_of_a_mail(&mut url);
                if url.path().matches(',').count() >= MOST_ADDRESSES {
                    return None;
                }
                let addresses = addresses(url.path());
                let hosts = addresses
                    .iter()
                    .filter_map(|address| address.rsplit_once('@'));
                let hosts = hosts.map(|(_, host)| host.to_owned()).collect();
                (hosts, addresses.join(", "), false)
            }
            "tel" => (vec![], url.path().to_owned(), false),
            _ => return None,
        };
        let disguised = disguised
            || places.iter().any(|place| is_internationalised(place))
            || line(words)
                .split(ends_a_name)
                .any(|word| names_another(word, &places));
        Some(Self {
            href: url.into(),
            really: disguised.then_some(really),
        })
    }
}

/// A mail's other fields (RFC 6068, 7) may add recipients that nobody sees.
fn keep_only_the_words_of_a_mail(url: &mut Url) {
    let harmless = |name: &str| {
        ["subject", "body"]
            .iter()
            .any(|it| name.eq_ignore_ascii_case(it))
    };
    if !url.query_pairs().all(|(name, _)| harmless(&name)) {
        url.set_query(None);
    }
}

/// The addresses in a `mailto:` URL's path, each with its host in ASCII.
fn addresses(path: &str) -> Vec<String> {
    let ascii = |address: &str| {
        let (name, host) = address.rsplit_once('@')?;
        Some(format!("{name}@{}", Host::parse(host).ok()?))
    };
    path.split(',')
        .map(|address| ascii(address).unwrap_or_else(|| address.to_owned()))
        .collect()
}

fn is_internationalised(host: &str) -> bool {
    host.split('.').any(|label| label.starts_with("xn--"))
}

/// What stands between words, and around addresses.
fn ends_a_name(c: char) -> bool {
    c.is_whitespace() || "<>()[]{}\"'`,;!|“”‘’„«»‹›".contains(c)
}

/// Does this word look like the address of a place other than these?
fn names_another(word: &str, places: &[String]) -> bool {
    let (is_url, rest) = match word.split_once(':') {
        Some((scheme, rest))
            if rest.starts_with(['/', '\\'])
                || scheme.eq_ignore_ascii_case("http")
                || scheme.eq_ignore_ascii_case("https") =>
        {
            (true, rest.trim_start_matches(['/', '\\']))
        }
        _ => (false, word),
    };
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    match authority.rsplit_once('@') {
        // A mail address: what is before the @ names somebody, no place.
        Some((_, host)) if !is_url => hosts(host).any(|part| is_another(part, places)),
        _ => hosts(authority).any(|part| is_another(part, places)),
    }
}

/// What may be a host: around it may be other signs, which a reader overlooks.
fn hosts(text: &str) -> impl Iterator<Item = &str> {
    let is_sign = |c: char| c.is_ascii_punctuation() && !matches!(c, '-' | '.' | '%');
    text.split(is_sign).map(|part| part.trim_matches('-'))
}

/// Does this look like a host, and like none of these?
fn is_another(part: &str, places: &[String]) -> bool {
    if part.is_ascii() && (!part.contains('.') || part.len() > LONGEST_HOST) {
        return false;
    }
    if part.len() > LONGEST_HOST * 4 {
        return true;
    }
    let part = &part.replace(DOTS, ".");
    let host = match Host::parse(part) {
        Ok(Host::Domain(host)) => host,
        // To the URL Standard 1.5 is an address; to readers only one with four numbers is.
        Ok(address) if part.matches('.').count() == 3 => address.to_string(),
        Ok(_) => return false,
        // No host, yet what is not ASCII may look like any.
        Err(_) => return !part.is_ascii() && is_like_a_host(part),
    };
    let is_address = host.parse::<std::net::Ipv4Addr>().is_ok();
    let is_one_of_these = || {
        places
            .iter()
            .any(|place| without_www(place) == without_www(&host))
    };
    (is_address || is_like_a_host(&host)) && !is_one_of_these()
}

/// Does it end as hosts do: in `.` and letters, which `3.2` does not?
fn is_like_a_host(name: &str) -> bool {
    let top = name
        .trim_end_matches('.')
        .rsplit_once('.')
        .map(|(_, top)| top);
    top.is_some_and(|top| {
        top.starts_with("xn--") || top.chars().count() > 1 && top.chars().all(char::is_alphabetic)
    })
}

fn without_www(host: &str) -> &str {
    let host = host.trim_end_matches('.');
    host.strip_prefix("www.").unwrap_or(host)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn really(target: &str, words: &str) -> Option<String> {
        Link::new(target, words).unwrap().really
    }

    #[test]
    fn links_lead_to_the_web_to_mail_and_to_telephones() {
        for (target, href) in [
            ("https://a.example", "https://a.example/"),
            ("HTTP://A.example:80/x y", "http://a.example/x%20y"),
            (
                "mailto:a@b.example?subject=Hi",
                "mailto:a@b.example?subject=Hi",
            ),
            ("tel:+15550100", "tel:+15550100"),
            ("http://[::1]/", "http://[::1]/"),
        ] {
            assert_eq!(Link::new(target, "words").unwrap().href, href);
        }
        for target in [
            "",
            "javascript:alert(1)",
            "JaVa\tScRiPt:alert(1)",
            "\u{1}javascript:alert(1)",
            " data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://a.example/x",
            "intent://x#Intent;end",
            "//evil.example",
            "/relative",
            "https:",
            "https://",
            "x",
            "#x",
            "?x",
            "view-source:https://a.example",
            &format!("mailto:x@a.example{}", ",x@b.example".repeat(20)),
            "ftp://a.example",
            "about:blank",
        ] {
            assert_eq!(Link::new(target, "words"), None, "{target:?}");
        }
    }

    #[test]
    fn what_could_be_taken_for_another_host_says_which_it_is() {
        let cyrillic = "https://р\u{430}ypal.example/";
        for (target, words, expected) in [
            (cyrillic, "my account", "xn--ypal-43d9g.example"),
            (
                "https://xn--ypal-43d9g.example/",
                "here",
                "xn--ypal-43d9g.example",
            ),
            ("https://bank.example@evil.example/", "here", "evil.example"),
            (
                "https://bank.example:x@evil.example/",
                "https://bank.example:x@evil.example/",
                "evil.example",
            ),
            (
                "https://bank.example\\@evil.example/",
                "evil.example",
                "bank.example",
            ),
            (
                "https://evil.example",
                "https://bank.example/login.html",
                "evil.example",
            ),
            ("https://evil.example", "bank.example", "evil.example"),
            (
                "https://evil.example",
                "see (www.bank.example).",
                "evil.example",
            ),
            ("https://evil.example", "HTTPS:bank.example", "evil.example"),
            (
                "https://evil.example",
                "https:\\\\bank.example",
                "evil.example",
            ),
            (
                "https://evil.example",
                "ba\u{200b}nk\u{2024}exa\u{202e}mple",
                "evil.example",
            ),
            (
                "https://evil.example",
                "https://bank.example@evil.example",
                "evil.example",
            ),
            (
                "https://evil.example",
                "https:\u{ff0f}\u{ff0f}bank.example",
                "evil.example",
            ),
            (
                "https://bank.example.evil.example",
                "bank.example",
                "bank.example.evil.example",
            ),
            ("https://evil.example", "ceo@bank.example", "evil.example"),
            ("https://evil.example", "www.bank.example_", "evil.example"),
            ("https://evil.example", "*bank.example~", "evil.example"),
            ("https://evil.example", "bank.example-", "evil.example"),
            (
                "mailto:x@evil.example",
                "ceo@bank.example&",
                "x@evil.example",
            ),
            ("https://evil.example", "192.0.2.1", "evil.example"),
            ("mailto:x@evil.example", "x@bank.example", "x@evil.example"),
            (
                "mailto:x@bänk.example",
                "write to us",
                "x@xn--bnk-qla.example",
            ),
            ("tel:+15550100", "bank.example", "+15550100"),
        ] {
            assert_eq!(
                really(target, words).as_deref(),
                Some(expected),
                "{target} {words}"
            );
        }
    }

    #[test]
    fn honest_links_are_left_alone() {
        for (target, words) in [
            (
                "https://a.example/x.pdf?y=b.example#c.example",
                "https://a.example/x.pdf?y=b.example#c.example",
            ),
            ("https://www.a.example/", "a.example"),
            ("https://a.example/", "WWW.A.EXAMPLE."),
            ("https://a.example:8443/", "http://a.example:8443/x"),
            ("http://127.0.0.1/", "127.0.0.1"),
            (
                "https://a.example/",
                "version 1.5 (e.g. 2.0.1) of T-1234, see §3.2: here",
            ),
            ("mailto:ann.lee@b.example", "ann.lee@b.example"),
            ("https://a.example/", "日本語の説明"),
            ("https://a.example/", "Größe"),
        ] {
            assert_eq!(really(target, words), None, "{target} {words}");
        }
    }

    #[test]
    fn a_mail_has_no_recipients_that_nobody_sees() {
        for hidden in [
            "?bcc=x@evil.example",
            "?subject=Hi&CC=x@evil.example",
            "?%62cc=x@evil.example",
            "?to=x@evil.example",
        ] {
            let link = Link::new(&format!("mailto:a@b.example{hidden}"), "us").unwrap();
            assert_eq!(link.href, "mailto:a@b.example");
        }
    }
}

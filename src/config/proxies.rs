//! The proxies in front of the portal whose word counts: PORTAL_TRUSTED_PROXIES.

use std::net::IpAddr;

use ipnet::IpNet;

/// Addresses from which `X-Forwarded-For` and `X-Forwarded-Prefix` are believed. From elsewhere anybody could have written them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Takes addresses (`10.0.0.7`, `::1`) and ranges (RFC 4632: `10.0.0.0/8`, `fd00::/8`), separated by spaces or commas.
    ///
    /// # Errors
    /// A sentence for the operator, when one of them is neither, or a range that holds every address.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split(|c: char| c == ',' || c.is_ascii_whitespace())
            .filter(|word| !word.is_empty())
            .map(parse_one)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Does this address belong to one of the proxies?
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|range| range.contains(&address))
    }
}

fn parse_one(word: &str) -> Result<IpNet, String> {
    if let Ok(address) = word.parse::<IpAddr>() {
        return Ok(address.to_canonical().into());
    }
    let Ok(range) = word.parse::<IpNet>() else {
        return Err(format!(
            "{word:?} is neither an address such as 10.0.0.7 nor a range such as 10.0.0.0/8"
        ));
    };
    if range.prefix_len() == 0 {
        return Err(format!("{word:?} would trust every address there is"));
    }
    // Written so, somebody meant either the one address or the whole range.
    if range.trunc() != range {
        return Err(format!(
            "{word:?} is not the beginning of a range; write {} or {}",
            range.addr(),
            range.trunc()
        ));
    }
    Ok(range)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_the_named_addresses_are_trusted() {
        let proxies = TrustedProxies::parse("10.0.0.7, 192.168.0.0/16\n::1 fd00::/8").unwrap();
        for (address, trusted) in [
            ("10.0.0.7", true),
            ("10.0.0.8", false),
            ("192.168.255.255", true),
            ("192.169.0.0", false),
            ("::1", true),
            ("::2", false),
            ("fd12::3", true),
            // How a socket for both kinds of address shows an IPv4 one.
            ("::ffff:10.0.0.7", true),
            ("::ffff:10.0.0.8", false),
        ] {
            assert_eq!(
                proxies.trusts(address.parse().unwrap()),
                trusted,
                "{address}"
            );
        }
        let mapped = TrustedProxies::parse("::ffff:10.0.0.7").unwrap();
        assert!(mapped.trusts("10.0.0.7".parse().unwrap()));
    }

    #[test]
    fn without_a_setting_nobody_is() {
        for text in ["", "  "] {
            assert_eq!(TrustedProxies::parse(text), Ok(TrustedProxies::default()));
        }
        assert!(!TrustedProxies::default().trusts("127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn what_is_no_address_is_named() {
        for wrong in [
            "proxy.internal",
            "*",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "10.0.0.0-10.0.0.9",
            "127.0.0.1:80",
            "0.0.0.0/0",
            "::/0",
            "10.0.0",
        ] {
            let problem = TrustedProxies::parse(&format!("127.0.0.1 {wrong}")).unwrap_err();
            assert!(problem.contains(&format!("{wrong:?}")), "{problem}");
        }
    }
}

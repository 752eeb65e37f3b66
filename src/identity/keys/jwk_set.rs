//! A JWK Set (RFC 7517, with RFC 8037 for Ed25519), and which of its keys may verify a token.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Algorithm, Missing, VerifyingKey};
use crate::identity::strict_json;

/// Members that only a private or a shared key has (RFC 7518, 6.2.2, 6.3.2 and 6.4.1).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The usable keys of a set.
#[derive(Clone)]
pub struct KeySet {
    keys: Vec<(Option<String>, VerifyingKey)>,
    /// Of each key that is not used: which, and why.
    pub left_out: Vec<String>,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl KeySet {
    /// Reads a set. Keys for other purposes are left out (RFC 7517, 5); of several that are left, each needs a `kid` of its own.
    ///
    /// # Errors
    /// A sentence for the operator: when a key is not public, none is usable, or the rest cannot be told apart.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let set: Set =
            strict_json::read(bytes).map_err(|problem| format!("is not a JWK Set: {problem}"))?;
        let mut keys: Vec<(Option<String>, VerifyingKey)> = vec![];
        let mut left_out = vec![];
        for (position, members) in set.keys.into_iter().enumerate() {
            let named = match members.get("kid").and_then(Value::as_str) {
                Some(kid) => format!("key {kid:?}"),
                None => format!("key {}", position + 1),
            };
            if let Some(member) = PRIVATE.iter().find(|member| members.contains_key(**member)) {
                return Err(format!(
                    "{named} has `{member}`, which is private: replace that key, and publish its public half alone"
                ));
            }
            match usable(members) {
                Ok(key) => keys.push(key),
                Err(problem) => left_out.push(format!("{named} {problem}")),
            }
        }
        if keys.is_empty() {
            let why = match left_out.as_slice() {
                [] => String::new(),
                reasons => format!(": {}", reasons.join("; ")),
            };
            return Err(format!(
                "has no key for EdDSA, ES256 or RS256 signatures{why}"
            ));
        }
        if keys.len() > 1 {
            let mut kids = vec![];
            for (kid, _) in &keys {
                let kid = kid
                    .as_deref()
                    .ok_or("has several keys, and not each has a `kid`")?;
                if kids.contains(&kid) {
                    return Err(format!("has two keys with the `kid` {kid:?}"));
                }
                kids.push(kid);
            }
        }
        Ok(Self { keys, left_out })
    }

    /// The key that a token's `kid` names, or the only one.
    ///
    /// # Errors
    /// [`Missing::NoKid`] and [`Missing::UnknownKid`].
    pub fn choose(&self, kid: Option<&str>) -> Result<VerifyingKey, Missing> {
        match (kid, self.keys.as_slice()) {
            (None, [(_, only)]) => Ok(only.clone()),
            (None, _) => Err(Missing::NoKid),
            (Some(kid), keys) => keys
                .iter()
                .find(|(known, _)| known.as_deref() == Some(kid))
                .map(|(_, key)| key.clone())
                .ok_or(Missing::UnknownKid),
        }
    }

    /// Algorithm and `kid` of each key, for the operator.
    pub fn summary(&self) -> String {
        let keys = self.keys.iter().map(|(kid, key)| match kid {
            Some(kid) => format!("{} {kid:?}", key.algorithm()),
            None => format!("{} without `kid`", key.algorithm()),
        });
        keys.collect::<Vec<_>>().join(", ")
    }
}

/// The key, when it is one that may verify a token; else why not.
fn usable(members: Map<String, Value>) -> Result<(Option<String>, VerifyingKey), String> {
    let jwk: Jwk = serde_json::from_value(Value::Object(members))
        .map_err(|_| "is not a JWK as RFC 7517 describes it".to_owned())?;
    if jwk.usage.as_deref().is_some_and(|usage| usage != "sig") {
        return Err("is not for signatures (`use`)".to_owned());
    }
    if jwk
        .key_ops
        .is_some_and(|operations| !operations.iter().any(|operation| operation == "verify"))
    {
        return Err("is not for verifying (`key_ops`)".to_owned());
    }
    let key = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("OKP", Some("Ed25519")) => ed25519(jwk.x.as_deref()),
        ("EC", Some("P-256")) => p256(jwk.x.as_deref(), jwk.y.as_deref()),
        ("RSA", _) => rsa(jwk.n.as_deref(), jwk.e.as_deref()),
        _ => return Err("is of another kind (`kty`, `crv`)".to_owned()),
    }?;
    if jwk.alg.is_some_and(|alg| alg != key.algorithm().name()) {
        return Err(format!(
            "is for another algorithm (`alg`) than {}",
            key.algorithm()
        ));
    }
    Ok((jwk.kid, key))
}

fn ed25519(x: Option<&str>) -> Result<VerifyingKey, String> {
    let x = bytes("x", x)?;
    if x.len() != 32 {
        return Err("has an `x` that is not 32 bytes long".to_owned());
    }
    public(Algorithm::EdDsa, ParsedPublicKey::new(&ED25519, x))
}

fn p256(x: Option<&str>, y: Option<&str>) -> Result<VerifyingKey, String> {
    let (x, y) = (bytes("x", x)?, bytes("y", y)?);
    if x.len() != 32 || y.len() != 32 {
        return Err("has an `x` or `y` that is not 32 bytes long".to_owned());
    }
    // An uncompressed point (SEC 1, 2.3.3).
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    public(
        Algorithm::Es256,
        ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point),
    )
}

fn rsa(n: Option<&str>, e: Option<&str>) -> Result<VerifyingKey, String> {
    let (n, e) = (bytes("n", n)?, bytes("e", e)?);
    let bits = n
        .first()
        .map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
    if !RSA_BITS.contains(&bits) {
        return Err(format!(
            "has {bits} bits; RSA keys have {} to {}",
            RSA_BITS.start(),
            RSA_BITS.end()
        ));
    }
    let key = RsaPublicKeyComponents { n: &n, e: &e };
    public(
        Algorithm::Rs256,
        key.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256),
    )
}

fn bytes(member: &str, text: Option<&str>) -> Result<Vec<u8>, String> {
    let text = text.ok_or_else(|| format!("has no `{member}`"))?;
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| format!("has an `{member}` that is not base64url"))
}

fn public(
    algorithm: Algorithm,
    key: Result<ParsedPublicKey, aws_lc_rs::error::KeyRejected>,
) -> Result<VerifyingKey, String> {
    key.map(|key| VerifyingKey::public(algorithm, key))
        .map_err(|_| format!("is not a key for {algorithm}"))
}

#[cfg(test)]
mod tests;

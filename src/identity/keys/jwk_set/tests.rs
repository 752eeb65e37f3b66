//! Which keys of a set are used, which are left out, and which sets are refused.
#![allow(clippy::unwrap_used)]

use aws_lc_rs::{
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair,
    },
};
use serde_json::json;

use super::*;

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn ed(kid: &str) -> Value {
    let pair = Ed25519KeyPair::generate().unwrap();
    json!({ "kty": "OKP", "crv": "Ed25519", "kid": kid, "x": encode(pair.public_key()) })
}

fn ec(kid: &str) -> Value {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let point = pair.public_key().as_ref();
    json!({ "kty": "EC", "crv": "P-256", "kid": kid, "x": encode(&point[1..33]), "y": encode(&point[33..]) })
}

fn rsa_key(kid: &str) -> Value {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let key = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    json!({ "kty": "RSA", "kid": kid, "n": encode(key.n), "e": encode(key.e) })
}

fn with(mut key: Value, member: &str, value: Value) -> Value {
    key[member] = value;
    key
}

fn without(mut key: Value, member: &str) -> Value {
    key.as_object_mut().unwrap().remove(member);
    key
}

fn parse(keys: &[Value]) -> Result<KeySet, String> {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes())
}

fn refusal(keys: &[Value]) -> String {
    match parse(keys) {
        Ok(set) => panic!("taken: {}", set.summary()),
        Err(problem) => problem,
    }
}

#[test]
fn each_kind_is_for_one_algorithm() {
    let set = parse(&[ed("a"), ec("b"), rsa_key("c")]).unwrap();
    assert_eq!(set.summary(), r#"EdDSA "a", ES256 "b", RS256 "c""#);
    assert!(set.left_out.is_empty());
    for (kid, algorithm) in [
        ("a", Algorithm::EdDsa),
        ("b", Algorithm::Es256),
        ("c", Algorithm::Rs256),
    ] {
        assert_eq!(set.choose(Some(kid)).unwrap().algorithm(), algorithm);
    }
    assert!(matches!(set.choose(None), Err(Missing::NoKid)));
    assert!(matches!(set.choose(Some("d")), Err(Missing::UnknownKid)));
}

#[test]
fn keys_for_other_purposes_are_left_out() {
    let short = with(rsa_key("x"), "n", json!(encode([0xff; 128])));
    let others = [
        with(ed("x"), "use", json!("enc")),
        with(ed("x"), "key_ops", json!(["sign"])),
        with(ed("x"), "alg", json!("ES256")),
        with(ed("x"), "crv", json!("X25519")),
        with(ed("x"), "x", json!("AAAA")),
        with(ed("x"), "x", json!("not base64url!")),
        with(ed("x"), "x", json!(1)),
        without(ed("x"), "x"),
        without(ed("x"), "crv"),
        without(ed("x"), "kty"),
        with(ec("x"), "crv", json!("P-384")),
        with(ec("x"), "y", json!(encode([1; 32]))),
        without(ec("x"), "y"),
        with(rsa_key("x"), "alg", json!("PS256")),
        with(rsa_key("x"), "alg", json!("HS256")),
        without(rsa_key("x"), "e"),
        short,
    ];
    for other in others {
        let set = parse(&[other.clone(), ed("good")]).unwrap();
        assert_eq!(set.summary(), r#"EdDSA "good""#, "{other}");
        assert_eq!(set.left_out.len(), 1, "{other}");
        assert!(refusal(&[other]).contains("has no key"));
    }
    let verifying = with(ed("a"), "key_ops", json!(["verify"]));
    assert!(parse(&[with(verifying, "use", json!("sig"))]).is_ok());
}

#[test]
fn what_is_private_is_refused_by_name() {
    for (key, member) in [
        (with(ed("mine"), "d", json!("AAAA")), "`d`"),
        (with(rsa_key("mine"), "dp", json!("AAAA")), "`dp`"),
        (
            json!({ "kty": "oct", "kid": "mine", "k": "c2VjcmV0" }),
            "`k`",
        ),
    ] {
        let problem = refusal(&[ed("good"), key]);
        assert!(
            problem.contains("mine") && problem.contains(member) && problem.contains("private"),
            "{problem}"
        );
        assert!(!problem.contains("c2VjcmV0"));
    }
}

#[test]
fn several_keys_need_names_of_their_own() {
    assert!(parse(&[without(ed("x"), "kid")]).is_ok());
    assert!(refusal(&[without(ed("x"), "kid"), ed("b")]).contains("kid"));
    assert!(refusal(&[ed("a"), rsa_key("a")]).contains("\"a\""));
    // One that is left out needs none.
    let other = with(without(ed("x"), "kid"), "use", json!("enc"));
    assert!(parse(&[other, ed("b")]).is_ok());
}

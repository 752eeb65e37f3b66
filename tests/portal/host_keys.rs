//! A host's keys, made at run time, and signatures by them: by hand, so that no test leans on the code under test.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
        RsaKeyPair, RsaPublicKeyComponents,
    },
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

pub const ALL: [&str; 4] = ["HS256", "EdDSA", "ES256", "RS256"];

pub struct HostKey {
    pub kid: String,
    pair: Pair,
}

enum Pair {
    Secret(String),
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl HostKey {
    /// A fresh key for this algorithm.
    pub fn new(alg: &str, kid: &str) -> Self {
        let pair = match alg {
            "HS256" => Pair::Secret(format!("{:032x}", fastrand::u128(..))),
            "EdDSA" => Pair::Ed25519(Ed25519KeyPair::generate().unwrap()),
            "ES256" => {
                Pair::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
            }
            "RS256" => Pair::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())),
            other => panic!("{other}"),
        };
        Self {
            kid: kid.to_owned(),
            pair,
        }
    }

    pub fn alg(&self) -> &'static str {
        match self.pair {
            Pair::Secret(_) => "HS256",
            Pair::Ed25519(_) => "EdDSA",
            Pair::P256(_) => "ES256",
            Pair::Rsa(_) => "RS256",
        }
    }

    /// The secret, of a key that is one.
    pub fn secret(&self) -> Option<&str> {
        match &self.pair {
            Pair::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    /// The public half, as a host publishes it.
    pub fn jwk(&self) -> Value {
        let mut jwk = match &self.pair {
            Pair::Secret(secret) => {
                json!({ "kty": "oct", "k": URL_SAFE_NO_PAD.encode(secret) })
            }
            Pair::Ed25519(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(pair.public_key()) })
            }
            Pair::P256(pair) => {
                let point = pair.public_key().as_ref();
                json!({ "kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]) })
            }
            Pair::Rsa(pair) => {
                let RsaPublicKeyComponents { n, e } =
                    RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(n), "e": URL_SAFE_NO_PAD.encode(e) })
            }
        };
        jwk["kid"] = self.kid.as_str().into();
        jwk["alg"] = self.alg().into();
        jwk["use"] = "sig".into();
        jwk
    }

    /// What everybody knows of this key, in every form that a careless verifier could take for a secret.
    pub fn public_forms(&self) -> Vec<Vec<u8>> {
        let raw: Vec<u8> = match &self.pair {
            Pair::Secret(_) => return vec![],
            Pair::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
            Pair::P256(pair) => pair.public_key().as_ref().to_vec(),
            Pair::Rsa(pair) => pair.public_key().as_ref().to_vec(),
        };
        let spki = match &self.pair {
            Pair::Secret(_) => vec![],
            Pair::Ed25519(pair) => der(pair.public_key()),
            Pair::P256(pair) => der(pair.public_key()),
            Pair::Rsa(pair) => der(pair.public_key()),
        };
        let pem = pem("PUBLIC KEY", &spki);
        let jwk = self.jwk();
        vec![
            raw,
            spki,
            pem.trim_end().into(),
            pem.into(),
            jwk.to_string().into(),
            json!({ "keys": [jwk] }).to_string().into(),
            vec![],
        ]
    }

    /// The private half as `openssl genpkey` writes it.
    pub fn private_pem(&self) -> String {
        let der = match &self.pair {
            Pair::Secret(_) => panic!("a secret is no private key"),
            Pair::Ed25519(pair) => pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
            Pair::P256(pair) => pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => AsDer::<Pkcs8V1Der>::as_der(&**pair)
                .unwrap()
                .as_ref()
                .to_vec(),
        };
        pem("PRIVATE KEY", &der)
    }

    pub fn signature(&self, message: &str) -> Vec<u8> {
        let message = message.as_bytes();
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Secret(secret) => hmac_sha256(secret.as_bytes(), message),
            Pair::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::P256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .unwrap();
                signature
            }
        }
    }

    pub fn header(&self) -> Value {
        json!({ "alg": self.alg(), "typ": "JWT", "kid": self.kid })
    }

    /// A token with this header and payload, whatever they say.
    pub fn token(&self, header: &str, payload: &str) -> String {
        let signed = signed(header, payload);
        let signature = URL_SAFE_NO_PAD.encode(self.signature(&signed));
        format!("{signed}.{signature}")
    }

    /// A token as a host makes it.
    pub fn vouch(&self, claims: &Value) -> String {
        self.token(&self.header().to_string(), &claims.to_string())
    }
}

fn der<K: AsDer<aws_lc_rs::encoding::PublicKeyX509Der<'static>>>(key: &K) -> Vec<u8> {
    key.as_der().unwrap().as_ref().to_vec()
}

/// The first two parts of a token.
pub fn signed(header: &str, payload: &str) -> String {
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    )
}

pub fn hmac_sha256(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    hmac::sign(&key, message).as_ref().to_vec()
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

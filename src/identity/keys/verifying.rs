//! One key, and the one algorithm that it is for: the header of a token never decides how it is verified (RFC 8725, 3.1).

use std::{fmt, sync::Arc};

use aws_lc_rs::{hmac, signature::ParsedPublicKey};

/// The algorithms of RFC 7518 and RFC 8037 that tokens may be signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    Hs256,
    EdDsa,
    Es256,
    Rs256,
}

impl Algorithm {
    /// As the header's `alg` spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A key that verifies. Cheap to clone.
#[derive(Clone)]
pub struct VerifyingKey {
    algorithm: Algorithm,
    material: Material,
}

#[derive(Clone)]
enum Material {
    Secret(Arc<hmac::Key>),
    Public(Arc<ParsedPublicKey>),
}

impl VerifyingKey {
    /// A secret for HS256.
    pub fn secret(secret: &[u8]) -> Self {
        Self {
            algorithm: Algorithm::Hs256,
            material: Material::Secret(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, secret))),
        }
    }

    /// A public key, parsed for this algorithm.
    pub(super) fn public(algorithm: Algorithm, key: ParsedPublicKey) -> Self {
        Self {
            algorithm,
            material: Material::Public(Arc::new(key)),
        }
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Has the holder of this key signed this message?
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Secret(key) => hmac::verify(key, message, signature).is_ok(),
            Material::Public(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

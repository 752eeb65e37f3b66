//! Keys that sign, as a host has them: for `plain-portal token` and the demo.

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject as _};

use super::Algorithm;

/// A secret, or a private key that no portal needs to know.
pub enum SigningKey {
    Secret(Box<hmac::Key>),
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl SigningKey {
    /// A secret for HS256.
    pub fn secret(secret: &[u8]) -> Self {
        Self::Secret(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret)))
    }

    /// A private key in PKCS#8 PEM (RFC 7468, 10): its kind chooses the algorithm.
    ///
    /// # Errors
    /// When it is something else than an unencrypted key for Ed25519, for P-256, or for RSA of 2048 bits at least.
    pub fn from_pem(pem: &[u8]) -> Result<Self, String> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem)
            .map_err(|_| "there is no unencrypted PKCS#8 private key in it (`BEGIN PRIVATE KEY`; openssl pkcs8 -topk8 -nocrypt makes one)".to_owned())?;
        let der = der.secret_pkcs8_der();
        if let Ok(key) = Ed25519KeyPair::from_pkcs8(der) {
            return Ok(Self::Ed25519(key));
        }
        if let Ok(key) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der) {
            return Ok(Self::P256(key));
        }
        match RsaKeyPair::from_pkcs8(der) {
            Ok(key) => Ok(Self::Rsa(Box::new(key))),
            Err(_) => {
                Err("its key is not for Ed25519, P-256, or RSA of 2048 bits at least".to_owned())
            }
        }
    }

    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Secret(_) => Algorithm::Hs256,
            Self::Ed25519(_) => Algorithm::EdDsa,
            Self::P256(_) => Algorithm::Es256,
            Self::Rsa(_) => Algorithm::Rs256,
        }
    }

    /// A signature as RFC 7518 and RFC 8037 write it.
    ///
    /// # Errors
    /// When the cryptography library fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, aws_lc_rs::error::Unspecified> {
        let random = SystemRandom::new();
        Ok(match self {
            Self::Secret(key) => hmac::sign(key, message).as_ref().to_vec(),
            Self::Ed25519(key) => key.try_sign(message)?.as_ref().to_vec(),
            Self::P256(key) => key.sign(&random, message)?.as_ref().to_vec(),
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)?;
                signature
            }
        })
    }
}

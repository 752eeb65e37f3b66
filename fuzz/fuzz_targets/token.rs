//! A handoff token that we did not sign is never taken, and one that we signed never holds what the contract forbids.
#![no_main]

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use plain_portal::{
    config::{Config, Handoff, Settings},
    identity::{
        keys::VerifyingKey,
        token::{Error, Identity, LEEWAY_SECONDS, MAX_LIFETIME_SECONDS, Unverified},
    },
};
use sha2::Sha256;

const SECRET: &str = "a secret of at least thirty-two bytes";
const NOW: i64 = 1_800_000_000;

static HANDOFF: LazyLock<Handoff> = LazyLock::new(|| {
    let settings = Settings {
        plain_api_key: Some("plainApiKey_fuzz".into()),
        handoff_secret: Some(SECRET.into()),
        ..Settings::default()
    };
    let config = Config::from_settings(&settings);
    config
        .unwrap_or_else(|problems| panic!("{problems:?}"))
        .handoff
});

fn verify(token: &str, now: Timestamp) -> Result<Identity, Error> {
    let keys = [VerifyingKey::secret(SECRET.as_bytes())];
    Unverified::parse(token)?.verify(&keys, &HANDOFF, now)
}

fuzz_target!(|input: &str| {
    let now = Timestamp::from_second(NOW).unwrap_or_default();
    assert!(verify(input, now).is_err(), "not signed by us: {input:?}");
    let Some((header, claims)) = input.split_once('\n') else {
        return;
    };
    let header = if header.is_empty() {
        r#"{"alg":"HS256"}"#
    } else {
        header
    };
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    );
    assert!(
        verify(&format!("{signed}."), now).is_err(),
        "not signed at all: {input:?}"
    );
    if let Ok(identity) = verify(&format!("{signed}.{}", signature(&signed)), now) {
        assert!(header.contains("HS256"), "{header}");
        let named = [
            &identity.external_id,
            &identity.email,
            &identity.name,
            &identity.jti,
        ];
        let tenants = identity
            .tenant
            .iter()
            .chain(&identity.tenants)
            .map(|tenant| &tenant.external_id);
        assert!(
            named
                .into_iter()
                .chain(tenants)
                .all(|value| !value.trim().is_empty() && !value.contains(char::is_control)),
            "{identity:?}"
        );
        let remembered = identity.remember_until.as_second() - NOW;
        assert!(
            (0..=MAX_LIFETIME_SECONDS + 2 * LEEWAY_SECONDS + 1).contains(&remembered),
            "{identity:?}"
        );
    }
});

fn signature(signed: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    mac.update(signed.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

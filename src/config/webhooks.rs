//! By what Plain's webhooks are known to be Plain's.

use secrecy::SecretString;

use super::{Problem, Settings};

/// The secrets with which Plain may have signed a webhook: the current one first. Without any there are no webhooks.
///
/// Their length is Plain's choice.
///
/// # Errors
/// When one has characters that no secret has, or there is only a previous one.
pub fn webhook_secrets(settings: &Settings) -> Result<Vec<SecretString>, Problem> {
    let named = [
        ("PLAIN_WEBHOOK_SECRET", &settings.plain_webhook_secret),
        (
            "PLAIN_WEBHOOK_SECRET_PREVIOUS",
            &settings.plain_webhook_secret_previous,
        ),
    ];
    if let [(_, None), (setting, Some(_))] = named {
        return Err(Problem::new(
            setting,
            "is set, and PLAIN_WEBHOOK_SECRET is not",
        ));
    }
    let mut secrets = vec![];
    for (setting, secret) in named {
        let Some(secret) = secret else { continue };
        if !secret.chars().all(|c| c.is_ascii_graphic()) {
            return Err(Problem::new(
                setting,
                "has spaces, line ends or other characters that no secret has",
            ));
        }
        secrets.push(SecretString::from(secret.clone()));
    }
    Ok(secrets)
}

//! The customer groups that a token names: Plain shows them to support, and customers see nothing of them.

use crate::plain;

/// As many as Plain takes at once.
const AT_ONCE: usize = 25;

/// Adds a customer to groups by their keys. Nobody is taken out of a group: support may have put them there.
///
/// A key that Plain does not know keeps nobody out of the portal: the log names it.
///
/// # Errors
/// When Plain cannot be asked.
pub async fn join(
    plain: &plain::Client,
    customer_id: &str,
    keys: &[String],
) -> Result<(), plain::Error> {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    for keys in keys.chunks(AT_ONCE) {
        match plain.add_customer_to_groups(customer_id, keys).await {
            Ok(()) => {}
            Err(error @ plain::Error::Forbidden { .. }) => {
                tracing::warn!(%error, "the groups of a token are left out");
                return Ok(());
            }
            // Plain takes none when it does not know one.
            Err(error) if is_refusal(&error) => join_one_by_one(plain, customer_id, keys).await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn join_one_by_one(
    plain: &plain::Client,
    customer_id: &str,
    keys: &[&str],
) -> Result<(), plain::Error> {
    for key in keys {
        match plain.add_customer_to_groups(customer_id, &[key]).await {
            Ok(()) => {}
            Err(error) if is_refusal(&error) => {
                tracing::warn!(group = key, %error, "a group of a token is left out");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Does Plain not take it, whenever it is asked?
fn is_refusal(error: &plain::Error) -> bool {
    matches!(
        error,
        plain::Error::Validation { .. }
            | plain::Error::BadInput { .. }
            | plain::Error::NotFound { .. }
    )
}

//! What Plain has to know of a person before they can be helped: their tenant, themselves, and that they belong together.

use std::time::Duration;

use crate::{
    config::Visibility,
    model::{Standing, Tenant, Viewer},
    plain::{
        self, Refusal,
        operations::{
            EmailAddressInput, OptionalStringInput, StringInput, TenantIdentifierInput,
            UpsertCustomerIdentifierInput, UpsertCustomerInput, UpsertCustomerOnCreateInput,
            UpsertCustomerOnUpdateInput, UpsertedCustomer,
        },
    },
};

use super::{groups, token::Identity};

/// Shorter than the deadline of every request, so that a token is released when Plain is too slow.
const DEADLINE: Duration = Duration::from_secs(18);

/// Why somebody with a valid token cannot be signed in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Plain knows a customer with this address who is, or may be, somebody else. The customer sees the 401 page.
    #[error("{0}")]
    Collision(&'static str),
    /// Plain does not take what the token says of this person. The customer sees the 401 page.
    #[error("{0}")]
    Refused(plain::Error),
    /// The token names no tenant, and there is nothing to show without one. The customer sees the 401 page.
    #[error("claim `tenant`: is missing")]
    NoTenant,
    /// Plain could not be asked. The customer sees the 503 page and can try again.
    #[error(transparent)]
    Plain(plain::Error),
}

impl From<plain::Error> for Error {
    fn from(error: plain::Error) -> Self {
        match error {
            plain::Error::Validation { .. }
            | plain::Error::BadInput { .. }
            | plain::Error::NotFound { .. } => Self::Refused(error),
            error => Self::Plain(error),
        }
    }
}

const NOT_VERIFIED: &str = "Plain knows a customer with this e-mail address, and the token does not say `email_verified: true`";

/// Upserts tenant and customer, makes the one a member of the other, and adds the customer to the token's groups. Doing it
/// again changes nothing. Returns who it is, and how they stand.
///
/// # Errors
/// See [`Error`].
pub async fn sign_in(
    plain: &plain::Client,
    identity: &Identity,
    visibility: Visibility,
) -> Result<(Viewer, Standing), Error> {
    let tenant = match &identity.tenant {
        Some(tenant) => Some(Tenant {
            id: plain
                .upsert_tenant(&tenant.external_id, &tenant.name)
                .await?,
            external_id: tenant.external_id.clone(),
            name: tenant.name.clone(),
        }),
        None => None,
    };
    let scope = visibility.scope(tenant).ok_or(Error::NoTenant)?;
    let customer = upsert_customer(plain, identity).await?;
    // A customer who is new has been created as a member.
    if let Some(tenant) = scope.tenant().filter(|_| !customer.created) {
        plain
            .add_customer_to_tenant(&customer.id, &tenant.id)
            .await?;
    }
    groups::join(plain, &customer.id, &identity.groups).await?;
    let viewer = Viewer {
        customer_id: customer.id,
        external_id: identity.external_id.clone(),
        name: identity.name.clone(),
        email: identity.email.clone(),
        scope,
        zone: identity.zone.clone(),
    };
    let standing = if customer.is_spam {
        Standing::Spam
    } else {
        Standing::Member
    };
    Ok((viewer, standing))
}

/// Several writes take as long as they take; what takes longer than a person waits is given up, and can be tried again.
///
/// # Errors
/// [`Error::Plain`] when it is given up.
pub async fn in_time<T>(writes: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    match tokio::time::timeout(DEADLINE, writes).await {
        Ok(result) => result,
        Err(_) => Err(Error::Plain(plain::Error::NoAnswer {
            detail: format!("signing in took longer than {DEADLINE:?}"),
        })),
    }
}

async fn upsert_customer(
    plain: &plain::Client,
    identity: &Identity,
) -> Result<UpsertedCustomer, Error> {
    match plain.upsert_customer(upsert_by_external_id(identity)).await {
        Err(plain::Error::Validation {
            refusal: Refusal::EmailTaken,
            ..
        }) => adopt(plain, identity).await,
        Ok(customer)
            if !identity.email_verified
                && !customer.email.email.eq_ignore_ascii_case(&identity.email) =>
        {
            follow_unverified(plain, identity, customer).await
        }
        result => Ok(result?),
    }
}

/// The host has an address that it has not verified, and Plain another one.
async fn follow_unverified(
    plain: &plain::Client,
    identity: &Identity,
    customer: UpsertedCustomer,
) -> Result<UpsertedCustomer, Error> {
    // Mail goes on to the address that is known to be theirs.
    if customer.email.is_verified {
        return match plain.customer_by_email(&identity.email).await? {
            Some(holder) if holder.id.inner() != customer.id => Err(Error::Collision(NOT_VERIFIED)),
            _ => Ok(customer),
        };
    }
    let mut input = upsert_by_external_id(identity);
    input.on_update.email = Some(address(identity));
    match plain.upsert_customer(input).await {
        Err(plain::Error::Validation {
            refusal: Refusal::EmailTaken,
            ..
        }) => Err(Error::Collision(NOT_VERIFIED)),
        result => Ok(result?),
    }
}

/// Plain already has a customer with this address under another identity, or under none, as after an e-mail to support.
async fn adopt(plain: &plain::Client, identity: &Identity) -> Result<UpsertedCustomer, Error> {
    if !identity.email_verified {
        return Err(Error::Collision(NOT_VERIFIED));
    }
    let known = plain.customer_by_email(&identity.email).await?;
    if known.is_some_and(|customer| customer.external_id.is_some()) {
        return Err(Error::Collision(
            "the customer with this e-mail address in Plain has another external id than the token's `sub`",
        ));
    }
    match plain.upsert_customer(upsert_by_email(identity)).await {
        // Two customers in Plain are this person: ours by id, and one who once wrote from the new address.
        Err(plain::Error::Validation {
            refusal: Refusal::ExternalIdTaken,
            ..
        }) => {
            tracing::warn!(
                external_id = identity.external_id,
                "signed in without the new e-mail address: another customer in Plain has it"
            );
            let mut input = upsert_by_external_id(identity);
            input.on_update.email = None;
            Ok(plain.upsert_customer(input).await?)
        }
        result => Ok(result?),
    }
}

fn upsert_by_external_id(identity: &Identity) -> UpsertCustomerInput<'_> {
    upsert(
        identity,
        UpsertCustomerIdentifierInput {
            external_id: Some(identity.external_id.as_str().into()),
            ..Default::default()
        },
        None,
    )
}

fn upsert_by_email(identity: &Identity) -> UpsertCustomerInput<'_> {
    let identifier = UpsertCustomerIdentifierInput {
        email_address: Some(&identity.email),
        ..Default::default()
    };
    upsert(
        identity,
        identifier,
        Some(OptionalStringInput {
            value: Some(&identity.external_id),
        }),
    )
}

fn upsert<'a>(
    identity: &'a Identity,
    identifier: UpsertCustomerIdentifierInput<'a>,
    new_external_id: Option<OptionalStringInput<'a>>,
) -> UpsertCustomerInput<'a> {
    UpsertCustomerInput {
        identifier,
        on_create: UpsertCustomerOnCreateInput {
            external_id: Some(identity.external_id.as_str().into()),
            full_name: &identity.name,
            email: address(identity),
            tenant_identifiers: identity
                .tenant
                .as_ref()
                .map(|tenant| vec![TenantIdentifierInput::by_external_id(&tenant.external_id)]),
            ..Default::default()
        },
        on_update: UpsertCustomerOnUpdateInput {
            external_id: new_external_id,
            full_name: Some(StringInput {
                value: &identity.name,
            }),
            // What has once been verified is not made unverified by a host that does not say so.
            email: identity.email_verified.then(|| address(identity)),
            ..Default::default()
        },
    }
}

fn address(identity: &Identity) -> EmailAddressInput<'_> {
    EmailAddressInput {
        email: &identity.email,
        is_verified: identity.email_verified,
    }
}

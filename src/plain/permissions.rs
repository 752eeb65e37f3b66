//! What the API key has to be allowed. It needs no more than these.

/// The permissions, as Plain names them, that the operations of this client take.
pub const NEEDED: [&str; 19] = [
    "tenant:read",
    "tenant:create",
    "tenant:edit",
    "customer:read",
    "customer:create",
    "customer:edit",
    "customer:impersonate",
    "customerTenantMembership:read",
    "customerTenantMembership:create",
    "thread:read",
    "thread:create",
    "thread:edit",
    "thread:reply",
    "timeline:read",
    "email:read",
    "user:read",
    "machineUser:read",
    "attachment:create",
    "attachment:download",
];

/// What it takes besides when tokens name `groups`.
pub const FOR_GROUPS: &str = "customerGroupMembership:create";

/// What it takes besides when support is told what people do in the portal.
pub const FOR_ACTIVITY: [&str; 2] = ["customerEvent:create", "threadEvent:create"];

/// Those that a key with these permissions lacks.
pub fn missing(granted: &[String]) -> Vec<&'static str> {
    NEEDED
        .into_iter()
        .filter(|needed| !granted.iter().any(|permission| permission == needed))
        .collect()
}

//! A customer as a row of a file, or a command's flags, describe them; checked before Plain hears of it.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

/// What Plain should have of a customer. What is `None` is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    #[serde(default)]
    pub external_id: Option<String>,
    pub email: String,
    /// Without it an address that Plain has already is left alone: what was verified is not made unverified.
    #[serde(default)]
    pub email_verified: Option<bool>,
    pub name: String,
    #[serde(default)]
    pub short_name: Option<String>,
    /// Keys of groups.
    #[serde(default)]
    pub groups: Option<Vec<String>>,
    #[serde(default)]
    pub tenants: Option<Vec<TenantRef>>,
}

/// A tenant that the customer is in: one that is there, or one that is made or renamed first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TenantRef {
    Known(String),
    Named(NamedTenant),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedTenant {
    pub external_id: String,
    pub name: String,
}

impl TenantRef {
    /// As a cell has it: `external-id` or `external-id=Name`.
    pub fn parse(text: &str) -> Self {
        match text.split_once('=') {
            Some((external_id, name)) => Self::Named(NamedTenant {
                external_id: external_id.trim().to_owned(),
                name: name.trim().to_owned(),
            }),
            None => Self::Known(text.to_owned()),
        }
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        let (external_id, name) = match self {
            Self::Known(external_id) => (external_id, None),
            Self::Named(tenant) => (&tenant.external_id, Some(&tenant.name)),
        };
        [external_id].into_iter().chain(name)
    }

    fn trim(&mut self) {
        match self {
            Self::Known(external_id) => trim(external_id),
            Self::Named(tenant) => {
                trim(&mut tenant.external_id);
                trim(&mut tenant.name);
            }
        }
    }

    pub fn external_id(&self) -> &str {
        match self {
            Self::Known(external_id) => external_id,
            Self::Named(tenant) => &tenant.external_id,
        }
    }
}

impl Entry {
    /// How a person finds the row again.
    pub fn label(&self) -> &str {
        self.external_id.as_deref().unwrap_or(&self.email)
    }

    pub fn groups(&self) -> &[String] {
        self.groups.as_deref().unwrap_or_default()
    }

    pub fn tenants(&self) -> &[TenantRef] {
        self.tenants.as_deref().unwrap_or_default()
    }

    /// Takes spaces around each value and what is named twice away, and says what is wrong with the first value that
    /// cannot be used.
    pub fn checked(mut self) -> Result<Self, String> {
        for text in [&mut self.email, &mut self.name] {
            trim(text);
        }
        for text in [&mut self.external_id, &mut self.short_name] {
            text.as_mut().map(trim);
            *text = text.take().filter(|text| !text.is_empty());
        }
        self.groups = self.groups.take().map(each_once);
        if self.name.is_empty() {
            return Err("name: is missing".to_owned());
        }
        check_email(&self.email)?;
        if self.groups().iter().any(String::is_empty) {
            return Err("groups: one of them is empty".to_owned());
        }
        self.tenants = self.tenants.take().map(checked_tenants).transpose()?;
        if self.has_nul() {
            return Err("a value holds a NUL character".to_owned());
        }
        Ok(self)
    }

    fn has_nul(&self) -> bool {
        let optional = [&self.external_id, &self.short_name];
        let mut texts = optional
            .into_iter()
            .flatten()
            .chain([&self.email, &self.name])
            .chain(self.groups())
            .chain(self.tenants().iter().flat_map(TenantRef::texts));
        texts.any(|text| text.contains('\0'))
    }
}

fn each_once(mut groups: Vec<String>) -> Vec<String> {
    groups.iter_mut().for_each(trim);
    let mut seen = HashSet::new();
    groups.retain(|key| seen.insert(key.clone()));
    groups
}

/// Each tenant once, with its name if it has one.
fn checked_tenants(given: Vec<TenantRef>) -> Result<Vec<TenantRef>, String> {
    let mut tenants: Vec<TenantRef> = Vec::new();
    for mut tenant in given {
        tenant.trim();
        if tenant.texts().any(String::is_empty) {
            return Err("tenants: one of them is empty, or has no name behind the =".to_owned());
        }
        let id = tenant.external_id();
        match tenants.iter_mut().find(|it| it.external_id() == id) {
            None => tenants.push(tenant),
            Some(known @ TenantRef::Known(_)) => *known = tenant,
            Some(known) if matches!(tenant, TenantRef::Named(_)) && *known != tenant => {
                return Err(format!("tenants: {id} has two names"));
            }
            Some(_) => {}
        }
    }
    Ok(tenants)
}

fn trim(text: &mut String) {
    let trimmed = text.trim();
    if trimmed.len() != text.len() {
        *text = trimmed.to_owned();
    }
}

/// Only what surely is none is refused here; the last word is Plain's.
fn check_email(email: &str) -> Result<(), String> {
    let wrong = |why: &str| Err(format!("email: {why}"));
    if email.is_empty() {
        return wrong("is missing");
    }
    if email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return wrong("holds a space");
    }
    match email.rsplit_once('@') {
        Some((name, host)) if !name.is_empty() && !host.is_empty() && !name.contains('@') => Ok(()),
        _ => wrong("is no e-mail address"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_row_is_checked_and_trimmed() {
        let row = |email: &str, name: &str| Entry {
            email: email.to_owned(),
            name: name.to_owned(),
            external_id: Some("  ".to_owned()),
            short_name: Some(" A ".to_owned()),
            ..Entry::default()
        };
        let good = row(" ada@example.com ", "Ada ").checked().unwrap();
        assert_eq!((&*good.email, &*good.name), ("ada@example.com", "Ada"));
        assert_eq!(
            (good.external_id, good.short_name.as_deref()),
            (None, Some("A"))
        );
        for (email, name, problem) in [
            ("", "Ada", "email"),
            ("ada", "Ada", "email"),
            ("@example.com", "Ada", "email"),
            ("a@b@c", "Ada", "email"),
            ("a da@example.com", "Ada", "email"),
            ("ada@example.com", "", "name"),
            ("ada@example.com", "A\0", "NUL"),
        ] {
            let told = row(email, name).checked().unwrap_err();
            assert!(told.contains(problem), "{email} {name}: {told}");
        }
    }

    #[test]
    fn memberships_are_trimmed_and_named_once() {
        let row = |groups: &str, tenants: &str| {
            let row = format!(
                r#"{{"email":"a@b.example","name":"A","groups":{groups},"tenants":{tenants}}}"#
            );
            serde_json::from_str::<Entry>(&row).unwrap().checked()
        };
        let good = row(
            r#"[" beta ", "beta"]"#,
            r#"[" t ", {"external_id": "t", "name": " T "}, "t"]"#,
        );
        let good = good.unwrap();
        assert_eq!(good.groups(), ["beta"]);
        assert_eq!(good.tenants(), [TenantRef::parse("t=T")]);
        let bare = row("null", "null").unwrap();
        assert_eq!((bare.groups, bare.tenants), (None, None));
        for (groups, tenants, problem) in [
            (r#"[" "]"#, "[]", "groups"),
            (r#"["a\u0000"]"#, "[]", "NUL"),
            ("[]", r#"["t\u0000"]"#, "NUL"),
            ("[]", r#"[" "]"#, "tenants"),
            ("[]", r#"[{"external_id": "t", "name": " "}]"#, "tenants"),
            (
                "[]",
                r#"[{"external_id": "t", "name": "T"}, {"external_id": "t", "name": "U"}]"#,
                "two names",
            ),
        ] {
            let told = row(groups, tenants).unwrap_err();
            assert!(told.contains(problem), "{groups} {tenants}: {told}");
        }
    }

    #[test]
    fn a_tenant_may_have_its_name_with_it() {
        assert_eq!(TenantRef::parse("acme").external_id(), "acme");
        let named = TenantRef::parse("acme = Acme = Co");
        assert_eq!(named.external_id(), "acme");
        assert!(matches!(named, TenantRef::Named(it) if it.name == "Acme = Co"));
    }
}

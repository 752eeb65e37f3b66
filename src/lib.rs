//! plain-portal: the support portal for companies on Plain.

#[cfg(feature = "ssr")]
pub mod plain;

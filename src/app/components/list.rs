//! The parts of the list's page.

mod empty;
mod filter;
mod items;
mod pager;

use url::form_urlencoded;

use crate::{href::href, model::ListQuery};

pub use empty::Empty;
pub use filter::{ListForm, StatusLinks};
pub use items::Items;
pub use pager::Pager;

/// The address of this list, from the page that `cursor` names (`after` or `before`, and its value).
pub fn list_address(query: &ListQuery, cursor: Option<(&str, &str)>) -> String {
    let parameters = query.parameters().into_iter().chain(cursor);
    let encoded = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    if encoded.is_empty() {
        href("/")
    } else {
        href(&format!("/?{encoded}"))
    }
}

//! What pages are made of; rendered on the server only.

mod form;
mod layout;
mod list;
mod message;
mod notice;
mod outgoing;
mod partial;
mod team;
mod time;

pub use form::{ErrorSummary, Field, SubmitButton, field_error};
pub use layout::Layout;
pub use list::{Empty, Items, ListForm, Pager, StatusLinks, list_address};
pub use message::MessageView;
pub use notice::{Carried, Notice, NoticePage};
pub use outgoing::{outgoing_items, outgoing_list, progress_words, unsent_notice};
pub use partial::PartialNotice;
pub use team::{TeamMenu, other_teams};
pub use time::{Time, Zone};

//! What pages are made of; rendered on the server only.

mod attachment;
mod avatar;
mod files;
mod form;
mod layout;
mod list;
mod message;
mod notice;
mod outgoing;
mod partial;
mod status;
mod team;
mod time;

pub use attachment::{Attachments, file_address};
pub use avatar::{Avatar, initials};
pub use files::{EnterSends, FilesField, file_names};
pub use form::{ErrorSummary, Field, SubmitButton, field_error};
pub use layout::{Frame, Layout, SignOut};
pub use list::{Empty, Items, ListForm, Pager, StatusLinks, list_address};
pub use message::EntryView;
pub use notice::{Carried, Notice, NoticePage, NoticeWords, requested};
pub use outgoing::{outgoing_items, outgoing_list, progress_words, unsent_notice};
pub use partial::PartialNotice;
pub use status::StatusMark;
pub use team::{TeamMenu, other_teams};
pub use time::{Time, Zone};

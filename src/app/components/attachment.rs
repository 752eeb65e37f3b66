//! The files of a message.

use leptos::prelude::*;

use crate::{
    href::href,
    model::{Attachment, FileKind, human_size},
};

/// The largest picture that is its own preview, in bytes: Plain has no smaller ones, and a page may have many.
const LARGEST_PREVIEW: u64 = 2_000_000;

/// The way to a file: Plain's attachments know no thread, so that the way there is part of the address.
pub fn file_address(thread: &str, entry: &str, attachment: &str) -> String {
    format!("/threads/{thread}/entries/{entry}/attachments/{attachment}")
}

/// A list of files, each a link to the file itself; nothing when there is none.
///
/// Pictures that are not too large are previews, which a browser fetches when it comes to them. What turns out to be no picture is not
/// shown as one: its name stands there all the same.
#[component]
pub fn Attachments(
    /// The thread's id.
    thread: String,
    /// The id of the message.
    entry: String,
    files: Vec<Attachment>,
) -> impl IntoView {
    if files.is_empty() {
        return ().into_any();
    }
    let items = files.into_iter().map(|file| {
        let address = href(&file_address(&thread, &entry, &file.id));
        view! { <li class="attachments__item"><File file=file address=address /></li> }
    });
    let items = items.collect_view();
    view! { <ul class="attachments" aria-label="Attached files">{items}</ul> }.into_any()
}

#[component]
fn File(file: Attachment, address: String) -> impl IntoView {
    let details = format!("{}, {}", file.kind.words(), human_size(file.size_bytes));
    let is_small_picture = file.kind == FileKind::Image && file.size_bytes <= LARGEST_PREVIEW;
    let preview = is_small_picture.then(|| {
        // The name follows in the same link, so that the picture needs no words of its own.
        view! { <img class="attachment__preview" src=address.clone() alt="" loading="lazy" decoding="async" width="160" height="120" /> }
    });
    view! {
        <a class="attachment" href=address>
            {preview}
            <span class="attachment__name"><bdi>{file.name}</bdi></span>
            " "
            <span class="attachment__details">{details}</span>
        </a>
    }
    .into_any()
}

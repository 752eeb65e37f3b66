//! The files of a form: those that wait in it, those that did not come in, and the field that adds more.

use leptos::{prelude::*, server_fn::ServerFn as _};

use crate::{
    api,
    app::islands::FilePicker,
    file_rules::{FileProblem, MAX_FILES, human_size},
    href::href,
    model::DraftFile,
};

/// `limit`: what all files of the message may have together, in bytes. The field comes behind the words in its form, so that
/// they have come in when a file breaks off.
#[component]
pub fn FilesField(
    id: String,
    /// The form's.
    submission: String,
    files: Vec<DraftFile>,
    limit: u64,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let kept: u64 = files
        .iter()
        .filter(|file| file.problem.is_none())
        .map(|file| file.size)
        .sum();
    let count = files.iter().filter(|file| file.problem.is_none()).count();
    let upload_to = href(crate::href::FILES);
    let remove_at = href(api::RemoveFile::PATH);
    view! {
        <div class="field files" data-most-files=MAX_FILES.to_string() data-most-bytes=limit.to_string()>
            <label for=id.clone()>"Files"</label>
            <p class="field__hint" id=hint_id.clone()>
                {format!("Up to {MAX_FILES} files, {} together.", human_size(limit))}
                <span class="needs-script">" You can also drop or paste them here."</span>
            </p>
            {file_problems(&files, limit)}
            <FilePicker limit=limit kept=kept count=count upload_to=upload_to remove_at=remove_at submission=submission>
                {waiting(&files)}
                <input id=id type="file" name="files" multiple aria-describedby=hint_id />
            </FilePicker>
        </div>
    }
    .into_any()
}

/// The files that wait in a form, each with a way out of it.
fn waiting(files: &[DraftFile]) -> Option<AnyView> {
    let items: Vec<AnyView> = files
        .iter()
        .filter(|file| file.problem.is_none())
        .map(|file| {
            view! {
                <li class="files__item" data-size=file.size.to_string()>
                    <input type="hidden" name="files" value=file.id.clone() />
                    <span class="files__name">{file.name.clone()}</span>
                    <span class="files__size">{human_size(file.size)}</span>
                    // The other fields come along, and back; no file needs to for that.
                    <button class="button button--quiet" type="submit" name="remove" value=file.id.clone() formaction=href(api::RemoveFile::PATH) formenctype="application/x-www-form-urlencoded" formnovalidate=true>
                        "Remove"
                        <span class="visually-hidden">{format!(" {}", file.name)}</span>
                    </button>
                </li>
            }
            .into_any()
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! { <ul class="files__list" aria-label="Files of this message">{items}</ul> }.into_any()
    })
}

/// Enter in a form's field presses its first button (HTML, 4.10.22.2): that must not be one that removes a file.
#[component]
pub fn EnterSends(files: Vec<DraftFile>) -> impl IntoView {
    let needed = files.iter().any(|file| file.problem.is_none());
    needed.then(|| view! { <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true"></button> })
}

/// What did not come along, and why.
pub fn file_problems(files: &[DraftFile], limit: u64) -> Option<AnyView> {
    let lines: Vec<AnyView> = files
        .iter()
        .filter_map(|file| {
            let words = file.problem?.words(limit);
            let line = view! {
                <li class="field__error">
                    <span class="visually-hidden">"Error: "</span>
                    <bdi>{file.name.clone()}</bdi>
                    {format!(": {words}")}
                </li>
            };
            Some(line.into_any())
        })
        .collect();
    (!lines.is_empty()).then(|| view! { <ul class="files__problems">{lines}</ul> }.into_any())
}

/// The names of a message's files, where nothing is done with them.
pub fn file_names(files: &[DraftFile]) -> Option<AnyView> {
    let items: Vec<AnyView> = files
        .iter()
        .filter(|file| file.problem.is_none())
        .map(|file| {
            view! {
                <li class="files__item">
                    <span class="files__name">{file.name.clone()}</span>
                    <span class="files__size">{human_size(file.size)}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    (!items.is_empty())
        .then(|| view! { <ul class="files__list" aria-label="Files">{items}</ul> }.into_any())
}

/// The files of a form that is sent as it stands.
pub fn hidden_files(files: &[DraftFile]) -> Vec<AnyView> {
    let going = files.iter().filter(|file| file.problem.is_none());
    going
        .map(|file| view! { <input type="hidden" name="files" value=file.id.clone() /> }.into_any())
        .collect()
}

/// What nobody could keep, as after a session's end.
pub fn lost_files(files: &[DraftFile]) -> Option<AnyView> {
    let lost = files.iter().map(|file| DraftFile {
        problem: file.problem.or(Some(FileProblem::Gone)),
        ..file.clone()
    });
    file_problems(&lost.collect::<Vec<_>>(), 0)
}

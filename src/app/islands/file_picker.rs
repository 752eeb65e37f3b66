//! Takes files while the message is still being written: picked, dropped or pasted, each goes up at once, and says how far it is.
//!
//! Without it the form sends its files itself. With it, the form sends the ids of those that are there already.

use leptos::prelude::*;

use crate::file_rules::human_size;

/// Around the form's own field for files.
#[island]
pub fn FilePicker(
    /// What all files may have together, in bytes, and what those that wait here already have, and how many they are.
    limit: u64,
    kept: u64,
    count: usize,
    upload_to: String,
    remove_at: String,
    /// The form's own.
    submission: String,
    children: Children,
) -> impl IntoView {
    let picker = Picker {
        limit,
        kept: RwSignal::new((kept, count)),
        items: RwSignal::new(vec![]),
        said: RwSignal::new(String::new()),
        waits: RwSignal::new(false),
        upload_to: StoredValue::new(upload_to),
        remove_at: StoredValue::new(remove_at),
        submission: StoredValue::new(submission),
    };
    let around = NodeRef::<leptos::html::Div>::new();
    behaviour::begin(picker, around);
    view! {
        <div
            class="files__picker"
            node_ref=around
            on:change=move |event| behaviour::picked(picker, &event)
            on:click=move |event| behaviour::clicked(picker, &event)
        >
            {children()}
            <ul class="files__list" aria-label="Files">
                <For each=move || picker.items.get() key=|item| item.key let:item>
                    <Row picker=picker item=item />
                </For>
            </ul>
            <p class="files__said" role="status">
                {move || picker.said.get()}
            </p>
        </div>
    }
}

/// One file and how far it has come.
#[component]
fn Row(picker: Picker, item: Item) -> impl IntoView {
    let Item {
        key,
        name,
        size,
        progress,
    } = item;
    let label = format!("Uploading {name}");
    let (to_remove, to_retry) = (format!(" {name}"), format!(" {name}"));
    view! {
        <li class="files__item">
            <span class="files__name">{name}</span>
            <span class="files__size">{human_size(size)}</span>
            {move || match progress.get() {
                Progress::Going(percent) => view! {
                    <progress class="files__progress" max="100" value=percent.to_string() aria-label=label.clone()></progress>
                    <span class="files__percent" aria-hidden="true">{format!("{percent} %")}</span>
                }
                .into_any(),
                Progress::There(id) => view! { <input type="hidden" name="files" value=id /> }.into_any(),
                Progress::Failed { words, again } => {
                    let to_retry = to_retry.clone();
                    view! {
                        <span class="field__error">{words}</span>
                        {again
                            .then(|| view! {
                                <button class="button button--quiet" type="button" on:click=move |_| behaviour::retry(picker, key)>
                                    "Try again"
                                    <span class="visually-hidden">{to_retry}</span>
                                </button>
                            })}
                    }
                    .into_any()
                }
            }}
            <button class="button button--quiet" type="button" on:click=move |event| behaviour::remove(picker, key, &event)>
                "Remove"
                <span class="visually-hidden">{to_remove}</span>
            </button>
        </li>
    }
}

/// What the island knows; the same on the server, where nothing happens with it.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only the browser does anything with it")
)]
struct Picker {
    limit: u64,
    /// Bytes and number of the files that the page came with.
    kept: RwSignal<(u64, usize)>,
    items: RwSignal<Vec<Item>>,
    /// For whoever does not see the list.
    said: RwSignal<String>,
    /// Has the form been sent off, to go when all files are there?
    waits: RwSignal<bool>,
    upload_to: StoredValue<String>,
    remove_at: StoredValue<String>,
    submission: StoredValue<String>,
}

#[derive(Clone)]
struct Item {
    key: u32,
    name: String,
    size: u64,
    progress: RwSignal<Progress>,
}

#[derive(Clone, PartialEq)]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "only in the browser files come and go")
)]
enum Progress {
    /// So many hundredths of it are up.
    Going(u32),
    /// It is there, under this id.
    There(String),
    Failed {
        words: String,
        again: bool,
    },
}

/// What the island does in the browser.
#[cfg(feature = "hydrate")]
mod behaviour {
    use std::{cell::RefCell, collections::BTreeMap};

    use leptos::{
        ev::{Event, MouseEvent},
        html::Div,
        prelude::*,
    };
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use web_sys::{
        ClipboardEvent, DataTransfer, DragEvent, Element, EventTarget, File, FileList, FormData,
        HtmlButtonElement, HtmlFormElement, HtmlInputElement, ProgressEvent, UrlSearchParams,
        XmlHttpRequest,
    };

    use super::{Item, Picker, Progress};
    use crate::file_rules::{self, FileProblem};

    /// More would only share the same line.
    const AT_ONCE: usize = 3;

    /// What a file needs that no signal can hold.
    struct Handle {
        file: File,
        request: Option<XmlHttpRequest>,
    }

    thread_local! {
        static HANDLES: RefCell<BTreeMap<u32, Handle>> = const { RefCell::new(BTreeMap::new()) };
    }

    /// What of a form stays with it when a file is taken out.
    const TYPED: [&str; 5] = ["submission", "thread_id", "title", "text", "message"];

    /// Listens to the whole form: files may be dropped and pasted anywhere in it, and it goes when they are there.
    pub fn begin(picker: Picker, around: NodeRef<Div>) {
        Effect::new(move |_| {
            let Some(around) = around.get() else { return };
            let Some(form) = form_of(&around) else { return };
            // The hint beside it speaks of what works from now on.
            let _ = around.set_attribute("data-live", "");
            listen(&form, "dragover", |event: DragEvent| {
                if files_of(&event).is_some() {
                    event.prevent_default();
                }
            });
            listen(&form, "drop", move |event: DragEvent| {
                if let Some(files) = files_of(&event) {
                    event.prevent_default();
                    add(picker, &files);
                }
            });
            // A file beside the form is no reason to leave the page for it, and what is typed there.
            listen(&document(), "dragover", |event: DragEvent| {
                if files_of(&event).is_some() && !event.default_prevented() {
                    event.prevent_default();
                    if let Some(data) = event.data_transfer() {
                        data.set_drop_effect("none");
                    }
                }
            });
            listen(&document(), "drop", |event: DragEvent| {
                if files_of(&event).is_some() {
                    event.prevent_default();
                }
            });
            listen(&form, "paste", move |event: ClipboardEvent| {
                // What has words as well, such as cells of a table, comes with a picture of them.
                let data = event
                    .clipboard_data()
                    .filter(|data| !has(data, "text/plain"));
                let files = data.and_then(|data| data.files());
                if let Some(files) = files.filter(|files| files.length() > 0) {
                    event.prevent_default();
                    add(picker, &files);
                }
            });
            listen(&form, "submit", move |event: Event| {
                if !may_go(picker) {
                    event.prevent_default();
                    // The form does not go yet, and must not say so.
                    event.stop_propagation();
                }
            });
            let waiting = form.clone();
            // When the last file is there, what was sent off goes.
            Effect::new(move |_| {
                let all_there = picker
                    .items
                    .get()
                    .iter()
                    .all(|item| matches!(item.progress.get(), Progress::There(_)));
                if all_there && picker.waits.get() {
                    picker.waits.set(false);
                    let _ = waiting.request_submit();
                }
            });
        });
    }

    /// Are all files there? Says what is missing when not.
    fn may_go(picker: Picker) -> bool {
        let items = picker.items.get_untracked();
        let in_state = |is: fn(&Progress) -> bool| {
            let found = items.iter().find(|item| is(&item.progress.get_untracked()));
            found.map(|item| item.name.clone())
        };
        if let Some(name) = in_state(|progress| matches!(progress, Progress::Failed { .. })) {
            picker.waits.set(false);
            picker.said.set(format!(
                "{name} is not attached. Try again or remove it, then send."
            ));
            return false;
        }
        if in_state(|progress| matches!(progress, Progress::Going(_))).is_some() {
            picker.waits.set(true);
            picker
                .said
                .set("This will be sent as soon as the files are there.".to_owned());
            return false;
        }
        true
    }

    pub fn picked(picker: Picker, event: &Event) {
        let Some(input) = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        else {
            return;
        };
        if let Some(files) = input.files() {
            add(picker, &files);
            // Or the form would send them once more.
            input.set_value("");
        }
    }

    /// "Remove" of a file that the page came with: nothing else on the page is to change for it.
    pub fn clicked(picker: Picker, event: &MouseEvent) {
        let button = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest("button[name=remove]").ok()?)
            .and_then(|button| button.dyn_into::<HtmlButtonElement>().ok());
        let Some(button) = button else { return };
        event.prevent_default();
        remove_there(picker, &button, &button.value());
        if let Ok(Some(row)) = button.closest("li") {
            let size = row.get_attribute("data-size");
            let size = size.and_then(|size| size.parse().ok()).unwrap_or(0);
            picker.kept.update(|(bytes, count)| {
                *bytes = bytes.saturating_sub(size);
                *count = count.saturating_sub(1);
            });
            row.remove();
        }
        picker.said.set("Removed.".to_owned());
    }

    pub fn remove(picker: Picker, key: u32, event: &MouseEvent) {
        let Some(item) = forget(picker, key) else {
            return;
        };
        let button = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let (Progress::There(id), Some(button)) = (item.progress.get_untracked(), button) {
            remove_there(picker, &button, &id);
        }
        picker.said.set(format!("{} removed.", item.name));
        start(picker);
    }

    /// Takes a file out of the list, and ends what is underway for it.
    fn forget(picker: Picker, key: u32) -> Option<Item> {
        let handle = HANDLES.with_borrow_mut(|handles| handles.remove(&key));
        if let Some(request) = handle.and_then(|handle| handle.request) {
            let _ = request.abort();
        }
        let removed = picker.items.try_update(|items| {
            let at = items.iter().position(|item| item.key == key)?;
            Some(items.remove(at))
        });
        removed.flatten()
    }

    pub fn retry(picker: Picker, key: u32) {
        let items = picker.items.get_untracked();
        if let Some(item) = items.iter().find(|item| item.key == key) {
            item.progress.set(Progress::Going(0));
            start(picker);
        }
    }

    fn add(picker: Picker, files: &FileList) {
        for index in 0..files.length() {
            let Some(file) = files.get(index) else {
                continue;
            };
            let (name, size) = (file.name(), file.size() as u64);
            let progress = match problem_with(picker, &name, size) {
                None => Progress::Going(0),
                Some(problem) => {
                    let words = problem.words(picker.limit);
                    picker.said.set(format!("{name}: {words}"));
                    Progress::Failed {
                        words,
                        again: false,
                    }
                }
            };
            let key = HANDLES.with_borrow_mut(|handles| {
                let key = handles.last_key_value().map_or(0, |(key, _)| key + 1);
                let request = None;
                handles.insert(key, Handle { file, request });
                key
            });
            let progress = RwSignal::new(progress);
            picker.items.update(|items| {
                items.push(Item {
                    key,
                    name,
                    size,
                    progress,
                });
            });
        }
        start(picker);
    }

    fn problem_with(picker: Picker, name: &str, size: u64) -> Option<FileProblem> {
        let items = picker.items.get_untracked();
        let going = items
            .iter()
            .filter(|item| !matches!(item.progress.get_untracked(), Progress::Failed { .. }));
        let (mut bytes, mut count) = picker.kept.get_untracked();
        for item in going {
            bytes += item.size;
            count += 1;
        }
        match file_rules::problem_with(name, size) {
            None if count >= file_rules::MAX_FILES => Some(FileProblem::TooMany),
            None if bytes.saturating_add(size) > picker.limit => Some(FileProblem::TooLarge),
            problem => problem,
        }
    }

    /// Takes a file back from the server, also out of what waits there of its form, as the button does without scripts. Nobody waits
    /// for it: one that stays behind is removed after a day.
    fn remove_there(picker: Picker, in_form: &Element, id: &str) {
        let removing = || -> Result<(), JsValue> {
            let fields = UrlSearchParams::new()?;
            fields.append("remove", id);
            if let Some(form) = form_of(in_form) {
                let typed = FormData::new_with_form(&form)?;
                for name in TYPED {
                    if let Some(value) = typed.get(name).as_string() {
                        fields.append(name, &value);
                    }
                }
            }
            let request = XmlHttpRequest::new()?;
            request.open("POST", &picker.remove_at.get_value())?;
            // No page is wanted.
            request.set_request_header("Accept", "application/json")?;
            request.send_with_opt_url_search_params(Some(&fields))
        };
        let _ = removing();
    }

    fn form_of(around: &Element) -> Option<HtmlFormElement> {
        around.closest("form").ok()??.dyn_into().ok()
    }

    fn files_of(event: &DragEvent) -> Option<FileList> {
        let data = event.data_transfer()?;
        has(&data, "Files").then(|| data.files())?
    }

    fn has(data: &DataTransfer, kind: &str) -> bool {
        data.types().includes(&kind.into(), 0)
    }

    fn listen<E: JsCast + 'static>(target: &EventTarget, name: &str, react: impl Fn(E) + 'static) {
        let react =
            Closure::<dyn Fn(Event)>::new(move |event: Event| react(event.unchecked_into()));
        let listener = react.into_js_value();
        let _ = target.add_event_listener_with_callback(name, listener.unchecked_ref());
    }

    /// Sends as many of this form's as may go at once.
    fn start(picker: Picker) {
        for item in picker.items.get_untracked() {
            let is_waiting = matches!(item.progress.get_untracked(), Progress::Going(_));
            let underway = HANDLES.with_borrow(|handles| {
                let items = picker.items.get_untracked();
                let own = items.iter().filter_map(|item| handles.get(&item.key));
                own.filter(|handle| handle.request.is_some()).count()
            });
            let begun = HANDLES.with_borrow(|handles| {
                handles
                    .get(&item.key)
                    .is_none_or(|handle| handle.request.is_some())
            });
            if is_waiting && !begun && underway < AT_ONCE && send(picker, &item).is_err() {
                fail(picker, &item, "it could not be sent".to_owned(), true);
            }
        }
    }

    fn send(picker: Picker, item: &Item) -> Result<(), JsValue> {
        let file = HANDLES.with_borrow(|handles| handles.get(&item.key).map(|it| it.file.clone()));
        let file = file.ok_or(JsValue::NULL)?;
        let submission = picker.submission.get_value();
        let form = FormData::new()?;
        form.append_with_str("submission", &submission)?;
        form.append_with_blob_and_filename("file", &file, &item.name)?;
        let request = XmlHttpRequest::new()?;
        request.open("POST", &picker.upload_to.get_value())?;

        let progress = item.progress;
        let moved = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            let percent = event.loaded() / event.total().max(1.0) * 100.0;
            progress.set(Progress::Going(percent as u32));
        });
        request
            .upload()?
            .set_onprogress(Some(moved.into_js_value().unchecked_ref()));
        let (ended, of_item) = (request.clone(), item.clone());
        let end = Closure::once_into_js(move || end(picker, &of_item, &ended));
        request.set_onloadend(Some(end.unchecked_ref()));
        request.send_with_opt_form_data(Some(&form))?;
        HANDLES.with_borrow_mut(|handles| {
            if let Some(handle) = handles.get_mut(&item.key) {
                handle.request = Some(request);
            }
        });
        Ok(())
    }

    fn end(picker: Picker, item: &Item, request: &XmlHttpRequest) {
        // Cancelled by the person: the row is gone.
        let is_here = HANDLES.with_borrow_mut(|handles| {
            let handle = handles.get_mut(&item.key);
            handle.map(|handle| handle.request = None).is_some()
        });
        if !is_here {
            return;
        }
        let answer = request.response_text().ok().flatten().unwrap_or_default();
        let field = |name: &str| {
            let answer = js_sys::JSON::parse(&answer).ok()?;
            js_sys::Reflect::get(&answer, &name.into())
                .ok()?
                .as_string()
        };
        match (request.status(), field("id")) {
            (Ok(200), Some(id)) if is_listed(picker, &id) => {
                // The same file once more: the server keeps one of them.
                forget(picker, item.key);
                picker
                    .said
                    .set(format!("{} is attached already.", item.name));
            }
            (Ok(200), Some(id)) => {
                item.progress.set(Progress::There(id));
                say_when_done(picker);
            }
            (Ok(422), _) => {
                let words = field("words").unwrap_or_default();
                fail(picker, item, words, true);
            }
            (Ok(401), _) => fail(
                picker,
                item,
                "you are no longer signed in; your text stays here, sign in again in another tab"
                    .to_owned(),
                true,
            ),
            _ => fail(
                picker,
                item,
                "it did not arrive; look at your connection and try again".to_owned(),
                true,
            ),
        }
        start(picker);
    }

    /// Is this file in the list, or among those that the page came with?
    fn is_listed(picker: Picker, id: &str) -> bool {
        let items = picker.items.get_untracked();
        let is_it = |item: &Item| matches!(item.progress.get_untracked(), Progress::There(there) if there == id);
        let came_with_the_page = format!("button[name=remove][value='{id}']");
        items.iter().any(is_it)
            || document()
                .query_selector(&came_with_the_page)
                .is_ok_and(|found| found.is_some())
    }

    fn fail(picker: Picker, item: &Item, words: String, again: bool) {
        picker.waits.set(false);
        picker.said.set(format!("{}: {words}", item.name));
        item.progress.set(Progress::Failed { words, again });
    }

    /// Once for all of them: who listens is not told of each.
    fn say_when_done(picker: Picker) {
        let items = picker.items.get_untracked();
        let is_there = |item: &Item| matches!(item.progress.get_untracked(), Progress::There(_));
        if items.iter().all(is_there) {
            let words = match items.len() {
                1 => "The file is attached.".to_owned(),
                many => format!("All {many} files are attached."),
            };
            picker.said.set(words);
        }
    }
}

/// On the server the handlers are only named.
#[cfg(not(feature = "hydrate"))]
mod behaviour {
    use leptos::{
        ev::{Event, MouseEvent},
        html::Div,
        prelude::*,
    };

    use super::Picker;

    pub fn begin(_: Picker, _: NodeRef<Div>) {}

    pub fn picked(_: Picker, _: &Event) {}

    pub fn clicked(_: Picker, _: &MouseEvent) {}

    pub fn remove(_: Picker, _: u32, _: &MouseEvent) {}

    pub fn retry(_: Picker, _: u32) {}
}

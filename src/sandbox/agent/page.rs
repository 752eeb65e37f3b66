//! The agents' pages as HTML.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Filter, Visit, html::Html};
use crate::model::human_size;
use crate::sandbox::{
    enums::ThreadStatus,
    records::{Body, Entry, Thread, Who},
    state::{State, WORKSPACE},
};

/// How many threads a list shows; nobody reads more.
const MOST: usize = 200;

/// The threads that the visitor wants to see, the last touched first.
pub fn threads(state: &State, visit: &Visit) -> String {
    let wanted = visit.q.trim().to_lowercase();
    let mut found: Vec<&Arc<Thread>> = state
        .threads
        .iter()
        .filter(|thread| visit.status.lets_through(thread.status))
        .filter(|thread| wanted.is_empty() || words(state, thread).to_lowercase().contains(&wanted))
        .collect();
    found.sort_by_key(|thread| std::cmp::Reverse(thread.updated.at));

    let mut html = start("Threads");
    html.markup("<h1>Threads</h1><nav aria-label=\"Status\"><ul>");
    for filter in Filter::ALL {
        html.markup("<li><a href=\"/?status=")
            .text(filter.name())
            .markup("\"");
        if filter == visit.status {
            html.markup(" aria-current=\"page\"");
        }
        html.markup(">").text(filter.label()).markup("</a></li>");
    }
    html.markup("</ul></nav><form class=\"row\" role=\"search\"><input type=\"hidden\" name=\"status\" value=\"")
        .text(visit.status.name())
        .markup("\"><label>Title, customer or tenant <input type=\"search\" name=\"q\" value=\"")
        .text(&visit.q)
        .markup("\"></label><button>Search</button></form><p class=\"soft\">")
        .text(format_args!("The last {} of {}", found.len().min(MOST), found.len()))
        .markup("</p><ul class=\"threads\">");
    for thread in found.into_iter().take(MOST) {
        html.markup("<li><p><a href=\"/threads/T-")
            .text(thread.number)
            .markup("\">")
            .text(format_args!("T-{} {}", thread.number, thread.title))
            .markup("</a><br><span class=\"soft\">")
            .text(whose(state, thread))
            .markup("</span></p><p class=\"soft\">")
            .text(format_args!(
                "{} · {}",
                status(thread),
                spaced(thread.channel)
            ))
            .markup("<br>")
            .text(time(thread.updated.at))
            .markup("</p></li>");
    }
    html.markup("</ul>");
    end(html)
}

/// One thread with all that happened in it, and what an agent can do. `refused`: why the last thing was not done, and
/// the text that was sent with it.
pub fn thread(
    state: &State,
    thread: &Thread,
    agent: Option<&str>,
    refused: Option<(&str, &str)>,
) -> String {
    let name = format!("T-{} {}", thread.number, thread.title);
    let mut html = start(&name);
    html.markup("<h1>")
        .text(&name)
        .markup("</h1><p class=\"soft\">")
        .text(whose(state, thread))
        .markup("<br>")
        .text(format_args!(
            "{} · {} · {}",
            status(thread),
            spaced(thread.channel),
            priority(thread.priority)
        ))
        .markup("<br>")
        .text(facts(state, thread))
        .markup("</p><ul class=\"timeline\">");
    for entry in &thread.entries {
        self::entry(&mut html, state, entry);
    }
    html.markup("</ul>");
    let waiting = state
        .mail
        .iter()
        .filter(|letter| letter.thread_id == thread.id)
        .count();
    if waiting > 0 {
        html.markup("<p class=\"soft\">")
            .text(format_args!("Replies on their way: {waiting}"))
            .markup("</p>");
    }
    if let Some((why, _)) = refused {
        html.markup("<p role=\"alert\">").text(why).markup("</p>");
    }
    html.markup(
        "<form id=\"act\" method=\"post\" enctype=\"multipart/form-data\" action=\"/threads/T-",
    )
    .text(thread.number)
    .markup("\"><p><label>As <select name=\"agent\">");
    for user in state.users.iter() {
        html.markup("<option value=\"").text(&user.id).markup("\"");
        if agent == Some(user.id.as_str()) {
            html.markup(" selected");
        }
        html.markup(">").text(&user.full_name).markup("</option>");
    }
    // A line end after the tag is not part of the text, so that one at the beginning of the text is.
    html.markup("</select></label></p><fieldset><label for=\"text\">Message</label><textarea id=\"text\" name=\"text\">\n")
        .text(refused.map_or("", |(_, text)| text))
        .markup(
            "</textarea><p><label>Files <input type=\"file\" name=\"files\" multiple></label></p><div class=\"row\">\
             <button class=\"main\" name=\"action\" value=\"reply\">Reply to the customer</button>\
             <button name=\"action\" value=\"note\">Internal note</button></div></fieldset>\
             <div class=\"row\">\
             <button name=\"action\" value=\"waiting\">Waiting for customer</button>\
             <button name=\"action\" value=\"done\">Done</button>\
             <button name=\"action\" value=\"reopen\">Reopen</button>\
             <label>Priority <select name=\"priority\">",
        );
    for number in 0..=3 {
        html.markup("<option value=\"").text(number).markup("\"");
        if number == thread.priority {
            html.markup(" selected");
        }
        html.markup(">").text(priority(number)).markup("</option>");
    }
    html.markup(
        "</select></label><button name=\"action\" value=\"priority\">Set</button></div></form>",
    );
    end(html)
}

/// A page for what is not there.
pub fn not_found() -> String {
    let mut html = start("Not found");
    html.markup("<h1>There is no such thread</h1>");
    end(html)
}

fn entry(html: &mut Html, state: &State, entry: &Entry) {
    let (class, what) = match (&entry.body, entry.body.text()) {
        (Body::Note { .. }, _) => ("note", "internal note"),
        (_, None) => ("event", ""),
        (Body::Custom { .. }, _) => ("customer", "form"),
        _ if matches!(entry.actor, Who::Customer(_)) => ("customer", "customer"),
        _ => ("agent", "support"),
    };
    html.markup("<li class=\"")
        .text(class)
        .markup("\"><p><strong>")
        .text(who(state, &entry.actor))
        .markup("</strong> <span class=\"soft\">")
        .text(what)
        .text(" ")
        .text(time(entry.at))
        .markup("</span></p><p class=\"words\">");
    match (&entry.body, entry.body.text()) {
        (_, Some(words)) => html.text(words),
        (Body::Status { from, to }, _) => html.text(format_args!(
            "{} → {}: {}",
            spaced(from.0),
            spaced(to.0),
            spaced(to.1.kind)
        )),
        (Body::Priority { from, to }, _) => {
            html.text(format_args!("{} → {}", priority(*from), priority(*to)))
        }
        (Body::ThreadEvent { event, .. } | Body::CustomerEvent { event, .. }, _) => {
            html.text(&event.title)
        }
        (other, _) => html.text(spaced(other.kind())),
    };
    html.markup("</p>");
    for file in entry.body.attachments() {
        html.markup("<p class=\"file\"><a href=\"/attachments/")
            .text(&file.id)
            .markup("\">")
            .text(&file.file_name)
            .markup("</a> <span class=\"soft\">")
            .text(human_size(u64::try_from(file.bytes).unwrap_or_default()))
            .markup("</span></p>");
    }
    html.markup("</li>");
}

/// Whatever one may search a thread by.
fn words(state: &State, thread: &Thread) -> String {
    let customer = state.customers.get(&thread.customer_id);
    let email = customer.map_or("", |it| it.email.as_str());
    let whose = whose(state, thread);
    format!("T-{} {} {whose} {email}", thread.number, thread.title)
}

/// The customer's name, and the tenant's if the thread has one.
fn whose(state: &State, thread: &Thread) -> String {
    let customer = state.customers.get(&thread.customer_id);
    let tenant = thread
        .tenant_id
        .as_ref()
        .and_then(|id| state.tenants.get(id));
    let names = [
        customer.map(|it| it.full_name.as_str()),
        tenant.map(|it| it.name.as_str()),
    ];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    names.join(" · ")
}

/// Whom the thread is assigned to, its labels and its tier, and where the customer works.
fn facts(state: &State, thread: &Thread) -> String {
    let assignee = match &thread.assigned {
        Some(assigned) => format!("Assigned to {}", who(state, &assigned.by)),
        None => "Not assigned".to_owned(),
    };
    let labels = thread.labels.iter();
    let labels = labels.filter_map(|label| state.label_types.get(&label.label_type_id));
    let labels: Vec<&str> = labels.map(|label| label.name.as_str()).collect();
    let tier = thread.tier_id.as_ref().and_then(|id| state.tiers.get(id));
    let customer = state.customers.get(&thread.customer_id);
    let company_id = customer.and_then(|it| it.company_id.as_ref());
    let company = company_id.and_then(|id| state.companies.get(id));
    let facts = [
        Some(assignee),
        (!labels.is_empty()).then(|| format!("Labels: {}", labels.join(", "))),
        company.map(|it| format!("Company: {}", it.name)),
        tier.map(|it| format!("Tier: {}", it.name)),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn who(state: &State, who: &Who) -> String {
    let name = match who {
        Who::User(id) => state.users.get(id).map(|it| &it.full_name),
        Who::Customer(id) => state.customers.get(id).map(|it| &it.full_name),
        Who::MachineUser(_) => Some(&state.machine_user.full_name),
        Who::DeletedCustomer(_) => return "Deleted customer".to_owned(),
        Who::System => None,
    };
    name.map_or_else(|| "Plain".to_owned(), Clone::clone)
}

fn status(thread: &Thread) -> String {
    format!("{}: {}", spaced(thread.status), spaced(thread.detail.kind))
}

/// The name of an enum's member in words: `WaitingForCustomer` is "Waiting for customer".
fn spaced(member: impl std::fmt::Debug) -> String {
    let mut words = String::new();
    for letter in format!("{member:?}").chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}

fn priority(number: i32) -> &'static str {
    match number {
        0 => "Urgent",
        1 => "High",
        2 => "Normal",
        _ => "Low",
    }
}

fn time(at: Timestamp) -> impl std::fmt::Display {
    at.strftime("%Y-%m-%d %H:%M UTC")
}

fn start(title: &str) -> Html {
    let mut html = Html::default();
    html.markup(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"data:,\"><title>",
    )
    .text(title)
    .text(" · Support team")
    .markup("</title><style>")
    .markup(include_str!("agent.css"))
    .markup("</style></head><body><header><a href=\"/\">Support team</a><p>")
    .text(WORKSPACE)
    .markup(", in the sandbox: here you answer as an agent would in Plain.</p></header><main>");
    html
}

fn end(mut html: Html) -> String {
    html.markup(
        "</main><footer class=\"soft\">The sandbox's <a href=\"/sandbox/faults\">faults</a> and \
         <a href=\"/sandbox/behaviour\">behaviour</a>.</footer></body></html>",
    );
    html.finish()
}

impl Filter {
    fn lets_through(self, status: ThreadStatus) -> bool {
        match self {
            Self::Todo => status == ThreadStatus::Todo,
            Self::Snoozed => status == ThreadStatus::Snoozed,
            Self::Done => status == ThreadStatus::Done,
            Self::All => true,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Todo => "To do",
            Self::Snoozed => "Snoozed",
            Self::Done => "Done",
            Self::All => "All",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Snoozed => "snoozed",
            Self::Done => "done",
            Self::All => "all",
        }
    }
}

//! Whatever Plain, or something in between, answers: an error or data, and of a request's data a page that is harmless.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plain_portal::{
    content,
    desk::fuzzing::shown,
    model::{Author, Block, Body, Entry, Quoted},
    plain::{
        fuzzing::decode,
        operations::{
            CreateThread, MyPermissions, SearchThreads, ThreadById, ThreadPageById, Threads,
            UpsertCustomer,
        },
    },
};

#[path = "../../tests/support/markup.rs"]
mod markup;

fuzz_target!(|body: &[u8]| {
    for status in [200, 400, 500] {
        let _ = decode::<Threads>(status, body);
    }
    let _ = decode::<SearchThreads>(200, body);
    let _ = decode::<ThreadById>(200, body);
    let _ = decode::<CreateThread>(200, body);
    let _ = decode::<UpsertCustomer>(200, body);
    let _ = decode::<MyPermissions>(200, body);
    let Ok(page) = decode::<ThreadPageById>(200, body) else {
        return;
    };
    let Some(found) = page.value.thread else {
        return;
    };
    let Ok((thread, entries)) = shown(found) else {
        return;
    };
    one_line(&thread.title);
    one_line(&thread.reference);
    one_line(&thread.asked_by.name);
    for message in entries.into_iter().filter_map(Entry::into_message) {
        if let Author::Customer(person) = &message.author {
            one_line(&person.name);
        }
        words(&message.body);
        if let Some(Quoted::Here(quoted)) = message.mail.and_then(|mail| mail.quoted) {
            words(&quoted);
        }
    }
});

fn words(body: &Body) {
    match body {
        Body::Markdown(text) => harmless(text),
        Body::Plain(_) | Body::Empty | Body::Deleted => {}
        Body::Blocks(blocks) => blocks.iter().for_each(block),
    }
}

fn block(it: &Block) {
    match it {
        Block::Markdown(text, _) => harmless(text),
        Block::Container(blocks) => blocks.iter().for_each(block),
        Block::Row { main, aside } => main.iter().chain(aside).for_each(block),
        Block::Link { label, .. } => assert_eq!(&content::line(label), label),
        _ => {}
    }
}

fn one_line(name: &str) {
    assert!(
        !name.is_empty() && !name.contains(char::is_control),
        "{name:?}"
    );
}

fn harmless(text: &str) {
    markup::assert_harmless(text, &content::markdown(text).into_inner());
}

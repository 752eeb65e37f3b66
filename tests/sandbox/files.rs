//! Files: uploaded by the portal's own client, attached by the API, had again, forgotten.

use std::{io, time::Duration};

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use plain_portal::{
    plain::{
        self, Error, Refusal,
        attachments::{Available, NewFile},
        file_store::{Content, Part},
        operations::{AttachmentType, AttachmentVirusScanResult},
    },
    sandbox::{
        Seed,
        behaviour::VirusScan,
        faults::{Fault, Transfer},
    },
};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::client::Client;

struct Files {
    client: Client,
    plain: plain::Client,
    ada: String,
}

fn file(name: &str, size: usize) -> NewFile<'_> {
    NewFile {
        name,
        size_bytes: size as u64,
        kind: AttachmentType::Chat,
    }
}

fn pieces(
    contents: &'static [u8],
) -> impl futures::Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::iter(
        contents
            .chunks(3)
            .map(|piece| Ok(Bytes::from_static(piece))),
    )
}

impl Files {
    async fn new() -> Self {
        let client = Client::new(Seed::Empty).await;
        let url = client.sandbox.graphql_url().parse().unwrap();
        let ada = client.customer("ada").await;
        Self {
            client,
            plain: plain::Client::new(url, "plainApiKey_test".into()).unwrap(),
            ada,
        }
    }

    async fn upload(&self, name: &str, contents: &'static [u8]) -> Result<String, Error> {
        let file = file(name, contents.len());
        self.plain.upload(&self.ada, &file, pieces(contents)).await
    }

    /// The code with which a chat with these files is refused; empty when it is sent.
    async fn send(&self, thread: &str, ids: &[&str]) -> String {
        let query = "mutation sendCustomerChat($input: SendCustomerChatInput!) { sendCustomerChat(input: $input) {
            chat { attachments { id fileName fileSize { bytes megaBytes } fileExtension type } } error { code } } }";
        let input = json!({ "customerId": self.ada, "threadId": thread, "attachmentIds": ids });
        let done = self.client.data(query, json!({ "input": input })).await;
        let code = done["sendCustomerChat"]["error"]["code"].as_str();
        code.unwrap_or_default().to_owned()
    }

    async fn url(&self, id: &str) -> String {
        match self.plain.download_url(id).await.unwrap() {
            Available::At { url, .. } => url,
            other => panic!("{other:?}"),
        }
    }

    async fn contents(&self, url: &str, part: Option<Part>) -> Result<(Content, Vec<u8>), Error> {
        let mut got = self.plain.download(url, part).await?;
        let mut contents = Vec::new();
        while let Some(piece) = got.body.next().await {
            contents.extend_from_slice(&piece.unwrap());
        }
        Ok((got.content, contents))
    }
}

const WORDS: &[u8] = b"Every lift has a log of its own.";

#[tokio::test]
async fn a_file_is_uploaded_attached_and_had_again() {
    let files = Files::new().await;
    let thread = files.client.new_thread(&files.ada, "CHAT").await;
    let id = files.upload("lift \"4\" – log.txt", WORDS).await.unwrap();
    assert_eq!(files.send(&thread, &[&id]).await, "");
    let timeline = "query thread($id: ID!) { thread(threadId: $id) { timelineEntries(first: 9) { edges { node { id
        entry { ... on ChatEntry { attachments { id fileName fileMimeType type fileSize { bytes } } } } } } } } }";
    let data = files.client.data(timeline, json!({ "id": thread })).await;
    let edges = data["thread"]["timelineEntries"]["edges"]
        .as_array()
        .unwrap();
    let found: Vec<&Value> = edges
        .iter()
        .flat_map(|edge| {
            edge["node"]["entry"]["attachments"]
                .as_array()
                .into_iter()
                .flatten()
        })
        .collect();
    assert_eq!(
        found,
        [
            &json!({ "id": id, "fileName": "lift \"4\" – log.txt", "fileMimeType": "text/plain", "type": "CHAT",
            "fileSize": { "bytes": WORDS.len() } })
        ]
    );
    let url = files.url(&id).await;
    assert_eq!(
        files.contents(&url, None).await.unwrap(),
        (Content::Whole, WORDS.to_vec())
    );
    let whole = Some(WORDS.len() as u64);
    for (part, first, last) in [
        (Part::From(6, Some(9)), 6, 9),
        (Part::From(28, None), 28, 31),
        (Part::Last(4), 28, 31),
    ] {
        let content = Content::Range { first, last, whole };
        let contents = WORDS[first as usize..=last as usize].to_vec();
        assert_eq!(
            files.contents(&url, Some(part)).await.unwrap(),
            (content, contents)
        );
    }
    let beyond = files
        .contents(&url, Some(Part::From(99, None)))
        .await
        .unwrap()
        .0;
    assert_eq!(beyond, Content::Unsatisfiable { whole });

    let entry = data["thread"]["timelineEntries"]["edges"][0]["node"]["id"]
        .as_str()
        .unwrap();
    let placed = files
        .plain
        .timeline_entry(&files.ada, entry)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(placed.thread_id.inner(), thread);
    let nowhere = files.plain.timeline_entry(&files.ada, "t_1").await.unwrap();
    assert!(nowhere.is_none());
}

#[tokio::test]
async fn a_file_has_one_message() {
    let files = Files::new().await;
    let thread = files.client.new_thread(&files.ada, "CHAT").await;
    let bob = files.client.customer("bob").await;
    let theirs = files.client.new_thread(&bob, "CHAT").await;
    let id = files.upload("a.txt", WORDS).await.unwrap();
    let not_uploaded = "attachment_not_uploaded";
    assert_eq!(files.send(&thread, &["att_1"]).await, not_uploaded);
    assert_eq!(files.send(&thread, &[&id, &id]).await, not_uploaded);
    let input = json!({ "customerId": bob, "threadId": theirs, "attachmentIds": [id] });
    let query = "mutation m($input: SendCustomerChatInput!) { sendCustomerChat(input: $input) { error { code } } }";
    let done = files.client.data(query, json!({ "input": input })).await;
    assert_eq!(done["sendCustomerChat"]["error"]["code"], not_uploaded);
    assert_eq!(files.send(&thread, &[&id]).await, "");
    assert_eq!(files.send(&thread, &[&id]).await, not_uploaded);
    let many = vec![id.as_str(); 101];
    assert_eq!(files.send(&thread, &many).await, "input_validation");
}

#[tokio::test]
async fn what_plain_refuses_the_sandbox_refuses() {
    let files = Files::new().await;
    let refused = |refused: Result<String, Error>| match refused {
        Err(Error::Validation { refusal, .. }) => refusal,
        other => panic!("{other:?}"),
    };
    for name in ["setup.exe", "SETUP.MSI", "a.b.vbs"] {
        let refusal = refused(files.upload(name, WORDS).await);
        assert_eq!(refusal, Refusal::AttachmentTypeNotAllowed, "{name}");
    }
    for (kind, most) in [
        (AttachmentType::Email, 6_000_000),
        (AttachmentType::Slack, 50_000_000),
        (AttachmentType::Chat, 100_000_000),
    ] {
        let size_bytes = most + 1;
        let name = "film.mp4";
        let file = NewFile {
            name,
            size_bytes,
            kind,
        };
        let refusal = refused(files.plain.upload(&files.ada, &file, pieces(WORDS)).await);
        assert_eq!(refusal, Refusal::AttachmentTooLarge, "{kind:?}");
    }
    let empty = refused(files.upload("empty.txt", b"").await);
    assert_eq!(empty, Refusal::InvalidInput);
    let nobody = files
        .plain
        .upload("c_1", &file("a.txt", 3), pieces(b"abc"))
        .await;
    assert!(matches!(nobody, Err(Error::NotFound { .. })), "{nobody:?}");
    let nothing = files.plain.download_url("att_1").await;
    assert!(
        matches!(nothing, Err(Error::NotFound { .. })),
        "{nothing:?}"
    );
}

#[tokio::test]
async fn a_file_of_another_length_never_arrives() {
    let files = Files::new().await;
    for said in [WORDS.len() - 1, WORDS.len() + 1] {
        let file = file("a.txt", said);
        let ended = files.plain.upload(&files.ada, &file, pieces(WORDS)).await;
        assert!(
            matches!(ended, Err(Error::FileUnreadable { .. })),
            "{ended:?}"
        );
    }
    let breaks = pieces(WORDS).take(2).chain(stream::once(async {
        Err(io::Error::other("the disk is gone"))
    }));
    let ended = files
        .plain
        .upload(&files.ada, &file("a.txt", WORDS.len()), breaks)
        .await;
    let detail = "the disk is gone".to_owned();
    assert_eq!(ended, Err(Error::FileUnreadable { detail }));
}

#[tokio::test]
async fn addresses_expire_and_files_without_a_message_are_forgotten() {
    let files = Files::new().await;
    let thread = files.client.new_thread(&files.ada, "CHAT").await;
    let hours = |hours: u64| {
        let sandbox = &files.client.sandbox;
        sandbox.behave(|it| it.store_clock_ahead = Duration::from_secs(hours * 3600));
    };
    let kept = files.upload("kept.txt", WORDS).await.unwrap();
    assert_eq!(files.send(&thread, &[&kept]).await, "");
    let lost = files.upload("lost.txt", WORDS).await.unwrap();
    let url = files.url(&kept).await;
    hours(1);
    let expired = files.contents(&url, None).await;
    assert!(
        matches!(expired, Err(Error::FileStoreRefused { .. })),
        "{expired:?}"
    );
    let url = files.url(&lost).await;
    assert!(!url.is_empty());
    hours(25);
    assert_eq!(
        files.send(&thread, &[&lost]).await,
        "attachment_not_uploaded"
    );
    hours(0);
    let url = files.url(&kept).await;
    assert_eq!(files.contents(&url, None).await.unwrap().1, WORDS);
}

#[tokio::test]
async fn the_scanner_speaks_before_the_address() {
    let files = Files::new().await;
    let id = files.upload("a.txt", WORDS).await.unwrap();
    for (said, read) in [
        (VirusScan::Infected, AttachmentVirusScanResult::Infected),
        (VirusScan::Pending, AttachmentVirusScanResult::Pending),
        (VirusScan::Failed, AttachmentVirusScanResult::Failed),
    ] {
        files.client.sandbox.behave(|it| it.virus_scan = Some(said));
        match files.plain.download_url(&id).await.unwrap() {
            Available::Scanned(scanned) => assert_eq!(scanned, read),
            other => panic!("{other:?}"),
        }
    }
    files
        .client
        .sandbox
        .behave(|it| it.virus_scan = Some(VirusScan::Clean));
    files.url(&id).await;
}

#[tokio::test]
async fn the_store_fails_on_command() {
    let files = Files::new().await;
    let id = files.upload("a.txt", WORDS).await.unwrap();
    let url = files.url(&id).await;
    let sandbox = &files.client.sandbox;
    let both = |fault: Fault| sandbox.inject(fault.on_store(None).times(2));
    both(Fault::status(StatusCode::BAD_GATEWAY));
    both(Fault::reset());
    for _ in 0..2 {
        let down = files.contents(&url, None).await;
        assert!(matches!(down, Err(Error::FileStoreAway { .. })), "{down:?}");
        let up = files.upload("b.txt", WORDS).await;
        assert!(matches!(up, Err(Error::FileStoreAway { .. })), "{up:?}");
    }
    sandbox.inject(Fault::cut_off().on_store(Some(Transfer::Download)).times(1));
    let mut got = files.plain.download(&url, None).await.unwrap();
    assert_eq!(got.length, Some(WORDS.len() as u64));
    let mut end = Ok(Bytes::new());
    while let Some(piece) = got.body.next().await {
        end = piece;
    }
    assert!(end.is_err());
    // The API is not concerned.
    sandbox.inject(Fault::status(StatusCode::BAD_GATEWAY).on_store(Some(Transfer::Upload)));
    files.url(&id).await;
    assert_eq!(files.contents(&url, None).await.unwrap().1, WORDS);
    let calls = sandbox.calls();
    assert_eq!(calls.iter().filter(|it| *it == "download").count(), 4);
}

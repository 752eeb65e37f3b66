//! `/files`: the store that keeps files, at addresses that the API names. It knows no API key; an address is enough.
//!
//! It takes a form as Amazon S3 takes one (`POST` with a policy): the fields that came with the address, and the file last. It
//! gives files with ranges (RFC 9110, 14).

use std::{collections::HashMap, io, path::Path, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{
        ConnectInfo, DefaultBodyLimit, Multipart, Path as Named, Request, State as Extract,
        multipart::Field,
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::{fs, io::AsyncWriteExt as _};
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use super::{
    answer::{Interrupt, Interrupted, Reply},
    faults::{Asked, Plan, Transfer, When},
    records::{Attachment, File, Stage},
    service::Service,
    wire::Cut,
};

/// The store's routes.
pub fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/files", post(upload).layer(DefaultBodyLimit::disable()))
        .route("/files/{ticket}", get(download))
}

async fn upload(
    Extract(service): Extract<Arc<Service>>,
    ConnectInfo(connection): ConnectInfo<Cut>,
    form: Multipart,
) -> Response {
    let work = async || {
        let taken = service.take_file(form).await;
        taken.map_or_else(Refused::into_response, |()| {
            StatusCode::NO_CONTENT.into_response()
        })
    };
    let reply = service.transfer(Transfer::Upload, work).await;
    reply.over(&connection)
}

async fn download(
    Extract(service): Extract<Arc<Service>>,
    ConnectInfo(connection): ConnectInfo<Cut>,
    Named(ticket): Named<String>,
    request: Request,
) -> Response {
    let work = async || service.give_file(&ticket, request).await;
    let reply = service.transfer(Transfer::Download, work).await;
    reply.over(&connection)
}

impl Reply {
    fn over(self, connection: &Cut) -> Response {
        match self {
            Self::Response(response) => response,
            Self::Reset => {
                connection.now();
                StatusCode::NO_CONTENT.into_response()
            }
        }
    }
}

/// Why the store does not take or give something: in XML, with a code of S3's.
struct Refused(StatusCode, &'static str, &'static str);

const FORBIDDEN: Refused = Refused(
    StatusCode::FORBIDDEN,
    "AccessDenied",
    "This address is not good, or not any more.",
);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(status, code, message) = self;
        let xml = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
        (status, [(header::CONTENT_TYPE, "application/xml")], xml).into_response()
    }
}

impl From<io::Error> for Refused {
    fn from(_: io::Error) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self(status, "InternalError", "The sandbox's disk fails.")
    }
}

impl Service {
    /// Lets a file pass, with whatever goes wrong.
    async fn transfer(&self, kind: Transfer, work: impl AsyncFnOnce() -> Response) -> Reply {
        self.calls().push(kind.name().to_owned());
        let Plan {
            mut holds,
            mut fault,
            cleared,
        } = self.faults.take(Asked::Store(kind));
        let mut interrupt = Interrupt {
            stopping: self.stopping.clone(),
            cleared,
        };
        let mut work = Some(work);
        let mut answer = None;
        for moment in [When::Before, When::After] {
            if moment == When::After
                && let Some(work) = work.take()
            {
                answer = Some(work().await);
            }
            let here: Vec<_> = holds.extract_if(.., |(when, _)| *when == moment).collect();
            for (_, gate) in here {
                match interrupt.or(gate.stand()).await {
                    Ok(()) => {}
                    Err(Interrupted::Cleared) => {
                        holds.clear();
                        fault = None;
                        break;
                    }
                    Err(Interrupted::Stopping) => return Reply::Reset,
                }
            }
            if let Some(fault) = fault.take_if(|fault| fault.when == moment) {
                return fault.act_on_file(answer, interrupt).await;
            }
        }
        answer.map_or(Reply::Reset, Reply::Response)
    }

    /// Takes a form with a file.
    async fn take_file(&self, mut form: Multipart) -> Result<(), Refused> {
        let broken = Refused(
            StatusCode::BAD_REQUEST,
            "MalformedPOSTRequest",
            "This is no such form.",
        );
        let mut fields: HashMap<String, String> = HashMap::new();
        while let Ok(Some(field)) = form.next_field().await {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                return self.keep(&fields, field).await;
            }
            let Ok(value) = field.text().await else {
                return Err(broken);
            };
            fields.insert(name, value);
        }
        Err(broken)
    }

    /// Keeps a file that was announced, if it is exactly that.
    async fn keep(&self, form: &HashMap<String, String>, field: Field<'_>) -> Result<(), Refused> {
        let said = |name: &str| form.get(name).map_or("", String::as_str);
        let (attachment, path) = {
            let mut state = self.store.lock();
            state.forget_files();
            let file = state.files.table.get(said("key")).cloned();
            let file = file.filter(|file| {
                let mime_type = said("Content-Type") == file.attachment.mime_type;
                mime_type && is_awaited(file, said("x-sandbox-signature"))
            });
            let attachment = file.ok_or(FORBIDDEN)?.attachment.clone();
            let path = state.files.path(&attachment.id)?;
            (attachment, path)
        };
        // Beside, until it is whole.
        let part = path.with_extension("part");
        let written = write(&part, field, &attachment).await;
        if let Err(refused) = written {
            let _ = fs::remove_file(&part).await;
            return Err(refused);
        }
        fs::rename(&part, &path).await?;
        let mut state = self.store.lock();
        let at = state.store_time();
        if let Some(file) = state.files.table.edit(&attachment.id) {
            file.stage = Stage::Uploaded { at };
        }
        Ok(())
    }

    /// Gives the file that an address is for, or the part of it that is asked for.
    async fn give_file(&self, ticket: &str, request: Request) -> Response {
        let found = {
            let mut state = self.store.lock();
            let now = state.store_time();
            let found = state
                .files
                .ticket(ticket, now)
                .map(|file| file.attachment.clone());
            found.map(|attachment| (state.files.path(&attachment.id), attachment))
        };
        let Some((path, attachment)) = found else {
            return FORBIDDEN.into_response();
        };
        match path {
            Ok(path) => serve(&path, &attachment, request).await,
            Err(error) => Refused::from(error).into_response(),
        }
    }

    /// Keeps a file that an agent attaches; returns the attachment's id.
    ///
    /// # Errors
    /// As Plain refuses it, in words.
    pub async fn keep_for_agent(
        &self,
        thread: &super::records::Thread,
        name: &str,
        contents: &[u8],
    ) -> Result<String, String> {
        let (attachment, path) = {
            let mut state = self.store.lock();
            let kind = super::state::kind_for(thread.channel);
            let bytes = i32::try_from(contents.len()).unwrap_or(i32::MAX);
            let announced = state.announce_file(&thread.customer_id, name, bytes, kind);
            let attachment = announced.map_err(|refusal| refusal.message())?.attachment;
            let path = state.files.path(&attachment.id);
            (attachment, path.map_err(|error| error.to_string())?)
        };
        fs::write(&path, contents)
            .await
            .map_err(|error| error.to_string())?;
        let mut state = self.store.lock();
        let at = state.store_time();
        if let Some(file) = state.files.table.edit(&attachment.id) {
            file.stage = Stage::Uploaded { at };
        }
        Ok(attachment.id)
    }
}

impl Transfer {
    /// As it stands among the calls.
    fn name(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Download => "download",
        }
    }
}

fn is_awaited(file: &File, signature: &str) -> bool {
    matches!(&file.stage, Stage::Announced { signature: known, .. } if known == signature)
}

/// Writes a file down that must have exactly the announced size.
async fn write(path: &Path, mut field: Field<'_>, announced: &Attachment) -> Result<(), Refused> {
    let size = u64::try_from(announced.bytes).unwrap_or_default();
    let mut file = fs::File::create(path).await?;
    let mut written = 0;
    loop {
        let piece = match field.chunk().await {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(_) => {
                return Err(Refused(
                    StatusCode::BAD_REQUEST,
                    "IncompleteBody",
                    "The form broke off.",
                ));
            }
        };
        written += piece.len() as u64;
        if written > size {
            let message = "The file is larger than it was said to be.";
            return Err(Refused(StatusCode::BAD_REQUEST, "EntityTooLarge", message));
        }
        file.write_all(&piece).await?;
    }
    if written < size {
        let message = "The file is smaller than it was said to be.";
        return Err(Refused(StatusCode::BAD_REQUEST, "EntityTooSmall", message));
    }
    file.flush().await?;
    Ok(())
}

async fn serve(path: &Path, attachment: &Attachment, request: Request) -> Response {
    if !path.exists()
        && let Err(error) = fs::write(path, sample(attachment)).await
    {
        return Refused::from(error).into_response();
    }
    let served = ServeFile::new(path).oneshot(request).await;
    let mut response = match served {
        Ok(response) => response.map(Body::new),
        Err(error) => match error {},
    };
    if let Ok(kind) = HeaderValue::from_str(&attachment.mime_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}

/// Something of the right size for a file of the seed: a picture is one.
fn sample(attachment: &Attachment) -> Vec<u8> {
    const PICTURE: &[u8] = include_bytes!("seed/route.png");
    let line = format!("{}: a sample of the sandbox\n", attachment.file_name);
    let size = usize::try_from(attachment.bytes).unwrap_or_default();
    match attachment.mime_type.as_str() {
        "image/png" => PICTURE.iter().copied().take(size).collect(),
        _ => line.bytes().cycle().take(size).collect(),
    }
}

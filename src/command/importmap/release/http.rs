//! Requests of the object store library, sent by the HTTP client that everything else here uses: no second one, and no
//! event loop, because a release waits for its answers anyway.

use std::io::ErrorKind;
use std::time::Duration;

use async_trait::async_trait;
use http_body_util::BodyExt as _;
use object_store::client::{
    ClientConfigKey, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
    HttpResponseBody, HttpService,
};
use object_store::{ClientOptions, Result};

/// Makes clients.
#[derive(Debug)]
pub(super) struct Connector;

/// A client; it has no state but open connections.
#[derive(Debug)]
struct Client(ureq::Agent);

/// The store has no conditional requests. It is no failure of the store's, so it is not asked again.
#[derive(Debug, thiserror::Error)]
#[error("the store has no conditional requests")]
pub(super) struct NoConditions;

/// What a store takes in one request.
const LARGEST_OBJECT: u64 = 5 << 30;

/// An answer that does not come at all.
const SILENCE: Duration = Duration::from_secs(30);

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> Result<HttpClient> {
        let allows_http = options.get_config_value(&ClientConfigKey::AllowHttp);
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .https_only(allows_http.as_deref() != Some("true"))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(connect_timeout(options)))
            .timeout_recv_response(Some(SILENCE))
            .timeout_global(Some(Duration::from_mins(10)))
            .max_idle_connections_per_host(super::bucket::WIDTH)
            .user_agent(concat!("esmx-build/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(HttpClient::new(Client(agent.into())))
    }
}

/// Shorter where the library only tries whether a machine of Amazon's has credentials.
fn connect_timeout(options: &ClientOptions) -> Duration {
    let given = options.get_config_value(&ClientConfigKey::ConnectTimeout);
    let seconds = given.and_then(|text| text.strip_suffix('s')?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(10))
}

#[async_trait]
impl HttpService for Client {
    /// Blocks: every request has a thread of its own.
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (head, body) = request.into_parts();
        let is_conditional = ["if-match", "if-none-match"]
            .iter()
            .any(|name| head.headers.contains_key(*name));
        let is_read = matches!(head.method.as_str(), "GET" | "HEAD");
        let sent = if is_read {
            self.0.run(ureq::http::Request::from_parts(head, ()))
        } else {
            let body = body.collect().await?.to_bytes();
            self.0.run(ureq::http::Request::from_parts(head, body.as_ref()))
        };
        let (head, mut body) = sent.map_err(failure)?.into_parts();
        if is_conditional && head.status == ureq::http::StatusCode::NOT_IMPLEMENTED {
            return Err(HttpError::new(HttpErrorKind::Unknown, NoConditions));
        }
        let bytes = body
            .with_config()
            .limit(LARGEST_OBJECT)
            .read_to_vec()
            .map_err(failure)?;
        Ok(HttpResponse::from_parts(head, HttpResponseBody::from(bytes)))
    }
}

/// What may be tried again.
fn failure(error: ureq::Error) -> HttpError {
    let kind = match &error {
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => HttpErrorKind::Connect,
        ureq::Error::Timeout(_) => HttpErrorKind::Timeout,
        ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => HttpErrorKind::Connect,
        ureq::Error::Io(_) | ureq::Error::Protocol(_) => HttpErrorKind::Interrupted,
        _ => HttpErrorKind::Unknown,
    };
    HttpError::new(kind, error)
}

//! An object store with the interface of S3, for tests: `s3s`, which checks signatures as Amazon does, over a directory.
//!
//!     object-store-server DIRECTORY PORT
//!
//! Buckets are the directories of DIRECTORY. The credentials are `tester` and `secret`; everybody may read, as browsers do.
//! The address is told on standard output.

use std::convert::Infallible;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use hyper::Method;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s::{Body, HttpResponse, S3Result, s3_error};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

/// Writing takes credentials, and buckets do not come to be by themselves.
struct PublicToRead {
    directory: PathBuf,
}

#[async_trait::async_trait]
impl S3Access for PublicToRead {
    async fn check(&self, request: &mut S3AccessContext<'_>) -> S3Result<()> {
        let bucket = request.s3_path().get_bucket_name();
        if bucket.is_some_and(|bucket| !self.directory.join(bucket).is_dir()) {
            return Err(s3_error!(NoSuchBucket));
        }
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        if is_read || request.credentials().is_some() {
            return Ok(());
        }
        Err(s3_error!(AccessDenied))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(directory), Some(port)) = (words.next(), words.next()) else {
        return Err("usage: object-store-server DIRECTORY PORT".into());
    };
    let mut builder =
        S3ServiceBuilder::new(FileSystem::new(&directory).map_err(|error| format!("{error:?}"))?);
    builder.set_auth(SimpleAuth::from_single("tester", "secret"));
    builder.set_access(PublicToRead {
        directory: directory.into(),
    });
    let service = builder.build();
    // The directory is first looked at and then written; a store that keeps its promise lets nobody in between.
    let writing = Arc::new(Mutex::new(()));

    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (connection, _) = listener.accept().await?;
        let (service, writing) = (service.clone(), Arc::clone(&writing));
        let answer = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let (service, writing) = (service.clone(), Arc::clone(&writing));
            // It is done to the end even when whoever asked is gone: a store never has half of an object, as this one
            // has when it is stopped between the object and what is known about it.
            let done = tokio::spawn(async move {
                let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
                let _alone = if is_read { None } else { Some(writing.lock().await) };
                service.call(request.map(Body::from)).await
            });
            async move {
                let answer = done.await.ok().and_then(Result::ok);
                Ok::<HttpResponse, Infallible>(answer.unwrap_or_else(|| {
                    let mut broken = HttpResponse::new(Body::empty());
                    *broken.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
                    broken
                }))
            }
        });
        tokio::spawn(async move {
            // Whoever hangs up has heard enough.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(connection), answer)
                .await;
        });
    }
}

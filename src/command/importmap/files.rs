//! The files of a deployment: in a directory, or behind URLs.

mod data_url;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use percent_encoding::percent_decode_str;
use url::Url;

use super::cross_origin::{ALLOW_ORIGIN, CrossOrigin};
use crate::base::to_posix;

/// Where a deployment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The page's URL; files are fetched.
    Url(Url),
    /// The directory that is served at the root of a host.
    Directory(PathBuf),
}

/// A file as a browser would get it.
#[derive(Debug, Clone)]
pub(super) struct Fetched {
    /// After redirects.
    pub url: Url,
    pub bytes: Vec<u8>,
    /// The essence of its MIME type.
    pub mime: String,
    /// Why a browser does not let the page have it, although it arrives.
    pub refusal: Option<String>,
}

/// Files that are served at the root of a host.
pub(super) enum Layer {
    /// Those of a directory.
    Directory(PathBuf),
    /// Those that something else reads, by their path without a slash at its beginning.
    Read(Box<ReadFile>),
}

/// The bytes of a file and its media type, where one is known; nothing where there is no file.
pub(super) type ReadFile = dyn Fn(&str) -> Result<Option<(Vec<u8>, Option<String>)>, String> + Send + Sync;

/// Reads files, each once.
pub(super) struct Files {
    place: Place,
    /// What a place is made of, the first that has a file wins.
    layers: Vec<Layer>,
    agent: ureq::Agent,
    known: Mutex<HashMap<String, Result<Fetched, String>>>,
    /// The URL of a directory, and the files that will be there.
    build: Option<(String, PathBuf)>,
}

/// The host of files in a directory.
const IN_DIRECTORY: &str = "http://deployment.invalid/";

/// Nobody serves a module that is larger.
const LARGEST_FILE: u64 = 64 << 20;

/// How much of a file in a URL is shown.
const LONGEST_SHOWN: usize = 60;

/// How many requests are under way at once.
const SIDE_BY_SIDE: usize = 16;

/// What browsers follow.
const MOST_REDIRECTS: usize = 20;

impl Files {
    pub(super) fn at(place: &Place) -> Self {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(30)))
            .max_idle_connections_per_host(SIDE_BY_SIDE)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("esmx-build/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        let layers = match place {
            Place::Url(_) => Vec::new(),
            Place::Directory(directory) => vec![Layer::Directory(directory.clone())],
        };
        Self {
            place: place.clone(),
            layers,
            agent,
            known: Mutex::default(),
            build: None,
        }
    }

    /// Files that are not live yet, over those at `url`; everything else is as others have seen it.
    pub(super) fn with_build(self, url: &str, directory: &Path, others: &Self) -> Self {
        let known = others.known.lock().map(|known| {
            let outside = known.iter().filter(|(known, _)| !known.starts_with(url));
            outside.map(|(url, file)| (url.clone(), file.clone())).collect()
        });
        Self {
            known: Mutex::new(known.unwrap_or_default()),
            build: Some((url.to_owned(), directory.to_path_buf())),
            ..self
        }
    }

    /// Whether a URL is that of a file that is not live yet.
    pub(super) fn is_of_build(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| self.path_in_build(&url).is_some())
    }

    fn path_in_build(&self, url: &Url) -> Option<PathBuf> {
        let (prefix, directory) = self.build.as_ref()?;
        let below = url.as_str().strip_prefix(prefix.as_str())?;
        let path = path_below(directory, &Url::parse(IN_DIRECTORY).ok()?.join(below).ok()?).ok()?;
        path.is_file().then_some(path)
    }

    /// Layers one over the other, as if all their files were in one directory.
    pub(super) fn of_layers(layers: Vec<Layer>) -> Self {
        Self {
            layers,
            ..Self::at(&Place::Directory(PathBuf::new()))
        }
    }

    /// What the map's addresses are relative to.
    pub(super) fn base(&self) -> Url {
        match &self.place {
            Place::Url(url) => url.clone(),
            Place::Directory(_) => Url::parse(IN_DIRECTORY).expect("the text is a URL"),
        }
    }

    /// The file at a URL, or why there is none.
    pub(super) fn fetch(&self, url: &Url) -> Result<Fetched, String> {
        let mut key = url.clone();
        key.set_fragment(None);
        let known = self
            .known
            .lock()
            .ok()
            .and_then(|known| known.get(key.as_str()).cloned());
        if let Some(known) = known {
            return known;
        }
        let fetched = self.fetch_now(&key);
        if let Ok(mut known) = self.known.lock() {
            known.insert(String::from(key), fetched.clone());
        }
        fetched
    }

    /// Asks for many files at once where each is a request, so that [`fetch`](Self::fetch) has them.
    pub(super) fn fetch_ahead(&self, urls: &[&Url]) {
        let is_asked = matches!(self.place, Place::Url(_))
            || self.layers.iter().any(|layer| matches!(layer, Layer::Read(_)));
        let is_far = |url: &&&Url| is_asked || !url.as_str().starts_with(IN_DIRECTORY);
        let urls: Vec<&&Url> = urls.iter().filter(is_far).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(url) = urls.get(next.fetch_add(1, Ordering::Relaxed)) {
                // What went wrong is told to whoever wants the file.
                let _ = self.fetch(url);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..urls.len().min(SIDE_BY_SIDE) {
                // Without the thread it takes longer.
                let _ = std::thread::Builder::new().spawn_scoped(scope, work);
            }
        });
    }

    fn fetch_now(&self, url: &Url) -> Result<Fetched, String> {
        if let Some(path) = self.path_in_build(url) {
            return read(url, &path);
        }
        match (&self.place, url.scheme()) {
            (_, "file") => {
                let path = url
                    .to_file_path()
                    .map_err(|()| "it is no path of this machine".to_owned())?;
                read(url, &path)
            }
            (Place::Directory(_), "http") if url.as_str().starts_with(IN_DIRECTORY) => self.read_layers(url),
            (_, "http" | "https") => self.get(url),
            (_, "data") => data_url::read(url),
            (_, "node") => Err("it is a module of Node, and a browser has none of these".to_owned()),
            (_, "blob") => Err("such a URL means something only to the page that has made it".to_owned()),
            (_, scheme) => Err(format!("files cannot be fetched from `{scheme}:`")),
        }
    }

    fn read_layers(&self, url: &Url) -> Result<Fetched, String> {
        let mut found = Err("there is no such file".to_owned());
        for layer in &self.layers {
            found = match layer {
                Layer::Directory(directory) => read(url, &path_below(directory, url)?),
                Layer::Read(read) => read_with(read, url),
            };
            if found.is_ok() {
                break;
            }
        }
        found
    }

    /// As a page at the base would. Where files lie in a directory, nobody knows of which origin its pages will be.
    fn get(&self, url: &Url) -> Result<Fetched, String> {
        let mut request = match &self.place {
            Place::Url(page) => Some(CrossOrigin::of_page(page)),
            Place::Directory(_) => None,
        };
        let mut url = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let mut get = self.agent.get(url.as_str());
            if let Some(origin) = request.as_mut().and_then(|request| request.origin_for(&url)) {
                get = get.header("origin", origin);
            }
            let mut response = get.call().map_err(|error| error.to_string())?;
            let header = |name: &str| response.headers().get(name)?.to_str().ok();
            if let Some(request) = &mut request {
                request.answered(&url, header(ALLOW_ORIGIN));
            }
            let location = header("location").filter(|_| response.status().is_redirection());
            if let Some(location) = location {
                let next = url
                    .join(location)
                    .map_err(|error| format!("it leads to `{location}`: {error}"))?;
                if !matches!(next.scheme(), "http" | "https") {
                    return Err(format!("it leads to `{}:`", next.scheme()));
                }
                if let Some(request) = &mut request {
                    request.redirected(&url, &next);
                }
                url = next;
                continue;
            }
            let body = response.body_mut();
            return Ok(Fetched {
                mime: body.mime_type().unwrap_or_default().to_ascii_lowercase(),
                bytes: body
                    .with_config()
                    .limit(LARGEST_FILE)
                    .read_to_vec()
                    .map_err(|error| error.to_string())?,
                url,
                refusal: request.and_then(CrossOrigin::refusal),
            });
        }
        Err("it leads from one URL to the next without an end".to_owned())
    }

    /// A URL as it is in every copy of the deployment: without the host that the page is on.
    pub(super) fn local(&self, url: &str) -> String {
        let origin = self.base().origin().ascii_serialization();
        match url.strip_prefix(&origin).filter(|path| path.starts_with('/')) {
            Some(path) => path.to_owned(),
            None => url.to_owned(),
        }
    }

    /// A URL as people know it: the path of a file of a directory.
    pub(super) fn shown(&self, url: &str) -> String {
        if url.starts_with("data:") && url.chars().count() > LONGEST_SHOWN {
            return url.chars().take(LONGEST_SHOWN).chain(['…']).collect();
        }
        match &self.place {
            Place::Directory(_) => match url.strip_prefix(IN_DIRECTORY) {
                Some(path) => format!("/{path}"),
                None => url.to_owned(),
            },
            Place::Url(_) => url.to_owned(),
        }
    }
}

/// The path of a URL below a directory. A URL has no `..` segments, but escaped slashes could smuggle some in.
fn path_below(directory: &Path, url: &Url) -> Result<PathBuf, String> {
    let mut path = directory.to_path_buf();
    for segment in url.path().split('/').filter(|segment| !segment.is_empty()) {
        let segment = percent_decode_str(segment).decode_utf8_lossy();
        if matches!(&*segment, "." | "..") || segment.contains(['/', '\\', '\0']) {
            return Err("its path leaves the directory".to_owned());
        }
        path.push(&*segment);
    }
    Ok(path)
}

fn read(url: &Url, path: &Path) -> Result<Fetched, String> {
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    })?;
    if !metadata.is_file() {
        return Err("it is a directory".to_owned());
    }
    if metadata.len() > LARGEST_FILE {
        return Err(too_large());
    }
    Ok(Fetched {
        url: url.clone(),
        bytes: std::fs::read(path).map_err(|error| error.to_string())?,
        mime: mime_of(path).to_owned(),
        refusal: None,
    })
}

fn read_with(read: &ReadFile, url: &Url) -> Result<Fetched, String> {
    let path = path_below(Path::new(""), url)?;
    let (bytes, media_type) = read(&to_posix(&path))?.ok_or("there is no such file")?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(too_large());
    }
    let mime = media_type.as_deref().unwrap_or_else(|| mime_of(&path));
    let essence = mime.split(';').next().unwrap_or_default().trim();
    Ok(Fetched {
        url: url.clone(),
        bytes,
        mime: essence.to_ascii_lowercase(),
        refusal: None,
    })
}

fn too_large() -> String {
    format!("it is larger than {} MiB", LARGEST_FILE >> 20)
}

/// What every server makes of an extension.
fn mime_of(path: &Path) -> &'static str {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    match extension {
        "js" | "mjs" => "text/javascript",
        "css" => "text/css",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "html" => "text/html",
        _ => "application/octet-stream",
    }
}

/// The MIME standard's *JavaScript MIME type*: a browser runs a module of no other.
pub(super) fn is_javascript(mime: &str) -> bool {
    const NAMES: [&str; 16] = [
        "application/ecmascript",
        "application/javascript",
        "application/x-ecmascript",
        "application/x-javascript",
        "text/ecmascript",
        "text/javascript",
        "text/javascript1.0",
        "text/javascript1.1",
        "text/javascript1.2",
        "text/javascript1.3",
        "text/javascript1.4",
        "text/javascript1.5",
        "text/jscript",
        "text/livescript",
        "text/x-ecmascript",
        "text/x-javascript",
    ];
    NAMES.contains(&mime)
}

/// The MIME standard's *JSON MIME type*.
pub(super) fn is_json(mime: &str) -> bool {
    matches!(mime, "application/json" | "text/json") || mime.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_url_leaves_the_directory() {
        let below = |text: &str| path_below(Path::new("/srv"), &Url::parse(text).unwrap());
        assert_eq!(below("http://x/a/b%20c.mjs"), Ok(PathBuf::from("/srv/a/b c.mjs")));
        assert_eq!(below("http://x/../../a"), Ok(PathBuf::from("/srv/a")));
        assert!(below("http://x/a%2f..%2f..%2fb").is_err());
        assert!(below("http://x/..%5c..%5cb").is_err());
    }
}

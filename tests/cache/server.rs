//! A server that keeps files, in the ways that servers do and do not.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Sound,
    /// It never answers.
    Silent,
    /// Each answer takes this long.
    Slow(Duration),
    /// It answers with this status.
    Status(u16),
    /// What it gives is something else.
    Wrong,
    /// It breaks off in the middle.
    Broken,
    /// It takes nothing.
    ReadOnly,
    /// It wants a certain header.
    Closed,
}

pub const SECRET: &str = "Bearer of-the-test";

#[derive(Clone)]
pub struct Server {
    port: u16,
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    manner: Manner,
    files: BTreeMap<String, Vec<u8>>,
    requests: BTreeMap<String, usize>,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            shared: Arc::new(Mutex::new(Shared {
                manner: Manner::Sound,
                files: BTreeMap::new(),
                requests: BTreeMap::new(),
            })),
        };
        let accepting = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = accepting.clone();
                thread::spawn(move || server.serve(&stream));
            }
        });
        server
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/builds", self.port)
    }

    pub fn behave(&self, manner: Manner) {
        self.shared.lock().unwrap().manner = manner;
    }

    /// How many requests of a method there were since the last time.
    pub fn take_requests(&self, method: &str) -> usize {
        self.shared.lock().unwrap().requests.remove(method).unwrap_or(0)
    }

    pub fn files(&self) -> Vec<String> {
        self.shared.lock().unwrap().files.keys().cloned().collect()
    }

    fn serve(&self, stream: &TcpStream) {
        let mut reader = BufReader::new(stream);
        let mut writer = stream;
        while let Some((method, path, header, body)) = read_request(&mut reader) {
            let manner = {
                let mut shared = self.shared.lock().unwrap();
                *shared.requests.entry(method.clone()).or_default() += 1;
                shared.manner
            };
            let (status, content) = self.answer(manner, &method, &path, &header, body);
            match manner {
                Manner::Silent => thread::sleep(Duration::from_mins(1)),
                Manner::Slow(time) => thread::sleep(time),
                _ => {}
            }
            let length = content.len();
            let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n\r\n");
            if writer.write_all(head.as_bytes()).is_err() {
                return;
            }
            if method == "HEAD" {
                continue;
            }
            let sent = if manner == Manner::Broken {
                &content[..length / 2]
            } else {
                &content
            };
            if writer.write_all(sent).is_err() || manner == Manner::Broken {
                return;
            }
        }
    }

    fn answer(
        &self,
        manner: Manner,
        method: &str,
        path: &str,
        header: &str,
        body: Vec<u8>,
    ) -> (u16, Vec<u8>) {
        let mut shared = self.shared.lock().unwrap();
        match (manner, method) {
            (Manner::Status(status), _) => (status, Vec::new()),
            (Manner::Closed, _) if !header.contains(&format!("authorization: {SECRET}").to_lowercase()) => {
                (401, Vec::new())
            }
            (Manner::ReadOnly, "PUT") => (403, Vec::new()),
            (_, "PUT") => {
                shared.files.insert(path.to_owned(), body);
                (201, Vec::new())
            }
            _ => match shared.files.get(path) {
                None => (404, b"<html>nothing</html>".to_vec()),
                Some(bytes) if manner == Manner::Wrong => (200, bytes.iter().map(|byte| byte ^ 1).collect()),
                Some(bytes) => (200, bytes.clone()),
            },
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<(String, String, String, Vec<u8>)> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|length| *length > 0)?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut header, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
        if line.trim().is_empty() {
            break;
        }
        let line = line.to_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        header += &line;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((method, path, header, body))
}

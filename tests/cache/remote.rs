//! A server that several machines share.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::modules;
use super::project::{Outcome, Project, outcome, times};
use super::server::{Manner, SECRET, Server};

const FILES: &[(&str, &str)] = &[
    ("package.json", r#"{ "name": "app", "type": "module" }"#),
    (
        "main.ts",
        "import './page.css';\nimport * as part from './part';\nconsole.log(part.value, part.absent);\nimport('./later');\n",
    ),
    ("part.ts", "export const value: number = 1;\n"),
    ("later.ts", "console.log('later');\n"),
    ("page.css", ".page { background: url(./dot.svg) }\n"),
    ("dot.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
];

const WORDS: &[&str] = &["bundle", "main.ts", "--sourcemap"];

/// Longer than anything that waits for a server; what the build itself takes on a busy machine comes on top.
const A_WHILE: Duration = Duration::from_secs(8);

fn at<'a>(words: &[&'a str], url: &'a str) -> Vec<&'a str> {
    [words, &["--remote-cache", url]].concat()
}

/// A machine that has the sources and nothing else builds.
fn on_another_machine(words: &[&str]) -> (Outcome, usize) {
    Project::new("", FILES).warm_made(words)
}

#[test]
fn what_one_machine_builds_another_one_finds() {
    let server = Server::start();
    let url = server.url();
    let words = at(WORDS, &url);
    let first = Project::new("", FILES);
    let (built, made) = first.warm_made(&words);
    assert_eq!(made, 1);
    assert!(built.said.contains("always undefined"), "{}", built.said);
    let is_address = |path: &String| {
        let name = path
            .strip_prefix("/builds/ac/")
            .or_else(|| path.strip_prefix("/builds/cas/"));
        name.is_some_and(|name| name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let files = server.files();
    assert!(files.iter().all(is_address), "{files:?}");
    assert_eq!(files.iter().filter(|path| path.contains("/ac/")).count(), 2);

    server.take_requests("PUT");
    let other = Project::new("", FILES);
    assert_eq!(other.warm_made(&words), (built.clone(), 0));
    assert_eq!(server.take_requests("PUT"), 0);
    server.take_requests("GET");
    fs::remove_dir_all(other.path("dist")).unwrap();
    assert_eq!(other.warm_made(&words), (built, 0));
    assert_eq!(server.take_requests("GET"), 0, "what was fetched once is kept");

    other.write("part.ts", "export const value: number = 2;\n");
    let changed = other.warm(&words);
    assert_eq!(
        changed.files,
        other
            .cold(WORDS)
            .files
            .into_iter()
            .chain(left_over(&changed, &other))
            .collect()
    );
    first.write("part.ts", "export const value: number = 2;\n");
    let (found, made) = first.warm_made(&words);
    assert_eq!(
        (found.said, made),
        (changed.said, 0),
        "two states of one project live side by side"
    );
}

/// What a build does not replace.
fn left_over(outcome: &Outcome, project: &Project) -> Vec<(PathBuf, super::project::Node)> {
    let new = project.cold(WORDS).files;
    let files = outcome.files.iter().filter(|(path, _)| !new.contains_key(*path));
    files.map(|(path, node)| (path.clone(), node.clone())).collect()
}

#[test]
fn modules_of_a_workspace_are_found_one_by_one() {
    let server = Server::start();
    let url = server.url();
    let words = at(modules::WORDS, &url);
    let first = Project::new("modules/host", modules::FILES);
    let built = first.warm(&words);
    let other = Project::new("modules/host", modules::FILES);
    assert_eq!(other.warm_made(&words), (built, 0));
    let third = Project::new("modules/host", modules::FILES);
    third.replace("modules/host/src/client.ts", "own)", "own, 3)");
    let (changed, made) = third.warm_made(&words);
    assert_eq!(made, 3, "only the host is built");
    assert_eq!(changed, third.cold(modules::WORDS));
}

#[test]
fn a_machine_that_only_reads_writes_nothing() {
    let server = Server::start();
    let url = server.url();
    let words = [at(WORDS, &url), vec!["--remote-cache-read-only"]].concat();
    assert_eq!(on_another_machine(&words).1, 1);
    assert_eq!((server.take_requests("PUT"), server.files().len()), (0, 0));
    on_another_machine(&at(WORDS, &url));
    assert_eq!(on_another_machine(&words).1, 0);
}

#[test]
fn variables_and_files_name_the_server_too() {
    let server = Server::start();
    server.behave(Manner::Closed);
    let build = |variables: &[(&str, &str)]| {
        let project = Project::new("", FILES);
        let trace = project.root.parent().unwrap().join("trace.json");
        let mut command = project.command(WORDS);
        command
            .arg("--profile")
            .arg(&trace)
            .envs(variables.iter().copied());
        assert!(outcome(command, &project.root).succeeded);
        times(&trace, "scan")
    };
    let url = server.url();
    let named = ("ESMX_BUILD_REMOTE_CACHE", url.as_str());
    let secret = ("ESMX_BUILD_REMOTE_CACHE_AUTHORIZATION", SECRET);
    assert_eq!(build(&[named]), 1);
    assert_eq!(server.files().len(), 0, "who does not say the secret is refused");
    assert_eq!(build(&[named, secret]), 1);
    assert_eq!(build(&[named, secret]), 0);
    server.behave(Manner::Sound);
    let project = Project::new("", FILES);
    project.write(
        "esmx.config.json",
        &format!(r#"{{ "remoteCache": "{url}", "remoteCacheReadOnly": true }}"#),
    );
    server.take_requests("PUT");
    project.warm(WORDS);
    assert_eq!(
        (server.take_requests("GET") > 0, server.take_requests("PUT")),
        (true, 0)
    );
}

#[test]
fn a_server_in_trouble_breaks_nothing_and_is_left_alone() {
    let server = Server::start();
    let url = server.url();
    on_another_machine(&at(WORDS, &url));
    let manners = [
        Manner::Silent,
        Manner::Slow(Duration::from_millis(400)),
        Manner::Status(500),
        Manner::Status(503),
        Manner::Status(401),
        Manner::Broken,
    ];
    for manner in manners {
        server.behave(manner);
        let project = Project::new("", FILES);
        let expected = project.cold(WORDS);
        let started = Instant::now();
        assert_eq!(project.warm(&at(WORDS, &url)), expected, "{manner:?}");
        assert!(started.elapsed() < A_WHILE, "{manner:?} {:?}", started.elapsed());
        if matches!(manner, Manner::Slow(_)) {
            continue;
        }
        for method in ["GET", "HEAD", "PUT"] {
            server.take_requests(method);
        }
        project.write("part.ts", "export const value: number = 3;\n");
        assert_eq!(
            project.warm(&at(WORDS, &url)).said,
            project.cold(WORDS).said,
            "{manner:?}"
        );
        let asked = ["GET", "HEAD", "PUT"].map(|method| server.take_requests(method));
        assert_eq!(asked, [0; 3], "{manner:?}");
    }
}

#[test]
fn a_server_that_is_not_there_or_takes_nothing_or_gives_something_else_breaks_nothing() {
    let server = Server::start();
    let url = server.url();
    on_another_machine(&at(WORDS, &url));
    for manner in [
        Manner::Wrong,
        Manner::ReadOnly,
        Manner::Status(404),
        Manner::Status(405),
    ] {
        server.behave(manner);
        let project = Project::new("", FILES);
        project.write("part.ts", "export const value: number = 4;\n");
        let expected = project.cold(WORDS);
        assert_eq!(project.warm(&at(WORDS, &url)), expected, "{manner:?}");
        assert_eq!(project.warm_made(&at(WORDS, &url)), (expected, 0), "{manner:?}");
    }
    let project = Project::new("", FILES);
    let started = Instant::now();
    for nowhere in ["http://127.0.0.1:9", "http://cache.invalid"] {
        project.write("part.ts", &format!("export const value = '{nowhere}';\n"));
        let warm = project.warm(&at(WORDS, nowhere));
        assert_eq!(warm.said, project.cold(WORDS).said, "{nowhere}");
    }
    assert!(started.elapsed() < 2 * A_WHILE, "{:?}", started.elapsed());
    let refused = project.warm(&at(WORDS, "cache.internal:80"));
    assert!(
        !refused.succeeded && refused.said.contains("it is no URL of an HTTP server"),
        "{}",
        refused.said
    );
}

/// nginx with its `WebDAV` module, as the documentation of Bazel sets it up. The stage `nginx` of `tests/run.mjs` installs it.
#[test]
#[ignore = "needs nginx; `node tests/run.mjs nginx` installs it"]
fn nginx_with_webdav_is_such_a_server() {
    let nginx = Nginx::start();
    let url = nginx.url();
    let words = at(WORDS, &url);
    let first = Project::new("", FILES);
    let built = first.warm(&words);
    assert!(
        nginx.directory.path().join("cache/cas").is_dir(),
        "files have arrived"
    );
    let other = Project::new("", FILES);
    assert_eq!(other.warm_made(&words), (built, 0));
    let workspace = Project::new("modules/host", modules::FILES);
    let built = workspace.warm(&at(modules::WORDS, &url));
    let again = Project::new("modules/host", modules::FILES);
    let (outcome, made) = again.warm_made(&at(modules::WORDS, &url));
    assert_eq!((outcome, made), (built, 0), "{}", nginx.log());
}

struct Nginx {
    process: Child,
    directory: tempfile::TempDir,
    port: u16,
}

impl Nginx {
    fn start() -> Self {
        let directory = tempfile::TempDir::new().unwrap();
        // Its workers may be somebody else.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let root = directory.path().display();
        let configuration = format!(
            "daemon off;
error_log {root}/error.log;
pid {root}/nginx.pid;
events {{}}
http {{
  access_log {root}/access.log;
  client_body_temp_path {root}/body;
  proxy_temp_path {root}/proxy;
  fastcgi_temp_path {root}/fastcgi;
  uwsgi_temp_path {root}/uwsgi;
  scgi_temp_path {root}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location /cache/ {{
      root {root};
      dav_methods PUT;
      create_full_put_path on;
      client_max_body_size 1G;
    }}
  }}
}}
"
        );
        let file = directory.path().join("nginx.conf");
        fs::write(&file, configuration).unwrap();
        let program = ["/usr/sbin/nginx", "/usr/bin/nginx", "/opt/homebrew/bin/nginx"];
        let program = program.iter().find(|path| std::path::Path::new(path).is_file());
        let process = Command::new(program.expect("nginx is installed"))
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let nginx = Self {
            process,
            directory,
            port,
        };
        let deadline = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "nginx starts");
            thread::sleep(Duration::from_millis(50));
        }
        nginx
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/cache", self.port)
    }

    fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.directory.path().join(name)).unwrap_or_default();
        read("access.log") + &read("error.log")
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its own way to end: the workers end with it.
        let pid = fs::read_to_string(self.directory.path().join("nginx.pid")).unwrap_or_default();
        let _ = Command::new("kill").arg(pid.trim()).status();
        let _ = self.process.wait();
    }
}

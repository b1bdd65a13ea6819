//! The words of `start`.

use std::path::PathBuf;

use clap::Args;

use crate::command::BasePath;

pub(super) const START_EXAMPLES: &str = "\
Examples:
  esmx-build start               Serve the host in the current directory on http://localhost:3000
  esmx-build start apps/host --port 8080 --host 0.0.0.0
                                 Another host, port and address
  esmx-build start --csp         Nothing inline is a script but what the server wrote
  kill -HUP PID                  Take over a new build; requests that began with the old one end with it

The host is built and composed: `esmx-build build -r`, then `esmx-build compose`. `server(esmx)` of its entry.node.ts \
decides how it is served; without one, files are served as files and every other path is the page.";

/// Arguments of `start`.
#[derive(Debug, Args)]
pub(super) struct StartArguments {
    /// Directory of the host, where its package.json is
    #[arg(value_name = "DIR", default_value = ".", value_hint = clap::ValueHint::DirPath)]
    pub directory: PathBuf,
    /// The port; 0 takes any free one [default: what PORT says, else 3000]
    #[arg(long, short, value_name = "PORT")]
    pub port: Option<u16>,
    /// The name or address to listen on [default: what HOST says, else localhost]
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,
    /// What the URLs of all client files start with, such as /docs
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true, value_parser = BasePath::parse)]
    pub base: BasePath,
    /// Send every page with a strict content security policy and a nonce of its own; with directives, those are added or
    /// take the place of its own: --csp="img-src 'self' data:"
    #[arg(
        long,
        value_name = "DIRECTIVES",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        value_parser = parse_directives
    )]
    pub csp: Option<String>,
}

/// Text for one policy: a comma would begin another one, and a line break another header.
fn parse_directives(text: &str) -> Result<String, String> {
    let directives = text
        .split(';')
        .map(str::trim)
        .filter(|directive| !directive.is_empty());
    for directive in directives {
        let name = directive.split_ascii_whitespace().next().unwrap_or_default();
        let is_name = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let is_text = directive
            .bytes()
            .all(|byte| matches!(byte, b' '..=b'~') && byte != b',');
        if !is_name || !is_text {
            return Err(format!(
                "`{directive}` is no directive; write a name and sources, such as img-src 'self' data:, and `;` between them"
            ));
        }
    }
    Ok(text.trim().to_owned())
}

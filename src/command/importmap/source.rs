//! Texts that the command line names: a file, or standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};

/// Where a text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextSource {
    /// A file, its absolute path.
    File(PathBuf),
    /// Standard input, written `-`.
    StandardInput,
}

/// No import map and no set of manifests comes near; what is larger is a mistake or an attack.
const LONGEST_TEXT: u64 = 256 << 20;

impl TextSource {
    /// As messages name it.
    pub fn label(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::StandardInput => "standard input".to_owned(),
        }
    }

    /// The text, decoded as browsers decode it: a byte order mark goes, what is no UTF-8 becomes U+FFFD.
    pub(in crate::command) fn read(&self) -> Result<String, CommandError> {
        let mut bytes = Vec::new();
        let read = match self {
            Self::File(path) => File::open(path).and_then(|file| read_limited(file, &mut bytes)),
            Self::StandardInput => read_limited(io::stdin().lock(), &mut bytes),
        };
        read.map_err(|error| self.unreadable(&error))?;
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    fn unreadable(&self, error: &io::Error) -> CommandError {
        let label = self.label();
        CommandError::Unusable(Box::new(Diagnostic::new(
            Code::Io,
            label.clone(),
            format!("{label} cannot be read: {error}."),
            "Name a file that exists and can be read, or `-` for standard input.",
        )))
    }
}

fn read_limited(stream: impl Read, bytes: &mut Vec<u8>) -> io::Result<()> {
    stream.take(LONGEST_TEXT + 1).read_to_end(bytes)?;
    if bytes.len() as u64 > LONGEST_TEXT {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("it is longer than {} MiB", LONGEST_TEXT >> 20),
        ));
    }
    Ok(())
}

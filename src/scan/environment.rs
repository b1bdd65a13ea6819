//! `import.meta.env`: what code may know of the build. Variables come from `.env` files beside `package.json` and
//! from the environment of the build; only those with a public prefix reach code, because code reaches everybody.
//!
//! Later files win, and the environment wins over all: `.env`, `.env.local`, `.env.[mode]`, `.env.[mode].local`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::define::Define;
use super::dotenv::parse_dotenv;
use crate::base::FileSystem;
use crate::resolve::{Mode, Platform};

/// What names of variables start with that code may see.
pub const PUBLIC_PREFIXES: [&str; 2] = ["PUBLIC_", "VITE_"];

/// The values of `import.meta.env` for one side of one module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    values: Map<String, Value>,
    /// The whole object as text; equal texts are equal environments.
    text: String,
}

impl Environment {
    /// Reads the files in `root_dir`; `process` is the environment of the build.
    pub fn read(
        files: &dyn FileSystem,
        root_dir: &Path,
        mode: Mode,
        platform: Platform,
        process: &BTreeMap<String, String>,
    ) -> Self {
        let mut variables: BTreeMap<String, String> = BTreeMap::new();
        let mode_name = mode.as_str();
        for name in [
            ".env".to_owned(),
            ".env.local".to_owned(),
            format!(".env.{mode_name}"),
            format!(".env.{mode_name}.local"),
        ] {
            if let Ok(bytes) = files.read(&root_dir.join(name)) {
                let known = |name: &str| process.get(name).or_else(|| variables.get(name)).cloned();
                let found = parse_dotenv(&String::from_utf8_lossy(&bytes), &known);
                variables.extend(found);
            }
        }
        variables.extend(process.iter().map(|(name, value)| (name.clone(), value.clone())));
        let mut values: Map<String, Value> = variables
            .into_iter()
            .filter(|(name, _)| PUBLIC_PREFIXES.iter().any(|prefix| name.starts_with(prefix)))
            .map(|(name, value)| (name, Value::String(value)))
            .collect();
        values.insert("MODE".to_owned(), mode_name.into());
        values.insert("PROD".to_owned(), (mode == Mode::Production).into());
        values.insert("DEV".to_owned(), (mode == Mode::Development).into());
        values.insert("SSR".to_owned(), (platform == Platform::Node).into());
        // Which base a page has is only known when it is asked for.
        values.insert("BASE_URL".to_owned(), "/".into());
        values.sort_keys();
        let text = Value::Object(values.clone()).to_string();
        Self { values, text }
    }

    /// Tells environments apart.
    pub fn key(&self) -> &str {
        &self.text
    }

    /// `import.meta.env.NAME` for every name, and the object.
    pub(super) fn defines(&self) -> Vec<Define> {
        let by_name = self.values.iter().filter_map(|(name, value)| {
            Define::new(&format!("import.meta.env.{name}"), &value.to_string()).ok()
        });
        let whole = Define::new("import.meta.env", &self.text).ok();
        by_name.chain(whole).collect()
    }
}

/// Whether a file asks for the environment.
pub(super) fn is_asked_for(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"import.meta").is_some_and(|start| {
        let rest = &bytes[start..];
        memchr::memmem::find(rest, b"env").is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::MemoryFileSystem;

    #[test]
    fn only_public_variables_are_known_and_later_files_win() {
        let mut files = MemoryFileSystem::default();
        files.insert("/m/.env", "PUBLIC_A=1\nSECRET=s\nPUBLIC_B=1\nVITE_C=${SECRET}");
        files.insert("/m/.env.production", "PUBLIC_B=2");
        files.insert("/m/.env.development", "PUBLIC_B=3");
        files.insert("/m/.env.production.local", "PUBLIC_D=4");
        let process = BTreeMap::from([
            ("PUBLIC_D".to_owned(), "5".to_owned()),
            ("PATH".to_owned(), "/bin".to_owned()),
        ]);
        let environment = Environment::read(
            &files,
            Path::new("/m"),
            Mode::Production,
            Platform::Browser,
            &process,
        );
        assert_eq!(
            environment.key(),
            r#"{"BASE_URL":"/","DEV":false,"MODE":"production","PROD":true,"PUBLIC_A":"1","PUBLIC_B":"2","PUBLIC_D":"5","SSR":false,"VITE_C":"s"}"#
        );
    }
}

//! What a tsconfig extends, as TypeScript finds it:
//!
//! ```json
//! { "extends": "./base" }          // ./base, else ./base.json, and never a directory
//! { "extends": "@shop/config" }    // what its package.json exports for `require`, else names as `tsconfig`
//! ```
//!
//! The resolver takes the directory, what is exported for `import`, and knows no `tsconfig` field. It reads the paths of the
//! files instead, where there are any; of all others it says what is wrong.

use std::path::{Path, PathBuf};

use jsonc_parser::ast::{StringLit, Value};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use oxc_resolver::{FileMetadata, FileSystem as _, ResolveOptions, ResolverGeneric};

use super::regular_files::RegularFiles;
use crate::base::normalize;

/// The text of a tsconfig as the resolver must read it, where that is another one.
pub(super) fn spelled_out(files: &RegularFiles, config: &Path, text: &[u8]) -> Option<Vec<u8>> {
    memchr::memmem::find(text, b"\"extends\"")?;
    let text = std::str::from_utf8(text).ok()?;
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()).ok()?;
    let Some(Value::Object(object)) = parsed.value else {
        return None;
    };
    let named: Vec<&StringLit<'_>> = match &object.get("extends")?.value {
        Value::StringLit(one) => vec![one],
        Value::Array(several) => several.elements.iter().filter_map(Value::as_string_lit).collect(),
        _ => return None,
    };
    let mut output = String::with_capacity(text.len());
    let mut from = 0;
    for one in named {
        let Some(file) = extended_file(files, config, &one.value) else {
            continue;
        };
        output.push_str(&text[from..one.start()]);
        output.push_str(&serde_json::to_string(file.to_str()?).ok()?);
        from = one.end();
    }
    (from > 0).then(|| {
        output.push_str(&text[from..]);
        output.into_bytes()
    })
}

fn extended_file(files: &RegularFiles, config: &Path, specifier: &str) -> Option<PathBuf> {
    let directory = config.parent()?;
    let is_file = |path: &Path| files.metadata(path).is_ok_and(FileMetadata::is_file);
    if specifier.starts_with("./") || specifier.starts_with("../") || Path::new(specifier).is_absolute() {
        let path = normalize(&directory.join(specifier));
        let longer = PathBuf::from(format!("{}.json", path.to_str()?));
        return [path, longer].into_iter().find(|path| is_file(path));
    }
    let options = ResolveOptions {
        condition_names: ["node", "require", "types"].map(str::to_owned).into(),
        extensions: vec![".json".to_owned()],
        main_fields: vec!["tsconfig".to_owned()],
        main_files: vec!["tsconfig".to_owned()],
        symlinks: false,
        ..ResolveOptions::default()
    };
    let resolver = ResolverGeneric::new_with_file_system(files.alike(), options);
    let found = resolver.resolve(directory, specifier).ok()?;
    Some(found.path().to_path_buf())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// What a config that extends `specifier` is said to extend, where `files` exist.
    fn extended(specifier: &str, files: &[(&str, &str)]) -> Option<String> {
        let project = tempfile::tempdir().expect("the machine has a temporary directory");
        for (path, text) in files {
            let path = project.path().join(path);
            fs::create_dir_all(path.parent().expect("a file has a directory")).expect("creatable");
            fs::write(path, text).expect("writable");
        }
        let text = format!("{{ /* \"extends\": 1 */ \"extends\": [\"{specifier}\"], }}");
        let config = project.path().join("tsconfig.json");
        let text = spelled_out(&RegularFiles::observed_by(None), &config, text.as_bytes())?;
        let text = String::from_utf8(text).expect("it is text");
        let root = project.path().to_str().expect("it is text");
        let (before, behind) = text.split_once(root)?;
        assert_eq!(before, "{ /* \"extends\": 1 */ \"extends\": [\"");
        behind.strip_suffix("\"], }").map(str::to_owned)
    }

    #[test]
    fn paths_lead_to_files() {
        let files = [("lib/tsconfig.json", "{}"), ("lib.json", "{}"), ("plain", "{}")];
        assert_eq!(extended("./lib", &files).as_deref(), Some("/lib.json"));
        assert_eq!(extended("./lib.json", &files).as_deref(), Some("/lib.json"));
        assert_eq!(extended("./plain", &files).as_deref(), Some("/plain"));
        assert_eq!(extended("./other", &files), None);
    }

    #[test]
    fn packages_say_what_they_are_extended_by() {
        let package = |text| {
            [
                ("node_modules/a/package.json", text),
                ("node_modules/a/one.json", "{}"),
                ("node_modules/a/two.json", "{}"),
                ("node_modules/a/tsconfig.json", "{}"),
            ]
        };
        for (specifier, text, file) in [
            ("a", "{}", Some("tsconfig.json")),
            ("a", r#"{ "tsconfig": "./one.json" }"#, Some("one.json")),
            ("a", r#"{ "tsconfig": "one" }"#, Some("one.json")),
            ("a/two", "{}", Some("two.json")),
            (
                "a",
                r#"{ "exports": { "import": "./one.json", "require": "./two.json" } }"#,
                Some("two.json"),
            ),
            (
                "a/x",
                r#"{ "exports": { "./x": "./one.json" } }"#,
                Some("one.json"),
            ),
            ("b", "{}", None),
        ] {
            let file = file.map(|file| format!("/node_modules/a/{file}"));
            assert_eq!(extended(specifier, &package(text)), file, "{specifier} {text}");
        }
    }
}

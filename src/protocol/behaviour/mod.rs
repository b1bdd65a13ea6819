//! The behaviour file, `entry.node.ts`, read without running it (PROTOCOL §2.3).
//!
//! ```ts
//! export default {
//!     modules: { links: { shared: '../shared/dist' } },   ← read
//!     async devApp(esmx) { … }                            ← nobody's business here
//! } satisfies EsmxOptions;
//! ```
//!
//! What is not written out (a spread, a call, a variable among the values) cannot be known; then `modules` is
//! *opaque*, and whoever asks is told where.

mod find;
mod literal;
mod remove;

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::base::FileSystem;
use crate::diagnostic::{Code, Diagnostic, Location};

pub use literal::{Literal, LiteralValue, Opaque, Property};
pub use remove::without_properties;

/// A behaviour file.
#[derive(Debug, Clone)]
pub struct BehaviourFile {
    /// Where it was found.
    pub path: PathBuf,
    /// Its text, without a byte order mark.
    pub source: String,
    /// What it says about `modules`.
    pub modules: ModulesField,
}

/// The `modules` property of the default export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModulesField {
    /// There is none.
    Absent,
    /// It is written out.
    Written(Literal),
    /// It cannot be known without running the file.
    Opaque(Opaque),
}

/// Both places are in use; the first one wins (§2.3).
const PLACES: [&str; 2] = ["", "src"];
const EXTENSIONS: [&str; 4] = ["ts", "mts", "js", "mjs"];

impl BehaviourFile {
    /// Where the behaviour file of the module in `dir` lies; `None` when it has none.
    pub fn find(files: &dyn FileSystem, dir: &Path) -> Option<PathBuf> {
        PLACES
            .iter()
            .flat_map(|place| EXTENSIONS.map(|extension| (place, extension)))
            .map(|(place, extension)| dir.join(place).join(format!("entry.node.{extension}")))
            .find(|path| files.is_file(path))
    }

    /// Reads the behaviour file of the module in `dir`; `None` when it has none.
    ///
    /// # Errors
    /// When the file cannot be read or parsed. The diagnostic's `module` is left for the caller.
    pub fn read(files: &dyn FileSystem, dir: &Path) -> Result<Option<Self>, Box<Diagnostic>> {
        let Some(path) = Self::find(files, dir) else {
            return Ok(None);
        };
        let bytes = files.read(&path).map_err(|error| {
            Box::new(Diagnostic::new(
                Code::Io,
                "",
                format!("The behaviour file {} cannot be read: {error}.", path.display()),
                "Make it readable for the user who builds.",
            ))
        })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let offset = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            Box::new(
                Diagnostic::new(
                    Code::Syntax,
                    "",
                    "The behaviour file is not UTF-8.",
                    "Save the file as UTF-8.",
                )
                .at(Some(Location::of_range(&path, &text, offset, offset + 1))),
            )
        })?;
        let source = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Self::parse(path, source).map(Some)
    }

    /// The behaviour file whose text is at hand.
    ///
    /// # Errors
    /// When the text is not what the extension of `path` promises.
    pub fn parse(path: PathBuf, source: String) -> Result<Self, Box<Diagnostic>> {
        let modules = find::modules_field(&path, &source)?;
        Ok(Self {
            path,
            source,
            modules,
        })
    }

    /// The place of a byte range.
    pub fn location(&self, range: &Range<usize>) -> Location {
        Location::of_range(&self.path, &self.source, range.start, range.end)
    }

    /// The file's name, for sentences.
    pub fn name(&self) -> String {
        self.path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::MemoryFileSystem;

    fn modules(source: &str) -> ModulesField {
        BehaviourFile::parse("/m/entry.node.ts".into(), source.to_owned())
            .unwrap_or_else(|diagnostic| panic!("{source}: {diagnostic:?}"))
            .modules
    }

    fn is_library(source: &str) -> bool {
        let ModulesField::Written(literal) = modules(source) else {
            panic!("{source}: {:?}", modules(source))
        };
        literal.member("lib").map(|lib| &lib.value.value) == Some(&LiteralValue::Boolean(true))
    }

    #[test]
    fn the_default_export_is_found_in_every_form() {
        for source in [
            "export default { modules: { lib: true } }",
            "export default { modules: { lib: true }, async devApp(esmx) { return import('x'); } } satisfies EsmxOptions;",
            "export default { 'modules': { 'lib': true } } as EsmxOptions",
            "export default <EsmxOptions>({ modules: { lib: true } as const })",
            "const options: EsmxOptions = { modules: { lib: true } }; export default options;",
            "const options = { modules: { lib: true } } satisfies A; export { options as default };",
            "const modules = { lib: true }; export default { modules }",
            "export const modules = { lib: true }; export default defineConfig({ modules: modules })",
            "import type { EsmxOptions } from '@esmx/core';\nexport default defineOptions<EsmxOptions>({ ...base, modules: { lib: true } })",
            "export = { modules: { lib: true } }",
            "export default { modules: { lib: false }, modules: { lib: true } }",
        ] {
            assert!(is_library(source), "{source}");
        }
    }

    #[test]
    fn what_is_not_written_out_is_opaque() {
        for source in [
            "export default { modules: { ...base, lib: true } }",
            "export default { modules: { lib: true }, ...more }",
            "export default { ...base }",
            "export default { modules: { links: { shared: resolve('../shared') } } }",
            "export default { modules: { links: { [name]: '../shared/dist' } } }",
            "export default { modules: { links: { shared: `../${name}/dist` } } }",
            "export default { modules: { exports: ['root:a.ts', ...more] } }",
            "export default { modules: { get lib() { return true } } }",
            "export default { modules: modules() }",
            "export default { get modules() { return {} } }",
            "export default { ['modules']: {} }",
            "export default createOptions({ modules: {} })",
            "export default define(a, { modules: {} })",
            "let options = { modules: {} }; export default options",
            "import options from './options'; export default options",
            "const a = b; const b = a; export default a",
        ] {
            assert!(
                matches!(modules(source), ModulesField::Opaque(_)),
                "{source}: {:?}",
                modules(source)
            );
        }
    }

    #[test]
    fn without_modules_there_is_nothing_to_know() {
        for source in [
            "",
            "export const a = 1",
            "export default { devApp() {} }",
            "export default { modules: undefined }",
            "export default class {}",
            "export default function () {}",
        ] {
            assert_eq!(modules(source), ModulesField::Absent, "{source}");
        }
    }

    #[test]
    fn values_of_other_keys_do_not_matter() {
        assert!(is_library(
            "export default { modules: { lib: true, custom: () => 1, [`x`]() {} } }"
        ));
    }

    #[test]
    fn a_file_that_does_not_parse_is_told_with_its_place() {
        let problem = BehaviourFile::parse(
            "/m/entry.node.ts".into(),
            "export default {\n  modules: {\n".into(),
        )
        .expect_err("not TypeScript");
        assert_eq!(problem.code, Code::Syntax);
        assert_eq!(problem.location.map(|place| place.line), Some(3));
        let types = BehaviourFile::parse("/m/entry.node.js".into(), "export default {} as A".into());
        assert!(types.is_err());
    }

    #[test]
    fn no_text_makes_reading_panic() {
        const GOOD: &str = "const o = { modules: { lib: true, links: { 'a': `b` }, exports: ['x', { n: { client: false } }] } } as A;\nexport default defineConfig(o) satisfies B;";
        for (position, character) in GOOD.char_indices() {
            for replacement in ["", "'", "{", "]", "`", "\\", "\u{fffd}", "...", "(", "\0"] {
                let rest = &GOOD[position + character.len_utf8()..];
                let text = format!("{}{replacement}{rest}", &GOOD[..position]);
                let _ = BehaviourFile::parse("/m/entry.node.ts".into(), text);
            }
            let _ = BehaviourFile::parse("/m/entry.node.ts".into(), GOOD[..position].to_owned());
        }
        for (unit, end) in [
            ("!", "1"),
            ("a?b:", "1"),
            ("1+", "1"),
            ("x.", "y"),
            ("a=>", "1"),
            ("await ", "1"),
        ] {
            for length in [500, 2_000, 65_000, 70_000] {
                let text = format!("export default {}{end}", unit.repeat(length / unit.len()));
                let _ = BehaviourFile::parse("/m/entry.node.ts".into(), text);
            }
        }
        let deep = format!("export default {}", "[".repeat(100_000));
        assert!(BehaviourFile::parse("/m/entry.node.ts".into(), deep).is_err());
    }

    #[test]
    fn the_first_place_wins() {
        let mut files = MemoryFileSystem::default();
        let find = |files: &MemoryFileSystem| BehaviourFile::find(files, Path::new("/m"));
        assert_eq!(find(&files), None);
        for path in [
            "/m/src/entry.node.mjs",
            "/m/src/entry.node.ts",
            "/m/entry.node.js",
        ] {
            files.insert(path, "");
            assert_eq!(find(&files), Some(path.into()));
        }
    }
}

//! Modules whose code is not in their file but follows from it: the URL of an image, the class names of a style
//! sheet.

use std::path::Path;
use std::sync::Arc;

use swc_core::common::{DUMMY_SP, Span};
use swc_core::ecma::visit::{VisitMut, VisitMutWith};

use super::file_use::FileUse;
use super::load::{DeclaredFormat, load_script};
use super::source_kind::SourceKind;
use super::transform::TransformOptions;
use crate::base::content_hash;
use crate::graph::{DeliveredFile, ModuleSyntax, Resource};

/// As long as the hashes of code.
const DIGITS: usize = 8;

/// The syntax of an ES module with this code; its statements only count when their values are used. `source` is
/// what positions in diagnostics refer to.
pub fn load_generated(path: &Path, code: String, source: Arc<str>) -> ModuleSyntax {
    struct WithoutPlace;
    impl VisitMut for WithoutPlace {
        fn visit_mut_span(&mut self, span: &mut Span) {
            *span = DUMMY_SP;
        }
    }
    let options = TransformOptions::default();
    let mut syntax = load_script(
        path,
        code.into(),
        SourceKind::JavaScript,
        DeclaredFormat::EsModule,
        &options,
    )
    .unwrap_or_else(|_| unreachable!("generated code is valid JavaScript"));
    for facts in &mut syntax.statements {
        facts.has_side_effects = false;
    }
    let tree = syntax.tree.here_mut().expect("it was made just now");
    for statement in &mut tree.statements {
        statement.visit_mut_with(&mut WithoutPlace);
    }
    syntax.source = source.into();
    syntax
}

/// A module that is one value: its `default`, and what `require()` gives.
fn load_default(path: &Path, value: &str) -> ModuleSyntax {
    let mut syntax = load_generated(path, format!("export default {value};"), "".into());
    syntax.features.is_required_as_default = true;
    syntax
}

/// A module that is the URL of the file that it delivers.
pub fn load_delivered(path: &Path, file: &Path, bytes: &[u8]) -> ModuleSyntax {
    let mut syntax = load_default(path, &url_of(&own_name(file)));
    syntax.resource = Some(Resource::File(DeliveredFile {
        bytes: bytes.into(),
        hash: content_hash([bytes], DIGITS),
        data_url: None,
    }));
    syntax
}

/// A module that is the URL of a file with a query or a fragment.
pub fn load_place(path: &Path, file: &Path, suffix: &str) -> ModuleSyntax {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    load_default(path, &url_of(&literal(&format!("./{name}{suffix}"))))
}

/// The URL of what a literal names.
fn url_of(specifier: &str) -> String {
    format!("new URL({specifier}, import.meta.url).href")
}

/// A module that is a string.
pub fn load_text(path: &Path, text: &str) -> ModuleSyntax {
    load_default(path, &literal(text))
}

/// A module that is the `data:` URL of a file.
pub fn load_inlined(path: &Path, bytes: &[u8], data_url: String) -> ModuleSyntax {
    let mut syntax = load_text(path, &data_url);
    syntax.resource = Some(Resource::File(DeliveredFile {
        bytes: bytes.into(),
        hash: content_hash([bytes], DIGITS),
        data_url: Some(data_url),
    }));
    syntax
}

/// `?worker`: a constructor of workers that run the file.
pub fn load_worker(path: &Path, file: &Path, wish: FileUse) -> ModuleSyntax {
    let class = if wish == FileUse::SharedWorker {
        "SharedWorker"
    } else {
        "Worker"
    };
    let code = format!(
        "export default function (options) {{
  return new {class}(new URL({}, import.meta.url), {{ type: \"module\", name: options?.name }});
}}",
        own_name(file)
    );
    load_generated(path, code, "".into())
}

/// `?init`: compiles while the bytes arrive where the server names the media type, and from the bytes otherwise.
pub fn load_webassembly(path: &Path, file: &Path) -> ModuleSyntax {
    let code = format!(
        "const instantiate = async (url, imports) => {{
  if (url.protocol === \"file:\") {{
    const files = \"node:fs/promises\";
    const {{ readFile }} = await import(files);
    return WebAssembly.instantiate(await readFile(url), imports);
  }}
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Cannot load ${{url.href}}: ${{response.status}}`);
  const isNamed = response.headers.get(\"Content-Type\")?.startsWith(\"application/wasm\");
  return isNamed
    ? WebAssembly.instantiateStreaming(response, imports)
    : WebAssembly.instantiate(await response.arrayBuffer(), imports);
}};
export default async (imports = {{}}) => (await instantiate(new URL({}, import.meta.url), imports)).instance;",
        own_name(&FileUse::Url.mark(file))
    );
    load_generated(path, code, "".into())
}

/// `with { type: 'css' }`: a sheet that documents and shadow roots adopt.
pub fn load_style_sheet(path: &Path, file: &Path) -> ModuleSyntax {
    let code = format!(
        "import text from {};
const make = () => {{
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}};
export default make();",
        own_name(&FileUse::Inline.mark(file))
    );
    load_generated(path, code, "".into())
}

/// The specifier that leads from a module to the file beside it that it stands for.
fn own_name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    // In a URL it begins a fragment.
    literal(&format!("./{}", name.replace('#', "%23")))
}

/// A string literal. JSON's escapes are JavaScript's.
pub fn literal(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

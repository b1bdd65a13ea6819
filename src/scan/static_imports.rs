//! The static imports of a built file, ours or another builder's: what a page can preload.

use swc_core::common::BytePos;
use swc_core::ecma::ast::{EsVersion, ModuleDecl, ModuleItem};
use swc_core::ecma::parser::{EsSyntax, Parser, StringInput, Syntax, lexer::Lexer};

use super::normalize::text_of;

/// The specifiers of `import` and `export … from` statements in source order, without duplicates; `None` for
/// text that is not an ES module.
pub fn static_imports(source: &str) -> Option<Vec<String>> {
    let end = BytePos(u32::try_from(source.len()).ok()?.checked_add(1)?);
    let input = StringInput::new(source, BytePos(1), end);
    let lexer = Lexer::new(Syntax::Es(EsSyntax::default()), EsVersion::EsNext, input, None);
    let module = Parser::new_from(lexer).parse_module().ok()?;
    let mut specifiers: Vec<String> = Vec::new();
    for item in module.body {
        let specifier = match item {
            ModuleItem::ModuleDecl(ModuleDecl::Import(import)) => Some(import.src),
            ModuleItem::ModuleDecl(ModuleDecl::ExportAll(export)) => Some(export.src),
            ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(export)) => export.src,
            _ => None,
        };
        if let Some(specifier) = specifier {
            let specifier = text_of(&specifier.value).to_string();
            if !specifiers.contains(&specifier) {
                specifiers.push(specifier);
            }
        }
    }
    Some(specifiers)
}

#[cfg(test)]
mod tests {
    use super::static_imports;

    #[test]
    fn only_static_requests_count() {
        let source = "import a from 'x';export*from\"./y.mjs\";import'x';import('z');export{b}from'w'";
        assert_eq!(static_imports(source).unwrap(), ["x", "./y.mjs", "w"]);
        assert_eq!(static_imports("import {"), None);
    }
}

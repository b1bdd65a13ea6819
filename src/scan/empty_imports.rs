//! `import {} from './types'`: to TypeScript it imports no value, so it goes with those that only import types. The tree
//! does not tell it from `import './types'`.

use swc_core::ecma::ast::{ImportDecl, ModuleDecl, ModuleItem, Program};

/// Removes such imports.
pub(super) fn remove(program: &mut Program, source: &str) {
    if let Program::Module(module) = program {
        module.body.retain(|item| {
            !matches!(item, ModuleItem::ModuleDecl(ModuleDecl::Import(import)) if has_empty_braces(import, source))
        });
    }
}

fn has_empty_braces(import: &ImportDecl, source: &str) -> bool {
    let (start, end) = (import.span.lo.0 as usize, import.src.span.lo.0 as usize);
    if !import.specifiers.is_empty() || start == 0 || end < start {
        return false;
    }
    // The first byte of the source is at position 1.
    let Some(clause) = source.get(start - 1..end - 1) else {
        return false;
    };
    let mut rest = clause.strip_prefix("import").unwrap_or_default().trim_start();
    loop {
        let after = match (rest.strip_prefix("//"), rest.strip_prefix("/*")) {
            (Some(comment), _) => comment
                .find(['\n', '\r', '\u{2028}', '\u{2029}'])
                .map(|at| &comment[at..]),
            (_, Some(comment)) => comment.find("*/").map(|at| &comment[at + 2..]),
            _ => return rest.starts_with('{'),
        };
        rest = after.unwrap_or_default().trim_start();
    }
}

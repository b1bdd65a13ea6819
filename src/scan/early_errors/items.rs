//! Import and export declarations: import attributes (ECMA-262 §16.2.2), names that are no text (§16.2.3.1), and where a
//! declaration ends (§12.10).

use rustc_hash::FxHashSet;
use swc_core::atoms::Wtf8Atom;
use swc_core::common::{Span, Spanned as _};
use swc_core::ecma::ast::{
    ExportSpecifier, ImportDecl, ImportSpecifier, Lit, Module, ModuleDecl, ModuleExportName, ModuleItem,
    ObjectLit, Program, PropName,
};

use super::super::syntax_error::SyntaxProblem;
use super::SourceText;

/// Adds what is wrong in `program`.
pub(super) fn find(program: &Program, source: SourceText<'_>, problems: &mut Vec<SyntaxProblem>) {
    let Program::Module(module) = program else { return };
    for declaration in module.body.iter().filter_map(ModuleItem::as_module_decl) {
        check_declaration(declaration, source, problems);
    }
    check_ends(module, source, problems);
}

fn check_declaration(declaration: &ModuleDecl, source: SourceText<'_>, problems: &mut Vec<SyntaxProblem>) {
    match declaration {
        ModuleDecl::Import(import) => {
            check_attributes(import.with.as_deref(), problems);
            check_default_comma(import, source, problems);
            for specifier in &import.specifiers {
                if let ImportSpecifier::Named(named) = specifier {
                    check_name(named.imported.as_ref(), problems);
                }
            }
        }
        ModuleDecl::ExportNamed(export) => {
            check_attributes(export.with.as_deref(), problems);
            for specifier in &export.specifiers {
                match specifier {
                    ExportSpecifier::Named(named) => {
                        check_name(Some(&named.orig), problems);
                        check_name(named.exported.as_ref(), problems);
                    }
                    ExportSpecifier::Namespace(namespace) => check_name(Some(&namespace.name), problems),
                    ExportSpecifier::Default(_) => {}
                }
            }
        }
        ModuleDecl::ExportAll(export) => check_attributes(export.with.as_deref(), problems),
        _ => {}
    }
}

/// A name in quotes must be well-formed Unicode.
fn check_name(name: Option<&ModuleExportName>, problems: &mut Vec<SyntaxProblem>) {
    if let Some(ModuleExportName::Str(text)) = name
        && text.value.as_str().is_none()
    {
        problems.push(SyntaxProblem::new(
            text.span,
            "This name contains half a surrogate pair, which no name can",
            "Write the whole character.",
        ));
    }
}

/// `with { type: 'json' }`: each key once, and strings as values.
fn check_attributes(attributes: Option<&ObjectLit>, problems: &mut Vec<SyntaxProblem>) {
    let mut seen: FxHashSet<Wtf8Atom> = FxHashSet::default();
    for property in attributes.into_iter().flat_map(|attributes| &attributes.props) {
        let pair = property.as_prop().and_then(|property| property.as_key_value());
        let key = pair.and_then(|pair| match &pair.key {
            PropName::Ident(name) => Some(Wtf8Atom::from(&*name.sym)),
            PropName::Str(name) => Some(name.value.clone()),
            _ => None,
        });
        let is_text = pair.is_some_and(|pair| matches!(pair.value.as_lit(), Some(Lit::Str(_))));
        let Some(key) = key.filter(|_| is_text) else {
            problems.push(SyntaxProblem::new(
                property.span(),
                "An import attribute is a name and a string",
                "Write `with { type: 'json' }`.",
            ));
            continue;
        };
        let shown = key.to_string_lossy().into_owned();
        if !seen.insert(key) {
            problems.push(SyntaxProblem::new(
                property.span(),
                format!("The import attribute `{shown}` is given twice"),
                "Remove one of the two.",
            ));
        }
    }
}

/// `import a, from './b'`.
fn check_default_comma(import: &ImportDecl, source: SourceText<'_>, problems: &mut Vec<SyntaxProblem>) {
    if let [ImportSpecifier::Default(default)] = import.specifiers.as_slice() {
        let between = Span::new(default.span.hi, import.src.span.lo);
        let text = source.without_comments(between);
        if text.contains(',') && !text.contains('{') {
            problems.push(SyntaxProblem::new(
                between,
                "Names in braces or `* as name` should follow the comma",
                "Remove the comma.",
            ));
        }
    }
}

/// A declaration that names a file ends with `;` or with its line.
fn check_ends(module: &Module, source: SourceText<'_>, problems: &mut Vec<SyntaxProblem>) {
    for pair in module.body.windows(2) {
        let ends_alone = matches!(
            &pair[0],
            ModuleItem::ModuleDecl(
                ModuleDecl::Import(_) | ModuleDecl::ExportAll(_) | ModuleDecl::ExportNamed(_)
            )
        );
        let (first, second) = (pair[0].span(), pair[1].span());
        if !ends_alone || first.hi > second.lo || source.of(first).trim_end().ends_with(';') {
            continue;
        }
        let between = source.of(Span::new(first.hi, second.lo));
        if !between.contains([';', '\n', '\r', '\u{2028}', '\u{2029}']) {
            problems.push(SyntaxProblem::new(
                second,
                "The statement before this should end here",
                "Write `;` or a line break before this.",
            ));
        }
    }
}

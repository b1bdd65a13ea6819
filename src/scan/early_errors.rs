//! Errors that ECMA-262 wants before a module runs and that the parser lets pass.
//!
//! What the text alone shows is looked for in the tree as parsed, one concern per file of this room. Names declared
//! twice (§14.2.1, §15.1.1, §16.2.1.1) and exports that clash or name nothing (§16.2.1.1) are looked for after
//! all passes: overloads, merged namespaces and types are gone by then, so what is left must obey ECMAScript. Names
//! are resolved there, so two declarations clash exactly when they have one `Id`.

mod blocks;
mod control;
mod digits;
mod escapes;
#[cfg(test)]
mod fixtures;
mod items;
mod literals;
mod names;
mod private_names;
mod regular_expressions;
mod statements;
mod words;

pub(super) use regular_expressions::pattern_problem;

use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::common::{Span, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, CatchClause, ClassDecl, Constructor, Decl, DefaultDecl, ExportSpecifier, FnDecl, Function,
    FunctionBody, Id, Ident, ImportDecl, Module, ModuleDecl, ModuleExportName, ModuleItem, Pat, Program,
    StaticBlock, Stmt, UsingDecl, VarDecl, VarDeclKind,
};
use swc_core::ecma::utils::for_each_binding_ident;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::normalize::byte_range;
use super::syntax_error::SyntaxProblem;

/// What is known of a module before it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    /// Functions at the top are lexical, and there is nothing to return from.
    Module,
    /// The body of a function.
    CommonJs,
}

/// What the resolver has made of functions in blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockFunctions {
    /// Names of their blocks.
    OfBlocks,
    /// Names of the function around, as sloppy code has them; whether they are repeated is known already.
    OfFunctions,
}

/// The text of a file; its first byte is at `BytePos(1)`.
#[derive(Debug, Clone, Copy)]
struct SourceText<'s> {
    text: &'s str,
}

impl<'s> SourceText<'s> {
    fn of(self, span: Span) -> &'s str {
        let (start, end) = byte_range(span);
        self.text.get(start..end).unwrap_or_default()
    }

    /// A comment with a line break counts as one.
    fn without_comments(self, span: Span) -> String {
        let mut rest = self.of(span);
        let mut text = String::new();
        while let Some(start) = rest.find("/*").into_iter().chain(rest.find("//")).min() {
            text.push_str(&rest[..start]);
            let comment = &rest[start..];
            let end = if comment.starts_with("//") {
                comment.find(['\n', '\r', '\u{2028}', '\u{2029}'])
            } else {
                comment[2..].find("*/").map(|end| end + 4)
            };
            let end = end.unwrap_or(comment.len());
            if comment[..end].contains('\n') {
                text.push('\n');
            }
            rest = &comment[end..];
        }
        text.push_str(rest);
        text
    }

    fn line_of(self, span: Span) -> usize {
        let end = (span.lo.0 as usize - 1).min(self.text.len());
        self.text[..end].matches('\n').count() + 1
    }

    fn has_escapes(self) -> bool {
        memchr::memchr(b'\\', self.text.as_bytes()).is_some()
    }
}

/// Everything that the tree as parsed shows to be wrong.
pub(super) fn find_in_source(program: &Program, source: &str, grammar: Grammar) -> Vec<SyntaxProblem> {
    let text = SourceText { text: source };
    let mut problems = Vec::new();
    control::find(program, grammar, &mut problems);
    names::find(program, text, grammar, &mut problems);
    literals::find(program, &mut problems);
    statements::find(program, text, grammar, &mut problems);
    blocks::find(program, text, grammar, &mut problems);
    items::find(program, text, &mut problems);
    if memchr::memchr(b'#', source.as_bytes()).is_some() {
        private_names::find(program, &mut problems);
    }
    escapes::find(program, text, &mut problems);
    problems.sort_by_key(|problem| problem.span.lo);
    problems.dedup_by_key(|problem| problem.span.lo);
    problems
}

/// Everything wrong with the names of `module`, which are resolved.
pub(super) fn find(
    module: &Module,
    source: &str,
    grammar: Grammar,
    block_functions: BlockFunctions,
    unresolved: SyntaxContext,
) -> Vec<SyntaxProblem> {
    let mut declarations = Declarations {
        source,
        grammar,
        block_functions,
        declared: FxHashMap::default(),
        problems: Vec::new(),
    };
    module.visit_with(&mut declarations);
    let mut problems = declarations.problems;
    if grammar == Grammar::Module {
        check_exports(module, unresolved, &mut problems);
    }
    problems.sort_by_key(|problem| problem.span.lo);
    problems
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// May be declared again by its like: `var`, parameters, functions at the top of functions.
    Variable,
    /// `let`, `const`, `class`, imports, functions in blocks and at the top of ES modules.
    Lexical,
}

struct Declarations<'a> {
    source: &'a str,
    grammar: Grammar,
    block_functions: BlockFunctions,
    declared: FxHashMap<Id, (Kind, Span)>,
    problems: Vec<SyntaxProblem>,
}

impl Declarations<'_> {
    fn declare(&mut self, ident: &Ident, kind: Kind) {
        if ident.span.is_dummy() {
            return;
        }
        let Some((first_kind, first)) = self.declared.insert(ident.to_id(), (kind, ident.span)) else {
            return;
        };
        if first == ident.span || first_kind == Kind::Variable && kind == Kind::Variable {
            return;
        }
        let (first, second) = if first.lo < ident.span.lo {
            (first, ident.span)
        } else {
            (ident.span, first)
        };
        let line = SourceText { text: self.source }.line_of(first);
        self.problems.push(SyntaxProblem::new(
            second,
            format!("`{}` is already declared on line {line}", ident.sym),
            "Rename or remove one of the two.",
        ));
    }

    fn declare_pattern(&mut self, pattern: &Pat, kind: Kind) {
        for_each_binding_ident(pattern, |ident| self.declare(&ident.id, kind));
    }

    /// Statements at the top of a function, or of a CommonJS module.
    fn visit_top(&mut self, statements: &[Stmt]) {
        for statement in statements {
            if let Stmt::Decl(Decl::Fn(function)) = statement {
                self.declare(&function.ident, Kind::Variable);
                function.function.visit_with(self);
            } else {
                statement.visit_with(self);
            }
        }
    }
}

impl Visit for Declarations<'_> {
    noop_visit_type!();

    fn visit_module_item(&mut self, node: &ModuleItem) {
        match node {
            ModuleItem::Stmt(statement) if self.grammar == Grammar::CommonJs => {
                self.visit_top(std::slice::from_ref(statement));
            }
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => match &export.decl {
                DefaultDecl::Fn(function) => {
                    if let Some(ident) = &function.ident {
                        self.declare(ident, Kind::Lexical);
                    }
                    function.function.visit_with(self);
                }
                DefaultDecl::Class(class) => {
                    if let Some(ident) = &class.ident {
                        self.declare(ident, Kind::Lexical);
                    }
                    class.class.visit_with(self);
                }
                DefaultDecl::TsInterfaceDecl(_) => {}
            },
            _ => node.visit_children_with(self),
        }
    }

    fn visit_import_decl(&mut self, node: &ImportDecl) {
        for specifier in &node.specifiers {
            self.declare(specifier.local(), Kind::Lexical);
        }
    }

    fn visit_function_body(&mut self, node: &FunctionBody) {
        self.visit_top(&node.stmts);
    }

    fn visit_static_block(&mut self, node: &StaticBlock) {
        self.visit_top(&node.body.stmts);
    }

    fn visit_fn_decl(&mut self, node: &FnDecl) {
        let kind = match self.block_functions {
            BlockFunctions::OfBlocks => Kind::Lexical,
            BlockFunctions::OfFunctions => Kind::Variable,
        };
        self.declare(&node.ident, kind);
        node.function.visit_with(self);
    }

    fn visit_class_decl(&mut self, node: &ClassDecl) {
        self.declare(&node.ident, Kind::Lexical);
        node.class.visit_with(self);
    }

    fn visit_var_decl(&mut self, node: &VarDecl) {
        let kind = if node.kind == VarDeclKind::Var {
            Kind::Variable
        } else {
            Kind::Lexical
        };
        for declarator in &node.decls {
            self.declare_pattern(&declarator.name, kind);
            declarator.visit_children_with(self);
        }
    }

    fn visit_using_decl(&mut self, node: &UsingDecl) {
        for declarator in &node.decls {
            self.declare_pattern(&declarator.name, Kind::Lexical);
            declarator.visit_children_with(self);
        }
    }

    fn visit_function(&mut self, node: &Function) {
        for parameter in &node.params {
            self.declare_pattern(&parameter.pat, Kind::Variable);
        }
        node.visit_children_with(self);
    }

    fn visit_arrow_expr(&mut self, node: &ArrowExpr) {
        for parameter in &node.params {
            self.declare_pattern(parameter, Kind::Variable);
        }
        node.visit_children_with(self);
    }

    fn visit_constructor(&mut self, node: &Constructor) {
        for parameter in node.params.iter().filter_map(|parameter| parameter.as_param()) {
            self.declare_pattern(&parameter.pat, Kind::Variable);
        }
        node.visit_children_with(self);
    }

    fn visit_catch_clause(&mut self, node: &CatchClause) {
        if let Some(parameter) = &node.param {
            self.declare_pattern(parameter, Kind::Variable);
        }
        node.visit_children_with(self);
    }
}

/// Exported names are unique, and what is exported exists.
fn check_exports(module: &Module, unresolved: SyntaxContext, problems: &mut Vec<SyntaxProblem>) {
    let mut names: FxHashMap<Atom, Span> = FxHashMap::default();
    let mut export = |name: Atom, span: Span, problems: &mut Vec<SyntaxProblem>| {
        if names.insert(name.clone(), span).is_some() {
            problems.push(SyntaxProblem::new(
                span,
                format!("This file exports `{name}` twice"),
                "Remove or rename one of the two exports.",
            ));
        }
    };
    for declaration in module.body.iter().filter_map(ModuleItem::as_module_decl) {
        match declaration {
            ModuleDecl::ExportDecl(declaration) => match &declaration.decl {
                Decl::Fn(function) => export(function.ident.sym.clone(), function.ident.span, problems),
                Decl::Class(class) => export(class.ident.sym.clone(), class.ident.span, problems),
                Decl::Var(variables) => {
                    for declarator in &variables.decls {
                        for_each_binding_ident(&declarator.name, |ident| {
                            export(ident.sym.clone(), ident.span, problems);
                        });
                    }
                }
                _ => {}
            },
            ModuleDecl::ExportDefaultDecl(declaration) => {
                export("default".into(), declaration.span, problems);
            }
            ModuleDecl::ExportDefaultExpr(declaration) => {
                export("default".into(), declaration.span, problems);
            }
            ModuleDecl::ExportNamed(declaration) => {
                for specifier in &declaration.specifiers {
                    let (name, local) = match specifier {
                        ExportSpecifier::Named(export) => (
                            export.exported.as_ref().unwrap_or(&export.orig),
                            Some(&export.orig),
                        ),
                        ExportSpecifier::Namespace(namespace) => (&namespace.name, None),
                        ExportSpecifier::Default(_) => continue,
                    };
                    export(name.atom().into_owned(), name.span(), problems);
                    if let Some(ModuleExportName::Ident(local)) = local
                        && declaration.src.is_none()
                        && local.ctxt == unresolved
                    {
                        problems.push(SyntaxProblem::new(
                            local.span,
                            format!("`{}` is exported, but this file declares no such value", local.sym),
                            format!("Declare or import `{}`, write `export type` if it is a type, or remove the export.", local.sym),
                        ));
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{refused, transformed};
    use super::super::transform::TransformOptions;

    fn problem(name: &str, source: &str) -> String {
        let diagnostics = refused(name, source);
        assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
        diagnostics[0].message.clone()
    }

    fn accepted(name: &str, source: &str) {
        transformed(name, source, &TransformOptions::default());
    }

    #[test]
    fn one_scope_declares_a_name_once() {
        for source in [
            "let a;\nconst a = 1;",
            "import a from 'a';\nvar a;",
            "class a {}\nfunction a() {} export {}",
            "function f(a) {\nlet a }",
            "try {} catch (a) {\nlet a }",
            "{ let a;\nclass a {} }",
            "switch (1) { case 1: let a;\ncase 2: let a }",
            "export function a() {}\nfunction a() {}",
        ] {
            let message = problem("/a.js", source);
            assert_eq!(message, "`a` is already declared on line 1", "{source}");
        }
    }

    #[test]
    fn what_may_be_repeated_is_accepted() {
        for source in [
            "var a, a; function a() {} function a() {}",
            "function f(a) { var a; function a() {} { let a } }",
            "try {} catch (a) { var a }",
            "const f = function f() { var f };  class C { static { let C } }",
            "for (let a of b) { let a }",
            "if (a) { function f() {} function f() {} }",
        ] {
            accepted("/a.js", source);
        }
    }

    #[test]
    fn typescript_may_merge_declarations() {
        accepted(
            "/a.ts",
            "export function f(a: string): void; export function f(a: any) {} interface A {} class A {} \
             namespace A { export const b = 1 } enum E { A } enum E { B = 1 } type T = 1; const T = 1; \
             export namespace N { export const a = 1 } export namespace N { export const c = 1 } export { T, A, E };",
        );
    }

    #[test]
    fn exports_are_unique_and_exist() {
        assert_eq!(
            problem("/a.js", "export const a = 1; export { b as a } from 'b';"),
            "This file exports `a` twice"
        );
        assert_eq!(
            problem("/a.js", "export default 1; export default 2;"),
            "This file exports `default` twice"
        );
        assert_eq!(
            problem("/a.js", "export { a };"),
            "`a` is exported, but this file declares no such value"
        );
        accepted(
            "/a.js",
            "export * from 'a'; export * from 'b'; export { c } from 'c'; export { d }; var d;",
        );
    }
}

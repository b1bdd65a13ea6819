//! JSX settings written in the file, and the names that the classic runtime refers to.

use swc_core::atoms::Atom;
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::{BytePos, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, BlockStmt, CatchClause, ClassExpr, Constructor, Decl, FnExpr, ForInStmt, ForOfStmt, ForStmt,
    Function, FunctionBody, Id, Ident, ModuleDecl, ModuleItem, Program, Stmt, SwitchStmt, TsModuleBlock,
    VarDecl, VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::kept_elements::{KEPT_ELEMENT, KEPT_FRAGMENT};
use super::parse::Marks;
use super::transform::{JsxOptions, JsxRuntime};
use super::var_names::var_names;

/// `options` with the file's pragmas applied: `@jsxRuntime`, `@jsxImportSource`, `@jsx`, `@jsxFrag`, in comments before
/// statements of the module; the last counts.
///
/// `@jsx h` alone asks for the classic runtime: with the automatic one it would mean nothing.
pub(super) fn effective(
    options: &JsxOptions,
    program: &Program,
    comments: &SingleThreadedComments,
) -> JsxOptions {
    let mut jsx = options.clone();
    if jsx.runtime == JsxRuntime::Kept {
        // Whoever makes calls of it will read the pragmas.
        KEPT_ELEMENT.clone_into(&mut jsx.factory);
        KEPT_FRAGMENT.clone_into(&mut jsx.fragment_factory);
        return jsx;
    }
    let mut runtime = None;
    for position in comment_positions(program) {
        comments.with_leading(position, |comments| {
            for comment in comments {
                apply_comment(&comment.text, &mut jsx, &mut runtime);
            }
        });
    }
    if let Some(runtime) = runtime {
        jsx.runtime = runtime;
    }
    if !is_factory(&jsx.factory) {
        jsx.factory = JsxOptions::default().factory;
    }
    if !is_factory(&jsx.fragment_factory) {
        jsx.fragment_factory = JsxOptions::default().fragment_factory;
    }
    jsx
}

/// Whether a text can make elements, or stand for fragments: `React.createElement`, `this.h`, `null`.
pub fn is_factory(text: &str) -> bool {
    let behind_this = text.strip_prefix("this.").unwrap_or(text);
    matches!(text, "this" | "null") || is_dotted_name(behind_this)
}

/// Whether a text is `name` or `name.name`.
pub fn is_dotted_name(text: &str) -> bool {
    text.split('.').all(|part| Ident::verify_symbol(part).is_ok())
}

fn comment_positions(program: &Program) -> Vec<BytePos> {
    match program {
        Program::Module(module) => std::iter::once(module.span.lo)
            .chain(module.body.iter().map(|item| item.span().lo))
            .collect(),
        Program::Script(script) => std::iter::once(script.span.lo)
            .chain(script.body.iter().map(|item| item.span().lo))
            .collect(),
    }
}

fn apply_comment(text: &str, jsx: &mut JsxOptions, runtime: &mut Option<JsxRuntime>) {
    let mut classic_names = false;
    let mut explicit_runtime = None;
    for line in text.lines() {
        let line = line.trim_start().trim_start_matches('*').trim_start();
        if !line.starts_with("@jsx") {
            continue;
        }
        let mut words = line.split_whitespace();
        while let (Some(pragma), Some(value)) = (words.next(), words.next()) {
            match (pragma, value) {
                ("@jsxRuntime", "classic") => explicit_runtime = Some(JsxRuntime::Classic),
                ("@jsxRuntime", "automatic") => explicit_runtime = Some(JsxRuntime::Automatic),
                ("@jsxImportSource", source) => {
                    source.clone_into(&mut jsx.import_source);
                    explicit_runtime = explicit_runtime.or(Some(JsxRuntime::Automatic));
                }
                ("@jsx", factory) if is_factory(factory) => {
                    factory.clone_into(&mut jsx.factory);
                    classic_names = true;
                }
                ("@jsxFrag", factory) if is_factory(factory) => {
                    factory.clone_into(&mut jsx.fragment_factory);
                    classic_names = true;
                }
                _ => {}
            }
        }
    }
    *runtime = explicit_runtime
        .or(*runtime)
        .or(classic_names.then_some(JsxRuntime::Classic));
}

/// The classic factory is a plain name in the source: `render(h) { return <p/> }` calls the parameter. The
/// library refers to module level always. References that stand below another binding of the name are
/// bound to that one here.
pub(super) fn bind_factories(program: &mut Program, options: &JsxOptions, marks: Marks) {
    let top_level_context = SyntaxContext::empty().apply_mark(marks.top_level);
    for factory in [&options.factory, &options.fragment_factory] {
        let name: Atom = factory.split('.').next().unwrap_or_default().into();
        let mut finder = NestedBinding {
            name: &name,
            top_level_context,
            found: false,
        };
        program.visit_with(&mut finder);
        if finder.found {
            let mut binder = FactoryBinder {
                name,
                top_level_context,
                scopes: Vec::new(),
            };
            program.visit_mut_with(&mut binder);
        }
    }
}

/// Whether a name occurs with a context that is neither module level nor free.
struct NestedBinding<'a> {
    name: &'a Atom,
    top_level_context: SyntaxContext,
    found: bool,
}

impl Visit for NestedBinding<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        self.found |= node.ctxt != self.top_level_context && node.sym == *self.name;
    }
}

struct FactoryBinder {
    name: Atom,
    top_level_context: SyntaxContext,
    scopes: Vec<SyntaxContext>,
}

impl FactoryBinder {
    fn inside(&mut self, bound: impl IntoIterator<Item = Id>, visit: impl FnOnce(&mut Self)) {
        let binding = bound.into_iter().find(|(name, _)| *name == self.name);
        let depth = self.scopes.len();
        self.scopes.extend(binding.map(|(_, context)| context));
        visit(self);
        self.scopes.truncate(depth);
    }
}

fn variables(body: &FunctionBody) -> Vec<Id> {
    var_names(body).iter().map(Ident::to_id).collect()
}

/// What a list of statements binds in its own block.
fn lexical_ids(statements: &[Stmt]) -> Vec<Id> {
    let declarations = statements.iter().filter_map(Stmt::as_decl);
    declarations.flat_map(declared_ids).collect()
}

/// What a declaration binds in the block around it.
fn declared_ids(declaration: &Decl) -> Vec<Id> {
    match declaration {
        Decl::Fn(function) => vec![function.ident.to_id()],
        Decl::Class(class) => vec![class.ident.to_id()],
        Decl::TsEnum(declaration) => vec![declaration.id.to_id()],
        Decl::TsModule(namespace) => namespace.id.as_ident().map(Ident::to_id).into_iter().collect(),
        Decl::Var(variables) => let_ids(variables),
        Decl::Using(using) => {
            let names = using.decls.iter().map(|declarator| &declarator.name);
            names.flat_map(find_pat_ids::<_, Id>).collect()
        }
        Decl::TsInterface(_) | Decl::TsTypeAlias(_) => Vec::new(),
    }
}

/// What a block of a namespace binds.
fn namespace_ids(block: &TsModuleBlock) -> Vec<Id> {
    let ids = block.body.iter().map(|item| match item {
        ModuleItem::Stmt(Stmt::Decl(Decl::Var(variables))) => find_pat_ids(&variables.decls),
        ModuleItem::Stmt(Stmt::Decl(declaration)) => declared_ids(declaration),
        ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => match &export.decl {
            Decl::Var(variables) => find_pat_ids(&variables.decls),
            declaration => declared_ids(declaration),
        },
        ModuleItem::ModuleDecl(ModuleDecl::TsImportEquals(import)) => vec![import.id.to_id()],
        _ => Vec::new(),
    });
    ids.flatten().collect()
}

fn let_ids(variables: &VarDecl) -> Vec<Id> {
    if variables.kind == VarDeclKind::Var {
        return Vec::new();
    }
    variables
        .decls
        .iter()
        .flat_map(|declarator| find_pat_ids::<_, Id>(&declarator.name))
        .collect()
}

impl VisitMut for FactoryBinder {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, node: &mut Ident) {
        if node.ctxt == self.top_level_context
            && node.sym == self.name
            && let Some(context) = self.scopes.last()
        {
            node.ctxt = *context;
        }
    }

    fn visit_mut_ts_module_block(&mut self, node: &mut TsModuleBlock) {
        self.inside(namespace_ids(node), |binder| node.visit_mut_children_with(binder));
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        let mut ids = Vec::new();
        if let Some(body) = &node.body {
            ids.extend(lexical_ids(&body.stmts));
            ids.extend(variables(body));
        }
        ids.extend(
            node.params
                .iter()
                .flat_map(|parameter| find_pat_ids::<_, Id>(&parameter.pat)),
        );
        self.inside(ids, |binder| node.visit_mut_children_with(binder));
    }

    fn visit_mut_constructor(&mut self, node: &mut Constructor) {
        let mut ids: Vec<Id> = find_pat_ids(&node.params);
        if let Some(body) = &node.body {
            ids.extend(lexical_ids(&body.stmts));
            ids.extend(variables(body));
        }
        self.inside(ids, |binder| node.visit_mut_children_with(binder));
    }

    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        let mut ids: Vec<Id> = find_pat_ids(&node.params);
        if let Some(body) = node.body.as_function_body() {
            ids.extend(lexical_ids(&body.stmts));
            ids.extend(variables(body));
        }
        self.inside(ids, |binder| node.visit_mut_children_with(binder));
    }

    fn visit_mut_fn_expr(&mut self, node: &mut FnExpr) {
        let ids: Vec<Id> = node.ident.iter().map(Ident::to_id).collect();
        self.inside(ids, |binder| node.visit_mut_children_with(binder));
    }

    fn visit_mut_class_expr(&mut self, node: &mut ClassExpr) {
        let ids: Vec<Id> = node.ident.iter().map(Ident::to_id).collect();
        self.inside(ids, |binder| node.visit_mut_children_with(binder));
    }

    fn visit_mut_block_stmt(&mut self, node: &mut BlockStmt) {
        self.inside(lexical_ids(&node.stmts), |binder| {
            node.visit_mut_children_with(binder);
        });
    }

    fn visit_mut_switch_stmt(&mut self, node: &mut SwitchStmt) {
        node.discriminant.visit_mut_with(self);
        let ids: Vec<Id> = node
            .cases
            .iter()
            .flat_map(|case| lexical_ids(&case.cons))
            .collect();
        self.inside(ids, |binder| node.cases.visit_mut_with(binder));
    }

    fn visit_mut_catch_clause(&mut self, node: &mut CatchClause) {
        let ids: Vec<Id> = find_pat_ids(&node.param);
        self.inside(ids, |binder| node.visit_mut_children_with(binder));
    }

    fn visit_mut_for_stmt(&mut self, node: &mut ForStmt) {
        let ids = node
            .init
            .as_ref()
            .and_then(|init| init.as_var_decl())
            .map(|head| let_ids(head));
        self.inside(ids.unwrap_or_default(), |binder| {
            node.visit_mut_children_with(binder);
        });
    }

    fn visit_mut_for_of_stmt(&mut self, node: &mut ForOfStmt) {
        let ids = node.left.as_var_decl().map(|head| let_ids(head));
        self.inside(ids.unwrap_or_default(), |binder| {
            node.visit_mut_children_with(binder);
        });
    }

    fn visit_mut_for_in_stmt(&mut self, node: &mut ForInStmt) {
        let ids = node.left.as_var_decl().map(|head| let_ids(head));
        self.inside(ids.unwrap_or_default(), |binder| {
            node.visit_mut_children_with(binder);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::transformed;
    use super::super::transform::TransformOptions;
    use super::{JsxOptions, JsxRuntime};

    fn automatic(source: &str) -> String {
        transformed("/a.tsx", source, &TransformOptions::default())
    }

    fn classic(source: &str) -> String {
        let jsx = JsxOptions {
            runtime: JsxRuntime::Classic,
            ..JsxOptions::default()
        };
        transformed(
            "/a.tsx",
            source,
            &TransformOptions {
                jsx,
                ..TransformOptions::default()
            },
        )
    }

    #[test]
    fn pragmas_override_the_options() {
        assert!(
            automatic("/** @jsxImportSource vue */\nf(<a/>); export {}").contains("from \"vue/jsx-runtime\"")
        );
        let text = classic("/* @jsxRuntime automatic @jsxImportSource p */\nf(<a/>); export {}");
        assert!(text.contains("from \"p/jsx-runtime\""), "{text}");
        let text = automatic("/** @jsxRuntime classic */\nimport React from 'react'; f(<a/>)");
        assert!(text.contains("React.createElement(\"a\""), "{text}");
        let text = automatic("/** @jsx h\n * @jsxFrag F */\nimport { h, F } from 'p'; f(<><a/></>)");
        assert!(
            text.contains("h(F, null, /*#__PURE__*/ h(\"a\", null))"),
            "{text}"
        );
    }

    #[test]
    fn the_classic_factory_is_the_one_in_scope() {
        let text = automatic(
            "/** @jsx h */\nimport { h } from 'p'; export const a = (h) => { if (b) { const h = 1; f(<i/>) } return <u/> }, c = <s/>;",
        );
        assert!(text.contains("import { h } from 'p'"), "{text}");
        // `prove_identifiers` has checked that the two inner calls mean the inner bindings.
        assert_eq!(text.matches("h(\"").count(), 3);
        assert!(
            automatic("/** @jsx h */\nexport const a = <p/>;").contains("h(\"p\""),
            "a global"
        );
    }

    #[test]
    fn the_automatic_runtime_needs_no_import_and_classic_keeps_its_own() {
        assert!(!automatic("import React from 'react'; f(<a/>); export {}").contains("'react'"));
        assert!(classic("import React from 'react'; f(<a/>);").contains("import React from 'react'"));
    }

    #[test]
    fn a_commonjs_file_requires_the_runtime() {
        let text = transformed("/a.js", "module.exports = <a/>", &TransformOptions::default());
        assert!(
            text.starts_with("const { jsx: _jsx } = require(\"react/jsx-runtime\");"),
            "{text}"
        );
    }
}

//! `@__PURE__` and `@__NO_SIDE_EFFECTS__`, also written with `#`.

use rustc_hash::FxHashSet;
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::{BytePos, Spanned as _};
use swc_core::ecma::ast::{Decl, DefaultDecl, Expr, Id, Ident, ModuleDecl, ModuleItem, Pat, Stmt};

/// Before a call: it may be dropped when its value is not used.
pub const PURE: &str = "__PURE__";
/// Before a function: all its calls may be dropped when their values are not used.
const NO_SIDE_EFFECTS: &str = "__NO_SIDE_EFFECTS__";

/// Whether a comment directly before `position` has this annotation.
pub fn has_annotation(comments: &SingleThreadedComments, position: BytePos, annotation: &str) -> bool {
    comments.with_leading(position, |found| {
        found.iter().any(|comment| {
            comment
                .text
                .match_indices(annotation)
                .any(|(index, _)| comment.text[..index].ends_with(['@', '#']))
        })
    })
}

/// The module's top-level functions that promise to have no side effects. Takes the module as it was parsed: the
/// annotation of `/* @__NO_SIDE_EFFECTS__ */ export function` stands before `export`.
pub fn annotated_functions(items: &[ModuleItem], comments: &SingleThreadedComments) -> FxHashSet<Id> {
    let mut functions = FxHashSet::default();
    for item in items {
        let is_annotated = |position| has_annotation(comments, position, NO_SIDE_EFFECTS);
        match item {
            ModuleItem::Stmt(Stmt::Decl(declaration)) => {
                collect(
                    declaration,
                    is_annotated(item.span_lo()),
                    &is_annotated,
                    &mut functions,
                );
            }
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => {
                collect(
                    &export.decl,
                    is_annotated(export.span.lo),
                    &is_annotated,
                    &mut functions,
                );
            }
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => {
                if let DefaultDecl::Fn(function) = &export.decl {
                    let annotated = is_annotated(export.span.lo) || is_annotated(function.function.span.lo);
                    functions.extend(function.ident.as_ref().filter(|_| annotated).map(Ident::to_id));
                }
            }
            _ => {}
        }
    }
    functions
}

/// Whether the default export is a function without a name, or an expression, that promises so.
pub fn has_annotated_default(items: &[ModuleItem], comments: &SingleThreadedComments) -> bool {
    items.iter().any(|item| match item {
        ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => match &export.decl {
            DefaultDecl::Fn(function) => {
                function.ident.is_none()
                    && (has_annotation(comments, export.span.lo, NO_SIDE_EFFECTS)
                        || has_annotation(comments, function.function.span.lo, NO_SIDE_EFFECTS))
            }
            _ => false,
        },
        ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultExpr(export)) => {
            let mut value = &*export.expr;
            while let Expr::Paren(inner) = value {
                value = &inner.expr;
            }
            matches!(value, Expr::Fn(_) | Expr::Arrow(_))
                && (has_annotation(comments, export.span.lo, NO_SIDE_EFFECTS)
                    || has_annotation(comments, value.span_lo(), NO_SIDE_EFFECTS))
        }
        _ => false,
    })
}

fn collect(
    declaration: &Decl,
    is_statement_annotated: bool,
    is_annotated: &impl Fn(BytePos) -> bool,
    functions: &mut FxHashSet<Id>,
) {
    match declaration {
        Decl::Fn(function) if is_statement_annotated || is_annotated(function.function.span.lo) => {
            functions.insert(function.ident.to_id());
        }
        Decl::Var(variables) => {
            let is_first_annotated = is_statement_annotated || is_annotated(variables.span.lo);
            for (index, declarator) in variables.decls.iter().enumerate() {
                let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) else {
                    continue;
                };
                let is_function = matches!(&**value, Expr::Fn(_) | Expr::Arrow(_));
                if is_function && ((index == 0 && is_first_annotated) || is_annotated(value.span_lo())) {
                    functions.insert(name.to_id());
                }
            }
        }
        _ => {}
    }
}

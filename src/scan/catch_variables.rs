//! `var` inside `catch` with the name that `catch` binds (ECMA-262 annex B.3.4): it declares a variable of the function,
//! and gives its value to what `catch` binds. The resolver knows one binding per name, so the two are taken apart first:
//!
//! ```text
//! try {} catch (e) { var e = 1, f }          try {} catch (e) { e = 1 } var e, f;
//! ```

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, CatchClause, Decl, EmptyStmt, Expr, ExprStmt, ForHead, FunctionBody,
    Ident, Module, ModuleItem, Pat, Script, SeqExpr, StaticBlock, Stmt, TsModuleBlock, VarDecl, VarDeclKind,
    VarDeclOrExpr, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

/// How much of a declaration is looked at; longer ones are taken for suspicious.
const LOOKED_AT: usize = 2000;

/// Whether the text has a `catch` whose name a `var` may declare, too.
pub(super) fn may_occur(source: &str) -> bool {
    let mut names: FxHashSet<&str> = FxHashSet::default();
    for index in memchr::memmem::find_iter(source.as_bytes(), b"catch") {
        if let Some(rest) = source[index + "catch".len()..].trim_start().strip_prefix('(') {
            names.insert(first_word(rest.trim_start()));
        }
    }
    names.remove("");
    !names.is_empty()
        && memchr::memmem::find_iter(source.as_bytes(), b"var").any(|index| {
            let rest = &source[index + "var".len()..];
            let end = memchr::memchr(b';', rest.as_bytes()).unwrap_or(rest.len());
            end > LOOKED_AT || {
                let mut words = rest[..end].split(|character| !is_part_of_name(character));
                words.any(|word| names.contains(word))
            }
        })
}

fn is_part_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '$' | '_')
}

fn first_word(text: &str) -> &str {
    let end = text.find(|character| !is_part_of_name(character));
    &text[..end.unwrap_or(text.len())]
}

/// Takes them apart. To be called before names are resolved.
pub(super) struct CatchVariables {
    functions: Vec<Frame>,
}

impl CatchVariables {
    pub fn new() -> Self {
        Self {
            functions: Vec::new(),
        }
    }
}

/// What a declaration assigns.
enum Assigned {
    Nothing,
    Values(Box<Expr>),
}

/// What is known of the function that is looked at.
#[derive(Default)]
struct Frame {
    /// Names that `catch` binds around.
    caught: Vec<Atom>,
    /// Variables to declare outside.
    variables: Vec<Ident>,
}

impl CatchVariables {
    fn inside(&mut self, visit: impl FnOnce(&mut Self)) -> Option<Stmt> {
        self.functions.push(Frame::default());
        visit(self);
        let variables = self.functions.pop()?.variables;
        (!variables.is_empty()).then(|| declaration_of(variables))
    }

    /// Turns a declaration into assignments, if it declares a caught name.
    fn assignments(&mut self, declaration: &mut VarDecl) -> Option<Assigned> {
        let frame = self.functions.last_mut()?;
        let declares_caught = |declarator: &VarDeclarator| {
            find_pat_ids::<_, Ident>(&declarator.name)
                .iter()
                .any(|ident| frame.caught.contains(&ident.sym))
        };
        if declaration.kind != VarDeclKind::Var || !declaration.decls.iter().any(declares_caught) {
            return None;
        }
        let mut values = Vec::new();
        for declarator in declaration.decls.drain(..) {
            frame.declare(&declarator.name);
            let Some(value) = declarator.init else { continue };
            let Ok(target) = AssignTarget::try_from(declarator.name) else {
                continue;
            };
            values.push(Box::new(Expr::Assign(AssignExpr {
                span: declarator.span,
                op: AssignOp::Assign,
                left: target,
                right: value,
            })));
        }
        Some(match values.len() {
            0 | 1 => values.pop().map_or(Assigned::Nothing, Assigned::Values),
            _ => Assigned::Values(Box::new(Expr::Seq(SeqExpr {
                span: declaration.span,
                exprs: values,
            }))),
        })
    }
}

impl Frame {
    fn declare(&mut self, pattern: &Pat) {
        for mut ident in find_pat_ids::<_, Ident>(pattern) {
            ident.span = DUMMY_SP;
            if self.variables.iter().all(|known| known.sym != ident.sym) {
                self.variables.push(ident);
            }
        }
    }
}

fn declaration_of(variables: Vec<Ident>) -> Stmt {
    let declarator = |ident: Ident| VarDeclarator {
        span: DUMMY_SP,
        name: Pat::Ident(ident.into()),
        init: None,
        definite: false,
    };
    Stmt::Decl(Decl::Var(Box::new(VarDecl {
        kind: VarDeclKind::Var,
        decls: variables.into_iter().map(declarator).collect(),
        ..VarDecl::default()
    })))
}

impl VisitMut for CatchVariables {
    noop_visit_mut_type!();

    fn visit_mut_module(&mut self, node: &mut Module) {
        let variables = self.inside(|inner| node.visit_mut_children_with(inner));
        node.body.extend(variables.map(ModuleItem::Stmt));
    }

    fn visit_mut_script(&mut self, node: &mut Script) {
        let variables = self.inside(|inner| node.visit_mut_children_with(inner));
        node.body.extend(variables);
    }

    fn visit_mut_ts_module_block(&mut self, node: &mut TsModuleBlock) {
        let variables = self.inside(|inner| node.visit_mut_children_with(inner));
        node.body.extend(variables.map(ModuleItem::Stmt));
    }

    fn visit_mut_function_body(&mut self, node: &mut FunctionBody) {
        let variables = self.inside(|inner| node.visit_mut_children_with(inner));
        node.stmts.extend(variables);
    }

    fn visit_mut_static_block(&mut self, node: &mut StaticBlock) {
        let variables = self.inside(|inner| node.visit_mut_children_with(inner));
        node.body.stmts.extend(variables);
    }

    fn visit_mut_catch_clause(&mut self, node: &mut CatchClause) {
        let name = node
            .param
            .as_ref()
            .and_then(Pat::as_ident)
            .map(|name| name.sym.clone());
        let is_named = name.is_some();
        if let Some(frame) = self.functions.last_mut() {
            frame.caught.extend(name);
        }
        node.visit_mut_children_with(self);
        if let Some(frame) = self.functions.last_mut()
            && is_named
        {
            frame.caught.pop();
        }
    }

    fn visit_mut_stmt(&mut self, node: &mut Stmt) {
        if let Stmt::Decl(Decl::Var(declaration)) = node
            && let Some(value) = self.assignments(declaration)
        {
            let span = declaration.span;
            *node = match value {
                Assigned::Values(expr) => Stmt::Expr(ExprStmt { span, expr }),
                Assigned::Nothing => Stmt::Empty(EmptyStmt { span }),
            };
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_var_decl_or_expr(&mut self, node: &mut VarDeclOrExpr) {
        if let VarDeclOrExpr::VarDecl(declaration) = node
            && let Some(value) = self.assignments(declaration)
        {
            *node = VarDeclOrExpr::Expr(match value {
                Assigned::Values(values) => values,
                Assigned::Nothing => Expr::undefined(DUMMY_SP),
            });
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_for_head(&mut self, node: &mut ForHead) {
        if let ForHead::VarDecl(declaration) = node
            && declaration.kind == VarDeclKind::Var
            && let Some(frame) = self.functions.last_mut()
            && let Some(declarator) = declaration.decls.first_mut()
            && find_pat_ids::<_, Ident>(&declarator.name)
                .iter()
                .any(|ident| frame.caught.contains(&ident.sym))
        {
            frame.declare(&declarator.name);
            *node = ForHead::Pat(Box::new(declarator.name.take()));
        }
        node.visit_mut_children_with(self);
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::transformed;
    use super::super::transform::TransformOptions;

    fn apart(source: &str) -> String {
        transformed("/a.js", source, &TransformOptions::default())
    }

    #[test]
    fn a_caught_name_gets_the_value_and_the_function_the_variable() {
        assert_eq!(
            apart("function f() { try {} catch (e) { var a = 1, e = 2, b; g(e) } return e }"),
            "function f() {\n    try {} catch (e) {\n        a = 1, e = 2;\n        g(e);\n    }\n    return e;\n    var a, e, b;\n}\n"
        );
        assert_eq!(
            apart("try {} catch (e) { for (var e in a) g(e); for (var e = 0;;) break }"),
            "try {} catch (e) {\n    for(e in a)g(e);\n    for(e = 0;;)break;\n}\nvar e;\n"
        );
    }

    #[test]
    fn other_names_stay() {
        let source = "try {} catch (e) {\n    var f = e;\n    (function() {\n        var e;\n    })();\n}\n";
        assert_eq!(apart(source), source);
    }
}

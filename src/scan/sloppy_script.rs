//! Makes a script mean the same in a module, as far as strict code can say it.
//!
//! Chunks are ES modules, so everything runs strictly. What would not parse there is rewritten (octal
//! literals, `delete name`, repeated parameters, names and labels that are reserved), and functions declared in blocks become
//! variables, see [`super::sloppy_blocks`].
//!
//! Assigning to an undeclared name makes a property of the global object, and a function that is called on the spot has
//! the global object as `this`; both are said outright:
//!
//! ```text
//! name = 1; (function () { return this })()        globalThis.name = 1; (function() { return globalThis })()
//! ```
//!
//! What strict code cannot say at all is a problem, and the script stays sloppy: see [`super::sloppy_needs`]. What fails only when it runs (`arguments.callee`) stays as it is.

#[cfg(test)]
mod tests;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, AssignOp, AssignTarget, BindingIdent, Bool, BreakStmt,
    CallExpr, Callee, Class, ClassMember, ContinueStmt, Decl, Expr, FnExpr, ForHead, ForInStmt, Function, Id,
    Ident, IdentName, LabeledStmt, Lit, MemberExpr, MemberProp, Number, ObjectPatProp, Param, Pat, Script,
    SeqExpr, SimpleAssignTarget, Stmt, Str, UnaryExpr, UnaryOp, UpdateExpr, VarDecl, VarDeclKind,
    VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::assigned_arguments::declare_assigned_arguments;
use super::inner_arguments::separate_inner_arguments;
use super::mapped_arguments::map_arguments;
use super::parse::Marks;
use super::read_only_import::shorthand_to;
use super::sloppy_blocks::hoist_functions_of_blocks;
use super::sloppy_functions::rewrite_sloppy_functions;
use super::syntax_error::SyntaxProblem;
use crate::scan::side_effects::without_parentheses;

/// Names that strict code or an ES module reserves.
pub(super) const RESERVED: [&str; 10] = [
    "await",
    "implements",
    "interface",
    "let",
    "package",
    "private",
    "protected",
    "public",
    "static",
    "yield",
];

/// Rewrites a script whose names are resolved. One that says `use strict` needs nothing unless it calls something `await`.
pub(super) fn make_strict(script: &mut Script, source: &str, marks: Marks) -> Result<(), Vec<SyntaxProblem>> {
    let is_strict = starts_strict(&script.body);
    let mentions = |word: &str| memchr::memmem::find(source.as_bytes(), word.as_bytes()).is_some();
    if is_strict && !mentions("await") && !mentions("\\u") {
        return Ok(());
    }
    let unresolved = marks.unresolved_context();
    let mut strict = MakeStrict {
        unresolved,
        is_strict,
        problems: Vec::new(),
        renamed: FxHashMap::default(),
        own_arguments: FxHashSet::default(),
    };
    if !is_strict && mentions("arguments") {
        separate_inner_arguments(script, unresolved);
        map_arguments(script, unresolved);
        declare_assigned_arguments(script, unresolved);
    }
    rewrite_sloppy_functions(script, unresolved);
    script.visit_mut_with(&mut strict);
    // A CommonJS module is a function, too.
    let own_arguments = std::mem::take(&mut strict.own_arguments);
    if !declares_arguments(&script.body) {
        script
            .body
            .splice(0..0, strict.variables_of_arguments(own_arguments));
    }
    if !is_strict {
        hoist_functions_of_blocks(script);
    }
    if strict.problems.is_empty() {
        Ok(())
    } else {
        Err(strict.problems)
    }
}

/// Whether the directives at the start say `use strict`; spelled with an escape it is no directive.
pub(super) fn starts_strict(statements: &[Stmt]) -> bool {
    statements
        .iter()
        .map_while(|statement| statement.as_expr()?.expr.as_lit()?.as_str())
        .any(|text| match text.raw.as_deref() {
            Some(raw) => matches!(raw, "'use strict'" | "\"use strict\""),
            None => text.value.as_str() == Some("use strict"),
        })
}

/// Whether an arrow function does.
pub(super) fn says_strict(function: &ArrowExpr) -> bool {
    matches!(&*function.body, ArrowFunctionBody::FunctionBody(body) if starts_strict(&body.stmts))
}

struct MakeStrict {
    unresolved: SyntaxContext,
    /// Inside a class, or a function that says `use strict`.
    is_strict: bool,
    problems: Vec<SyntaxProblem>,
    /// New contexts of bindings with reserved names. A context newer than those of the source makes
    /// [`super::generated_names`] look for a name that is free.
    renamed: FxHashMap<Id, SyntaxContext>,
    /// Variables called `arguments` of the function around.
    own_arguments: FxHashSet<Id>,
}

fn fresh_context() -> SyntaxContext {
    SyntaxContext::empty().apply_mark(Mark::new())
}

/// Names that a CommonJS module has without declaring them, and those that cannot be assigned to.
const NOT_GLOBAL: [&str; 9] = [
    "__dirname",
    "__filename",
    "arguments",
    "exports",
    "module",
    "require",
    "undefined",
    "NaN",
    "Infinity",
];

impl MakeStrict {
    /// The property of the global object that an assignment to an undeclared name makes.
    fn global_target(&self, ident: &Ident) -> Option<MemberExpr> {
        let is_global = ident.ctxt == self.unresolved && !NOT_GLOBAL.contains(&&*ident.sym);
        (is_global && !self.is_strict).then(|| MemberExpr {
            span: ident.span,
            obj: Box::new(Ident::new("globalThis".into(), DUMMY_SP, self.unresolved).into()),
            prop: MemberProp::Ident(IdentName::new(ident.sym.clone(), ident.span)),
        })
    }

    /// `eval` and the arguments of a module cannot be assigned to in strict code.
    fn check_assigned(&mut self, ident: &Ident) {
        if ident.ctxt == self.unresolved && is_bound_in_sloppy_code_only(&ident.sym) && !self.is_strict {
            self.report_assigned(ident);
        }
    }

    /// A variable called `arguments` begins as the arguments.
    fn variables_of_arguments(&mut self, own: FxHashSet<Id>) -> Option<Stmt> {
        let id = own.into_iter().next()?;
        let context = *self.renamed.entry(id).or_insert_with(fresh_context);
        let name = |context| Ident::new("arguments".into(), DUMMY_SP, context);
        Some(Stmt::Decl(Decl::Var(Box::new(VarDecl {
            kind: VarDeclKind::Var,
            decls: vec![VarDeclarator {
                span: DUMMY_SP,
                name: Pat::Ident(name(context).into()),
                init: Some(Box::new(name(self.unresolved).into())),
                definite: false,
            }],
            ..VarDecl::default()
        }))))
    }

    fn report_assigned(&mut self, ident: &Ident) {
        self.problems.push(SyntaxProblem::new(
            ident.span,
            format!(
                "`{}` cannot be assigned to in strict mode, and the output is an ES module, which is always strict",
                ident.sym
            ),
            "Use a variable of another name.",
        ));
    }
}

/// Puts the global object in place of a function's own `this`.
struct ReplaceThis {
    unresolved: SyntaxContext,
}

impl VisitMut for ReplaceThis {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if let Expr::This(this) = node {
            *node = Ident::new("globalThis".into(), this.span, self.unresolved).into();
        } else {
            node.visit_mut_children_with(self);
        }
    }

    // These have a `this` of their own.
    fn visit_mut_function(&mut self, _: &mut Function) {}
    fn visit_mut_class_members(&mut self, _: &mut Vec<ClassMember>) {}
}

/// The function that a call calls on the spot.
fn called_function(callee: &mut Expr) -> Option<&mut FnExpr> {
    match callee {
        Expr::Paren(inner) => called_function(&mut inner.expr),
        Expr::Fn(function) => Some(function),
        _ => None,
    }
}

/// What only sloppy code may bind.
fn is_bound_in_sloppy_code_only(name: &str) -> bool {
    matches!(name, "eval" | "arguments")
}

/// Whether a parameter or a function of the body is called `arguments`.
fn binds_arguments(function: &Function) -> bool {
    let parameters: Vec<Ident> = find_pat_ids(&function.params);
    parameters.iter().any(|name| name.sym == *"arguments")
        || function
            .body
            .as_ref()
            .is_some_and(|body| declares_arguments(&body.stmts))
}

fn declares_arguments(statements: &[Stmt]) -> bool {
    let mut functions = statements
        .iter()
        .filter_map(|statement| statement.as_decl()?.as_fn_decl());
    functions.any(|function| function.ident.sym == *"arguments")
}

fn rename_label(label: &mut Ident) {
    if RESERVED.contains(&&*label.sym) {
        label.sym = format!("{}_", label.sym).into();
    }
}

fn assigned_name(target: &SimpleAssignTarget) -> Option<&Ident> {
    match target {
        SimpleAssignTarget::Ident(ident) => Some(&ident.id),
        SimpleAssignTarget::Paren(inner) => without_parentheses(&inner.expr).as_ident(),
        _ => None,
    }
}

/// Of parameters with one name the last counts; the others get names of their own.
fn separate_repeated(parameters: &mut [Param]) {
    let mut seen: FxHashSet<Id> = FxHashSet::default();
    for parameter in parameters.iter_mut().rev() {
        if let Pat::Ident(ident) = &mut parameter.pat
            && !seen.insert(ident.to_id())
        {
            ident.ctxt = fresh_context();
        }
    }
}

fn is_old_octal_number(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    bytes.len() > 1 && bytes[0] == b'0' && bytes[1].is_ascii_digit()
}

fn may_have_octal_escape(raw: &str) -> bool {
    raw.as_bytes()
        .windows(2)
        .any(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit())
}

impl VisitMut for MakeStrict {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, node: &mut Ident) {
        let is_reserved = RESERVED.contains(&node.sym.as_str());
        if node.ctxt == SyntaxContext::empty() || !is_reserved && !is_bound_in_sloppy_code_only(&node.sym) {
            return;
        }
        if node.ctxt != self.unresolved {
            node.ctxt = *self.renamed.entry(node.to_id()).or_insert_with(fresh_context);
        } else if is_reserved {
            self.problems.push(SyntaxProblem::new(
                node.span,
                format!(
                    "`{}` is reserved in ES modules, and the output is one; so it cannot name something global",
                    node.sym
                ),
                format!("Write `globalThis.{}`.", node.sym),
            ));
        }
    }

    fn visit_mut_binding_ident(&mut self, node: &mut BindingIdent) {
        self.visit_mut_ident(&mut node.id);
    }

    // A label is no name that could be resolved.
    fn visit_mut_labeled_stmt(&mut self, node: &mut LabeledStmt) {
        rename_label(&mut node.label);
        node.body.visit_mut_with(self);
    }

    fn visit_mut_break_stmt(&mut self, node: &mut BreakStmt) {
        node.label.iter_mut().for_each(rename_label);
    }

    fn visit_mut_continue_stmt(&mut self, node: &mut ContinueStmt) {
        node.label.iter_mut().for_each(rename_label);
    }

    fn visit_mut_update_expr(&mut self, node: &mut UpdateExpr) {
        if let Expr::Ident(ident) = without_parentheses(&node.arg) {
            self.check_assigned(ident);
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_var_decl(&mut self, node: &mut VarDecl) {
        if node.kind == VarDeclKind::Var {
            for declarator in &node.decls {
                for ident in find_pat_ids::<_, Ident>(&declarator.name) {
                    if ident.sym == *"arguments" {
                        self.own_arguments.insert(ident.to_id());
                    }
                }
            }
        }
        node.visit_mut_children_with(self);
    }

    // `for (var a = 1 in b)`: annex B.3.5.
    fn visit_mut_for_in_stmt(&mut self, node: &mut ForInStmt) {
        if let ForHead::VarDecl(declaration) = &mut node.left
            && let [declarator] = declaration.decls.as_mut_slice()
            && let Some(value) = declarator.init.take()
            && let Pat::Ident(name) = &declarator.name
        {
            let first = AssignExpr {
                span: DUMMY_SP,
                op: AssignOp::Assign,
                left: AssignTarget::Simple(SimpleAssignTarget::Ident(name.clone())),
                right: value,
            };
            *node.right = Expr::Seq(SeqExpr {
                span: DUMMY_SP,
                exprs: vec![Box::new(first.into()), node.right.take()],
            });
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        separate_repeated(&mut node.params);
        let outer = self.is_strict;
        let body = node.body.as_ref();
        self.is_strict |= body.is_some_and(|body| starts_strict(&body.stmts));
        let outer_arguments = std::mem::take(&mut self.own_arguments);
        let is_bound = binds_arguments(node);
        node.visit_mut_children_with(self);
        let own = std::mem::replace(&mut self.own_arguments, outer_arguments);
        if let Some(body) = node.body.as_mut().filter(|_| !is_bound) {
            body.stmts.splice(0..0, self.variables_of_arguments(own));
        }
        self.is_strict = outer;
    }

    // Has no arguments of its own to begin with.
    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        let outer = self.is_strict;
        self.is_strict |= says_strict(node);
        let outer_arguments = std::mem::take(&mut self.own_arguments);
        node.visit_mut_children_with(self);
        self.own_arguments = outer_arguments;
        self.is_strict = outer;
    }

    fn visit_mut_class(&mut self, node: &mut Class) {
        let outer = std::mem::replace(&mut self.is_strict, true);
        node.visit_mut_children_with(self);
        self.is_strict = outer;
    }

    fn visit_mut_call_expr(&mut self, node: &mut CallExpr) {
        if !self.is_strict
            && let Callee::Expr(callee) = &mut node.callee
            && let Some(function) = called_function(callee)
            && !function
                .function
                .body
                .as_ref()
                .is_some_and(|body| starts_strict(&body.stmts))
        {
            function.function.visit_mut_children_with(&mut ReplaceThis {
                unresolved: self.unresolved,
            });
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_assign_expr(&mut self, node: &mut AssignExpr) {
        if let AssignTarget::Simple(target) = &node.left
            && let Some(ident) = assigned_name(target)
            && (node.op != AssignOp::Assign || ident.sym == *"arguments" || node.left.as_ident().is_none())
        {
            self.check_assigned(ident);
        }
        if node.op == AssignOp::Assign
            && let AssignTarget::Simple(SimpleAssignTarget::Ident(ident)) = &node.left
            && let Some(target) = self.global_target(&ident.id)
        {
            node.left = AssignTarget::Simple(SimpleAssignTarget::Member(target));
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_object_pat_prop(&mut self, node: &mut ObjectPatProp) {
        if let ObjectPatProp::Assign(shorthand) = node
            && shorthand.key.sym == *"arguments"
        {
            self.check_assigned(&shorthand.key.id);
        }
        if let ObjectPatProp::Assign(shorthand) = node
            && let Some(target) = self.global_target(&shorthand.key.id)
        {
            *node = shorthand_to(shorthand, target);
        }
        node.visit_mut_children_with(self);
    }

    // A declaration has no undeclared names, so these are assignments and heads of loops.
    fn visit_mut_pat(&mut self, node: &mut Pat) {
        if let Pat::Ident(ident) = node
            && ident.sym == *"arguments"
        {
            self.check_assigned(&ident.id);
        }
        if let Pat::Ident(ident) = node
            && let Some(target) = self.global_target(&ident.id)
        {
            *node = Pat::Expr(Box::new(target.into()));
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_stmt(&mut self, node: &mut Stmt) {
        node.visit_mut_children_with(self);
        if let Stmt::Labeled(LabeledStmt { body, .. }) = node
            && matches!(**body, Stmt::Decl(Decl::Fn(_)))
        {
            *node = *body.take();
        }
    }

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if let Expr::Unary(UnaryExpr {
            op: UnaryOp::Delete,
            arg,
            span,
        }) = node
            && let Expr::Ident(ident) = &**arg
        {
            // A declared name cannot be deleted; an undeclared one is a property of the global object.
            if ident.ctxt == self.unresolved {
                let global = Ident::new("globalThis".into(), DUMMY_SP, self.unresolved);
                let property = MemberProp::Ident(IdentName::new(ident.sym.clone(), ident.span));
                **arg = Expr::Member(MemberExpr {
                    span: *span,
                    obj: Box::new(global.into()),
                    prop: property,
                });
            } else {
                *node = Expr::Lit(Lit::Bool(Bool {
                    span: *span,
                    value: false,
                }));
            }
            return;
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_number(&mut self, node: &mut Number) {
        if node.raw.as_deref().is_some_and(is_old_octal_number) {
            node.raw = None;
        }
    }

    fn visit_mut_str(&mut self, node: &mut Str) {
        if node.raw.as_deref().is_some_and(may_have_octal_escape) {
            node.raw = None;
        }
    }
}

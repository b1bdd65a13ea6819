//! What functions of sloppy code can do that those of strict code cannot, said in another way:
//!
//! ```text
//! function find() { return this }          function find() { return this ?? globalThis }
//! function f(n) { arguments.callee(n) }    function f(n) { f(n) }
//! (function f() { f = 1 })()               (function f() { 1 })()
//! for (var i = 0 in list) {}               { var i = 0; for (i in list) {} }
//! ```
//!
//! A function that looks like a constructor or a method keeps its `this`: it is called with one.

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, AssignOp, AssignTarget, BinExpr, BinaryOp, BindingIdent, BlockStmt, Class,
    ClassMember, Decl, Expr, ExprOrSpread, FnDecl, FnExpr, ForHead, ForInStmt, Function, Id, Ident,
    IdentName, MemberExpr, MemberProp, ParenExpr, ReturnStmt, Script, SimpleAssignTarget, Stmt, VarDecl,
    VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::named_members::static_member;
use super::sloppy_script::{RESERVED, says_strict, starts_strict};

/// Rewrites the sloppy functions of a script whose names are resolved.
pub(super) fn rewrite_sloppy_functions(script: &mut Script, unresolved: SyntaxContext) {
    script.visit_mut_with(&mut SloppyFunctions { unresolved });
}

struct SloppyFunctions {
    unresolved: SyntaxContext,
}

fn is_strict(function: &Function) -> bool {
    function
        .body
        .as_ref()
        .is_some_and(|body| starts_strict(&body.stmts))
}

impl SloppyFunctions {
    /// A function that is no method, as far as its place tells.
    fn plain_value(&self, value: &mut Expr) {
        let function = match value {
            Expr::Paren(inner) => return self.plain_value(&mut inner.expr),
            Expr::Fn(function) => &mut *function.function,
            _ => return,
        };
        self.plain_function(function);
    }

    /// `exports.name`, `module.exports`, `module.exports.name`
    fn is_export(&self, target: &AssignTarget) -> bool {
        let Some(member) = target.as_simple().and_then(|target| target.as_member()) else {
            return false;
        };
        let is_global = |object: &Expr, name: &str| matches!(object, Expr::Ident(ident) if ident.ctxt == self.unresolved && ident.sym == *name);
        let is_exports = |member: &MemberExpr| {
            is_global(&member.obj, "module")
                && static_member(&member.prop).is_some_and(|name| name == *"exports")
        };
        is_global(&member.obj, "exports")
            || is_exports(member)
            || member.obj.as_member().is_some_and(is_exports)
    }

    fn plain_function(&self, function: &mut Function) {
        if is_strict(function) {
            return;
        }
        let mut uses = OwnThis::default();
        function.visit_children_with(&mut uses);
        if uses.is_bare && !uses.is_object {
            function.visit_mut_children_with(&mut GlobalThis {
                unresolved: self.unresolved,
            });
        }
    }

    /// `arguments.callee` of a function that is called `name`; whether there was one.
    fn callee(&self, function: &mut Function, name: &Ident) -> bool {
        if is_strict(function) {
            return false;
        }
        let mut replace = ReplaceCallee {
            unresolved: self.unresolved,
            name,
            is_found: false,
        };
        function.visit_mut_children_with(&mut replace);
        replace.is_found
    }
}

impl VisitMut for SloppyFunctions {
    noop_visit_mut_type!();

    fn visit_mut_class(&mut self, _: &mut Class) {
        // Strict, with everything in it.
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        if !is_strict(node) {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        if !says_strict(node) {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_fn_decl(&mut self, node: &mut FnDecl) {
        self.plain_function(&mut node.function);
        let name = node.ident.clone();
        self.callee(&mut node.function, &name);
        node.visit_mut_children_with(self);
    }

    fn visit_mut_fn_expr(&mut self, node: &mut FnExpr) {
        if let Some(name) = node.ident.clone() {
            self.callee(&mut node.function, &name);
            if !is_strict(&node.function) {
                let name = name.to_id();
                node.function
                    .visit_mut_children_with(&mut OwnNameAssigned { name });
            }
        } else {
            let context = SyntaxContext::empty().apply_mark(Mark::new());
            let name = Ident::new("callee".into(), DUMMY_SP, context);
            if self.callee(&mut node.function, &name) {
                node.ident = Some(name);
            }
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_var_declarator(&mut self, node: &mut VarDeclarator) {
        if let Some(value) = &mut node.init {
            self.plain_value(value);
        }
        node.visit_mut_children_with(self);
    }

    // Whoever imports it by name calls it without a `this`.
    fn visit_mut_assign_expr(&mut self, node: &mut AssignExpr) {
        if self.is_export(&node.left) {
            self.plain_value(&mut node.right);
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_expr_or_spread(&mut self, node: &mut ExprOrSpread) {
        self.plain_value(&mut node.expr);
        node.visit_mut_children_with(self);
    }

    fn visit_mut_return_stmt(&mut self, node: &mut ReturnStmt) {
        if let Some(value) = &mut node.arg {
            self.plain_value(value);
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        match node {
            // A name that strict code reserves, and that nothing declares, is one of the global object.
            Expr::Ident(ident) if ident.ctxt == self.unresolved && RESERVED.contains(&&*ident.sym) => {
                *node = MemberExpr {
                    span: ident.span,
                    obj: Box::new(Ident::new("globalThis".into(), DUMMY_SP, self.unresolved).into()),
                    prop: MemberProp::Ident(IdentName::new(ident.sym.clone(), ident.span)),
                }
                .into();
                return;
            }
            // Sloppy code may assign to these in vain.
            Expr::Assign(AssignExpr {
                op: AssignOp::Assign,
                left: AssignTarget::Simple(SimpleAssignTarget::Ident(ident)),
                right,
                ..
            }) if ident.ctxt == self.unresolved
                && matches!(&*ident.sym, "undefined" | "NaN" | "Infinity") =>
            {
                let value = right.take();
                *node = in_parentheses(*value);
            }
            _ => {}
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_stmt(&mut self, node: &mut Stmt) {
        node.visit_mut_children_with(self);
        if let Stmt::ForIn(ForInStmt {
            left: ForHead::VarDecl(declaration),
            ..
        }) = node
            && let Some(value) = declaration.decls.first_mut().and_then(|one| one.init.take())
        {
            let mut first = (**declaration).clone();
            first.decls[0].init = Some(value);
            let first = Stmt::Decl(Decl::Var(Box::new(VarDecl { ..first })));
            *node = Stmt::Block(BlockStmt {
                span: DUMMY_SP,
                ctxt: SyntaxContext::empty(),
                stmts: vec![first, node.take()],
            });
        }
    }
}

fn in_parentheses(value: Expr) -> Expr {
    Expr::Paren(ParenExpr {
        span: DUMMY_SP,
        expr: Box::new(value),
    })
}

/// How a function uses the `this` that it is called with.
#[derive(Default)]
struct OwnThis {
    /// As a value.
    is_bare: bool,
    /// As an object with members, or an instance of something: as constructors and methods do.
    is_object: bool,
}

impl Visit for OwnThis {
    noop_visit_type!();

    fn visit_expr(&mut self, node: &Expr) {
        match node {
            Expr::This(_) => self.is_bare = true,
            Expr::Bin(BinExpr {
                op: BinaryOp::InstanceOf,
                left,
                ..
            }) if left.is_this() => self.is_object = true,
            _ => node.visit_children_with(self),
        }
    }

    fn visit_member_expr(&mut self, node: &MemberExpr) {
        if node.obj.is_this() {
            self.is_object = true;
            node.prop.visit_with(self);
        } else {
            node.visit_children_with(self);
        }
    }

    fn visit_expr_or_spread(&mut self, node: &ExprOrSpread) {
        // `call(this)` hands on whatever it is.
        if !node.expr.is_this() {
            node.visit_children_with(self);
        }
    }

    fn visit_function(&mut self, _: &Function) {}
    fn visit_class_member(&mut self, _: &ClassMember) {}
}

/// `this ?? globalThis`
struct GlobalThis {
    unresolved: SyntaxContext,
}

impl VisitMut for GlobalThis {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if let Expr::This(this) = node {
            let span = this.span;
            let global = Ident::new("globalThis".into(), span, self.unresolved);
            *node = in_parentheses(Expr::Bin(BinExpr {
                span,
                op: BinaryOp::NullishCoalescing,
                left: Box::new(node.take()),
                right: Box::new(global.into()),
            }));
        } else {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_expr_or_spread(&mut self, node: &mut ExprOrSpread) {
        if !node.expr.is_this() {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}
    fn visit_mut_class_members(&mut self, _: &mut Vec<ClassMember>) {}
}

/// `arguments.callee` of one function.
struct ReplaceCallee<'a> {
    unresolved: SyntaxContext,
    name: &'a Ident,
    is_found: bool,
}

impl VisitMut for ReplaceCallee<'_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if let Expr::Member(member) = node
            && matches!(&*member.obj, Expr::Ident(object)
                if object.sym == *"arguments" && object.ctxt == self.unresolved)
            && static_member(&member.prop).is_some_and(|name| name == *"callee")
        {
            *node = Expr::Ident(self.name.clone());
            self.is_found = true;
        } else {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}
    fn visit_mut_class_members(&mut self, _: &mut Vec<ClassMember>) {}
}

/// A function expression that assigns to its own name: nothing happens, and the value is that of the right side.
struct OwnNameAssigned {
    name: Id,
}

impl VisitMut for OwnNameAssigned {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if let Expr::Assign(AssignExpr {
            op: AssignOp::Assign,
            left: AssignTarget::Simple(SimpleAssignTarget::Ident(BindingIdent { id, .. })),
            right,
            ..
        }) = node
            && id.to_id() == self.name
        {
            let value = right.take();
            *node = in_parentheses(*value);
        }
        node.visit_mut_children_with(self);
    }
}

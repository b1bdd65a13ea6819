//! `--keep-names`: functions and classes keep the `name` that the source gives them, whatever they are called in
//! the output.
//!
//! ```js
//! function f() {}             // __keepName(f, "f"); function f() {}
//! const g = () => {}          // const g = __keepName(() => {}, "g")
//! class A {}                  // class A { static { __keepName(this, "A") } }
//! ```
//!
//! A private method has its name only where it is declared; there it is one that takes no room in the source, which is how
//! it is known that it stays.
//!
//! The calls count as pure, and the one of a declaration belongs to it, so that an unused function still goes.
//! It stands at the start of its scope, because functions are hoisted.

use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignPat, AssignTarget, BlockStmt, CallExpr, Callee, Class, ClassMember,
    ClassProp, Decl, DefaultDecl, ExportDefaultDecl, ExportDefaultExpr, Expr, ExprOrSpread, ExprStmt, FnDecl,
    Ident, KeyValueProp, Lit, MethodKind, Module, ModuleDecl, ModuleItem, ObjectLit, ObjectPatProp, Pat,
    PrivateMethod, PrivateProp, Prop, PropName, PropOrSpread, SimpleAssignTarget, StaticBlock, Stmt,
    ThisExpr, VarDeclarator,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::parse::Marks;
use crate::graph::KEEP_NAME;

/// Whether functions and classes keep their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FunctionNames {
    /// They may change with the names of bindings.
    #[default]
    Free,
    /// They stay.
    Kept,
}

/// Writes the calls into a module.
pub(super) fn apply(module: &mut Module, marks: Marks) {
    module.visit_mut_with(&mut Keeper { marks });
}

/// The name that the statement `__keepName(name, "…")` is about, where it belongs to a declaration.
pub(super) fn named_by(statement: &Stmt, unresolved: SyntaxContext) -> Option<&Ident> {
    let Stmt::Expr(statement) = statement else {
        return None;
    };
    let Expr::Call(call) = &*statement.expr else {
        return None;
    };
    let Callee::Expr(callee) = &call.callee else {
        return None;
    };
    match (&**callee, call.args.first().map(|argument| &*argument.expr)) {
        (Expr::Ident(helper), Some(Expr::Ident(name)))
            if helper.sym == *KEEP_NAME && helper.ctxt == unresolved =>
        {
            Some(name)
        }
        _ => None,
    }
}

struct Keeper {
    marks: Marks,
}

/// `static { __keepName(this, "…") }`
pub(super) fn name_block(name: &str, marks: Marks) -> ClassMember {
    let this = Expr::This(ThisExpr { span: DUMMY_SP });
    let statement = ExprStmt {
        span: DUMMY_SP,
        expr: Box::new(Keeper { marks }.call(this, name)),
    };
    ClassMember::StaticBlock(StaticBlock {
        span: DUMMY_SP,
        body: BlockStmt {
            stmts: vec![Stmt::Expr(statement)],
            ..BlockStmt::default()
        },
    })
}

/// `__keepName(value, "…")`
pub(super) fn named(value: Expr, name: &str, marks: Marks) -> Expr {
    Keeper { marks }.call(value, name)
}

fn is_name_block(member: &ClassMember, marks: Marks) -> bool {
    let ClassMember::StaticBlock(block) = member else {
        return false;
    };
    let call = match block.body.stmts.as_slice() {
        [Stmt::Expr(statement)] => statement.expr.as_call(),
        _ => None,
    };
    let callee = call.and_then(|call| call.callee.as_expr()?.as_ident());
    callee.is_some_and(|callee| callee.sym == *KEEP_NAME && callee.ctxt == marks.unresolved_context())
}

impl Keeper {
    fn call(&self, value: Expr, name: &str) -> Expr {
        let helper = Ident::new(KEEP_NAME.into(), DUMMY_SP, self.marks.unresolved_context());
        let argument = |expr: Expr| ExprOrSpread {
            spread: None,
            expr: Box::new(expr),
        };
        Expr::Call(CallExpr {
            span: DUMMY_SP,
            callee: Callee::Expr(Box::new(Expr::Ident(helper))),
            args: vec![argument(value), argument(Expr::Lit(Lit::Str(name.into())))],
            ..CallExpr::default()
        })
    }

    fn statement(&self, ident: &Ident, name: &str) -> Stmt {
        Stmt::Expr(ExprStmt {
            span: DUMMY_SP,
            expr: Box::new(self.call(Expr::Ident(ident.clone()), name)),
        })
    }

    fn name_function(&self, function: &FnDecl) -> Stmt {
        self.statement(&function.ident, &function.ident.sym)
    }

    /// The name in a static block: static members already see it.
    fn name_class(&self, class: &mut Class, name: &str) {
        let is_named = class
            .body
            .first()
            .is_some_and(|member| is_name_block(member, self.marks));
        if !is_named && !class.body.iter().any(defines_name) {
            class.body.insert(0, name_block(name, self.marks));
        }
    }

    /// An anonymous function takes the name of what it is assigned to (ECMA-262 §8.4 `NamedEvaluation`).
    fn name_anonymous(&self, value: &mut Box<Expr>, name: &Atom) {
        match &mut **value {
            Expr::Arrow(_) => self.wrap(value, name),
            Expr::Fn(function) if function.ident.is_none() => self.wrap(value, name),
            Expr::Class(class) if class.ident.is_none() => self.name_class(&mut class.class, name),
            Expr::Paren(inner) => self.name_anonymous(&mut inner.expr, name),
            _ => {}
        }
    }

    /// The functions in an object that a variable holds: the compressor makes variables of its properties.
    fn name_properties(&self, object: &mut ObjectLit) {
        for property in &mut object.props {
            if let PropOrSpread::Prop(property) = property
                && let Prop::KeyValue(KeyValueProp { key, value }) = &mut **property
            {
                match key {
                    PropName::Ident(name) if name.sym != *"__proto__" => {
                        self.name_anonymous(value, &name.sym);
                    }
                    PropName::Str(name) if name.value.as_str() != Some("__proto__") => {
                        self.name_anonymous(value, &name.value.to_string_lossy().as_ref().into());
                    }
                    _ => {}
                }
            }
        }
    }

    fn wrap(&self, value: &mut Box<Expr>, name: &str) {
        let inner = std::mem::replace(&mut **value, Expr::This(ThisExpr { span: DUMMY_SP }));
        **value = self.call(inner, name);
    }

    /// A declaration without a name in the source gets one that nothing else has.
    fn fresh(&self) -> Ident {
        let context = SyntaxContext::empty().apply_mark(Mark::fresh(self.marks.top_level));
        Ident::new("_default".into(), DUMMY_SP, context)
    }

    fn name_default(&self, declaration: &mut ExportDefaultDecl) -> Option<Stmt> {
        match &mut declaration.decl {
            DefaultDecl::Class(class) => {
                if class.ident.is_none() {
                    self.name_class(&mut class.class, "default");
                }
                None
            }
            DefaultDecl::Fn(function) => Some(if let Some(ident) = &function.ident {
                self.statement(ident, &ident.sym)
            } else {
                let ident = function.ident.insert(self.fresh());
                self.statement(ident, "default")
            }),
            DefaultDecl::TsInterfaceDecl(_) => None,
        }
    }
}

/// Whether a computed key may be `name`: no literal that is another, and no `Symbol.iterator`.
fn may_be_name(key: &Expr) -> bool {
    match key {
        Expr::Lit(Lit::Str(text)) => text.value.as_str() == Some("name"),
        Expr::Lit(_) => false,
        Expr::Member(member) => !member.obj.is_ident_ref_to("Symbol"),
        _ => true,
    }
}

/// `static name` of the class itself wins.
pub(super) fn defines_name(member: &ClassMember) -> bool {
    let is_name = |key: &PropName| match key {
        PropName::Ident(ident) => ident.sym == *"name",
        PropName::Str(text) => text.value.as_str() == Some("name"),
        PropName::Computed(key) => may_be_name(&key.expr),
        _ => false,
    };
    match member {
        ClassMember::Method(method) => {
            method.is_static
                && matches!(
                    method.kind,
                    MethodKind::Method | MethodKind::Getter | MethodKind::Setter
                )
                && is_name(&method.key)
        }
        // One whose key is computed is defined when the class has its name.
        ClassMember::ClassProp(field) => field.is_static && !field.key.is_computed() && is_name(&field.key),
        _ => false,
    }
}

impl VisitMut for Keeper {
    noop_visit_mut_type!();

    /// `#name() {}` names a function that others may be given.
    fn visit_mut_private_method(&mut self, method: &mut PrivateMethod) {
        if method.kind == MethodKind::Method {
            method.key.span.hi = method.key.span.lo;
        }
        method.visit_mut_children_with(self);
    }

    fn visit_mut_module_items(&mut self, items: &mut Vec<ModuleItem>) {
        items.visit_mut_children_with(self);
        let names: Vec<Stmt> = items
            .iter_mut()
            .filter_map(|item| match item {
                ModuleItem::Stmt(Stmt::Decl(Decl::Fn(function))) => Some(self.name_function(function)),
                ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => match &export.decl {
                    Decl::Fn(function) => Some(self.name_function(function)),
                    _ => None,
                },
                ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => self.name_default(export),
                _ => None,
            })
            .collect();
        items.splice(0..0, names.into_iter().map(ModuleItem::Stmt));
    }

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.visit_mut_children_with(self);
        let names: Vec<Stmt> = statements
            .iter()
            .filter_map(|statement| match statement {
                Stmt::Decl(Decl::Fn(function)) => Some(self.name_function(function)),
                _ => None,
            })
            .collect();
        statements.splice(0..0, names);
    }

    fn visit_mut_object_pat_prop(&mut self, property: &mut ObjectPatProp) {
        property.visit_mut_children_with(self);
        if let ObjectPatProp::Assign(property) = property
            && let Some(value) = &mut property.value
        {
            self.name_anonymous(value, &property.key.id.sym);
        }
    }

    fn visit_mut_decl(&mut self, declaration: &mut Decl) {
        declaration.visit_mut_children_with(self);
        if let Decl::Class(class) = declaration {
            let name = class.ident.sym.clone();
            self.name_class(&mut class.class, &name);
        }
    }

    fn visit_mut_export_default_decl(&mut self, export: &mut ExportDefaultDecl) {
        export.visit_mut_children_with(self);
        if let DefaultDecl::Class(class) = &mut export.decl
            && let Some(ident) = &class.ident
        {
            let name = ident.sym.clone();
            self.name_class(&mut class.class, &name);
        }
    }

    fn visit_mut_export_default_expr(&mut self, export: &mut ExportDefaultExpr) {
        export.visit_mut_children_with(self);
        self.name_anonymous(&mut export.expr, &"default".into());
    }

    fn visit_mut_var_declarator(&mut self, declarator: &mut VarDeclarator) {
        declarator.visit_mut_children_with(self);
        if let (Pat::Ident(name), Some(value)) = (&declarator.name, &mut declarator.init) {
            self.name_anonymous(value, &name.sym);
            if let Expr::Object(object) = &mut **value {
                self.name_properties(object);
            }
        }
    }

    fn visit_mut_class_prop(&mut self, field: &mut ClassProp) {
        field.visit_mut_children_with(self);
        let name = match &field.key {
            PropName::Ident(name) => name.sym.clone(),
            PropName::Str(name) => name.value.to_string_lossy().as_ref().into(),
            _ => return,
        };
        if let Some(value) = &mut field.value {
            self.name_anonymous(value, &name);
        }
    }

    fn visit_mut_private_prop(&mut self, field: &mut PrivateProp) {
        field.visit_mut_children_with(self);
        let name = Atom::from(format!("#{}", field.key.name));
        if let Some(value) = &mut field.value {
            self.name_anonymous(value, &name);
        }
    }

    fn visit_mut_assign_expr(&mut self, assignment: &mut AssignExpr) {
        assignment.visit_mut_children_with(self);
        let names = matches!(
            assignment.op,
            AssignOp::Assign | AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign
        );
        if names && let AssignTarget::Simple(SimpleAssignTarget::Ident(target)) = &assignment.left {
            self.name_anonymous(&mut assignment.right, &target.sym);
        }
    }

    fn visit_mut_assign_pat(&mut self, pattern: &mut AssignPat) {
        pattern.visit_mut_children_with(self);
        if let Pat::Ident(name) = &*pattern.left {
            self.name_anonymous(&mut pattern.right, &name.sym);
        }
    }

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        expression.visit_mut_children_with(self);
        match expression {
            Expr::Fn(function) => {
                if let Some(ident) = &function.ident {
                    let name = ident.sym.clone();
                    let inner = std::mem::replace(expression, Expr::This(ThisExpr { span: DUMMY_SP }));
                    *expression = self.call(inner, &name);
                }
            }
            Expr::Class(class) => {
                if let Some(ident) = &class.ident {
                    let name = ident.sym.clone();
                    self.name_class(&mut class.class, &name);
                }
            }
            _ => {}
        }
    }
}

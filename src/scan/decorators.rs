//! Decorators of both kinds become calls.
//!
//! Where the library's pass for experimental ones is not TypeScript, it is told or corrected here:
//!
//! ```ts
//! @replace class A {
//!     @first static one = 1;          // decorated after what instances have
//!     @second two() {}
//!     copy() { return new A() }       // of what `replace` has made of it
//! }
//! ```

use rustc_hash::FxHashMap;
use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, BindingIdent, BlockStmt, CallExpr, Callee, Class, ClassDecl,
    ClassExpr, ClassMember, Decl, DefaultDecl, ExportDefaultDecl, Expr, ExprStmt, Id, Ident, ModuleItem,
    Pass as _, Program, StaticBlock, Stmt, ThisExpr, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::transforms::proposal::decorators::{Config as DecoratorConfig, decorators};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::auto_accessors;
use super::decorated_private_names;
use super::decorator_types;
use super::generated_names::ChangeContext;
use super::parse::Marks;
use super::standard_decorators;
use super::syntax_error::SyntaxProblem;
use super::transform::DecoratorSemantics;

/// What the library calls for every class and member.
const DECORATE: &str = "_ts_decorate";

/// What it calls for what is known of their types.
const METADATA: &str = "_ts_metadata";

/// Makes calls of all decorators.
///
/// # Errors
/// Decorators where there are none.
pub(super) fn run(
    program: &mut Program,
    semantics: DecoratorSemantics,
    marks: Marks,
) -> Result<(), Vec<SyntaxProblem>> {
    match semantics {
        DecoratorSemantics::Standard => return standard_decorators::write_out(program, marks),
        DecoratorSemantics::Experimental | DecoratorSemantics::ExperimentalWithMetadata(_) => {
            let null_types = match semantics {
                DecoratorSemantics::ExperimentalWithMetadata(null_types) => Some(null_types),
                _ => None,
            };
            let classes = null_types.map(|null_types| decorator_types::complete(program, null_types));
            auto_accessors::write_out(program);
            program.visit_mut_with(&mut DetachClassNames);
            let mut inner_names = InnerNames::default();
            program.visit_mut_with(&mut inner_names);
            decorators(DecoratorConfig {
                legacy: true,
                emit_metadata: null_types.is_some(),
                use_define_for_class_fields: true,
            })
            .process(program);
            if let Some(classes) = classes {
                decorator_types::name_classes(program, METADATA, &classes, marks);
            }
            program.visit_mut_with(&mut Order {
                inner: inner_names.inner,
            });
            decorated_private_names::move_in(program);
        }
    }
    Ok(())
}

/// The pass for experimental decorators declares the name of a decorated class expression in the scope
/// around it, where another binding may have that name:
///
/// ```text
/// const A = 1; const b = @dec class A {};
/// ```
///
/// As a generated identifier it gets a name that is free there.
struct DetachClassNames;

impl VisitMut for DetachClassNames {
    noop_visit_mut_type!();

    fn visit_mut_class_expr(&mut self, node: &mut ClassExpr) {
        node.visit_mut_children_with(self);
        if let Some(ident) = &node.ident {
            let from = ident.to_id();
            node.visit_mut_with(&mut ChangeContext::new(from));
        }
    }

    // The class of `export default class A {}` is a declaration, whatever its type says.
    fn visit_mut_export_default_decl(&mut self, node: &mut ExportDefaultDecl) {
        match &mut node.decl {
            DefaultDecl::Class(class) => class.visit_mut_children_with(self),
            other => other.visit_mut_with(self),
        }
    }
}

/// What a decorated class is called inside is a variable, which gets what the decorators make of the class:
///
/// ```text
/// var A1; @replace class A { static { A1 = this } copy() { return new A1() } }
/// ```
#[derive(Default)]
struct InnerNames {
    /// The variable of every class that has one.
    inner: FxHashMap<Id, Ident>,
    /// Those of the statements that are visited.
    declared: Vec<Ident>,
}

impl InnerNames {
    fn rename(&mut self, name: &Ident, class: &mut Class) {
        if class.decorators.is_empty() {
            return;
        }
        let mut mention = Mention {
            name: name.to_id(),
            is_found: false,
        };
        class.body.visit_with(&mut mention);
        if !mention.is_found {
            return;
        }
        let mut change = ChangeContext::new(name.to_id());
        class.body.visit_mut_with(&mut change);
        let inner = Ident {
            ctxt: change.context(),
            ..name.clone()
        };
        let first = assignment(&inner, Expr::This(ThisExpr { span: DUMMY_SP }));
        class.body.insert(
            0,
            ClassMember::StaticBlock(StaticBlock {
                span: DUMMY_SP,
                body: BlockStmt {
                    stmts: vec![statement(first)],
                    ..BlockStmt::default()
                },
            }),
        );
        self.declared.push(inner.clone());
        self.inner.insert(name.to_id(), inner);
    }
}

impl VisitMut for InnerNames {
    noop_visit_mut_type!();

    fn visit_mut_class_decl(&mut self, node: &mut ClassDecl) {
        node.visit_mut_children_with(self);
        self.rename(&node.ident, &mut node.class);
    }

    fn visit_mut_export_default_decl(&mut self, node: &mut ExportDefaultDecl) {
        node.visit_mut_children_with(self);
        if let DefaultDecl::Class(class) = &mut node.decl
            && let Some(name) = &class.ident
        {
            self.rename(name, &mut class.class);
        }
    }

    fn visit_mut_module_items(&mut self, node: &mut Vec<ModuleItem>) {
        let around = std::mem::take(&mut self.declared);
        node.visit_mut_children_with(self);
        node.extend(declaration_of(&mut self.declared).map(ModuleItem::Stmt));
        self.declared = around;
    }

    fn visit_mut_stmts(&mut self, node: &mut Vec<Stmt>) {
        let around = std::mem::take(&mut self.declared);
        node.visit_mut_children_with(self);
        node.extend(declaration_of(&mut self.declared));
        self.declared = around;
    }
}

/// Takes variables that were generated, and declares them.
pub(super) fn declaration_of(names: &mut Vec<Ident>) -> Option<Stmt> {
    let variables = names.drain(..).map(|name| VarDeclarator {
        span: DUMMY_SP,
        name: name.into(),
        init: None,
        definite: false,
    });
    let variables: Vec<VarDeclarator> = variables.collect();
    (!variables.is_empty()).then(|| {
        Stmt::Decl(Decl::Var(Box::new(VarDecl {
            kind: VarDeclKind::Var,
            decls: variables,
            ..VarDecl::default()
        })))
    })
}

struct Mention {
    name: Id,
    is_found: bool,
}

impl Visit for Mention {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        self.is_found |= node.ctxt == self.name.1 && node.sym == self.name.0;
    }
}

/// Corrects the calls that the library has made.
struct Order {
    inner: FxHashMap<Id, Ident>,
}

impl Order {
    /// `A = __decorate(…)` becomes `A = A1 = __decorate(…)`.
    fn note_decorated(&self, statement: &mut Stmt) {
        let Stmt::Expr(ExprStmt { expr, .. }) = statement else {
            return;
        };
        let Expr::Assign(AssignExpr { left, right, .. }) = &mut **expr else {
            return;
        };
        let (Some(name), true) = (left.as_ident(), decorated(right).is_some()) else {
            return;
        };
        drop_type_of_class(right);
        if let Some(inner) = self.inner.get(&name.to_id()) {
            let value = right.take();
            **right = assignment(inner, *value);
        }
    }
}

impl VisitMut for Order {
    noop_visit_mut_type!();

    fn visit_mut_module_items(&mut self, node: &mut Vec<ModuleItem>) {
        node.visit_mut_children_with(self);
        sort_members(node, ModuleItem::as_stmt);
        for item in node {
            if let ModuleItem::Stmt(statement) = item {
                self.note_decorated(statement);
            }
        }
    }

    fn visit_mut_stmts(&mut self, node: &mut Vec<Stmt>) {
        node.visit_mut_children_with(self);
        sort_members(node, |statement| Some(statement));
        for statement in node {
            self.note_decorated(statement);
        }
    }
}

/// Decorated members of instances come before those of the class.
fn sort_members<T>(items: &mut [T], as_statement: fn(&T) -> Option<&Stmt>) {
    let is_static = |item: &T| {
        let call = as_statement(item)?.as_expr()?;
        let target = decorated(&call.expr)?;
        (target.args.len() > 2).then(|| target.args[1].expr.is_ident())
    };
    let mut start = 0;
    while start < items.len() {
        let length = items[start..]
            .iter()
            .take_while(|item| is_static(item).is_some())
            .count();
        // Two classes in a row have the class statement between them.
        items[start..start + length].sort_by_key(|item| is_static(item));
        start += length + 1;
    }
}

/// The call that decorates a class or a member.
pub(super) fn decorated(value: &Expr) -> Option<&CallExpr> {
    let call = value.as_call()?;
    let callee = call.callee.as_expr()?.as_ident()?;
    (callee.sym == *DECORATE).then_some(call)
}

/// Only members have a `design:type`.
fn drop_type_of_class(call: &mut Expr) {
    let list = call.as_mut_call().and_then(|call| call.args.first_mut());
    let Some(Expr::Array(list)) = list.map(|list| &mut *list.expr) else {
        return;
    };
    list.elems.retain(|element| {
        let key = element
            .as_ref()
            .and_then(|element| element.expr.as_call())
            .filter(|call| matches!(&call.callee, Callee::Expr(callee) if callee.is_ident_ref_to(METADATA)))
            .and_then(|call| call.args.first()?.expr.as_lit()?.as_str());
        key.is_none_or(|key| key.value != *"design:type")
    });
}

/// `name = value`
pub(super) fn assignment(name: &Ident, value: Expr) -> Expr {
    Expr::Assign(AssignExpr {
        span: DUMMY_SP,
        op: AssignOp::Assign,
        left: AssignTarget::from(BindingIdent::from(name.clone())),
        right: Box::new(value),
    })
}

fn statement(expression: Expr) -> Stmt {
    Stmt::Expr(ExprStmt {
        span: DUMMY_SP,
        expr: Box::new(expression),
    })
}

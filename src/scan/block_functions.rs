//! A function of a sloppy block whose block assigns to its name. The name is then two variables: one of the block, which is
//! assigned to, and one of the function around, which gets what the first holds where the declaration stands:
//!
//! ```text
//! { f = 1; function f() {} f = 2 }        { let _f = function f() {}; _f = 1; var f = _f; _f = 2 }
//! ```

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    AssignExpr, AssignPat, AssignTargetPat, BindingIdent, Decl, Expr, FnDecl, FnExpr, ForHead, Id, Ident,
    KeyValuePatProp, KeyValueProp, ObjectPatProp, Pat, Prop, PropName, SimpleAssignTarget, Stmt, UpdateExpr,
    VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

/// Takes the functions that `is_seen_around` and that the block assigns to apart.
pub(super) fn take_apart(
    statements: &mut Vec<Stmt>,
    block: SyntaxContext,
    is_seen_around: impl Fn(&FnDecl) -> bool,
) {
    let declared: Vec<Id> = statements
        .iter()
        .filter_map(|statement| statement.as_decl()?.as_fn_decl())
        .filter(|function| function.ident.ctxt != block && is_seen_around(function))
        .map(|function| function.ident.to_id())
        .collect();
    if declared.is_empty() {
        return;
    }
    let mut names = Names::default();
    statements.visit_with(&mut names);
    let mut of_block = OfBlock::default();
    for id in declared {
        if names.assigned.contains(&id) && !names.variables.contains(&id) {
            let mut name = Atom::from(format!("_{}", id.0));
            while !names.all.insert(name.clone()) {
                name = Atom::from(format!("_{name}"));
            }
            of_block.names.entry(id).or_insert((name, block));
        }
    }
    if of_block.names.is_empty() {
        return;
    }
    statements.visit_mut_with(&mut of_block);
    let mut functions: Vec<(Id, Stmt)> = Vec::new();
    for statement in &mut *statements {
        let Stmt::Decl(Decl::Fn(function)) = statement else {
            continue;
        };
        let inner = function.ident.to_id();
        let Some((outer, _)) = of_block.names.iter().find(|(_, name)| **name == inner) else {
            continue;
        };
        let (name, outer) = (function.ident.clone(), outer.clone());
        // What `name` of the function says. Nothing refers to it.
        let own_name = Ident::new(outer.0.clone(), name.span, block);
        let value = Expr::Fn(FnExpr {
            ident: Some(own_name),
            function: std::mem::take(&mut function.function),
        });
        // Of several with one name the last is there from the start.
        functions.retain(|(earlier, _)| *earlier != inner);
        functions.push((inner, variable(VarDeclKind::Let, name.clone(), value)));
        let around = Ident::new(outer.0, name.span, outer.1);
        *statement = variable(VarDeclKind::Var, around, Expr::Ident(name));
    }
    statements.splice(0..0, functions.into_iter().map(|(_, statement)| statement));
}

fn variable(kind: VarDeclKind, name: Ident, value: Expr) -> Stmt {
    let span = name.span;
    Stmt::Decl(Decl::Var(Box::new(VarDecl {
        span,
        kind,
        decls: vec![VarDeclarator {
            span,
            name: Pat::Ident(BindingIdent::from(name)),
            init: Some(Box::new(value)),
            definite: false,
        }],
        ..VarDecl::default()
    })))
}

/// What a block does with names.
#[derive(Default)]
struct Names {
    all: FxHashSet<Atom>,
    assigned: FxHashSet<Id>,
    variables: FxHashSet<Id>,
}

impl Visit for Names {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        self.all.insert(node.sym.clone());
    }

    fn visit_simple_assign_target(&mut self, node: &SimpleAssignTarget) {
        if let SimpleAssignTarget::Ident(name) = node {
            self.assigned.insert(name.id.to_id());
        }
        node.visit_children_with(self);
    }

    fn visit_assign_expr(&mut self, node: &AssignExpr) {
        if let Some(pattern) = node.left.as_pat() {
            self.assigned.extend(match pattern {
                AssignTargetPat::Array(array) => find_pat_ids::<_, Id>(array),
                AssignTargetPat::Object(object) => find_pat_ids(object),
                AssignTargetPat::Invalid(_) => Vec::new(),
            });
        }
        node.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, node: &UpdateExpr) {
        if let Expr::Ident(name) = &*node.arg {
            self.assigned.insert(name.to_id());
        }
        node.visit_children_with(self);
    }

    fn visit_for_head(&mut self, node: &ForHead) {
        if let ForHead::Pat(pattern) = node {
            self.assigned.extend(find_pat_ids::<_, Id>(pattern));
        }
        node.visit_children_with(self);
    }

    fn visit_var_decl(&mut self, node: &VarDecl) {
        if node.kind == VarDeclKind::Var {
            self.variables.extend(find_pat_ids::<_, Id>(&node.decls));
        }
        node.visit_children_with(self);
    }
}

/// Gives names of the function around the names that they have in the block.
#[derive(Default)]
struct OfBlock {
    names: FxHashMap<Id, Id>,
}

impl VisitMut for OfBlock {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, node: &mut Ident) {
        if let Some((name, context)) = self.names.get(&node.to_id()) {
            node.sym = name.clone();
            node.ctxt = *context;
        }
    }

    fn visit_mut_prop(&mut self, node: &mut Prop) {
        if let Prop::Shorthand(name) = node
            && self.names.contains_key(&name.to_id())
        {
            *node = Prop::KeyValue(KeyValueProp {
                key: PropName::Ident(name.clone().into()),
                value: Box::new(Expr::Ident(name.clone())),
            });
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_object_pat_prop(&mut self, node: &mut ObjectPatProp) {
        if let ObjectPatProp::Assign(property) = node
            && self.names.contains_key(&property.key.to_id())
        {
            let target = Pat::Ident(property.key.clone());
            *node = ObjectPatProp::KeyValue(KeyValuePatProp {
                key: PropName::Ident(property.key.id.clone().into()),
                value: Box::new(match property.value.take() {
                    None => target,
                    Some(right) => Pat::Assign(AssignPat {
                        span: property.span,
                        left: Box::new(target),
                        right,
                    }),
                }),
            });
        }
        node.visit_mut_children_with(self);
    }
}

//! Which names of a module an `import()` asks for, where the code shows all of them:
//!
//! ```js
//! const { a } = await import('./m')
//! (await import('./m')).a
//! import('./m').then((m) => m.a)
//! await import('./m')                  // none
//! ```
//!
//! Anything else may ask for everything.

use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    BinExpr, BinaryOp, BindingIdent, CallExpr, Callee, Expr, ExprStmt, Function, Id, Ident, Lit, MemberExpr,
    ObjectPat, ObjectPatProp, OptCall, OptChainBase, Pat, PropName, Stmt, TaggedTpl, UnaryExpr, UnaryOp,
    VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::named_members::static_member;
use super::normalize::text_of;
use crate::graph::{AskedName, RecordId};

/// The names per request; requests that are not mentioned ask for everything. `records` says whether a number is that of
/// an `import()`, `is_exported` whether other modules see a binding.
pub fn asked_names<'a>(
    statements: impl IntoIterator<Item = &'a Stmt> + Clone,
    is_import: &dyn Fn(RecordId) -> bool,
    is_exported: &dyn Fn(&Id) -> bool,
) -> FxHashMap<RecordId, Vec<AskedName>> {
    let mut finder = Finder {
        is_import,
        asked: FxHashMap::default(),
        holders: FxHashMap::default(),
    };
    for statement in statements.clone() {
        statement.visit_with(&mut finder);
    }
    let Finder {
        mut asked,
        mut holders,
        ..
    } = finder;
    holders.retain(|id, _| !is_exported(id));
    let mut reads = Reads {
        names: holders.keys().map(|id| (id.clone(), Some(Vec::new()))).collect(),
    };
    if !holders.is_empty() {
        for statement in statements {
            statement.visit_with(&mut reads);
        }
    }
    for (id, record) in holders {
        if let Some(Some(names)) = reads.names.remove(&id) {
            asked.insert(record, names);
        }
    }
    asked
}

struct Finder<'a> {
    is_import: &'a dyn Fn(RecordId) -> bool,
    asked: FxHashMap<RecordId, Vec<AskedName>>,
    /// Variables and parameters that hold what an `import()` gives.
    holders: FxHashMap<Id, RecordId>,
}

impl Finder<'_> {
    /// The request whose promise an expression is.
    fn promise(&self, expression: &Expr) -> Option<RecordId> {
        match expression {
            Expr::Paren(inner) => self.promise(&inner.expr),
            Expr::Call(call) => match &call.callee {
                Callee::Import(_) => match &*call.args.first()?.expr {
                    Expr::Lit(Lit::Num(number)) => {
                        let record = crate::graph::record_number(number.value)?;
                        (self.is_import)(record).then_some(record)
                    }
                    _ => None,
                },
                // What these handlers give in its place is not the module.
                Callee::Expr(callee) => match &**callee {
                    Expr::Member(member)
                        if static_member(&member.prop)
                            .is_some_and(|name| matches!(&*name, "catch" | "finally")) =>
                    {
                        self.promise(&member.obj)
                    }
                    _ => None,
                },
                Callee::Super(_) => None,
            },
            _ => None,
        }
    }

    fn awaited(&self, expression: &Expr) -> Option<RecordId> {
        match expression {
            Expr::Paren(inner) => self.awaited(&inner.expr),
            Expr::Await(wait) => self.promise(&wait.arg),
            _ => None,
        }
    }

    fn ask(&mut self, record: RecordId, name: AskedName) {
        self.asked.entry(record).or_default().push(name);
    }

    /// What a pattern takes from the module.
    fn take(&mut self, record: RecordId, pattern: &Pat) {
        match pattern {
            Pat::Ident(BindingIdent { id, .. }) => {
                self.holders.insert(id.to_id(), record);
            }
            Pat::Object(pattern) => {
                if let Some(names) = names_of_pattern(pattern) {
                    self.asked.insert(record, names);
                }
            }
            _ => {}
        }
    }

    /// `import('x').then((m) => …)`
    fn then(&mut self, call: &CallExpr) {
        let Callee::Expr(callee) = &call.callee else {
            return;
        };
        let Expr::Member(member) = &**callee else { return };
        if static_member(&member.prop).is_none_or(|name| name != *"then") {
            return;
        }
        let Some(record) = self.promise(&member.obj) else {
            return;
        };
        let Some(handler) = call.args.first().filter(|argument| argument.spread.is_none()) else {
            return;
        };
        match &*handler.expr {
            Expr::Arrow(arrow) => match arrow.params.first() {
                Some(parameter) => self.take(record, parameter),
                None => {
                    self.asked.insert(record, Vec::new());
                }
            },
            Expr::Fn(function) if !mentions_arguments(&function.function) => {
                match function.function.params.first() {
                    Some(parameter) => self.take(record, &parameter.pat),
                    None => {
                        self.asked.insert(record, Vec::new());
                    }
                }
            }
            _ => {}
        }
    }

    /// `(await import('x')).name()` gives the function the namespace.
    fn method(&mut self, callee: &Expr) {
        if let Some(member) = called_member(callee)
            && let Some(record) = self.awaited(&member.obj)
            && let Some(name) = static_member(&member.prop)
        {
            self.ask(
                record,
                AskedName {
                    name,
                    is_method: true,
                },
            );
        }
    }

    fn discarded(&mut self, expression: &Expr) {
        let expression = match expression {
            Expr::Unary(unary) if unary.op == UnaryOp::Void => &unary.arg,
            other => other,
        };
        if let Some(record) = self.awaited(expression).or_else(|| self.promise(expression)) {
            self.asked.insert(record, Vec::new());
        }
    }
}

impl Visit for Finder<'_> {
    noop_visit_type!();

    fn visit_expr_stmt(&mut self, statement: &ExprStmt) {
        self.discarded(&statement.expr);
        statement.visit_children_with(self);
    }

    fn visit_unary_expr(&mut self, unary: &UnaryExpr) {
        if unary.op == UnaryOp::Void {
            self.discarded(&unary.arg);
        }
        unary.visit_children_with(self);
    }

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        if let Some(record) = declarator.init.as_ref().and_then(|value| self.awaited(value)) {
            self.take(record, &declarator.name);
        }
        declarator.visit_children_with(self);
    }

    fn visit_member_expr(&mut self, member: &MemberExpr) {
        if let Some(record) = self.awaited(&member.obj)
            && let Some(name) = static_member(&member.prop)
        {
            self.ask(
                record,
                AskedName {
                    name,
                    is_method: false,
                },
            );
        }
        member.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        self.then(call);
        if let Callee::Expr(callee) = &call.callee {
            self.method(callee);
        }
        call.visit_children_with(self);
    }

    fn visit_opt_call(&mut self, call: &OptCall) {
        self.method(&call.callee);
        call.visit_children_with(self);
    }

    fn visit_tagged_tpl(&mut self, template: &TaggedTpl) {
        self.method(&template.tag);
        template.visit_children_with(self);
    }
}

/// The member that is called, whatever stands around it.
fn called_member(callee: &Expr) -> Option<&MemberExpr> {
    match callee {
        Expr::Paren(inner) => called_member(&inner.expr),
        Expr::Member(member) => Some(member),
        Expr::OptChain(chain) => match &*chain.base {
            OptChainBase::Member(member) => Some(member),
            OptChainBase::Call(_) => None,
        },
        _ => None,
    }
}

fn names_of_pattern(pattern: &ObjectPat) -> Option<Vec<AskedName>> {
    let names = pattern.props.iter().map(|property| match property {
        ObjectPatProp::Assign(shorthand) => Some(shorthand.key.id.sym.clone()),
        ObjectPatProp::KeyValue(pair) => static_key(&pair.key),
        ObjectPatProp::Rest(_) => None,
    });
    names
        .map(|name| {
            Some(AskedName {
                name: name?,
                is_method: false,
            })
        })
        .collect()
}

/// The name that a key of a pattern is without running anything.
pub(super) fn static_key(key: &PropName) -> Option<Atom> {
    match key {
        PropName::Ident(name) => Some(name.sym.clone()),
        PropName::Str(text) => Some(text_of(&text.value)),
        PropName::Computed(computed) => match &*computed.expr {
            Expr::Lit(Lit::Str(text)) => Some(text_of(&text.value)),
            _ => None,
        },
        PropName::Num(_) | PropName::BigInt(_) => None,
    }
}

fn mentions_arguments(function: &Function) -> bool {
    struct Mention(bool);
    impl Visit for Mention {
        noop_visit_type!();
        fn visit_ident(&mut self, ident: &Ident) {
            self.0 |= ident.sym == *"arguments";
        }
    }
    let mut mention = Mention(false);
    function.visit_with(&mut mention);
    mention.0
}

/// What is read of holders; nothing is known of one that is used in any other way.
struct Reads {
    names: FxHashMap<Id, Option<Vec<AskedName>>>,
}

impl Reads {
    fn read(&mut self, holder: &Expr, name: Option<Atom>, is_method: bool) -> bool {
        let Expr::Ident(holder) = holder else { return false };
        let (Some(names), Some(name)) = (self.names.get_mut(&holder.to_id()), name) else {
            return false;
        };
        if let Some(names) = names {
            names.push(AskedName { name, is_method });
        }
        true
    }
}

impl Visit for Reads {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        if let Some(names) = self.names.get_mut(&ident.to_id()) {
            *names = None;
        }
    }

    // What declares a holder is no use of it.
    fn visit_binding_ident(&mut self, _: &BindingIdent) {}

    fn visit_assign_target(&mut self, target: &swc_core::ecma::ast::AssignTarget) {
        if let Some(name) = target.as_simple().and_then(|target| target.as_ident()) {
            self.visit_ident(&name.id);
        }
        target.visit_children_with(self);
    }

    fn visit_member_expr(&mut self, member: &MemberExpr) {
        if !self.read(&member.obj, static_member(&member.prop), false) {
            member.visit_children_with(self);
        }
    }

    fn visit_bin_expr(&mut self, binary: &BinExpr) {
        if binary.op == BinaryOp::In
            && let Expr::Lit(Lit::Str(name)) = &*binary.left
            && self.read(&binary.right, Some(text_of(&name.value)), false)
        {
            return;
        }
        binary.visit_children_with(self);
    }

    fn visit_unary_expr(&mut self, unary: &UnaryExpr) {
        match &*unary.arg {
            // Whether it may be deleted depends on whether it is there.
            Expr::Member(member) if unary.op == UnaryOp::Delete => member.visit_children_with(self),
            _ => unary.visit_children_with(self),
        }
    }

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        if let (Pat::Object(pattern), Some(value)) = (&declarator.name, &declarator.init)
            && let Expr::Ident(holder) = &**value
            && self.names.contains_key(&holder.to_id())
            && let Some(names) = names_of_pattern(pattern)
        {
            for name in names {
                self.read(value, Some(name.name), false);
            }
            declarator.name.visit_with(self);
            return;
        }
        declarator.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Callee::Expr(callee) = &call.callee
            && let Some(member) = called_member(callee)
        {
            self.read(&member.obj, static_member(&member.prop), true);
        }
        call.visit_children_with(self);
    }

    fn visit_opt_call(&mut self, call: &OptCall) {
        if let Some(member) = called_member(&call.callee) {
            self.read(&member.obj, static_member(&member.prop), true);
        }
        call.visit_children_with(self);
    }

    fn visit_tagged_tpl(&mut self, template: &TaggedTpl) {
        if let Some(member) = called_member(&template.tag) {
            self.read(&member.obj, static_member(&member.prop), true);
        }
        template.visit_children_with(self);
    }
}

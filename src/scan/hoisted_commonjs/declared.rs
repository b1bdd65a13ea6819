//! What a module declares at its top, and what becomes of it.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    ArrowExpr, AssignTarget, Class, Decl, Expr, FnDecl, ForHead, Function, Id, Module, ModuleItem, Pat, Stmt,
    UpdateExpr, VarDecl, VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::whole::is_plain_class;
use crate::scan::exports_use::{is_without_this, reads_this};
use crate::scan::named_members::static_member;

/// The declarations of a module.
pub(super) struct Declared {
    /// The statement that declares each name.
    places: FxHashMap<Id, usize>,
    functions: FxHashSet<Id>,
    /// Names that get another value than that of their one declaration.
    changed: FxHashSet<Id>,
    /// Names of functions that do not read their `this`.
    without_this: FxHashSet<Id>,
    /// Names of functions, and of other values whose members are plain properties.
    plain: FxHashSet<Id>,
    mentions: Mentions,
}

impl Declared {
    /// Nothing where a name is declared such that an ES module could not.
    pub fn of(module: &Module, unresolved: SyntaxContext) -> Option<Self> {
        let mut found = Self {
            places: FxHashMap::default(),
            functions: FxHashSet::default(),
            changed: FxHashSet::default(),
            without_this: FxHashSet::default(),
            plain: FxHashSet::default(),
            mentions: Mentions::of(module, unresolved),
        };
        for (index, item) in module.body.iter().enumerate() {
            let ModuleItem::Stmt(Stmt::Decl(declaration)) = item else {
                continue;
            };
            match declaration {
                Decl::Fn(function) => {
                    let id = function.ident.to_id();
                    if !reads_this(&function.function) {
                        found.without_this.insert(id.clone());
                    }
                    found.plain.insert(id.clone());
                    if !found.functions.insert(id.clone()) {
                        return None;
                    }
                    found.places.insert(id, index);
                }
                Decl::Class(class) => {
                    if is_plain_class(&class.class) {
                        found.plain.insert(class.ident.to_id());
                    }
                    found.places.insert(class.ident.to_id(), index);
                }
                Decl::Var(variables) => found.variables(variables, index),
                _ => {}
            }
        }
        let mut uses = Uses {
            variables: FxHashSet::default(),
            assigned: FxHashSet::default(),
            function_depth: 0,
        };
        module.visit_with(&mut uses);
        // `var f; function f() {}`
        if !uses.variables.is_disjoint(&found.functions) {
            return None;
        }
        found.changed.extend(uses.assigned);
        Some(found)
    }

    fn variables(&mut self, declaration: &VarDecl, index: usize) {
        for declarator in &declaration.decls {
            for id in find_pat_ids::<_, Id>(&declarator.name) {
                let is_again = self.places.insert(id.clone(), index).is_some();
                if is_again || (declaration.kind == VarDeclKind::Var && declarator.init.is_none()) {
                    self.changed.insert(id);
                }
            }
            if let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init)
                && is_without_this(value)
            {
                self.without_this.insert(name.id.to_id());
            }
            if let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init)
                && has_plain_members(value)
            {
                self.plain.insert(name.id.to_id());
            }
        }
    }

    /// Whether the members of a name's one value can be read without anything happening.
    pub fn is_plain(&self, id: &Id) -> bool {
        self.plain.contains(id)
    }

    /// Whether a function that is called before a statement may read `exports.name`, to which that statement gives its value. It
    /// finds `undefined` then, also where the compressor knows of one value only.
    pub fn export_may_be_read_before(&self, name: &Atom, statement: usize) -> bool {
        self.mentions
            .exports
            .get(name)
            .is_some_and(|first| *first < statement)
    }

    /// Whether the module declares a name at its top.
    pub fn is_declared(&self, id: &Id) -> bool {
        self.places.contains_key(id)
    }

    /// Whether a name of the module keeps the value of its declaration.
    pub fn is_constant(&self, id: &Id) -> bool {
        self.places.contains_key(id) && !self.changed.contains(id)
    }

    /// The same, where that has its value when a statement runs.
    pub fn has_value_at(&self, id: &Id, statement: usize) -> bool {
        self.is_constant(id)
            && (self.functions.contains(id) || self.places.get(id).is_some_and(|place| *place < statement))
    }

    /// Whether a value is certain not to read its `this` when it is called.
    pub fn is_without_this(&self, value: &Expr) -> bool {
        match value {
            Expr::Lit(_) | Expr::Class(_) => true,
            Expr::Ident(name) => {
                let id = name.to_id();
                self.is_constant(&id) && self.without_this.contains(&id)
            }
            Expr::Seq(values) => values
                .exprs
                .last()
                .is_some_and(|value| self.is_without_this(value)),
            other => is_without_this(other),
        }
    }
}

fn has_plain_members(value: &Expr) -> bool {
    match value {
        Expr::Fn(_) | Expr::Arrow(_) | Expr::Array(_) => true,
        Expr::Class(class) => is_plain_class(&class.class),
        Expr::Object(object) => object.props.iter().all(|property| {
            let property = property.as_prop();
            property.is_some_and(|property| !property.is_getter() && !property.is_setter())
        }),
        Expr::Cond(choice) => has_plain_members(&choice.cons) && has_plain_members(&choice.alt),
        _ => false,
    }
}

/// The first statement that mentions each export; a declared function is there from the start.
struct Mentions {
    unresolved: SyntaxContext,
    exports: FxHashMap<Atom, usize>,
    statement: usize,
}

impl Mentions {
    fn of(module: &Module, unresolved: SyntaxContext) -> Self {
        let mut found = Self {
            unresolved,
            exports: FxHashMap::default(),
            statement: 0,
        };
        for (index, item) in module.body.iter().enumerate() {
            let is_function = matches!(item, ModuleItem::Stmt(Stmt::Decl(Decl::Fn(_))));
            found.statement = if is_function { 0 } else { index };
            item.visit_with(&mut found);
        }
        found
    }
}

impl Visit for Mentions {
    noop_visit_type!();

    fn visit_expr(&mut self, expression: &Expr) {
        if let Expr::Member(member) = expression {
            let is_export = member
                .obj
                .as_ident()
                .is_some_and(|object| object.ctxt == self.unresolved && *object.sym == *"exports");
            if let Some(name) = static_member(&member.prop).filter(|_| is_export) {
                let first = self.exports.entry(name).or_insert(self.statement);
                *first = self.statement.min(*first);
            }
        }
        expression.visit_children_with(self);
    }
}

struct Uses {
    /// Names of `var` at the top, in blocks too.
    variables: FxHashSet<Id>,
    assigned: FxHashSet<Id>,
    function_depth: usize,
}

impl Uses {
    fn inside(&mut self, node: &impl VisitWith<Self>) {
        self.function_depth += 1;
        node.visit_children_with(self);
        self.function_depth -= 1;
    }
}

impl Visit for Uses {
    noop_visit_type!();

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        if self.function_depth == 0 && declaration.kind == VarDeclKind::Var {
            let names = declaration.decls.iter().map(|declarator| &declarator.name);
            self.variables.extend(names.flat_map(find_pat_ids::<_, Id>));
        }
        declaration.visit_children_with(self);
    }

    fn visit_assign_target(&mut self, target: &AssignTarget) {
        self.assigned.extend(find_pat_ids::<_, Id>(target));
        target.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        self.assigned.extend(find_pat_ids::<_, Id>(head));
        head.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        if let Expr::Ident(name) = &*update.arg {
            self.assigned.insert(name.to_id());
        }
        update.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        declaration.function.visit_with(self);
    }

    fn visit_function(&mut self, function: &Function) {
        self.inside(function);
    }

    fn visit_arrow_expr(&mut self, arrow: &ArrowExpr) {
        self.inside(arrow);
    }

    fn visit_class(&mut self, class: &Class) {
        self.inside(class);
    }
}

//! Which variables of a list of statements may be read before they are initialised, by the order of the text: functions that
//! are declared count where they are first mentioned, other functions where they stand.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, BindingIdent, Class, ClassDecl, ClassProp, Constructor, Decl, Expr,
    Function, Id, Ident, Pat, PrivateProp, Stmt, UpdateExpr, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

/// Which names that the lists declare may be read before. There are several lists if each of them may be skipped.
pub fn early_names(lists: &[&Vec<Stmt>]) -> FxHashSet<Id> {
    let mut early = FxHashSet::default();
    let declared: FxHashSet<Id> = lists
        .iter()
        .flat_map(|list| list.iter())
        .flat_map(lexical_names)
        .collect();
    if declared.is_empty() {
        return early;
    }
    let mut functions: FxHashMap<Id, FxHashSet<Id>> = FxHashMap::default();
    for statement in lists.iter().flat_map(|list| list.iter()) {
        if let Stmt::Decl(Decl::Fn(function)) = statement {
            functions.insert(function.ident.to_id(), FxHashSet::default());
        }
    }
    for statement in lists.iter().flat_map(|list| list.iter()) {
        if let Stmt::Decl(Decl::Fn(function)) = statement {
            let mentioned = mentions(&declared, &functions, |search| {
                function.function.visit_with(search);
            });
            functions.insert(function.ident.to_id(), mentioned);
        }
    }
    let mut seen = FxHashSet::default();
    for list in lists {
        let mut here = FxHashSet::default();
        for statement in *list {
            if !matches!(statement, Stmt::Decl(Decl::Fn(_))) {
                let mentioned = mentions(&declared, &functions, |search| statement.visit_with(search));
                let mut waiting: Vec<Id> = mentioned.into_iter().collect();
                while let Some(name) = waiting.pop() {
                    // What other cases declare may have been skipped.
                    if declared.contains(&name) && lists.len() > 1 && !here.contains(&name) {
                        early.insert(name.clone());
                    }
                    if seen.insert(name.clone())
                        && let Some(more) = functions.get(&name)
                    {
                        waiting.extend(more.iter().cloned());
                    }
                }
                let names = lexical_names(statement);
                early.extend(names.iter().filter(|name| seen.contains(*name)).cloned());
                here.extend(names);
            }
        }
    }
    early
}

/// What a statement declares that can not be read before.
pub fn lexical_names(statement: &Stmt) -> Vec<Id> {
    match statement {
        Stmt::Decl(Decl::Var(declaration)) if declaration.kind != VarDeclKind::Var => {
            find_pat_ids(&declaration.decls)
        }
        Stmt::Decl(Decl::Class(class)) => vec![class.ident.to_id()],
        _ => Vec::new(),
    }
}

fn mentions(
    declared: &FxHashSet<Id>,
    functions: &FxHashMap<Id, FxHashSet<Id>>,
    visit: impl FnOnce(&mut Mentions<'_>),
) -> FxHashSet<Id> {
    let mut search = Mentions {
        declared,
        functions,
        found: FxHashSet::default(),
    };
    visit(&mut search);
    search.found
}

/// Collects which of the names are read or assigned to, but not where they are declared.
struct Mentions<'a> {
    declared: &'a FxHashSet<Id>,
    functions: &'a FxHashMap<Id, FxHashSet<Id>>,
    found: FxHashSet<Id>,
}

impl Visit for Mentions<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        let name = name.to_id();
        if self.declared.contains(&name) || self.functions.contains_key(&name) {
            self.found.insert(name);
        }
    }

    fn visit_binding_ident(&mut self, _: &BindingIdent) {}

    fn visit_assign_target(&mut self, target: &AssignTarget) {
        for name in find_pat_ids::<_, Ident>(target) {
            self.visit_ident(&name);
        }
        target.visit_children_with(self);
    }

    /// What a function says of itself is said when it is called.
    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        let own = match (&declarator.name, declarator.init.as_deref()) {
            (Pat::Ident(name), Some(Expr::Fn(_) | Expr::Arrow(_))) => Some(name.to_id()),
            (Pat::Ident(name), Some(Expr::Class(class))) => {
                Some(name.to_id()).filter(|name| !mentions_at_once(&class.class, name))
            }
            _ => None,
        };
        declarator.name.visit_with(self);
        self.without(own, |search| declarator.init.visit_with(search));
    }

    fn visit_class_decl(&mut self, class: &ClassDecl) {
        self.without(Some(class.ident.to_id()), |search| class.class.visit_with(search));
    }
}

impl Mentions<'_> {
    fn without(&mut self, own: Option<Id>, visit: impl FnOnce(&mut Self)) {
        let own = own.filter(|name| !self.found.contains(name));
        visit(self);
        if let Some(own) = own {
            self.found.remove(&own);
        }
    }
}

/// Whether a class mentions a name in what runs while it is made: `class { static field = name; [name]() {} }`.
fn mentions_at_once(class: &Class, name: &Id) -> bool {
    struct AtOnce<'a> {
        name: &'a Id,
        found: bool,
    }
    impl Visit for AtOnce<'_> {
        noop_visit_type!();

        fn visit_ident(&mut self, ident: &Ident) {
            self.found |= ident.to_id() == *self.name;
        }

        fn visit_class_prop(&mut self, property: &ClassProp) {
            property.key.visit_with(self);
            if property.is_static {
                property.value.visit_with(self);
            }
        }

        fn visit_private_prop(&mut self, property: &PrivateProp) {
            if property.is_static {
                property.value.visit_with(self);
            }
        }

        fn visit_constructor(&mut self, _: &Constructor) {}
        fn visit_function(&mut self, _: &Function) {}
    }
    let mut search = AtOnce { name, found: false };
    class.visit_with(&mut search);
    search.found
}

/// The names that statements read; those that they only assign to are not among them.
pub fn names_read(statements: &[Stmt]) -> FxHashSet<Id> {
    let mut read = NamesRead::default();
    statements.visit_with(&mut read);
    read.0
}

#[derive(Default)]
struct NamesRead(FxHashSet<Id>);

impl Visit for NamesRead {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        self.0.insert(name.to_id());
    }

    fn visit_binding_ident(&mut self, _: &BindingIdent) {}

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        match assignment.left.as_ident() {
            Some(name) if assignment.op != AssignOp::Assign => self.visit_ident(&name.id),
            Some(_) => {}
            None => assignment.left.visit_with(self),
        }
        assignment.right.visit_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        if !update.arg.is_ident() {
            update.arg.visit_with(self);
        }
    }
}

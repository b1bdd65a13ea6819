//! Constants that are another name of a namespace, and variables that keep it: who asks for one asks the namespace, so that only what is read of it is
//! kept.
//!
//! ```js
//! import * as shapes from './shapes.js'
//! const all = shapes
//! draw(all.circle)                        // draw(shapes.circle)
//! ```
//!
//! Only where the constant cannot be asked for before it has its value. That would fail, and must go on to.

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{
    BindingIdent, CallExpr, Decl, DefaultDecl, Expr, Id, Ident, IdentName, KeyValueProp, Module, ModuleDecl,
    ModuleItem, Prop, PropName, Stmt, SwitchCase, UpdateExpr, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

/// Asks the namespaces; the constants go.
pub fn follow(module: &mut Module, namespaces: &FxHashSet<Id>) {
    let mut survey = Survey {
        namespaces,
        has_aliases: false,
        calls_eval: false,
    };
    module.visit_with(&mut survey);
    if survey.has_aliases && !survey.calls_eval {
        module.visit_mut_with(&mut Follower { namespaces });
    }
}

/// `const`, and `let`, which may be assigned to nowhere.
fn is_lexical(declaration: &VarDecl) -> bool {
    matches!(declaration.kind, VarDeclKind::Const | VarDeclKind::Let)
}

/// `const all = shapes`: both names.
fn alias_of<'a>(declarator: &'a VarDeclarator, namespaces: &FxHashSet<Id>) -> Option<(Id, &'a Ident)> {
    let name = declarator.name.as_ident()?;
    let namespace = declarator.init.as_ref()?.as_ident()?;
    namespaces
        .contains(&namespace.to_id())
        .then(|| (name.to_id(), namespace))
}

/// Whether there is anything to do.
struct Survey<'a> {
    namespaces: &'a FxHashSet<Id>,
    has_aliases: bool,
    calls_eval: bool,
}

impl Visit for Survey<'_> {
    noop_visit_type!();

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        self.has_aliases |= is_lexical(declaration)
            && (declaration.decls.iter()).any(|one| alias_of(one, self.namespaces).is_some());
        declaration.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        let callee = call.callee.as_expr();
        self.calls_eval |= callee.is_some_and(|callee| callee.is_ident_ref_to("eval"));
        call.visit_children_with(self);
    }
}

struct Follower<'a> {
    namespaces: &'a FxHashSet<Id>,
}

impl Follower<'_> {
    fn next_alias(&self, item: &impl Listed, left: &FxHashSet<Id>) -> Option<(Id, Ident)> {
        let aliases = item.declaration()?.decls.iter();
        aliases
            .filter_map(|one| alias_of(one, self.namespaces))
            .find(|(name, _)| !left.contains(name))
            .map(|(name, namespace)| (name, namespace.clone()))
    }

    /// Follows the constants of a list of statements.
    fn list<Item: Listed>(&self, items: &mut Vec<Item>) {
        let mut left: FxHashSet<Id> = FxHashSet::default();
        for index in 0..items.len() {
            // One of them may be a name of the one before.
            while let Some((name, namespace)) = self.next_alias(&items[index], &left) {
                if !is_followed(items, index, &name) {
                    left.insert(name);
                    continue;
                }
                if let Some(declaration) = items[index].declaration_mut() {
                    let declarators = &mut declaration.decls;
                    declarators.retain(|one| one.name.as_ident().is_none_or(|own| own.to_id() != name));
                }
                let mut renamer = Renamer { name, namespace };
                for item in items.iter_mut() {
                    item.visit_mut_with(&mut renamer);
                }
            }
        }
        items.retain(|item| {
            item.declaration()
                .is_none_or(|declaration| !declaration.decls.is_empty())
        });
    }
}

/// Whether a constant that the statement at `index` declares is only asked for when it has its value, and never assigned.
fn is_followed<Item: Listed>(items: &[Item], index: usize, name: &Id) -> bool {
    items.iter().enumerate().all(|(place, item)| {
        let mut mentions = Mentions {
            name: name.clone(),
            is_mentioned: false,
            is_bound: false,
        };
        if place == index {
            let declarators = item
                .declaration()
                .map_or(&[][..], |declaration| &declaration.decls);
            let is_it = |one: &&VarDeclarator| one.name.as_ident().is_none_or(|own| own.to_id() != *name);
            declarators
                .iter()
                .take_while(is_it)
                .for_each(|one| one.visit_with(&mut mentions));
            return !mentions.is_mentioned && !mentions.is_bound;
        }
        item.visit_with(&mut mentions);
        let may_run_early = place < index || item.is_function();
        !mentions.is_bound && !(mentions.is_mentioned && (may_run_early || item.is_export_list()))
    })
}

/// A statement of a list.
trait Listed: VisitWith<Mentions> + VisitMutWith<Renamer> {
    /// What it declares with `const` or `let`.
    fn declaration(&self) -> Option<&VarDecl>;
    fn declaration_mut(&mut self) -> Option<&mut VarDecl>;
    /// Whether it declares a function, which others may call before.
    fn is_function(&self) -> bool;
    /// `export { a }`.
    fn is_export_list(&self) -> bool;
}

impl Listed for Stmt {
    fn declaration(&self) -> Option<&VarDecl> {
        self.as_decl()?
            .as_var()
            .map(|declaration| &**declaration)
            .filter(|declaration| is_lexical(declaration))
    }

    fn declaration_mut(&mut self) -> Option<&mut VarDecl> {
        self.as_mut_decl()?
            .as_mut_var()
            .map(|declaration| &mut **declaration)
            .filter(|declaration| is_lexical(declaration))
    }

    fn is_function(&self) -> bool {
        matches!(self, Self::Decl(Decl::Fn(_)))
    }

    fn is_export_list(&self) -> bool {
        false
    }
}

impl Listed for ModuleItem {
    fn declaration(&self) -> Option<&VarDecl> {
        self.as_stmt()?.declaration()
    }

    fn declaration_mut(&mut self) -> Option<&mut VarDecl> {
        self.as_mut_stmt()?.declaration_mut()
    }

    fn is_function(&self) -> bool {
        match self {
            Self::Stmt(statement) => statement.is_function(),
            Self::ModuleDecl(ModuleDecl::ExportDecl(export)) => export.decl.is_fn_decl(),
            Self::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => {
                matches!(export.decl, DefaultDecl::Fn(_))
            }
            Self::ModuleDecl(_) => false,
        }
    }

    fn is_export_list(&self) -> bool {
        matches!(self, Self::ModuleDecl(ModuleDecl::ExportNamed(_)))
    }
}

/// Where a name stands.
struct Mentions {
    name: Id,
    is_mentioned: bool,
    /// Whether something is assigned to it.
    is_bound: bool,
}

impl Visit for Mentions {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        self.is_mentioned |= name.sym == self.name.0 && name.ctxt == self.name.1;
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.is_bound |= (update.arg.as_ident()).is_some_and(|name| name.to_id() == self.name);
        update.visit_children_with(self);
    }

    fn visit_binding_ident(&mut self, name: &BindingIdent) {
        self.is_bound |= name.sym == self.name.0 && name.ctxt == self.name.1;
    }
}

/// Puts the namespace where the constant stands.
struct Renamer {
    name: Id,
    namespace: Ident,
}

impl Renamer {
    fn is_it(&self, name: &Ident) -> bool {
        name.sym == self.name.0 && name.ctxt == self.name.1
    }
}

impl VisitMut for Renamer {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, name: &mut Ident) {
        if self.is_it(name) {
            name.sym = self.namespace.sym.clone();
            name.ctxt = self.namespace.ctxt;
        }
    }

    fn visit_mut_prop(&mut self, property: &mut Prop) {
        match property {
            Prop::Shorthand(name) if self.is_it(name) => {
                *property = Prop::KeyValue(KeyValueProp {
                    key: PropName::Ident(IdentName::new(name.sym.clone(), name.span)),
                    value: Box::new(Expr::Ident(Ident {
                        span: name.span,
                        ..self.namespace.clone()
                    })),
                });
            }
            other => other.visit_mut_children_with(self),
        }
    }
}

impl VisitMut for Follower<'_> {
    noop_visit_mut_type!();

    fn visit_mut_module_items(&mut self, items: &mut Vec<ModuleItem>) {
        items.visit_mut_children_with(self);
        self.list(items);
    }

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.visit_mut_children_with(self);
        self.list(statements);
    }

    /// What one case declares, others see, too.
    fn visit_mut_switch_case(&mut self, case: &mut SwitchCase) {
        case.test.visit_mut_with(self);
        for statement in &mut case.cons {
            statement.visit_mut_children_with(self);
        }
    }
}

//! Functions and classes of a module of which the code shows that calling them can not be observed, whatever they are
//! given:
//!
//! ```js
//! function make(value) { const list = []; list.push(value); return { list } }
//! class Point { constructor(x) { this.x = x } }
//! ```
//!
//! All are taken to be like that at first, so that they may call each other; those that are not are taken out until
//! nothing changes.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    ArrowExpr, Class, ClassMember, Decl, Expr, Function, Id, Ident, Pat, ReturnStmt, Stmt,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::demands::Demands;
use super::function_classes::function_in_place;
use super::function_needs::{OwnNeeds, note_needs};
use super::made::Made;
use super::own_methods::{Own, called_methods};
use super::parameters::{self, Parameters};
use super::quiet::{Calls, MOST_ROUNDS, Quiet};
use super::{Filling, Purity, Returned, This};
use crate::graph::Construction;

/// The errors of the language, besides `Error`.
const ERRORS: [&str; 6] = [
    "EvalError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "TypeError",
    "URIError",
];

#[derive(Clone, Copy)]
pub(super) enum Callable<'a> {
    Function(&'a Function),
    Arrow(&'a ArrowExpr),
    Class(&'a Class),
}

impl Callable<'_> {
    /// Visits what runs when it is called, or constructed.
    pub(super) fn visit_with(self, visitor: &mut impl Visit) {
        let class = match self {
            Self::Function(function) => return function.visit_with(visitor),
            Self::Arrow(arrow) => return arrow.visit_with(visitor),
            Self::Class(class) => class,
        };
        class.super_class.visit_with(visitor);
        let called = called_methods(class);
        for member in &class.body {
            let runs = match member {
                ClassMember::Method(method) => called
                    .as_ref()
                    .is_none_or(|names| method.key.as_ident().is_none_or(|name| names.contains(&name.sym))),
                ClassMember::ClassProp(field) => !field.is_static,
                ClassMember::PrivateProp(field) => !field.is_static,
                ClassMember::StaticBlock(_) => false,
                _ => true,
            };
            if runs {
                member.visit_with(visitor);
            }
        }
    }
}

pub(super) struct Candidate<'a> {
    pub id: Id,
    pub callable: Callable<'a>,
    pub is_constructed: bool,
}

impl Candidate<'_> {
    /// How it runs.
    pub fn construction(&self) -> Construction {
        if self.is_constructed {
            Construction::New
        } else {
            Construction::Call
        }
    }

    pub fn key(&self) -> (Id, Construction) {
        (self.id.clone(), self.construction())
    }
}

/// Takes note of what functions fill, one after the other.
pub trait NotedFilling: Filling {
    /// As what judges ask.
    fn as_filling(&self) -> &dyn Filling;
    /// What was noted since this was last asked.
    fn take(&self) -> FxHashSet<Id>;
}

/// What is to be known of names of the module.
pub struct Bindings<'a> {
    /// Whether it must have been evaluated.
    pub is_lexical: &'a dyn Fn(&Id) -> bool,
    /// Whether it stays what it is declared as.
    pub is_fixed: &'a dyn Fn(&Id) -> bool,
}

/// Finds them among the top-level declarations.
pub fn find_quiet<'a>(
    statements: impl IntoIterator<Item = &'a Stmt>,
    purity: &Purity<'_>,
    filling: &dyn NotedFilling,
    bindings: &Bindings<'_>,
) -> Quiet {
    settle(statements, purity, filling, bindings, Quiet::default()).unwrap_or_default()
}

/// Those, and others that are like that if imports keep promises; nothing if there are none.
pub fn find_quiet_if<'a>(
    statements: impl IntoIterator<Item = &'a Stmt>,
    purity: &Purity<'_>,
    filling: &dyn NotedFilling,
    bindings: &Bindings<'_>,
    quiet: &Quiet,
) -> Option<Quiet> {
    let found = settle(statements, purity, filling, bindings, quiet.clone())?;
    (!found.relied.is_empty()).then_some(found)
}

/// Finds those that are not `known` yet.
fn settle<'a>(
    statements: impl IntoIterator<Item = &'a Stmt>,
    purity: &Purity<'_>,
    filling: &dyn NotedFilling,
    bindings: &Bindings<'_>,
    known: Quiet,
) -> Option<Quiet> {
    let purity = purity.filling(filling.as_filling());
    let mut candidates = Vec::new();
    for statement in statements {
        collect(statement, &mut candidates);
    }
    candidates.retain(|candidate| (bindings.is_fixed)(&candidate.id));
    let (known_candidates, mut candidates): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|candidate| known.has(candidate));
    let mut quiet = known;
    for candidate in &candidates {
        // Where imports keep promises, it may ask for less.
        quiet.demanding.remove(&candidate.key());
        quiet
            .list_mut(candidate.construction())
            .insert(candidate.id.clone(), FxHashSet::default());
        if let Callable::Class(class) = candidate.callable {
            let parent = class.super_class.as_ref().and_then(|parent| parent.as_ident());
            let calls = Calls {
                names: called_methods(class),
                parent: parent.map(Ident::to_id),
            };
            quiet.own_calls.insert(candidate.id.clone(), calls);
        }
        if candidate.is_constructed && returns_value(candidate.callable) {
            quiet.returning.insert(candidate.id.clone());
        }
    }
    let mut own = OwnNeeds {
        fills: quiet.fills.clone(),
        relied: FxHashMap::default(),
    };
    for round in 0.. {
        if round == MOST_ROUNDS {
            return None;
        }
        let mut is_settled = true;
        candidates.retain(|candidate| {
            let judged = demands_of(candidate, &purity, filling, &quiet);
            // What is asked for may grow with what others ask for, but not for ever.
            let judged = judged.filter(|demands| {
                let known = quiet.demanding.get(&candidate.key());
                round < MOST_ROUNDS / 2
                    || demands.is_empty()
                    || known.is_some_and(|known| known.demands == *demands)
            });
            if judged.is_some() {
                own.relied.insert(candidate.key(), purity.take_relied());
                own.fills.insert(candidate.key(), filling.take());
            }
            is_settled &= !quiet.settle(candidate, judged.as_ref());
            judged.is_some()
        });
        if is_settled {
            break;
        }
    }
    let new = candidates.len();
    candidates.extend(known_candidates);
    note_needs(&candidates, new, &mut quiet, &own, bindings);
    Some(quiet)
}

fn collect<'a>(statement: &'a Stmt, candidates: &mut Vec<Candidate<'a>>) {
    let mut add = |id: Id, callable, is_constructed| {
        candidates.push(Candidate {
            id,
            callable,
            is_constructed,
        });
    };
    match statement {
        Stmt::Decl(Decl::Fn(declaration)) => {
            let function = &*declaration.function;
            add(declaration.ident.to_id(), Callable::Function(function), false);
            add(declaration.ident.to_id(), Callable::Function(function), true);
        }
        Stmt::Decl(Decl::Class(declaration)) => {
            add(
                declaration.ident.to_id(),
                Callable::Class(&declaration.class),
                true,
            );
        }
        Stmt::Decl(Decl::Var(declaration)) => {
            for declarator in &declaration.decls {
                let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) else {
                    continue;
                };
                match &**value {
                    Expr::Fn(function) => {
                        add(name.to_id(), Callable::Function(&function.function), false);
                        add(name.to_id(), Callable::Function(&function.function), true);
                    }
                    Expr::Arrow(arrow) => add(name.to_id(), Callable::Arrow(arrow), false),
                    Expr::Class(class) => add(name.to_id(), Callable::Class(&class.class), true),
                    Expr::Call(_) | Expr::Paren(_) => {
                        if let Some(function) = function_in_place(value) {
                            add(name.to_id(), Callable::Function(function), false);
                            add(name.to_id(), Callable::Function(function), true);
                        }
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

impl Purity<'_> {
    /// Whether what a function does with its parameters, and then, can not be observed; a generator waits to be asked.
    pub(super) fn runs_quietly(&self, function: &Function) -> bool {
        self.are_quiet_parameters(function.params.iter().map(|parameter| &parameter.pat))
            && (function.is_generator
                || function
                    .body
                    .as_ref()
                    .is_some_and(|body| !self.statements_have_side_effects(&body.stmts)))
    }
}

/// What a function asks for in order to be called without anyone noticing, if that is all it takes.
fn demands_of(
    candidate: &Candidate<'_>,
    purity: &Purity<'_>,
    filling: &dyn NotedFilling,
    quiet: &Quiet,
) -> Option<Demands> {
    let purity = purity.knowing(quiet);
    let forget = || {
        filling.take();
        purity.take_relied();
    };
    forget();
    if !quiet.demanding.contains_key(&candidate.key()) && is_quiet(candidate, &purity) {
        return Some(Demands::default());
    }
    let parameters = Parameters::of(candidate.callable, &purity)?;
    forget();
    let asking = purity.asking(&parameters);
    is_quiet(candidate, &asking).then(|| parameters.take(&purity))?
}

fn is_quiet(candidate: &Candidate<'_>, purity: &Purity<'_>) -> bool {
    match candidate.callable {
        Callable::Function(function) => {
            let made = Made::of_function(function);
            let this = candidate.is_constructed.then_some(This::Instance(&made, None));
            let purity = purity.within_function(this, Returned::by(function.is_async));
            // `new` of these throws.
            let is_constructor = !function.is_async && !function.is_generator;
            (!candidate.is_constructed || is_constructor && is_as_made(&candidate.id, &purity))
                && purity.runs_quietly(function)
        }
        Callable::Arrow(arrow) => purity.is_quiet_arrow(arrow, None),
        Callable::Class(class) => {
            // A method that is called on what is made must be that of the class.
            let is_replaced = purity.objects.is_some_and(|objects| {
                let calls = purity.quiet.and_then(|quiet| quiet.own_calls.get(&candidate.id));
                let names = calls.and_then(|calls| calls.names.as_ref());
                let mut names = names.into_iter().flatten();
                names.any(|name| objects.is_given_to_prototype(&candidate.id, name))
            });
            !is_replaced && is_as_made(&candidate.id, purity) && is_quiet_class(class, purity)
        }
    }
}

/// Nobody can have given what it makes a setter.
fn is_as_made(id: &Id, purity: &Purity<'_>) -> bool {
    purity.objects.is_none_or(|objects| objects.is_tame(id))
}

/// Whether constructing what a class extends can be observed.
fn has_quiet_parent(class: &Class, made: &Made, purity: &Purity<'_>) -> bool {
    let Some(parent) = &class.super_class else {
        return true;
    };
    let (Some(quiet), Expr::Ident(parent)) = (purity.quiet, &**parent) else {
        return false;
    };
    // The constructor of the parent must not run setters and methods of this class, nor may this one read `this` before.
    (quiet.constructions.contains_key(&parent.to_id()) || purity.is_promised_parent(&parent.to_id()))
        && !quiet.calls_one_of(class, &parent.to_id())
        && !quiet.returning.contains(&parent.to_id())
        && !made.has_instance_accessors()
        && class.body.iter().all(|member| match member {
            ClassMember::Constructor(constructor) => constructor
                .body
                .as_ref()
                .and_then(|body| body.stmts.first())
                .is_some_and(is_super_call),
            _ => true,
        })
}

/// Whether a constructor may return an object of its own choice.
fn returns_value(callable: Callable<'_>) -> bool {
    struct Returns(bool);
    impl Visit for Returns {
        noop_visit_type!();
        fn visit_return_stmt(&mut self, statement: &ReturnStmt) {
            self.0 |= statement.arg.is_some();
        }
        fn visit_function(&mut self, _: &Function) {}
        fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
        fn visit_class(&mut self, _: &Class) {}
    }
    let mut returns = Returns(false);
    match callable {
        Callable::Function(function) => function.body.visit_with(&mut returns),
        Callable::Arrow(_) => {}
        Callable::Class(class) => {
            for member in &class.body {
                if let ClassMember::Constructor(constructor) = member {
                    constructor.body.visit_with(&mut returns);
                }
            }
        }
    }
    returns.0
}

fn is_super_call(statement: &Stmt) -> bool {
    statement
        .as_expr()
        .and_then(|statement| statement.expr.as_call())
        .is_some_and(|call| call.callee.is_super_())
}

fn is_quiet_class(class: &Class, purity: &Purity<'_>) -> bool {
    let Some(made) = Made::of_class(class) else {
        return false;
    };
    let own = Own::of(class);
    let purity = purity.within_function(Some(This::Instance(&made, Some(&own))), Returned::AsItIs);
    has_quiet_parent(class, &made, &purity)
        && class.decorators.is_empty()
        && class.body.iter().all(|member| match member {
            ClassMember::Constructor(constructor) => {
                parameters::of_constructor(constructor)
                    .is_some_and(|parameters| purity.are_quiet_parameters(parameters))
                    && constructor
                        .body
                        .as_ref()
                        .is_some_and(|body| !purity.statements_have_side_effects(&body.stmts))
            }
            ClassMember::ClassProp(field) => {
                field.is_static
                    || field
                        .value
                        .as_ref()
                        .is_none_or(|value| !purity.expression_has_side_effects(value))
            }
            ClassMember::PrivateProp(field) => {
                field.is_static
                    || field
                        .value
                        .as_ref()
                        .is_none_or(|value| !purity.expression_has_side_effects(value))
            }
            ClassMember::Method(_)
            | ClassMember::PrivateMethod(_)
            | ClassMember::StaticBlock(_)
            | ClassMember::Empty(_) => true,
            _ => false,
        })
}

/// Whether `new (class { … })()` can be observed. Errors that are given nothing are like objects.
pub fn is_quiet_in_place(class: &Class, purity: &Purity<'_>) -> bool {
    let is_error = |parent: &Expr| {
        let name = purity.global_name(parent);
        name.is_some_and(|name| name == "Error" || ERRORS.contains(&name))
    };
    let has_constructor = class.body.iter().any(ClassMember::is_constructor);
    match class.super_class.as_deref() {
        Some(parent) if is_error(parent) && !has_constructor => {
            let mut alone = class.clone();
            alone.super_class = None;
            is_quiet_class(&alone, purity)
        }
        Some(_) => false,
        None => is_quiet_class(class, purity),
    }
}

//! Who has an object that functions of the module are given: nobody else, if they only ask for its properties.
//!
//! ```js
//! const options = { deep: true }
//! function Node(kind, options) { if (options === undefined) options = {}; this.kind = kind; this.deep = options.deep }
//! const root = new Node('root', options)      // nobody has `options`
//! ```

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    ArrowExpr, BinaryOp, Callee, Class, ClassMember, Decl, Expr, ExprOrSpread, Function, Id, Ident, Pat,
    Stmt, UnaryOp,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::aliases::Builtin;
use super::hands::{Handed, Hands, Inside};
use super::made::{FreshKind, Made};
use super::{parameters, without_parentheses};

/// An object that a function is given.
pub(super) struct Given {
    function: Id,
    position: usize,
    object: Id,
}

/// Nobody gives more arguments.
const MANY: usize = 256;

/// What becomes of an argument.
enum Taken {
    /// It has this name in the function.
    Named(Id),
    /// It is taken apart.
    Apart,
    /// The function may do anything with it.
    Whole,
}

/// The parameters of functions of the module that are given objects.
#[derive(Default)]
pub struct Takers {
    functions: FxHashMap<Id, Vec<Taken>>,
    /// Names of functions of the platform.
    builtins: FxHashMap<Id, Vec<Taken>>,
}

impl Takers {
    /// Looks for the functions that were called with objects.
    pub fn of<'a>(
        statements: impl Iterator<Item = &'a Stmt>,
        hands: &Hands,
        aliases: &FxHashMap<Id, Builtin>,
    ) -> Self {
        let called: FxHashSet<&Id> = hands.given.iter().map(|given| &given.function).collect();
        let mut takers = Self::default();
        if called.is_empty() {
            return takers;
        }
        for (id, alias) in aliases {
            if let Some(taken) = taken_by_builtin(alias) {
                takers.builtins.insert(id.clone(), taken);
            }
        }
        let mut add = |name: &Ident, taken: Option<Vec<Taken>>| {
            let id = name.to_id();
            if let Some(taken) = taken.filter(|_| called.contains(&id)) {
                takers.functions.insert(id, taken);
            }
        };
        for statement in statements {
            match statement {
                Stmt::Decl(Decl::Fn(declaration)) => {
                    add(&declaration.ident, taken_by_function(&declaration.function));
                }
                Stmt::Decl(Decl::Class(declaration)) => {
                    add(&declaration.ident, taken_by_class(&declaration.class));
                }
                Stmt::Decl(Decl::Var(declaration)) => {
                    for declarator in &declaration.decls {
                        let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) else {
                            continue;
                        };
                        match without_parentheses(value) {
                            Expr::Fn(function) => add(name, taken_by_function(&function.function)),
                            Expr::Arrow(arrow) => add(name, Some(taken_by_arrow(arrow))),
                            Expr::Class(class) => add(name, taken_by_class(&class.class)),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        takers
    }

    fn taken(&self, given: &Given, made: &FxHashMap<Id, Made>) -> Option<&Taken> {
        let is_function = made.get(&given.function).is_some_and(|made| {
            matches!(
                made.kind,
                FreshKind::Function | FreshKind::Arrow | FreshKind::Class
            )
        });
        let taken = self.functions.get(&given.function).filter(|_| is_function);
        let Some(taken) = taken.or_else(|| self.builtins.get(&given.function)) else {
            return Some(&Taken::Whole);
        };
        taken.get(given.position)
    }
}

fn taken_by_builtin(builtin: &Builtin) -> Option<Vec<Taken>> {
    if builtin.is_always_quiet() {
        return Some(Vec::new());
    }
    let mut taken = vec![Taken::Whole];
    taken.resize_with(MANY, || Taken::Apart);
    builtin.assigns().then_some(taken)
}

fn taken_by(pattern: &Pat) -> Taken {
    match pattern {
        Pat::Ident(name) => Taken::Named(name.to_id()),
        Pat::Assign(assignment) => taken_by(&assignment.left),
        Pat::Object(_) => Taken::Apart,
        _ => Taken::Whole,
    }
}

fn taken_by_function(function: &Function) -> Option<Vec<Taken>> {
    let mut arguments = Arguments(false);
    function.visit_with(&mut arguments);
    let taken = function.params.iter().map(|parameter| taken_by(&parameter.pat));
    let taken: Vec<Taken> = taken.collect();
    (!arguments.0 && !has_rest(function.params.iter().map(|parameter| &parameter.pat))).then_some(taken)
}

fn taken_by_arrow(arrow: &ArrowExpr) -> Vec<Taken> {
    let mut taken: Vec<Taken> = arrow.params.iter().map(taken_by).collect();
    if has_rest(arrow.params.iter()) {
        taken.clear();
        taken.resize_with(MANY, || Taken::Whole);
    }
    taken
}

fn taken_by_class(class: &Class) -> Option<Vec<Taken>> {
    let constructor = class.body.iter().find_map(ClassMember::as_constructor);
    let Some(constructor) = constructor else {
        return class.super_class.is_none().then(Vec::new);
    };
    let mut arguments = Arguments(false);
    constructor.visit_with(&mut arguments);
    let patterns = parameters::of_constructor(constructor);
    let patterns = patterns.filter(|patterns| !arguments.0 && !has_rest(patterns.iter().copied()))?;
    Some(patterns.into_iter().map(taken_by).collect())
}

fn has_rest<'p>(mut patterns: impl Iterator<Item = &'p Pat>) -> bool {
    patterns.any(Pat::is_rest)
}

/// Whether code asks for all arguments.
struct Arguments(bool);

impl Visit for Arguments {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.0 |= ident.sym == *"arguments";
    }
}

impl Hands {
    /// Looks at what a function is given.
    pub(super) fn arguments(&mut self, callee: &Expr, arguments: &[ExprOrSpread]) {
        let function = without_parentheses(callee).as_ident();
        let mut is_spread = false;
        for (position, argument) in arguments.iter().enumerate() {
            is_spread |= argument.spread.is_some();
            match (function, &*argument.expr) {
                (Some(function), Expr::Ident(object)) if !is_spread => self.given.push(Given {
                    function: function.to_id(),
                    position,
                    object: object.to_id(),
                }),
                _ => argument.visit_with(self),
            }
        }
    }

    /// The same of any callee.
    pub(super) fn arguments_of(&mut self, callee: &Callee, arguments: &[ExprOrSpread]) {
        match callee {
            Callee::Expr(callee) => self.arguments(callee, arguments),
            _ => arguments.visit_with(self),
        }
    }

    /// Who has what functions are given.
    pub(super) fn settle_given(&mut self, takers: &Takers, made: &FxHashMap<Id, Made>) {
        for given in std::mem::take(&mut self.given) {
            match takers.taken(&given, made) {
                None => {}
                Some(Taken::Whole) => {
                    self.handed.insert(given.object);
                }
                Some(Taken::Apart) => {
                    self.asked(given.object, 1);
                }
                Some(Taken::Named(parameter)) => self.insides.push(Inside {
                    outer: parameter.clone(),
                    inner: given.object,
                    depth: 0,
                }),
            }
        }
    }

    /// The same where only some of the code of those functions was looked at, and all of it before.
    pub(super) fn settle_given_early(&mut self, takers: &Takers, made: &FxHashMap<Id, Made>, whole: &Handed) {
        for given in &self.given {
            if let Some(Taken::Named(parameter)) = takers.taken(given, made) {
                if whole.objects.contains(parameter) {
                    self.handed.insert(parameter.clone());
                } else if let Some(depth) = whole.depths.get(parameter) {
                    self.depths.insert(parameter.clone(), *depth);
                }
            }
        }
        self.settle_given(takers, made);
    }

    /// What is only asked whether it counts as true.
    pub(super) fn tested(&mut self, test: &Expr) {
        match without_parentheses(test) {
            Expr::Ident(_) => {}
            Expr::Unary(unary) if unary.op == UnaryOp::Bang => self.tested(&unary.arg),
            Expr::Bin(both) if matches!(both.op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr) => {
                self.tested(&both.left);
                self.tested(&both.right);
            }
            other => other.visit_with(self),
        }
    }
}

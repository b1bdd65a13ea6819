//! Functions that do nothing which can be observed as long as they are given what they ask for:
//!
//! ```js
//! function converter(name, options) { return { name: `to-${name}`, deep: options.deep } }
//! const hex = converter('hex', { deep: true })
//! ```
//!
//! What such a function asks of each parameter is found once, as what a module asks of its imports; each call says whether its
//! arguments are that. Parameters that are given other values inside of the function are not asked for anything.

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowFunctionBody, AssignExpr, AssignOp, BinaryOp, ClassMember, Constructor, Expr, FnDecl, ForHead, Id,
    Ident, ParamOrTsParamProp, Pat, Stmt, UnaryOp, UpdateExpr, VarDecl,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::demands::Demands;
use super::functions::Callable;
use super::promises::NamePath;
use super::{Purity, Relied, without_parentheses};
use crate::graph::{Asked, Demand, Replaces};
use crate::scan::reassigned::{assigned_names, named, names_in_head};

/// The parameters of a function that is judged.
pub(super) struct Parameters<'a> {
    all: Vec<&'a Pat>,
    /// Names of those that keep their values.
    ids: FxHashSet<Id>,
    /// The default values that the function gives them itself, before it does anything else.
    defaults: Vec<(Id, &'a Expr, Replaces)>,
    /// What was asked of them; nothing where nothing is like that.
    asked: RefCell<Vec<(Id, When, Option<Asked>)>>,
}

/// When something is asked of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Always,
    /// If it counts as true.
    True,
}

/// What a constructor is called with; none where a parameter is a property, which TypeScript has and JavaScript has not.
pub(super) fn of_constructor(constructor: &Constructor) -> Option<Vec<&Pat>> {
    let parameters = constructor.params.iter();
    let patterns = parameters.map(|parameter| match parameter {
        ParamOrTsParamProp::Param(parameter) => Some(&parameter.pat),
        ParamOrTsParamProp::TsParamProp(_) => None,
    });
    patterns.collect()
}

impl<'a> Parameters<'a> {
    /// Those of a function; nothing if it has none.
    pub fn of(callable: Callable<'a>, purity: &Purity<'_>) -> Option<Self> {
        let (all, body): (Vec<&Pat>, &[Stmt]) = match callable {
            Callable::Function(function) => (
                function.params.iter().map(|parameter| &parameter.pat).collect(),
                function.body.as_ref().map_or(&[][..], |body| &body.stmts),
            ),
            Callable::Arrow(arrow) => (
                arrow.params.iter().collect(),
                match &*arrow.body {
                    ArrowFunctionBody::FunctionBody(body) => &body.stmts,
                    ArrowFunctionBody::Expr(_) => &[],
                },
            ),
            Callable::Class(class) => {
                let constructor = class.body.iter().find_map(ClassMember::as_constructor)?;
                let patterns = constructor.params.iter().filter_map(|parameter| match parameter {
                    ParamOrTsParamProp::Param(parameter) => Some(&parameter.pat),
                    ParamOrTsParamProp::TsParamProp(_) => None,
                });
                (
                    patterns.collect(),
                    constructor.body.as_ref().map_or(&[][..], |body| &body.stmts),
                )
            }
        };
        let mut ids: FxHashSet<Id> = all.iter().filter_map(|parameter| name_of(parameter)).collect();
        if ids.is_empty() {
            return None;
        }
        let mut defaults = Vec::new();
        let mut rest = body;
        while let Some((first, others)) = rest.split_first()
            && let Some(default) = written_default(first, purity)
        {
            defaults.push(default);
            rest = others;
        }
        let mut assigned = Assigned(&mut ids);
        rest.visit_with(&mut assigned);
        for (_, value, _) in &defaults {
            value.visit_with(&mut assigned);
        }
        if let Callable::Arrow(arrow) = callable
            && let ArrowFunctionBody::Expr(value) = &*arrow.body
        {
            value.visit_with(&mut assigned);
        }
        for parameter in &all {
            parameter.visit_with(&mut assigned);
        }
        Some(Self {
            all,
            ids,
            defaults,
            asked: RefCell::default(),
        })
    }

    /// Whether a name is one of them, and keeps its value.
    pub fn has(&self, name: &Id) -> bool {
        self.ids.contains(name)
    }

    /// Notes what is asked of one of them.
    pub fn note(
        &self,
        asked: NamePath,
        when: When,
        list: impl FnOnce(&mut Relied) -> &mut FxHashSet<NamePath>,
    ) {
        let id = asked.0.clone();
        let mut relied = Relied::default();
        list(&mut relied).insert(asked);
        self.asked.borrow_mut().push((id, when, asked_for(&relied)));
    }

    /// How much was asked so far.
    pub fn mark(&self) -> usize {
        self.asked.borrow().len()
    }

    /// Forgets what was asked since.
    pub fn go_back(&self, mark: usize) {
        self.asked.borrow_mut().truncate(mark);
    }

    /// What stands for a parameter that is taken apart, if that is one of them.
    fn whole(&self, pattern: &Pat) -> Option<Expr> {
        let (name, context) = name_of(pattern)?;
        self.ids
            .contains(&(name.clone(), context))
            .then(|| Expr::Ident(Ident::new(name, DUMMY_SP, context)))
    }

    /// What was asked for while a function was judged, if something can be that.
    pub fn take(&self, purity: &Purity<'_>) -> Option<Demands> {
        let mut all: FxHashMap<Id, (Asked, Asked)> = FxHashMap::default();
        for (id, when, asked) in self.asked.take() {
            let (always, if_true) = all.entry(id).or_default();
            match when {
                When::Always => always.add(asked?),
                When::True => if_true.add(asked?),
            }
        }
        let mut demands = Vec::new();
        for (position, parameter) in self.all.iter().enumerate() {
            let Some(id) = name_of(parameter) else { continue };
            let Some((asked, asked_if)) = all.get(&id).copied() else {
                continue;
            };
            if parameter.is_rest() {
                if !(asked.is_within(Asked::OF_REST) && asked_if.is_within(Asked::OF_REST)) {
                    return None;
                }
                continue;
            }
            let written = self.defaults.iter().find(|(name, ..)| *name == id);
            let mut demand = Demand {
                position,
                asked,
                asked_if,
                may_be_missing: false,
                replaces: written.map_or(Replaces::Nothing, |(_, _, replaces)| *replaces),
            };
            demand.may_be_missing = match (parameter, written) {
                (Pat::Assign(assignment), None) => purity.is_what_is_asked(&assignment.right, demand),
                (Pat::Ident(_), Some((_, value, _))) => purity.is_what_is_asked(value, demand),
                (_, Some(_)) => return None,
                (_, None) => asked.is_within(Asked::OF_NOTHING),
            };
            demands.push(demand);
        }
        Some(Demands::of(demands))
    }
}

impl Purity<'_> {
    /// Asks for a parameter that is like that, if an expression is one.
    pub(super) fn asks_of_parameter(&self, value: &Expr, asked: Asked) -> bool {
        let Some((parameters, name)) = self.parameters.zip(named(value)) else {
            return false;
        };
        let is_own = parameters.has(&name);
        if is_own {
            let when = self.when_asked(&name);
            parameters.asked.borrow_mut().push((name, when, Some(asked)));
        }
        is_own
    }

    /// When something is asked of a parameter that code names.
    pub(super) fn when_asked(&self, name: &Id) -> When {
        if self.is_found(name) {
            When::True
        } else {
            When::Always
        }
    }

    /// Whether taking a parameter apart runs no code, if it is what that asks for.
    pub(super) fn is_taken_apart_quietly(&self, parameter: &Pat) -> bool {
        let Some(value) = self.parameters.and_then(|parameters| parameters.whole(parameter)) else {
            return false;
        };
        match parameter {
            Pat::Object(_) => !self.pattern_has_side_effects(parameter, &value),
            Pat::Assign(assignment) => {
                !self.expression_has_side_effects(&assignment.right)
                    && !self.pattern_has_side_effects(&assignment.left, &value)
            }
            _ => false,
        }
    }
}

/// Whether everything that gives properties gives this one.
fn is_readable(path: &[Atom]) -> bool {
    matches!(path, [name] if !matches!(&**name, "arguments" | "caller"))
}

/// What the one thing is that is relied on.
fn asked_for(relied: &Relied) -> Option<Asked> {
    let lists = [
        (&relied.converted, Asked::PLAIN),
        (&relied.numbers, Asked::NUMBER),
        (&relied.keys, Asked::KEY),
        (&relied.copied, Asked::OBJECT),
        (&relied.lists, Asked::LIST),
        (&relied.called, Asked::CALLED),
    ];
    let found = lists.into_iter().find(|(names, _)| !names.is_empty());
    let is_object = || relied.paths.iter().any(|(_, path)| is_readable(path));
    found
        .map(|(_, asked)| asked)
        .or_else(|| is_object().then_some(Asked::OBJECT))
}

/// `if (options === undefined) options = {}`, `options = options || {}`: the parameter, and its default value.
fn written_default<'e>(statement: &'e Stmt, purity: &Purity<'_>) -> Option<(Id, &'e Expr, Replaces)> {
    let assigned = |expression: &'e Expr| {
        let assignment = without_parentheses(expression).as_assign()?;
        let name = assignment.left.as_ident()?;
        Some((name.to_id(), assignment))
    };
    let is_undefined = |value: &Expr| {
        purity.global_name(value) == Some("undefined")
            || without_parentheses(value)
                .as_unary()
                .is_some_and(|unary| unary.op == UnaryOp::Void && unary.arg.is_lit())
    };
    match statement {
        Stmt::If(choice) if choice.alt.is_none() => {
            let test = without_parentheses(&choice.test).as_bin()?;
            let body = match &*choice.cons {
                Stmt::Block(block) => match block.stmts.as_slice() {
                    [only] => only,
                    _ => return None,
                },
                other => other,
            };
            let (id, assignment) = assigned(&body.as_expr()?.expr)?;
            let asks = test.op == BinaryOp::EqEqEq
                && named(&test.left).as_ref() == Some(&id)
                && is_undefined(&test.right);
            (asks && assignment.op == AssignOp::Assign).then_some((id, &*assignment.right, Replaces::Nothing))
        }
        Stmt::Expr(statement) => {
            let (id, assignment) = assigned(&statement.expr)?;
            match (assignment.op, without_parentheses(&assignment.right)) {
                (AssignOp::OrAssign, value) => Some((id, value, Replaces::False)),
                (AssignOp::Assign, Expr::Bin(either))
                    if either.op == BinaryOp::LogicalOr && named(&either.left).as_ref() == Some(&id) =>
                {
                    Some((id, &*either.right, Replaces::False))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// The name of a parameter, or what stands for one that is taken apart: no name is like that.
fn name_of(parameter: &Pat) -> Option<Id> {
    match parameter {
        Pat::Ident(name) => Some(name.to_id()),
        Pat::Rest(rest) => Some(rest.arg.as_ident()?.to_id()),
        Pat::Assign(assignment) if assignment.left.is_ident() => name_of(&assignment.left),
        Pat::Object(_) | Pat::Assign(_) if !parameter.span().is_dummy() => {
            let place = format!("#{}", parameter.span().lo.0);
            Some((Atom::from(place), SyntaxContext::empty()))
        }
        _ => None,
    }
}

/// Takes out what is given another value.
pub(super) struct Assigned<'a>(pub &'a mut FxHashSet<Id>);

impl Assigned<'_> {
    fn remove(&mut self, ids: impl IntoIterator<Item = Id>) {
        for id in ids {
            self.0.remove(&id);
        }
    }
}

impl Visit for Assigned<'_> {
    noop_visit_type!();

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        self.remove(assigned_names(&assignment.left));
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.remove(named(&update.arg));
        update.visit_children_with(self);
    }

    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Expr(target) = pattern {
            self.remove(named(target));
        }
        pattern.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        self.remove(names_in_head(head));
        head.visit_children_with(self);
    }

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        self.remove(find_pat_ids::<_, Id>(&declaration.decls));
        declaration.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        self.0.remove(&declaration.ident.to_id());
        declaration.visit_children_with(self);
    }
}

//! What runs before the statements of a module: what it imports.

use swc_core::atoms::Atom;
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{AssignTarget, BinaryOp, Expr, Ident, SimpleAssignTarget, Stmt};

use super::super::ast::{self};
use super::super::rewrite::Rewriter;
use super::super::runtime::Helper;
use super::is_async;
use crate::bind::{LIVE, SymbolId, VIEW, ViewForm, Wrapping};
use crate::chunk::references::{evaluates, interop_symbol, viewed_object};
use crate::graph::{ModuleId, RequestSyntax, Target};

/// What a module does before its own statements.
#[derive(Default)]
pub(super) struct Prelude {
    pub(super) statements: Vec<Stmt>,
    /// Evaluations that were started before something else had to run.
    pub(super) started: Vec<Ident>,
    /// Nothing else runs after these, so that they can start where they are waited for.
    pub(super) last: Vec<Expr>,
}

/// The evaluation of wrapped modules that this one imports, in the order of its imports.
///
/// Imports start one after the other and are waited for together (ECMA-262 §16.2.1.5.3.1):
///
/// ```js
/// const started_0 = init_first();
/// var common = __toESM(require_common());
/// await Promise.all([started_0, init_last()]);
/// ```
pub(super) fn evaluate_imports(rewriter: &mut Rewriter<'_>) -> Prelude {
    let mut prelude = Prelude::default();
    let views = rewriter.surroundings.views;
    for (record, request) in rewriter.module.syntax.records.iter_enumerated() {
        if request.syntax != RequestSyntax::Static {
            continue;
        }
        if let Target::External(_) = rewriter.module.targets[record] {
            if let Some(view) = interop_symbol(rewriter.bound, rewriter.module_id, record) {
                let value = rewriter.require(record);
                prelude.run(ast::variable(rewriter.symbol_ident(view), Some(value)));
            }
            continue;
        }
        if let Some((target, object)) = viewed_object(rewriter.bound, rewriter.module_id, record) {
            let object = rewriter.binding(&object);
            if let Some(view) = interop_symbol(rewriter.bound, rewriter.module_id, record)
                && views.original(view) == view
                && !views.is_made(rewriter.module_id, record)
            {
                // At the top level, but on demand: nothing has given it its object yet.
                if let Some(target) = evaluates(rewriter.bound, rewriter.module_id, record) {
                    let evaluation = rewriter.evaluate(target);
                    prelude.run(ast::statement(evaluation));
                }
                let value = view_of_commonjs(rewriter, target, view, object);
                prelude.run(ast::variable(rewriter.symbol_ident(view), Some(value)));
            }
            continue;
        }
        let Some(target) = evaluates(rewriter.bound, rewriter.module_id, record) else {
            continue;
        };
        let view = interop_symbol(rewriter.bound, rewriter.module_id, record);
        let is_made = views.is_made(rewriter.module_id, record);
        let is_there = is_made || view.is_none_or(|view| views.original(view) != view);
        if is_there && views.is_evaluated(rewriter.module_id, record) {
            continue;
        }
        let evaluation = rewriter.evaluate(target);
        if let Some(interop) = view {
            let value = view_of_commonjs(rewriter, target, interop, evaluation);
            prelude.run(ast::variable(rewriter.symbol_ident(interop), Some(value)));
        } else if is_async(rewriter.bound, target) {
            prelude.last.push(evaluation);
        } else {
            prelude.run(ast::statement(evaluation));
        }
    }
    for (importer, record) in views.made_by(rewriter.module_id) {
        let Some(view) = interop_symbol(rewriter.bound, *importer, *record) else {
            continue;
        };
        let (target, object) = match viewed_object(rewriter.bound, *importer, *record) {
            Some((target, object)) => (target, rewriter.binding(&object)),
            None => match evaluates(rewriter.bound, *importer, *record) {
                Some(target) => (target, rewriter.evaluate(target)),
                None => continue,
            },
        };
        let value = view_of_commonjs(rewriter, target, view, object);
        prelude.run(ast::variable(rewriter.symbol_ident(view), Some(value)));
    }
    prelude
}

/// `__toESM(require_file(), 2, ["name"])`: what an ES module sees of a CommonJS module.
///
/// Node reads the names once, when the CommonJS module has finished. A module that is evaluated on demand may be so
/// while the CommonJS module is still running, in a circle that Node refuses: it sees what appears later.
pub(super) fn view_of_commonjs(
    rewriter: &mut Rewriter<'_>,
    target: ModuleId,
    interop: SymbolId,
    evaluation: Expr,
) -> Expr {
    let bound = rewriter.bound;
    let is_live = bound.wrapping[rewriter.module_id] != Wrapping::Hoisted;
    match bound.view_form(interop) {
        ViewForm::Value | ViewForm::Required => return evaluation,
        ViewForm::Names => {
            return ast::binary(BinaryOp::NullishCoalescing, evaluation, ast::object(Vec::new()));
        }
        ViewForm::Default => return rewriter.helper(Helper::WithDefault, vec![evaluation]),
        ViewForm::Taken if !is_live => {
            let names = bound.view_names.get(&target).into_iter().flatten();
            let names = ast::array(names.map(|name| ast::string(name)).collect());
            let load = loading_function(&evaluation).unwrap_or_else(|| ast::arrow(evaluation));
            return rewriter.helper(Helper::TakeNames, vec![load, names]);
        }
        ViewForm::Whole | ViewForm::Taken => {}
    }
    let manner = match (rewriter.module.is_node_module_syntax, is_live) {
        (false, _) => 0.0,
        (true, true) => 1.0,
        (true, false) => 2.0,
    };
    let handed_over = bound.handed_over(target);
    let kept_as = match manner {
        // Node has one for all importers: the function keeps it, for all files of the program.
        2.0 => Some(VIEW),
        0.0 if !is_live && handed_over.is_some_and(|objects| objects.live) => Some(LIVE),
        _ => None,
    };
    let load = loading_function(&evaluation).zip(kept_as);
    let mut arguments = vec![evaluation];
    let is_listed = handed_over.is_some() || rewriter.surroundings.views.is_listed(bound, interop);
    let names = is_listed.then(|| {
        let exports = bound.exports.get(&target);
        exports
            .map(|exports| exports.commonjs_names.as_slice())
            .unwrap_or_default()
    });
    if manner > 0.0 || names.is_some_and(|names| !names.is_empty()) {
        arguments.push(ast::number(manner));
    }
    if let Some(names) = names
        && (manner > 0.0 || !names.is_empty())
    {
        let names = names.iter().filter(|name| **name != *"default");
        arguments.push(ast::array(names.map(|name| ast::string(name)).collect()));
    }
    let view = rewriter.helper(Helper::ToEsModule, arguments);
    let Some((load, name)) = load else { return view };
    let kept = ast::member(load, &name.into());
    let Expr::Member(place) = kept.clone() else {
        unreachable!("just made");
    };
    let keeping = ast::assign(AssignTarget::Simple(SimpleAssignTarget::Member(place)), view);
    ast::binary(BinaryOp::LogicalOr, kept, ast::parenthesized(keeping))
}

/// The function that is called in `require_file()`.
pub(super) fn loading_function(evaluation: &Expr) -> Option<Expr> {
    let call = evaluation.as_call().filter(|call| call.args.is_empty())?;
    call.callee.as_expr().map(|load| (**load).clone())
}

impl Prelude {
    /// Adds a statement; what has not been started is started, because something else comes next.
    pub(super) fn run(&mut self, statement: Stmt) {
        for evaluation in self.last.drain(..) {
            let name: Atom = format!("started_{}", self.started.len()).into();
            let name = ast::ident(&name, SyntaxContext::empty().apply_mark(Mark::new()));
            self.statements.push(ast::constant(name.clone(), evaluation));
            self.started.push(name);
        }
        self.statements.push(statement);
    }

    /// The statements, and what there is to wait for after them.
    pub(super) fn into_parts(self) -> (Vec<Stmt>, Vec<Expr>) {
        let promises = self.started.into_iter().map(Expr::Ident).chain(self.last);
        (self.statements, promises.collect())
    }

    /// The statements of a module that can wait in its place.
    pub(super) fn with_waiting(self, rewriter: &Rewriter<'_>) -> Vec<Stmt> {
        let has_names = !self.started.is_empty();
        let (mut statements, promises) = self.into_parts();
        if promises.is_empty() {
            return statements;
        }
        let all = ast::member(
            ast::global("Promise", rewriter.contexts.unresolved),
            &"all".into(),
        );
        statements.push(ast::statement(ast::wait_for(ast::call(
            all,
            vec![ast::array(promises)],
        ))));
        if has_names {
            // Several modules of a chunk may do this side by side.
            return vec![ast::block(statements)];
        }
        statements
    }
}

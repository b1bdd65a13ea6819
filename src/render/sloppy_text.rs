//! A CommonJS module that only sloppy code can say (see `scan::sloppy_needs`) becomes the text of a function: what
//! `Function` makes does not inherit the strictness of the code around.
//!
//! ```text
//! with (require('./object')) name
//!
//! __commonJS(function(exports, module) {
//!   Function("required$0", "return function(exports, require, module) { with (required$0()) name }")(
//!     () => require_object()
//!   ).call(this, exports, __require, module);
//! })
//! ```
//!
//! The text keeps the names of the source, so that what an `eval` or a `with` finds by its name is there. It sees nothing of
//! its chunk: requests are handed over as functions.

use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{CallExpr, Callee, EsVersion, Expr, Ident, Lit, MemberExpr, Stmt, ThisExpr};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::ast;
use super::module::WRITTEN_BY_SCAN;
use super::print::{Minification, print_text};
use super::rewrite::{Contexts, Rewriter};
use crate::graph::ModuleSyntax;

/// What Node calls the function of a module with.
const PARAMETERS: [&str; 5] = ["exports", "require", "module", "__filename", "__dirname"];

/// The statements that run those of the module as text. They are rewritten like any others.
pub fn run_as_text(
    mut statements: Vec<Stmt>,
    syntax: &ModuleSyntax,
    contexts: &Contexts,
    minification: Minification,
) -> Vec<Stmt> {
    let mut requests = Requests {
        unresolved: contexts.unresolved,
        prefix: free_prefix(&syntax.source),
        handed_over: Vec::new(),
    };
    statements.visit_mut_with(&mut requests);
    let mut handed_over = requests.handed_over;
    for (name, _) in WRITTEN_BY_SCAN {
        let name = Atom::from(name);
        if syntax.global_names.contains(&name) {
            let value = ast::global(&name, contexts.unresolved);
            handed_over.push((name, value));
        }
    }
    let text = print_text(statements, &syntax.source, minification, EsVersion::latest());
    let parameters = parameters_of(&syntax.source);
    let text = match minification {
        Minification::Off => format!("return function({}) {{\n{text}\n}}", parameters.join(", ")),
        Minification::On => format!("return function({}){{{text}\n}}", parameters.join(",")),
    };
    let (mut arguments, values): (Vec<Expr>, Vec<Expr>) = handed_over
        .into_iter()
        .map(|(name, value)| (ast::string(&name), value))
        .unzip();
    arguments.push(ast::string(&text));
    let make = ast::call(ast::global("Function", contexts.unresolved), arguments);
    let function = ast::call(make, values);
    let mut given = vec![Expr::This(ThisExpr { span: DUMMY_SP })];
    given.extend(
        parameters
            .iter()
            .map(|name| ast::global(name, contexts.unresolved)),
    );
    vec![ast::statement(ast::call(
        ast::member(function, &"call".into()),
        given,
    ))]
}

/// Those that the code may use.
fn parameters_of(source: &str) -> &'static [&'static str] {
    let mentions = |word: &str| memchr::memmem::find(source.as_bytes(), word.as_bytes()).is_some();
    let is_any_mentioned = mentions("eval") || mentions("arguments");
    if is_any_mentioned || mentions("__filename") || mentions("__dirname") {
        &PARAMETERS
    } else {
        &PARAMETERS[..3]
    }
}

/// What no name of the source starts with.
fn free_prefix(source: &str) -> String {
    let mut prefix = "required$".to_owned();
    while source.contains(&prefix) {
        prefix.push('$');
    }
    prefix
}

/// Puts calls of functions in the place of requests.
struct Requests {
    unresolved: SyntaxContext,
    prefix: String,
    handed_over: Vec<(Atom, Expr)>,
}

impl Requests {
    fn is_require(&self, expression: &Expr) -> bool {
        matches!(expression, Expr::Ident(name) if name.ctxt == self.unresolved && name.sym == *"require")
    }

    fn is_request(&self, call: &CallExpr) -> bool {
        let has_record = Rewriter::record_of(call).is_some()
            && call
                .args
                .first()
                .is_some_and(|argument| matches!(&*argument.expr, Expr::Lit(Lit::Num(_))));
        let is_asking = match &call.callee {
            Callee::Import(_) => true,
            Callee::Expr(callee) => match &**callee {
                Expr::Member(MemberExpr { obj, .. }) => self.is_require(obj),
                callee => self.is_require(callee),
            },
            Callee::Super(_) => false,
        };
        has_record && is_asking
    }

    /// `required$0`, which gives what `value` is.
    fn hand_over(&mut self, parameters: Vec<Ident>, value: Expr) -> Expr {
        let name: Atom = format!("{}{}", self.prefix, self.handed_over.len()).into();
        self.handed_over
            .push((name.clone(), ast::arrow_of(parameters, value)));
        ast::global(&name, self.unresolved)
    }
}

impl VisitMut for Requests {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        match expression {
            Expr::Call(call) if self.is_request(call) => {
                let mut rest = call.args.split_off(1);
                rest.visit_mut_with(self);
                let parameters: Vec<Ident> = (0..rest.len())
                    .map(|index| ast::ident(&format!("option{index}").into(), self.unresolved))
                    .collect();
                let names = parameters.iter().cloned().map(Expr::Ident);
                if matches!(call.callee, Callee::Import(_)) {
                    call.args.extend(names.map(Into::into));
                }
                let request = self.hand_over(parameters, expression.take());
                let mut call = ast::call(request, Vec::new());
                if let Expr::Call(call) = &mut call {
                    call.args = rest;
                }
                *expression = call;
            }
            Expr::Member(member)
                if self.is_require(&member.obj)
                    && member
                        .prop
                        .as_ident()
                        .is_some_and(|name| matches!(&*name.sym, "main" | "cache")) =>
            {
                let request = self.hand_over(Vec::new(), expression.take());
                *expression = ast::call(request, Vec::new());
            }
            _ => expression.visit_mut_children_with(self),
        }
    }
}

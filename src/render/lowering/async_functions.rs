//! Async functions, async generators and `for await` as generators.
//!
//! ```text
//! async function f(a = g()) {            function f() {
//!   return super.h(await a)                var _super_get = (key) => super[key];
//! }                                        return __async(this, arguments, function* (a = g()) {
//!                                            return _super_get("h").call(this, yield a)
//!                                          })
//!                                        }
//! ```
//!
//! Parameters move into the generator, so that what they throw rejects the promise. An arrow function keeps plain names,
//! because it has no `arguments` to pass on. Inner functions are rewritten before outer ones, so what an arrow function
//! takes from around it (`this`, `super`) is taken from the generator that is around it then.

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AwaitExpr, BindingIdent, Class, Constructor, Expr, ExprOrSpread, FnExpr,
    Function, FunctionBody, Id, Ident, Module, NewExpr, Param, Pat, RestPat, ReturnStmt, Stmt, ThisExpr,
    VarDeclKind, VarDeclarator, YieldExpr,
};
use swc_core::ecma::preset_env::Feature;
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::super::ast;
use super::super::print::NameMarks;
use super::async_loops::lower_loops;
use super::helpers::Called;
use super::new_target;
use super::own_helpers::OwnHelper;
use super::super_access;
use crate::scan::is_directive;

/// Rewrites all of a module, as far as `features` ask for it.
pub(super) fn rewrite(module: &mut Module, features: &[Feature], marks: NameMarks, called: &mut Called) {
    module.visit_mut_with(&mut AsyncFunctions {
        lowers_functions: features.contains(&Feature::AsyncToGenerator),
        unresolved: SyntaxContext::empty().apply_mark(marks.unresolved),
        called,
    });
}

/// A new name.
pub(super) fn fresh(name: &str) -> Ident {
    ast::ident(&name.into(), SyntaxContext::empty().apply_mark(Mark::new()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Function,
    Generator,
}

struct AsyncFunctions<'a> {
    /// Async functions too, not only generators and loops.
    lowers_functions: bool,
    unresolved: SyntaxContext,
    called: &'a mut Called,
}

impl AsyncFunctions<'_> {
    /// `__async(receiver, arguments, function* (parameters) { body })`
    fn wrap(&mut self, kind: Kind, arguments: Expr, params: Vec<Param>, body: FunctionBody) -> Expr {
        let mut body = body;
        remove_directives(&mut body.stmts);
        let mut params = params;
        let mut rewriter = Waits {
            kind,
            called: self.called,
        };
        params.visit_mut_with(&mut rewriter);
        body.visit_mut_with(&mut rewriter);
        let mut use_of_this = UseOfThis { is_found: false };
        params.visit_with(&mut use_of_this);
        body.visit_with(&mut use_of_this);
        let receiver = if use_of_this.is_found {
            Expr::This(ThisExpr { span: DUMMY_SP })
        } else {
            null()
        };
        let helper = match kind {
            Kind::Function => OwnHelper::Async,
            Kind::Generator => OwnHelper::AsyncGenerator,
        };
        let generator = Expr::Fn(FnExpr {
            ident: None,
            function: Box::new(Function {
                params,
                is_generator: true,
                body: Some(body),
                ..Function::default()
            }),
        });
        ast::call(self.called.own(helper), vec![receiver, arguments, generator])
    }

    fn arguments(&self) -> Expr {
        ast::global("arguments", self.unresolved)
    }

    fn lower_function(&mut self, node: &mut Function) {
        let kind = if node.is_generator {
            Kind::Generator
        } else {
            Kind::Function
        };
        let Some(mut body) = node.body.take() else { return };
        let mut params = std::mem::take(&mut node.params);
        let mut statements = super_access::capture(&mut params, &mut body);
        let mut use_of_arguments = UseOfArguments { is_found: false };
        body.visit_with(&mut use_of_arguments);
        let arguments = if params.is_empty() && !use_of_arguments.is_found {
            null()
        } else {
            self.arguments()
        };
        node.params = placeholders(&params);
        node.is_async = false;
        node.is_generator = false;
        let value = self.wrap(kind, arguments, params, body);
        statements.push(return_value(value));
        node.body = Some(FunctionBody {
            span: DUMMY_SP,
            stmts: statements,
        });
    }

    fn lower_arrow(&mut self, node: &mut ArrowExpr) {
        let mut body = match *node.body.take() {
            ArrowFunctionBody::FunctionBody(body) => body,
            ArrowFunctionBody::Expr(value) => FunctionBody {
                span: DUMMY_SP,
                stmts: vec![return_value(*value)],
            },
        };
        let mut params: Vec<Param> = node.params.take().into_iter().map(Param::from).collect();
        let mut statements = super_access::capture(&mut params, &mut body);
        statements.extend(self.capture_arguments(&mut params, &mut body));
        statements.extend(new_target::capture(&mut params, &mut body));
        let (arguments, inner) = if is_simple(&params, &body) {
            node.params = params.into_iter().map(|param| param.pat).collect();
            (null(), Vec::new())
        } else {
            let rest = fresh("_rest");
            let mut outer = placeholders(&params);
            let passed = outer
                .iter()
                .filter_map(|param| Some(Expr::Ident(param.pat.as_ident()?.id.clone()).into()))
                .chain([ExprOrSpread {
                    spread: Some(DUMMY_SP),
                    expr: Box::new(Expr::Ident(rest.clone())),
                }]);
            let passed = Expr::Array(swc_core::ecma::ast::ArrayLit {
                span: DUMMY_SP,
                elems: passed.map(Some).collect(),
            });
            outer.push(Param::from(Pat::Rest(RestPat {
                span: DUMMY_SP,
                dot3_token: DUMMY_SP,
                arg: Box::new(Pat::Ident(rest.into())),
                type_ann: None,
            })));
            node.params = outer.into_iter().map(|param| param.pat).collect();
            (passed, params)
        };
        node.is_async = false;
        let value = self.wrap(Kind::Function, arguments, inner, body);
        *node.body = if statements.is_empty() {
            ArrowFunctionBody::Expr(Box::new(value))
        } else {
            statements.push(return_value(value));
            ArrowFunctionBody::FunctionBody(FunctionBody {
                span: DUMMY_SP,
                stmts: statements,
            })
        };
    }

    /// The `arguments` of an arrow function are those of the function around it; a generator has its own.
    fn capture_arguments(&self, params: &mut Vec<Param>, body: &mut FunctionBody) -> Option<Stmt> {
        let mut replacer = ReplaceArguments {
            name: fresh("_arguments"),
            is_found: false,
        };
        params.visit_mut_with(&mut replacer);
        body.visit_mut_with(&mut replacer);
        let ReplaceArguments { name, is_found } = replacer;
        is_found.then(|| ast::variable(name, Some(self.arguments())))
    }
}

impl VisitMut for AsyncFunctions<'_> {
    noop_visit_mut_type!();

    fn visit_mut_function(&mut self, node: &mut Function) {
        node.visit_mut_children_with(self);
        if !node.is_async {
            return;
        }
        if let Some(body) = &mut node.body {
            lower_loops(&mut body.stmts, self.called);
        }
        if node.is_generator || self.lowers_functions {
            self.lower_function(node);
        }
    }

    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        node.visit_mut_children_with(self);
        if !node.is_async {
            return;
        }
        if let ArrowFunctionBody::FunctionBody(body) = &mut *node.body {
            lower_loops(&mut body.stmts, self.called);
        }
        if self.lowers_functions {
            self.lower_arrow(node);
        }
    }
}

fn null() -> Expr {
    Expr::Lit(swc_core::ecma::ast::Lit::Null(swc_core::ecma::ast::Null {
        span: DUMMY_SP,
    }))
}

fn return_value(value: Expr) -> Stmt {
    Stmt::Return(ReturnStmt {
        span: DUMMY_SP,
        arg: Some(Box::new(value)),
    })
}

/// The output is strict everywhere, and a function with patterns as parameters may not say it.
fn remove_directives(statements: &mut Vec<Stmt>) {
    let directives = statements
        .iter()
        .take_while(|statement| is_directive(statement))
        .count();
    statements.drain(..directives);
}

/// Names that give a function its `length`.
fn placeholders(params: &[Param]) -> Vec<Param> {
    params
        .iter()
        .take_while(|param| !matches!(param.pat, Pat::Assign(_) | Pat::Rest(_)))
        .enumerate()
        .map(|(position, _)| Param::from(Pat::Ident(BindingIdent::from(fresh(&format!("_{position}"))))))
        .collect()
}

/// Whether parameters cannot fail, and no `var` of the body is one of them.
fn is_simple(params: &[Param], body: &FunctionBody) -> bool {
    let is_name = |pattern: &Pat| match pattern {
        Pat::Ident(_) => true,
        Pat::Rest(rest) => rest.arg.is_ident(),
        _ => false,
    };
    if !params.iter().all(|param| is_name(&param.pat)) {
        return false;
    }
    let names: Vec<Id> = find_pat_ids(&params.iter().map(|param| param.pat.clone()).collect::<Vec<_>>());
    let mut variables = Variables { ids: Vec::new() };
    body.visit_with(&mut variables);
    !names.iter().any(|name| variables.ids.contains(name))
}

/// The `var`s of a function.
struct Variables {
    ids: Vec<Id>,
}

impl Visit for Variables {
    noop_visit_type!();

    fn visit_var_decl(&mut self, node: &swc_core::ecma::ast::VarDecl) {
        if node.kind == VarDeclKind::Var {
            let names = node.decls.iter().map(|one: &VarDeclarator| &one.name);
            self.ids.extend(names.flat_map(find_pat_ids::<_, Id>));
        }
        node.visit_children_with(self);
    }

    fn visit_function(&mut self, _: &Function) {}

    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
}

/// `await` and `yield` of one function as its generator has them.
struct Waits<'a> {
    kind: Kind,
    called: &'a mut Called,
}

impl Waits<'_> {
    /// `yield new __Await(value)`
    fn wait_in_generator(&mut self, value: Expr) -> Expr {
        yielded(Expr::New(NewExpr {
            span: DUMMY_SP,
            callee: Box::new(self.called.own(OwnHelper::Await)),
            args: Some(vec![value.into()]),
            ..NewExpr::default()
        }))
    }
}

fn yielded(value: Expr) -> Expr {
    Expr::Yield(YieldExpr {
        span: DUMMY_SP,
        arg: Some(Box::new(value)),
        delegate: false,
    })
}

impl VisitMut for Waits<'_> {
    noop_visit_mut_type!();

    fn visit_mut_function(&mut self, _: &mut Function) {}

    fn visit_mut_arrow_expr(&mut self, _: &mut ArrowExpr) {}

    fn visit_mut_constructor(&mut self, _: &mut Constructor) {}

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        node.visit_mut_children_with(self);
        match (self.kind, &mut *node) {
            (Kind::Function, Expr::Await(AwaitExpr { arg, .. })) => *node = yielded(*arg.take()),
            (Kind::Generator, Expr::Await(AwaitExpr { arg, .. })) => {
                let value = arg.take();
                *node = self.wait_in_generator(*value);
            }
            (
                Kind::Generator,
                Expr::Yield(YieldExpr {
                    arg: Some(arg),
                    delegate: true,
                    ..
                }),
            ) => {
                let value = arg.take();
                **arg = ast::call(self.called.own(OwnHelper::Delegate), vec![*value]);
            }
            (Kind::Generator, Expr::Yield(YieldExpr { arg: Some(arg), .. })) => {
                let value = arg.take();
                **arg = self.wait_in_generator(*value);
            }
            _ => {}
        }
    }

    fn visit_mut_return_stmt(&mut self, node: &mut ReturnStmt) {
        node.visit_mut_children_with(self);
        if self.kind == Kind::Generator
            && let Some(arg) = &mut node.arg
        {
            let value = arg.take();
            **arg = self.wait_in_generator(*value);
        }
    }
}

/// Whether `this` is used, in arrow functions too.
struct UseOfThis {
    is_found: bool,
}

impl Visit for UseOfThis {
    noop_visit_type!();

    fn visit_this_expr(&mut self, _: &ThisExpr) {
        self.is_found = true;
    }

    fn visit_function(&mut self, _: &Function) {}

    fn visit_constructor(&mut self, _: &Constructor) {}
}

/// Whether `arguments` is used, in arrow functions too.
struct UseOfArguments {
    is_found: bool,
}

impl Visit for UseOfArguments {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        self.is_found |= node.sym == "arguments";
    }

    fn visit_function(&mut self, _: &Function) {}
}

struct ReplaceArguments {
    name: Ident,
    is_found: bool,
}

impl VisitMut for ReplaceArguments {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        node.visit_mut_children_with(self);
        if node.is_ident_ref_to("arguments") {
            *node = Expr::Ident(self.name.clone());
            self.is_found = true;
        }
    }

    fn visit_mut_prop(&mut self, node: &mut swc_core::ecma::ast::Prop) {
        use swc_core::ecma::ast::{IdentName, KeyValueProp, Prop, PropName};
        if let Prop::Shorthand(name) = node
            && name.sym == "arguments"
        {
            *node = Prop::KeyValue(KeyValueProp {
                key: PropName::Ident(IdentName::new(name.sym.clone(), name.span)),
                value: Box::new(Expr::Ident(name.clone())),
            });
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}

    fn visit_mut_class(&mut self, node: &mut Class) {
        node.super_class.visit_mut_with(self);
    }
}

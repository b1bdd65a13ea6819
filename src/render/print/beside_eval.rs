//! Functions beside a direct `eval`: it reads and sets the names of the functions around it, but what stands in functions of
//! which it is no part is hidden from it.
//!
//! ```js
//! function run(text) { return eval(text) }        // stays as it is, with the names around
//! function add(a, b) { var sum = a + b; return sum }   // is compressed by itself
//! ```

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    CallExpr, Callee, Expr, ExprStmt, FnDecl, FnExpr, Function, Module, ModuleItem, Stmt,
};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith, noop_visit_mut_type, noop_visit_type,
};

use super::{NameMarks, stand_in};

/// What is called with the functions while they are compressed.
const FUNCTIONS: &str = "%functions";

/// Whether there is an `eval` that sees the names around it.
pub fn evaluates_code<N: VisitWith<DirectEval>>(node: &N, marks: NameMarks) -> bool {
    let mut search = DirectEval {
        unresolved: SyntaxContext::empty().apply_mark(marks.unresolved),
        is_found: false,
    };
    node.visit_with(&mut search);
    search.is_found
}

/// The search for it.
pub struct DirectEval {
    unresolved: SyntaxContext,
    is_found: bool,
}

impl Visit for DirectEval {
    noop_visit_type!();

    fn visit_call_expr(&mut self, call: &CallExpr) {
        self.is_found |= matches!(&call.callee, Callee::Expr(callee)
            if matches!(&**callee, Expr::Ident(name) if name.sym == *"eval" && name.ctxt == self.unresolved));
        call.visit_children_with(self);
    }
}

/// Compresses the functions of a module that have no `eval` inside, as the arguments of a call. Names of what is around are
/// for the compressor those of somebody else.
pub fn compress_functions(
    mut module: Module,
    marks: NameMarks,
    compress: impl FnOnce(Module) -> Module,
) -> Module {
    let unresolved = SyntaxContext::empty().apply_mark(marks.unresolved);
    let mut exchange = Exchange {
        marks,
        functions: Vec::new(),
        direction: Direction::Out,
    };
    module.visit_mut_with(&mut exchange);
    let taken = exchange.functions;
    if taken.is_empty() {
        return module;
    }
    let arguments = taken.iter().cloned().map(|function| {
        let function = FnExpr {
            ident: None,
            function: Box::new(function),
        };
        Expr::Fn(function).into()
    });
    let call = stand_in::call(FUNCTIONS, arguments.collect(), unresolved);
    let compressed = compress(Module {
        body: vec![ModuleItem::Stmt(Stmt::Expr(ExprStmt {
            span: DUMMY_SP,
            expr: Box::new(call),
        }))],
        ..Module::dummy()
    });
    let functions = functions_of(compressed).filter(|functions| functions.len() == taken.len());
    let mut functions = functions.unwrap_or(taken);
    functions.reverse();
    module.visit_mut_with(&mut Exchange {
        marks,
        functions,
        direction: Direction::In,
    });
    module
}

/// The arguments of the only call, if they are what they were.
fn functions_of(module: Module) -> Option<Vec<Function>> {
    let [ModuleItem::Stmt(Stmt::Expr(statement))] = <[_; 1]>::try_from(module.body).ok()? else {
        return None;
    };
    let Expr::Call(call) = *statement.expr else {
        return None;
    };
    if stand_in::function_of(&call) != Some(FUNCTIONS) {
        return None;
    }
    let functions = call.args.into_iter().map(|argument| match *argument.expr {
        Expr::Fn(FnExpr {
            ident: None,
            function,
        }) if argument.spread.is_none() => Some(*function),
        _ => None,
    });
    functions.collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Out,
    In,
}

/// Takes the outermost functions without an `eval` out of their places, or puts the last ones of a list into them.
struct Exchange {
    marks: NameMarks,
    functions: Vec<Function>,
    direction: Direction,
}

impl VisitMut for Exchange {
    noop_visit_mut_type!();

    fn visit_mut_fn_decl(&mut self, declaration: &mut FnDecl) {
        self.exchange(&mut declaration.function);
    }

    fn visit_mut_fn_expr(&mut self, expression: &mut FnExpr) {
        self.exchange(&mut expression.function);
    }
}

impl Exchange {
    fn exchange(&mut self, function: &mut Function) {
        match self.direction {
            Direction::Out if !evaluates_code(function, self.marks) => self
                .functions
                .push(std::mem::replace(function, Function::dummy())),
            Direction::In if function.body.is_none() => {
                if let Some(compressed) = self.functions.pop() {
                    *function = compressed;
                }
            }
            Direction::Out | Direction::In => function.visit_mut_children_with(self),
        }
    }
}

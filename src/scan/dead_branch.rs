//! Removes the branches that a known value decides.
//!
//! `if (process.env.NODE_ENV === 'production') module.exports = require('./a'); else …` must leave one
//! `require`: the other file is not even loaded. Only conditions made of literals count; what a program
//! computes is the minifier's business. This runs only on files in which a define was replaced or a condition is
//! written as a constant.
//!
//! A removed branch can still declare: `var` reaches to the enclosing function, so its names stay declared.
//! Functions in blocks do not (the code is strict here, see [`super::sloppy_script`]).

mod switches;

use rustc_hash::FxHashMap;
use swc_core::atoms::Wtf8Atom;
use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, EqIgnoreSpan as _, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    AssignTarget, BinExpr, BinaryOp, BindingIdent, BlockStmt, Bool, CallExpr, Callee, Decl, EmptyStmt, Expr,
    ExprStmt, Id, Ident, IfStmt, Lit, Module, ModuleItem, Number, OptChainBase, ParenExpr, Pat, SeqExpr,
    SimpleAssignTarget, Stmt, TaggedTpl, UnaryOp, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::named_members::static_path;
use super::parse::Marks;
use super::var_names::var_names;
use crate::graph::{Constant, KnownValue, MemberPath};

/// What conditions that are always the same begin or end with.
const CONSTANT_CONDITIONS: [&str; 8] = [
    "if (false",
    "if(false",
    "if (true",
    "if(true",
    "if (0)",
    "false &&",
    "true ||",
    "false ?",
];

/// Whether a condition may be written as a constant.
pub(super) fn may_be_written(source: &str) -> bool {
    CONSTANT_CONDITIONS
        .iter()
        .any(|text| memchr::memmem::find(source.as_bytes(), text.as_bytes()).is_some())
}

/// Removes dead branches everywhere in `module`.
pub(super) fn remove(module: &mut Module, marks: Marks) {
    module.visit_mut_with(&mut Remover {
        unresolved: marks.unresolved_context(),
        constants: None,
    });
}

/// What is known of names and of members of names.
#[derive(Debug, Default)]
pub struct KnownNames {
    names: FxHashMap<Id, Known>,
    members: FxHashMap<(Id, MemberPath), Known>,
}

impl KnownNames {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.members.is_empty()
    }

    /// Notes what a name is.
    pub fn add(&mut self, name: Id, value: &KnownValue) {
        self.names.insert(name, Known::of(value));
    }

    /// Notes what a member is.
    pub fn add_member(&mut self, object: Id, path: MemberPath, value: &KnownValue) {
        self.members.insert((object, path), Known::of(value));
    }
}

/// Removes branches of one statement that names decide; whether it changed.
pub fn remove_decided(statement: &mut Stmt, unresolved: SyntaxContext, constants: &KnownNames) -> bool {
    let before = statement.clone();
    statement.visit_mut_with(&mut Remover {
        unresolved,
        constants: Some(constants),
    });
    !before.eq_ignore_span(statement)
}

/// The value of an expression that is made of literals.
pub fn constant_value(expression: &Expr, unresolved: SyntaxContext) -> Option<Constant> {
    let remover = Remover {
        unresolved,
        constants: None,
    };
    remover.known(expression)?.to_constant()
}

/// A value known without running anything.
#[derive(Debug, Clone, PartialEq)]
enum Known {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    Text(Wtf8Atom),
    /// Some function.
    Function,
    /// Some object that is no function.
    Object,
}

impl Known {
    fn of(value: &KnownValue) -> Self {
        match value {
            KnownValue::Constant(Constant::Undefined) => Self::Undefined,
            KnownValue::Constant(Constant::Null) => Self::Null,
            KnownValue::Constant(Constant::Boolean(value)) => Self::Boolean(*value),
            KnownValue::Constant(Constant::Number(bits)) => Self::Number(f64::from_bits(*bits)),
            KnownValue::Constant(Constant::Text(text)) => Self::Text(text.clone().into()),
            KnownValue::Function => Self::Function,
            KnownValue::Enum(_) | KnownValue::Object => Self::Object,
        }
    }

    fn to_constant(&self) -> Option<Constant> {
        Some(match self {
            Self::Undefined => Constant::Undefined,
            Self::Null => Constant::Null,
            Self::Boolean(value) => Constant::Boolean(*value),
            Self::Number(value) => Constant::Number(value.is_finite().then(|| value.to_bits())?),
            Self::Text(text) => Constant::Text(text.as_str()?.into()),
            Self::Function | Self::Object => return None,
        })
    }

    fn is_truthy(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Boolean(value) => *value,
            Self::Number(value) => *value != 0.0 && !value.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Function | Self::Object => true,
        }
    }

    fn is_nullish(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    fn type_name(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null | Self::Object => "object",
            Self::Function => "function",
            Self::Boolean(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
        }
    }

    /// `===`; none for two objects, which may be the same.
    fn equals(&self, other: &Self) -> Option<bool> {
        let is_object = |value: &Self| matches!(value, Self::Function | Self::Object);
        (!(is_object(self) && is_object(other)) || self != other).then(|| self == other)
    }

    /// `==` where no conversion is needed; none where it is.
    fn loosely_equals(&self, other: &Self) -> Option<bool> {
        if self.is_nullish() || other.is_nullish() {
            return Some(self.is_nullish() && other.is_nullish());
        }
        if self.type_name() == other.type_name() {
            self.equals(other)
        } else {
            None
        }
    }
}

struct Remover<'a> {
    unresolved: SyntaxContext,
    constants: Option<&'a KnownNames>,
}

impl Remover<'_> {
    fn known(&self, expression: &Expr) -> Option<Known> {
        match expression {
            Expr::Lit(Lit::Str(text)) => Some(Known::Text(text.value.clone())),
            Expr::Lit(Lit::Bool(boolean)) => Some(Known::Boolean(boolean.value)),
            Expr::Lit(Lit::Num(number)) => Some(Known::Number(number.value)),
            Expr::Lit(Lit::Null(_)) => Some(Known::Null),
            Expr::Ident(ident) if *ident.sym == *"undefined" && ident.ctxt == self.unresolved => {
                Some(Known::Undefined)
            }
            Expr::Ident(ident) => self.constants?.names.get(&ident.to_id()).cloned(),
            Expr::Member(member) => {
                let members = &self.constants?.members;
                if members.is_empty() {
                    return None;
                }
                let (object, path) = static_path(member)?;
                members.get(&(object.to_id(), path)).cloned()
            }
            Expr::Paren(parenthesized) => self.known(&parenthesized.expr),
            Expr::Tpl(template) if template.exprs.is_empty() => {
                template.quasis.first()?.cooked.clone().map(Known::Text)
            }
            Expr::Unary(unary) => {
                let operand = self.known(&unary.arg)?;
                match unary.op {
                    UnaryOp::Bang => Some(Known::Boolean(!operand.is_truthy())),
                    UnaryOp::Void => Some(Known::Undefined),
                    UnaryOp::TypeOf => Some(Known::Text(operand.type_name().into())),
                    UnaryOp::Minus => match operand {
                        Known::Number(value) => Some(Known::Number(-value)),
                        _ => None,
                    },
                    _ => None,
                }
            }
            Expr::Bin(binary) => self.known_binary(binary),
            Expr::Cond(conditional) => {
                let test = self.known(&conditional.test)?;
                self.known(if test.is_truthy() {
                    &conditional.cons
                } else {
                    &conditional.alt
                })
            }
            _ => None,
        }
    }

    fn known_binary(&self, binary: &BinExpr) -> Option<Known> {
        let left = self.known(&binary.left)?;
        match binary.op {
            BinaryOp::LogicalAnd if !left.is_truthy() => return Some(left),
            BinaryOp::LogicalOr if left.is_truthy() => return Some(left),
            BinaryOp::NullishCoalescing if !left.is_nullish() => return Some(left),
            _ => {}
        }
        let right = self.known(&binary.right)?;
        match binary.op {
            BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => Some(right),
            BinaryOp::EqEqEq => left.equals(&right).map(Known::Boolean),
            BinaryOp::NotEqEq => left.equals(&right).map(|equal| Known::Boolean(!equal)),
            BinaryOp::EqEq => left.loosely_equals(&right).map(Known::Boolean),
            BinaryOp::NotEq => left.loosely_equals(&right).map(|equal| Known::Boolean(!equal)),
            _ => None,
        }
    }

    /// What an `if` with a known condition leaves.
    fn decide(&mut self, statement: &mut IfStmt) -> Option<Vec<Stmt>> {
        let test = self.known(&statement.test)?;
        let then = statement.cons.take();
        let otherwise = statement.alt.take();
        let (mut live, dead) = if test.is_truthy() {
            (Some(then), otherwise)
        } else {
            (otherwise, Some(then))
        };
        let mut left = Vec::new();
        left.extend(dead.and_then(|dead| declarations_of(&dead)));
        if let Some(live) = &mut live {
            live.visit_mut_with(self);
        }
        match live.map(|live| *live) {
            None | Some(Stmt::Empty(_)) => {}
            Some(Stmt::Block(block)) if !block.stmts.iter().any(declares_in_block) => {
                left.extend(block.stmts);
            }
            Some(other) => left.push(other),
        }
        Some(left)
    }

    /// What a loop leaves whose condition is false from the start.
    fn never_entered(&mut self, statement: &mut Stmt) -> Option<Vec<Stmt>> {
        let is_false = |test: &Expr| self.known(test).is_some_and(|value| !value.is_truthy());
        match statement {
            Stmt::While(repeated) if is_false(&repeated.test) => {
                Some(declarations_of(&repeated.body).into_iter().collect())
            }
            Stmt::For(repeated)
                if repeated.init.is_none() && repeated.test.as_ref().is_some_and(|test| is_false(test)) =>
            {
                Some(declarations_of(&repeated.body).into_iter().collect())
            }
            _ => None,
        }
    }

    /// Visits a statement and says what stands in its place, when it is not one statement.
    fn replace(&mut self, statement: &mut Stmt) -> Option<Vec<Stmt>> {
        if let Stmt::If(conditional) = statement {
            conditional.test.visit_mut_with(self);
            if let Some(left) = self.decide(conditional) {
                return Some(left);
            }
            conditional.cons.visit_mut_with(self);
            conditional.alt.visit_mut_with(self);
            return None;
        }
        if let Some(left) = self.never_entered(statement) {
            return Some(left);
        }
        if let Stmt::Switch(switch) = statement {
            switch.discriminant.visit_mut_with(self);
            if let Some(mut left) = self.chosen_case(switch) {
                self.visit_mut_stmts(&mut left);
                return Some(left);
            }
        }
        let was_literal = matches!(statement, Stmt::Expr(ExprStmt { expr, .. }) if expr.is_lit());
        statement.visit_mut_children_with(self);
        match statement {
            // What is left of `false && f()`. A literal of the source may be a directive.
            Stmt::Expr(ExprStmt { expr, .. }) if !was_literal && self.known(expr).is_some() => {
                Some(Vec::new())
            }
            _ => None,
        }
    }
}

/// Names with `var` in code that never runs stay declared.
pub(super) fn declarations_of(dead: &Stmt) -> Option<Stmt> {
    let mut names: Vec<Ident> = Vec::new();
    for name in var_names(dead) {
        if !names.iter().any(|known| known.to_id() == name.to_id()) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return None;
    }
    let decls = names
        .into_iter()
        .map(|name| VarDeclarator {
            span: DUMMY_SP,
            name: Pat::Ident(BindingIdent::from(name)),
            init: None,
            definite: false,
        })
        .collect();
    Some(Stmt::Decl(Decl::Var(Box::new(VarDecl {
        kind: VarDeclKind::Var,
        decls,
        ..VarDecl::default()
    }))))
}

/// Whether a statement needs the block around it.
fn declares_in_block(statement: &Stmt) -> bool {
    match statement {
        Stmt::Decl(Decl::Var(variables)) => variables.kind != VarDeclKind::Var,
        Stmt::Decl(_) => true,
        _ => false,
    }
}

/// Whether reading `callee` in place of what decided it would change `this`: `(1 ? a.b : c)()` calls without
/// one, `a.b()` with `a`.
fn hides_receiver(callee: &Expr) -> bool {
    match callee {
        Expr::Paren(parenthesized) => hides_receiver(&parenthesized.expr),
        Expr::Cond(_) => true,
        Expr::Bin(binary) => {
            matches!(
                binary.op,
                BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
            )
        }
        _ => false,
    }
}

fn is_reference(expression: &Expr) -> bool {
    match expression {
        Expr::Paren(parenthesized) => is_reference(&parenthesized.expr),
        Expr::Member(_) | Expr::SuperProp(_) | Expr::OptChain(_) => true,
        Expr::Ident(ident) => *ident.sym == *"eval",
        _ => false,
    }
}

/// A branch that moves to the start of a statement or of an arrow function's body must not be read as a
/// block or a declaration: `true && function() {}()`, `() => true && {}`.
fn parenthesized_if_needed(expression: Box<Expr>) -> Expr {
    if starts_like_statement(&expression) {
        Expr::Paren(ParenExpr {
            span: DUMMY_SP,
            expr: expression,
        })
    } else {
        *expression
    }
}

/// Whether the first token is one with which a block or a declaration starts.
pub(super) fn starts_like_statement(expression: &Expr) -> bool {
    match expression {
        Expr::Object(_) | Expr::Fn(_) | Expr::Class(_) => true,
        Expr::TsTypeAssertion(assertion) => starts_like_statement(&assertion.expr),
        Expr::Member(member) => starts_like_statement(&member.obj),
        Expr::Call(call) => call
            .callee
            .as_expr()
            .is_some_and(|callee| starts_like_statement(callee)),
        Expr::OptChain(chain) => match &*chain.base {
            OptChainBase::Member(member) => starts_like_statement(&member.obj),
            OptChainBase::Call(call) => starts_like_statement(&call.callee),
        },
        Expr::Bin(binary) => starts_like_statement(&binary.left),
        Expr::Cond(conditional) => starts_like_statement(&conditional.test),
        Expr::TaggedTpl(template) => starts_like_statement(&template.tag),
        Expr::Seq(sequence) => sequence
            .exprs
            .first()
            .is_some_and(|first| starts_like_statement(first)),
        Expr::Update(update) => !update.prefix && starts_like_statement(&update.arg),
        Expr::Assign(assignment) => match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => starts_like_statement(&member.obj),
            AssignTarget::Simple(_) => false,
            AssignTarget::Pat(pattern) => pattern.is_object(),
        },
        _ => false,
    }
}

impl Remover<'_> {
    fn visit_callee(&mut self, callee: &mut Box<Expr>) {
        let hides_receiver = hides_receiver(callee);
        callee.visit_mut_with(self);
        if hides_receiver && is_reference(callee) {
            let zero = Expr::Lit(Lit::Num(Number {
                span: DUMMY_SP,
                value: 0.0,
                raw: None,
            }));
            let sequence = Expr::Seq(SeqExpr {
                span: callee.span(),
                exprs: vec![Box::new(zero), callee.take()],
            });
            **callee = Expr::Paren(ParenExpr {
                span: DUMMY_SP,
                expr: Box::new(sequence),
            });
        }
    }
}

impl VisitMut for Remover<'_> {
    noop_visit_mut_type!();

    fn visit_mut_call_expr(&mut self, node: &mut CallExpr) {
        if let Callee::Expr(callee) = &mut node.callee {
            self.visit_callee(callee);
        } else {
            node.callee.visit_mut_with(self);
        }
        node.args.visit_mut_with(self);
    }

    fn visit_mut_tagged_tpl(&mut self, node: &mut TaggedTpl) {
        self.visit_callee(&mut node.tag);
        node.tpl.visit_mut_with(self);
    }

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        match node {
            Expr::Cond(conditional) => {
                conditional.test.visit_mut_with(self);
                if let Some(test) = self.known(&conditional.test) {
                    let live = if test.is_truthy() {
                        conditional.cons.take()
                    } else {
                        conditional.alt.take()
                    };
                    *node = parenthesized_if_needed(live);
                    node.visit_mut_with(self);
                    return;
                }
                conditional.cons.visit_mut_with(self);
                conditional.alt.visit_mut_with(self);
            }
            Expr::Bin(binary)
                if matches!(
                    binary.op,
                    BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
                ) =>
            {
                binary.left.visit_mut_with(self);
                if let Some(left) = self.known(&binary.left) {
                    let takes_right = match binary.op {
                        BinaryOp::LogicalAnd => left.is_truthy(),
                        BinaryOp::LogicalOr => !left.is_truthy(),
                        _ => left.is_nullish(),
                    };
                    let live = if takes_right {
                        binary.right.take()
                    } else {
                        binary.left.take()
                    };
                    *node = parenthesized_if_needed(live);
                    if takes_right {
                        node.visit_mut_with(self);
                    }
                    return;
                }
                binary.right.visit_mut_with(self);
            }
            Expr::Bin(_) | Expr::Unary(_) => {
                node.visit_mut_children_with(self);
                if let Some(Known::Boolean(value)) = self.known(node) {
                    *node = Expr::Lit(Lit::Bool(Bool {
                        span: node.span(),
                        value,
                    }));
                }
            }
            _ => node.visit_mut_children_with(self),
        }
    }

    fn visit_mut_stmt(&mut self, node: &mut Stmt) {
        if let Some(mut left) = self.replace(node) {
            *node = match left.len() {
                0 => Stmt::Empty(EmptyStmt { span: DUMMY_SP }),
                1 if !declares_in_block(&left[0]) => left.remove(0),
                _ => Stmt::Block(BlockStmt {
                    span: node.span(),
                    stmts: left,
                    ..BlockStmt::default()
                }),
            };
        }
    }

    fn visit_mut_stmts(&mut self, node: &mut Vec<Stmt>) {
        let mut index = 0;
        while index < node.len() {
            match self.replace(&mut node[index]) {
                None => index += 1,
                Some(left) => {
                    let count = left.len();
                    node.splice(index..=index, left);
                    index += count;
                }
            }
        }
    }

    fn visit_mut_module_items(&mut self, node: &mut Vec<ModuleItem>) {
        let mut index = 0;
        while index < node.len() {
            let left = match &mut node[index] {
                ModuleItem::Stmt(statement) => self.replace(statement),
                ModuleItem::ModuleDecl(declaration) => {
                    declaration.visit_mut_with(self);
                    None
                }
            };
            match left {
                None => index += 1,
                Some(left) => {
                    let count = left.len();
                    node.splice(index..=index, left.into_iter().map(ModuleItem::Stmt));
                    index += count;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::define::Define;
    use super::super::test_support::transformed;
    use super::super::transform::TransformOptions;

    fn production(source: &str) -> String {
        let define = Define::new("process.env.NODE_ENV", "'production'").expect("both are valid");
        let options = TransformOptions {
            defines: vec![define],
            ..TransformOptions::default()
        };
        transformed("/a.js", &source.replace("ENV", "process.env.NODE_ENV"), &options)
    }

    #[test]
    fn one_of_two_requires_is_left() {
        let left = "module.exports = require('./a');\n";
        for source in [
            "if (ENV === 'production') module.exports = require('./a'); else module.exports = require('./b');",
            "if (ENV !== 'production') { module.exports = require('./b') } else { module.exports = require('./a') }",
            "if ('production' == ENV) { module.exports = require('./a') } else if (x) { require('./b') }",
            "module.exports = ENV === 'production' ? require('./a') : require('./b');",
            "module.exports = 'production' !== ENV ? require('./b') : require('./a');",
            "module.exports = ENV !== 'production' && require('./b') || require('./a');",
            "if (typeof ENV === 'string' && !(ENV === 'development')) module.exports = require('./a');",
            "'production' !== ENV && (function() { require('./b') })(); module.exports = require('./a');",
            "if (ENV && 'production' !== ENV && x) require('./b'); module.exports = require('./a');",
            "if (ENV === 'test') {} else module.exports = require('./a');",
        ] {
            assert_eq!(production(source), left, "{source}");
        }
    }

    #[test]
    fn what_is_not_known_stays() {
        let source = "if (a) {\n    b();\n} else c();\nd && e();\n";
        assert_eq!(
            production(&format!("f(ENV);\n{source}")),
            format!("f(\"production\");\n{source}")
        );
        assert_eq!(
            production("if (a && ENV !== 'production') b();"),
            "if (a && false) b();\n"
        );
    }

    #[test]
    fn a_removed_branch_still_declares_its_variables() {
        assert_eq!(
            production(
                "function f() { if (ENV !== 'production') { var a = 1, [b] = c; for (var d of e) var a; let g; \
                 (function() { var h })(); try {} catch (i) { var j } function k() {} } return a }"
            ),
            "function f() {\n    var k, a, b, d, j;\n    return a;\n}\n"
        );
    }

    #[test]
    fn a_branch_that_declares_keeps_its_block() {
        assert_eq!(
            production("let a; if (ENV === 'production') { let a = 1; f(a) }"),
            "let a;\n{\n    let a = 1;\n    f(a);\n}"
        );
    }

    #[test]
    fn an_expression_that_moves_is_read_as_before() {
        assert_eq!(production("ENV && function() {}();"), "(function() {}());\n");
        assert_eq!(production("f(() => ENV ? {} : 1);"), "f(()=>({}));\n");
        assert_eq!(production("(ENV ? a.b : c)();"), "(0, (a.b))();\n");
        assert_eq!(production("(ENV && a.b)`c`;"), "(0, (a.b))`c`;\n");
    }
}

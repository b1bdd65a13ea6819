//! Names and results that somebody needs.
//!
//! The compressor puts functions where they are called and forgets values that end nowhere, whatever it takes to make them:
//!
//! ```js
//! const text = () => `${object}`; text();                     // the text is not needed, asking the object is
//! (function () { const sum = left + right; return sum })();   // neither is the sum
//! ```
//!
//! Who takes too little for needed hides too much, so this may be approximate.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, AssignOp, AssignPat, BinaryOp, BindingIdent, CallExpr, Callee,
    Constructor, Expr, ExprStmt, FnDecl, Function, FunctionBody, GetterProp, Id, Ident, IfStmt, MemberExpr,
    Module, Pat, Prop, PropName, PropOrSpread, ReturnStmt, SetterProp, Stmt, UnaryOp, VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

use super::effects::{has_effects, has_quiet_branches};

/// What of a module is needed.
pub struct Needed {
    facts: FxHashSet<Fact>,
    parameters: FxHashMap<Id, Vec<Parameter>>,
    /// Functions that copy objects or ask them for texts where they return something.
    copying: FxHashSet<Id>,
}

impl Needed {
    /// Finds it.
    pub fn of(module: &Module) -> Self {
        let mut finder = Finder::default();
        module.visit_with(&mut finder);
        finder.solve()
    }

    /// Whether somebody needs the value of a name.
    pub fn value_of(&self, name: &Ident) -> bool {
        self.facts.contains(&Fact::Value(name.to_id()))
    }

    /// Whether somebody needs what a path begins with, as `a` of `a.b.c[key]`.
    pub fn start_of(&self, member: &MemberExpr) -> bool {
        name_before(member).is_none_or(|name| self.value_of(name))
    }

    /// Whether somebody needs what a function returns that is declared with a name. If nobody calls it here, others may.
    pub fn result_of(&self, function: &Ident) -> bool {
        self.facts.contains(&Fact::Result(function.to_id()))
    }

    /// Whether making what a function returns runs code. Somebody needs it, but not each one who calls the function.
    pub fn copies_for_some(&self, function: &Ident) -> bool {
        self.copying.contains(&function.to_id()) && self.result_of(function)
    }

    /// Whether a function is declared with a name.
    pub fn is_function(&self, name: &Ident) -> bool {
        self.parameters.contains_key(&name.to_id())
    }

    /// Whether a function of this name needs an argument.
    pub fn argument_of(&self, function: &Ident, index: usize) -> bool {
        match self.parameters.get(&function.to_id()) {
            Some(parameters) => {
                let name = parameter(parameters, index);
                name.is_none_or(|name| self.facts.contains(&Fact::Value(name.clone())))
            }
            None => true,
        }
    }
}

/// Something that may be needed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Fact {
    /// The value of a name.
    Value(Id),
    /// What a function returns.
    Result(Id),
    /// What a function is given.
    Argument(Id, usize),
}

/// What a function takes.
#[derive(Debug)]
enum Parameter {
    /// `a`
    Name(Id),
    /// `...a`
    Rest(Id),
    /// `{ a }`
    Pattern,
}

/// When a value is needed.
#[derive(Debug, Clone, Default)]
enum When {
    #[default]
    Always,
    Never,
    /// If something else is.
    If(Fact),
}

#[derive(Default)]
struct Finder {
    facts: FxHashSet<Fact>,
    /// What is needed for something.
    edges: FxHashMap<Fact, Vec<Fact>>,
    called: FxHashSet<Id>,
    parameters: FxHashMap<Id, Vec<Parameter>>,
    arguments: Vec<(Id, usize)>,
    /// Names that are declared with an object or a list. Who assigns to its members does not need it for that.
    objects: FxHashSet<Id>,
    /// Names of whose values members are assigned to.
    changed: Vec<Id>,
    /// Functions that copy objects where they return something.
    copying: FxHashSet<Id>,
    /// When the function around must return something.
    returns: When,
}

impl Finder {
    fn solve(mut self) -> Needed {
        for (function, index) in std::mem::take(&mut self.arguments) {
            let parameters = self.parameters.get(&function);
            let argument = Fact::Argument(function, index);
            match parameters.and_then(|parameters| parameter(parameters, index)) {
                Some(name) => {
                    self.edges
                        .entry(Fact::Value(name.clone()))
                        .or_default()
                        .push(argument);
                }
                None => {
                    self.facts.insert(argument);
                }
            }
        }
        let is_object = |name: &Id| self.objects.contains(name);
        for name in self.changed.iter().filter(|name| !is_object(name)) {
            self.facts.insert(Fact::Value(name.clone()));
            self.facts.insert(Fact::Result(name.clone()));
        }
        let elsewhere = self
            .parameters
            .keys()
            .filter(|function| !self.called.contains(*function));
        self.facts.extend(elsewhere.cloned().map(Fact::Result));
        let mut waiting: Vec<Fact> = self.facts.iter().cloned().collect();
        while let Some(fact) = waiting.pop() {
            for next in self.edges.remove(&fact).unwrap_or_default() {
                if self.facts.insert(next.clone()) {
                    waiting.push(next);
                }
            }
        }
        Needed {
            facts: self.facts,
            parameters: self.parameters,
            copying: self.copying,
        }
    }

    fn note(&mut self, fact: Fact, when: &When) {
        match when {
            When::Always => {
                self.facts.insert(fact);
            }
            When::If(cause) if !self.facts.contains(&fact) => {
                self.edges.entry(cause.clone()).or_default().push(fact);
            }
            When::If(_) | When::Never => {}
        }
    }

    fn value(&mut self, expression: &Expr, when: &When) {
        match expression {
            Expr::Ident(name) => {
                self.note(Fact::Value(name.to_id()), when);
                self.note(Fact::Result(name.to_id()), when);
            }
            Expr::Paren(inner) => self.value(&inner.expr, when),
            Expr::Seq(sequence) => {
                if let [unused @ .., last] = sequence.exprs.as_slice() {
                    for part in unused {
                        self.value(part, &When::Never);
                    }
                    self.value(last, when);
                }
            }
            Expr::Cond(choice) => {
                let is_quiet = || !has_effects(&choice.cons) && !has_effects(&choice.alt);
                self.asked(&choice.test, when, is_quiet);
                self.value(&choice.cons, when);
                self.value(&choice.alt, when);
            }
            Expr::Unary(unary) => match unary.op {
                UnaryOp::Void => self.value(&unary.arg, &When::Never),
                UnaryOp::Bang | UnaryOp::TypeOf => self.value(&unary.arg, when),
                _ => unary.arg.visit_with(self),
            },
            Expr::Bin(binary) if binary.op.may_short_circuit() => {
                self.asked(&binary.left, when, || !has_effects(&binary.right));
                self.value(&binary.right, when);
            }
            Expr::Bin(binary) if matches!(binary.op, BinaryOp::EqEqEq | BinaryOp::NotEqEq) => {
                self.value(&binary.left, when);
                self.value(&binary.right, when);
            }
            Expr::Array(array) => {
                for element in array.elems.iter().flatten() {
                    match element.spread {
                        Some(_) => element.expr.visit_with(self),
                        None => self.value(&element.expr, when),
                    }
                }
            }
            Expr::Object(object) => {
                for property in &object.props {
                    self.property(property, when);
                }
            }
            Expr::Assign(assignment) => self.assigned(assignment, when),
            Expr::Call(call) => self.called(call, when),
            other => other.visit_children_with(self),
        }
    }

    /// What decides about something that may be quiet.
    fn asked(&mut self, test: &Expr, when: &When, is_quiet: impl FnOnce() -> bool) {
        match when {
            When::Always => test.visit_with(self),
            when if is_quiet() => self.value(test, when),
            _ => test.visit_with(self),
        }
    }

    fn property(&mut self, property: &PropOrSpread, when: &When) {
        match property {
            PropOrSpread::Prop(property) => match &**property {
                Prop::KeyValue(pair) => {
                    pair.key.visit_with(self);
                    self.value(&pair.value, when);
                }
                other => other.visit_children_with(self),
            },
            PropOrSpread::Spread(_) => property.visit_children_with(self),
        }
    }

    fn assigned(&mut self, assignment: &AssignExpr, when: &When) {
        if let Some((name, member)) = member_of_name(assignment) {
            let is_plain = assignment.op == AssignOp::Assign;
            if is_plain || matches!(when, When::Never) {
                self.changed.push(name.clone());
                member.prop.visit_with(self);
                let right = if is_plain {
                    When::If(Fact::Value(name))
                } else {
                    When::Always
                };
                self.value(&assignment.right, &right);
                return;
            }
        }
        assignment.left.visit_with(self);
        let when = match (assignment.left.as_ident(), when) {
            (Some(name), When::Never) if assignment.op == AssignOp::Assign => {
                When::If(Fact::Value(name.to_id()))
            }
            _ => When::Always,
        };
        self.value(&assignment.right, &when);
    }

    fn called(&mut self, call: &CallExpr, when: &When) {
        let Callee::Expr(callee) = &call.callee else {
            call.visit_children_with(self);
            return;
        };
        let parameters = match &**callee {
            Expr::Ident(name) => {
                let name = name.to_id();
                self.called.insert(name.clone());
                self.note(Fact::Value(name.clone()), &When::Always);
                self.note(Fact::Result(name.clone()), when);
                for (index, argument) in call.args.iter().enumerate() {
                    self.arguments.push((name.clone(), index));
                    self.value(&argument.expr, &When::If(Fact::Argument(name.clone(), index)));
                }
                return;
            }
            Expr::Fn(function) => {
                self.function(&function.function, when.clone());
                names_of(function.function.params.iter().map(|one| &one.pat))
            }
            Expr::Arrow(function) => {
                self.arrow(function, when);
                names_of(function.params.iter())
            }
            other => {
                other.visit_with(self);
                Vec::new()
            }
        };
        for (index, argument) in call.args.iter().enumerate() {
            let when = match parameter(&parameters, index) {
                Some(name) => When::If(Fact::Value(name.clone())),
                None => When::Always,
            };
            self.value(&argument.expr, &when);
        }
    }

    fn within(&mut self, returns: When, visit: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.returns, returns);
        visit(self);
        self.returns = around;
    }

    fn function(&mut self, function: &Function, returns: When) {
        self.within(returns, |finder| function.visit_children_with(finder));
    }

    fn arrow(&mut self, function: &ArrowExpr, returns: &When) {
        self.within(returns.clone(), |finder| {
            function.params.visit_with(finder);
            match &*function.body {
                ArrowFunctionBody::Expr(value) => finder.value(value, returns),
                ArrowFunctionBody::FunctionBody(body) => body.visit_with(finder),
            }
        });
    }

    fn note_result(&mut self, function: &Ident, result: Option<&Expr>) {
        if let Some(Expr::Object(object)) = result
            && object.props.iter().any(copies)
        {
            self.copying.insert(function.to_id());
        }
    }

    fn knows<'a>(&mut self, function: &Ident, parameters: impl Iterator<Item = &'a Pat>) -> When {
        self.parameters.insert(function.to_id(), names_of(parameters));
        When::If(Fact::Result(function.to_id()))
    }
}

/// What a function returns that does nothing else.
fn returned(body: Option<&FunctionBody>) -> Option<&Expr> {
    match body?.stmts.as_slice() {
        [Stmt::Return(only)] => only.arg.as_deref(),
        _ => None,
    }
}

/// `...value`, `[key]: value`.
fn copies(property: &PropOrSpread) -> bool {
    match property {
        PropOrSpread::Spread(spread) => !spread.expr.is_object(),
        PropOrSpread::Prop(property) => {
            matches!(&**property, Prop::KeyValue(pair) if matches!(&pair.key, PropName::Computed(key) if !key.expr.is_lit()))
        }
    }
}

/// `a.b = c`, `a.b.c += d`: the name and the member.
fn member_of_name(assignment: &AssignExpr) -> Option<(Id, &MemberExpr)> {
    let member = assignment.left.as_simple()?.as_member()?;
    Some((name_before(member)?.to_id(), member))
}

/// The name that a path of names begins with: that of `a.b.c[key]` is `a`.
fn name_before(member: &MemberExpr) -> Option<&Ident> {
    match &*member.obj {
        Expr::Ident(name) => Some(name),
        Expr::Member(before) if before.prop.is_ident() => name_before(before),
        _ => None,
    }
}

fn names_of<'a>(parameters: impl Iterator<Item = &'a Pat>) -> Vec<Parameter> {
    parameters
        .map(|parameter| match parameter {
            Pat::Ident(name) => Parameter::Name(name.to_id()),
            Pat::Rest(rest) => rest
                .arg
                .as_ident()
                .map_or(Parameter::Pattern, |name| Parameter::Rest(name.to_id())),
            _ => Parameter::Pattern,
        })
        .collect()
}

/// The name that an argument has, if it is one.
fn parameter(parameters: &[Parameter], index: usize) -> Option<&Id> {
    match parameters.get(index).or_else(|| parameters.last())? {
        Parameter::Name(name) => (index < parameters.len()).then_some(name),
        Parameter::Rest(name) => Some(name),
        Parameter::Pattern => None,
    }
}

impl Visit for Finder {
    noop_visit_type!();

    fn visit_expr(&mut self, expression: &Expr) {
        self.value(expression, &When::Always);
    }

    fn visit_ident(&mut self, name: &Ident) {
        self.note(Fact::Value(name.to_id()), &When::Always);
        self.note(Fact::Result(name.to_id()), &When::Always);
    }

    fn visit_expr_stmt(&mut self, statement: &ExprStmt) {
        self.value(&statement.expr, &When::Never);
    }

    fn visit_if_stmt(&mut self, statement: &IfStmt) {
        if has_quiet_branches(statement) {
            self.value(&statement.test, &When::Never);
        } else {
            statement.test.visit_with(self);
        }
        statement.cons.visit_with(self);
        statement.alt.visit_with(self);
    }

    fn visit_return_stmt(&mut self, statement: &ReturnStmt) {
        if let Some(value) = &statement.arg {
            let when = self.returns.clone();
            self.value(value, &when);
        }
    }

    fn visit_binding_ident(&mut self, _: &BindingIdent) {}

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) else {
            declarator.visit_children_with(self);
            return;
        };
        match &**value {
            Expr::Fn(function) => {
                self.note_result(name, returned(function.function.body.as_ref()));
                let returns = self.knows(name, function.function.params.iter().map(|one| &one.pat));
                self.function(&function.function, returns);
            }
            Expr::Arrow(function) => {
                let result = match &*function.body {
                    ArrowFunctionBody::Expr(value) => Some(&**value),
                    ArrowFunctionBody::FunctionBody(body) => returned(Some(body)),
                };
                self.note_result(name, result);
                let returns = self.knows(name, function.params.iter());
                self.arrow(function, &returns);
            }
            value => {
                if matches!(value, Expr::Object(_) | Expr::Array(_)) {
                    self.objects.insert(name.to_id());
                }
                self.value(value, &When::If(Fact::Value(name.to_id())));
            }
        }
    }

    fn visit_assign_pat(&mut self, pattern: &AssignPat) {
        pattern.left.visit_with(self);
        let when = match &*pattern.left {
            Pat::Ident(name) => When::If(Fact::Value(name.to_id())),
            _ => When::Always,
        };
        self.value(&pattern.right, &when);
    }

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        self.note_result(&declaration.ident, returned(declaration.function.body.as_ref()));
        let parameters = declaration.function.params.iter().map(|one| &one.pat);
        let returns = self.knows(&declaration.ident, parameters);
        self.function(&declaration.function, returns);
    }

    fn visit_function(&mut self, function: &Function) {
        self.function(function, When::Always);
    }

    fn visit_arrow_expr(&mut self, function: &ArrowExpr) {
        self.arrow(function, &When::Always);
    }

    fn visit_constructor(&mut self, constructor: &Constructor) {
        self.within(When::Always, |finder| constructor.visit_children_with(finder));
    }

    fn visit_getter_prop(&mut self, getter: &GetterProp) {
        self.within(When::Always, |finder| getter.visit_children_with(finder));
    }

    fn visit_setter_prop(&mut self, setter: &SetterProp) {
        self.within(When::Always, |finder| setter.visit_children_with(finder));
    }
}

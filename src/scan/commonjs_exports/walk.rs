//! The one walk over the tree. It skips branches that cannot run in a CommonJS module and notes the rest
//! in [`Facts`]. Hand-written instead of a `Visit` because notes keep references into the tree.

use swc_core::common::{BytePos, Spanned as _};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, AssignTarget, AssignTargetPat, BinExpr, BinaryOp, CallExpr,
    Class, ClassMember, Decl, DefaultDecl, Expr, ExprOrSpread, ForHead, Function, Key, Lit, MemberExpr,
    ModuleDecl, ModuleItem, NewExpr, ObjectLit, ObjectPatProp, OptChainBase, ParamOrTsParamProp, Pat,
    Program, Prop, PropName, PropOrSpread, Stmt, VarDecl, VarDeclOrExpr,
};

use super::facts::{
    Address, Arity, CallForm, CallId, CallSite, CallTarget, Certainty, ClassFacts, Definition,
    ExportsAssignment, Facts, FunctionFacts, FunctionId, Holder, KeySource, PlaceId, PlaceKey, Role, Write,
    call_form, callee_expression, function_address,
};
use super::syntax::{
    Environment, Target, constant_text, key_text, peel, property_text, simple_target, stores_right_side,
};

/// Walks all of `program`.
pub fn walk(program: &Program, environment: Environment) -> Facts<'_> {
    let facts = Facts::new(environment.unresolved);
    let this = facts.exports;
    let mut walker = Walker {
        facts,
        environment,
        certainty: Certainty::Certain,
        this,
        function: None,
        arguments_owner: None,
        last_assignment: None,
    };
    match program {
        Program::Module(module) => module.body.iter().for_each(|item| walker.module_item(item)),
        Program::Script(script) => walker.statements(&script.body),
    }
    walker.facts
}

struct Walker<'a> {
    facts: Facts<'a>,
    environment: Environment,
    certainty: Certainty,
    /// What `this` is here.
    this: PlaceId,
    /// The function that `return` leaves.
    function: Option<FunctionId>,
    /// The function that `arguments` belongs to.
    arguments_owner: Option<FunctionId>,
    /// The assignment that ended last, and the value it assigned.
    last_assignment: Option<(Address, &'a Expr)>,
}

impl<'a> Walker<'a> {
    fn module_item(&mut self, item: &'a ModuleItem) {
        match item {
            ModuleItem::Stmt(statement) => self.statement(statement),
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => self.declaration(&export.decl),
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultExpr(export)) => self.expression(&export.expr),
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => match &export.decl {
                DefaultDecl::Class(class) => self.class(&class.class),
                DefaultDecl::Fn(function) => {
                    self.function(&function.function);
                }
                DefaultDecl::TsInterfaceDecl(_) => {}
            },
            ModuleItem::ModuleDecl(_) => {}
        }
    }

    fn statements(&mut self, statements: &'a [Stmt]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn uncertain(&mut self, walk: impl FnOnce(&mut Self)) {
        let certainty = std::mem::replace(&mut self.certainty, Certainty::Uncertain);
        walk(self);
        self.certainty = certainty;
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Block(block) => self.statements(&block.stmts),
            Stmt::With(with) => {
                self.expression(&with.obj);
                self.uncertain(|walker| walker.statement(&with.body));
            }
            Stmt::Return(statement) => {
                if let Some(argument) = &statement.arg {
                    self.expression(argument);
                    self.returns(argument);
                }
            }
            Stmt::Labeled(labeled) => self.statement(&labeled.body),
            Stmt::If(statement) => {
                self.expression(&statement.test);
                let truth = self.environment.truth(&statement.test);
                let alternative = statement.alt.as_deref();
                match truth {
                    Some(true) => self.statement(&statement.cons),
                    Some(false) => alternative.into_iter().for_each(|branch| self.statement(branch)),
                    None => self.uncertain(|walker| {
                        walker.statement(&statement.cons);
                        alternative
                            .into_iter()
                            .for_each(|branch| walker.statement(branch));
                    }),
                }
            }
            Stmt::Switch(switch) => {
                self.expression(&switch.discriminant);
                self.uncertain(|walker| {
                    for case in &switch.cases {
                        case.test.iter().for_each(|test| walker.expression(test));
                        walker.statements(&case.cons);
                    }
                });
            }
            Stmt::Throw(throw) => self.expression(&throw.arg),
            Stmt::Try(statement) => {
                self.uncertain(|walker| {
                    walker.statements(&statement.block.stmts);
                    if let Some(handler) = &statement.handler {
                        walker.statements(&handler.body.stmts);
                    }
                });
                statement
                    .finalizer
                    .iter()
                    .for_each(|block| self.statements(&block.stmts));
            }
            Stmt::While(statement) => {
                self.expression(&statement.test);
                self.uncertain(|walker| walker.statement(&statement.body));
            }
            Stmt::DoWhile(statement) => {
                self.statement(&statement.body);
                self.expression(&statement.test);
            }
            Stmt::For(statement) => {
                match &statement.init {
                    Some(VarDeclOrExpr::VarDecl(declaration)) => self.variables(declaration),
                    Some(VarDeclOrExpr::Expr(expression)) => self.expression(expression),
                    None => {}
                }
                statement.test.iter().for_each(|test| self.expression(test));
                statement.update.iter().for_each(|update| self.expression(update));
                self.uncertain(|walker| walker.statement(&statement.body));
            }
            Stmt::ForIn(statement) => {
                self.expression(&statement.right);
                self.loop_variable(&statement.left, KeySource::KeysOf(&statement.right));
                self.uncertain(|walker| walker.statement(&statement.body));
            }
            Stmt::ForOf(statement) => {
                self.expression(&statement.right);
                self.loop_variable(&statement.left, KeySource::ElementsOf(&statement.right));
                self.uncertain(|walker| walker.statement(&statement.body));
            }
            Stmt::Decl(declaration) => self.declaration(declaration),
            Stmt::Expr(statement) => self.expression(&statement.expr),
            Stmt::Empty(_) | Stmt::Debugger(_) | Stmt::Break(_) | Stmt::Continue(_) => {}
        }
    }

    fn declaration(&mut self, declaration: &'a Decl) {
        match declaration {
            Decl::Class(class) => {
                self.class(&class.class);
                let place = self.facts.variable(&class.ident);
                self.hold_class(&class.class, place);
            }
            Decl::Fn(function) => {
                let id = self.function(&function.function);
                let place = self.facts.variable(&function.ident);
                self.hold_function(id, place);
            }
            Decl::Var(declaration) => self.variables(declaration),
            Decl::Using(declaration) => {
                declaration.decls.iter().for_each(|declarator| {
                    declarator.init.iter().for_each(|value| self.expression(value));
                });
            }
            Decl::TsInterface(_) | Decl::TsTypeAlias(_) | Decl::TsEnum(_) | Decl::TsModule(_) => {}
        }
    }

    fn variables(&mut self, declaration: &'a VarDecl) {
        for declarator in &declaration.decls {
            if let Some(value) = &declarator.init {
                self.expression(value);
                self.bind(&declarator.name, Some(value));
            } else {
                self.bind(&declarator.name, None);
            }
        }
    }

    fn hold_function(&mut self, function: FunctionId, place: PlaceId) {
        self.facts.places[place]
            .definitions
            .push(Definition::Function(function));
        let address = self.facts.functions[function].address;
        self.facts
            .holders_of
            .entry(address)
            .or_default()
            .push(Holder::Place(place));
    }

    fn hold_class(&mut self, class: &'a Class, place: PlaceId) {
        self.facts.places[place]
            .definitions
            .push(Definition::Class(class));
        self.facts
            .holders_of
            .entry(Address::of::<Class>(class))
            .or_default()
            .push(Holder::Place(place));
    }

    /// A pattern takes apart `value`; its computed keys, defaults and member targets are code too.
    fn bind(&mut self, pattern: &'a Pat, value: Option<&'a Expr>) {
        match pattern {
            Pat::Ident(ident) => {
                if let Some(value) = value {
                    let place = self.facts.variable(&ident.id);
                    self.define(place, value);
                }
            }
            Pat::Assign(with_default) => {
                self.expression(&with_default.right);
                self.bind(&with_default.left, value);
                self.bind(&with_default.left, Some(&with_default.right));
            }
            Pat::Object(object) => {
                let base = value.and_then(|value| self.place(value));
                for property in &object.props {
                    match property {
                        ObjectPatProp::KeyValue(pair) => {
                            self.property_name(&pair.key);
                            self.bind_property(base, property_text(&pair.key), &pair.value);
                        }
                        ObjectPatProp::Assign(short) => {
                            short.value.iter().for_each(|value| self.expression(value));
                            let place = self.facts.variable(&short.key.id);
                            self.define_as_property(place, base, Some(short.key.id.sym.clone()));
                            if let Some(value) = &short.value {
                                self.define(place, value);
                            }
                        }
                        ObjectPatProp::Rest(rest) => self.bind(&rest.arg, None),
                    }
                }
            }
            Pat::Array(array) => {
                for element in array.elems.iter().flatten() {
                    self.bind(element, None);
                }
            }
            Pat::Rest(rest) => self.bind(&rest.arg, None),
            Pat::Expr(target) => {
                if let Expr::Member(member) = peel(target) {
                    self.write_member(member, value);
                }
            }
            Pat::Invalid(_) => {}
        }
    }

    fn bind_property(
        &mut self,
        base: Option<PlaceId>,
        name: Option<swc_core::atoms::Atom>,
        pattern: &'a Pat,
    ) {
        let inner = match pattern {
            Pat::Assign(with_default) => &*with_default.left,
            other => other,
        };
        if let Pat::Ident(ident) = inner {
            let place = self.facts.variable(&ident.id);
            self.define_as_property(place, base, name);
        }
        self.bind(pattern, None);
    }

    fn define_as_property(
        &mut self,
        place: PlaceId,
        base: Option<PlaceId>,
        name: Option<swc_core::atoms::Atom>,
    ) {
        if let (Some(base), Some(name)) = (base, name) {
            let property = self.facts.place(PlaceKey::Property(base, name));
            self.facts.places[place]
                .definitions
                .push(Definition::Place(property));
            self.facts.places[property].holders.push(Holder::Place(place));
        }
    }

    /// Makes places for what `expression` names, so that the searches can ask for them.
    fn note_places(&mut self, expression: &'a Expr) {
        let environment = self.environment;
        environment.for_each_outcome(expression, &mut |outcome| {
            self.place(outcome);
        });
    }

    fn loop_variable(&mut self, head: &'a ForHead, source: KeySource<'a>) {
        let (KeySource::KeysOf(object) | KeySource::ElementsOf(object)) = source;
        self.note_places(object);
        let pattern = match head {
            ForHead::VarDecl(declaration) => match declaration.decls.first() {
                Some(declarator) => &declarator.name,
                None => return,
            },
            ForHead::Pat(pattern) => &**pattern,
            ForHead::UsingDecl(_) => return,
        };
        self.key_variable(pattern, source);
        self.bind(pattern, None);
    }

    /// `k` in `for (k of Object.keys(x))` and in `for ([k, v] of Object.entries(x))`.
    fn key_variable(&mut self, pattern: &'a Pat, source: KeySource<'a>) {
        let pattern = match pattern {
            Pat::Array(array) => match array.elems.first() {
                Some(Some(first)) => first,
                _ => return,
            },
            other => other,
        };
        let place = match pattern {
            Pat::Ident(ident) => self.facts.variable(&ident.id),
            Pat::Expr(expression) => match peel(expression) {
                Expr::Ident(ident) => self.facts.variable(ident),
                _ => return,
            },
            _ => return,
        };
        self.facts.key_sources.entry(place).or_default().push(source);
    }

    /// Notes that `value` flows into `place`.
    fn define(&mut self, place: PlaceId, value: &'a Expr) {
        let mut can_matter = false;
        self.environment.for_each_outcome(value, &mut |outcome| {
            can_matter |= !matches!(
                outcome,
                Expr::Lit(
                    Lit::Bool(_)
                        | Lit::Null(_)
                        | Lit::Num(_)
                        | Lit::BigInt(_)
                        | Lit::Regex(_)
                        | Lit::JSXText(_)
                ) | Expr::Unary(_)
                    | Expr::Update(_)
            );
        });
        if can_matter {
            self.facts.places[place]
                .definitions
                .push(Definition::Expression(value));
            self.flow(value, Holder::Place(place));
        }
    }

    fn returns(&mut self, value: &'a Expr) {
        if let Some(function) = self.function {
            self.facts.functions[function].returns.push(value);
            self.flow(value, Holder::Return(function));
        }
    }

    /// Notes where every value that `value` can have goes.
    fn flow(&mut self, value: &'a Expr, holder: Holder) {
        let environment = self.environment;
        environment.for_each_outcome(value, &mut |outcome| {
            let address = match outcome {
                Expr::Object(object) => Address::of::<ObjectLit>(object),
                Expr::Class(class) => Address::of::<Class>(&class.class),
                Expr::Call(call) => Address::of::<CallExpr>(call),
                Expr::New(new) => Address::of::<NewExpr>(new),
                Expr::Fn(_) | Expr::Arrow(_) => match function_address(outcome) {
                    Some(address) => address,
                    None => return,
                },
                _ => match (self.place(outcome), outcome) {
                    (Some(place), _) => {
                        self.facts.places[place].holders.push(holder);
                        return;
                    }
                    (None, Expr::Member(member)) => Address::of::<MemberExpr>(member),
                    _ => return,
                },
            };
            self.facts.holders_of.entry(address).or_default().push(holder);
        });
    }

    /// The place an expression names.
    fn place(&mut self, expression: &'a Expr) -> Option<PlaceId> {
        match peel(expression) {
            Expr::Ident(ident) => Some(self.facts.variable(ident)),
            Expr::This(this) => {
                self.facts.this_of.insert(Address::of(this), self.this);
                Some(self.this)
            }
            Expr::Member(member) => {
                let name = key_text(&member.prop)?;
                let base = self.place(&member.obj)?;
                Some(self.facts.place(PlaceKey::Property(base, name)))
            }
            Expr::Assign(assignment) if stores_right_side(assignment.op) => {
                match simple_target(&assignment.left)? {
                    Target::Variable(ident) => Some(self.facts.variable(ident)),
                    Target::Member(member) => {
                        let name = key_text(&member.prop)?;
                        let base = self.place(&member.obj)?;
                        Some(self.facts.place(PlaceKey::Property(base, name)))
                    }
                }
            }
            Expr::Bin(binary) if matches!(binary.op, BinaryOp::LogicalOr | BinaryOp::NullishCoalescing) => {
                self.place(&binary.left)
            }
            _ => None,
        }
    }

    fn assignment(&mut self, assignment: &'a AssignExpr) {
        self.expression(&assignment.right);
        let right = match (peel(&assignment.right), self.last_assignment) {
            // `exports.a = exports.b = … = void 0` is a thousand deep in some files.
            (Expr::Assign(inner), Some((address, value))) if Address::of::<AssignExpr>(inner) == address => {
                value
            }
            _ => &*assignment.right,
        };
        let value = stores_right_side(assignment.op).then_some(right);
        match &assignment.left {
            AssignTarget::Pat(AssignTargetPat::Array(pattern)) => {
                for element in pattern.elems.iter().flatten() {
                    self.bind(element, None);
                }
            }
            AssignTarget::Pat(AssignTargetPat::Object(pattern)) => {
                let base = self.place(&assignment.right);
                for property in &pattern.props {
                    match property {
                        ObjectPatProp::KeyValue(pair) => {
                            self.property_name(&pair.key);
                            self.bind_property(base, property_text(&pair.key), &pair.value);
                        }
                        ObjectPatProp::Assign(short) => {
                            short.value.iter().for_each(|value| self.expression(value));
                            let place = self.facts.variable(&short.key.id);
                            self.define_as_property(place, base, Some(short.key.id.sym.clone()));
                        }
                        ObjectPatProp::Rest(rest) => self.bind(&rest.arg, None),
                    }
                }
            }
            AssignTarget::Pat(AssignTargetPat::Invalid(_)) => {}
            simple @ AssignTarget::Simple(_) => match simple_target(simple) {
                Some(Target::Variable(ident)) => {
                    if let Some(value) = value {
                        let place = self.facts.variable(ident);
                        self.define(place, value);
                    }
                }
                Some(Target::Member(member)) => self.write_member(member, value),
                None => {}
            },
        }
        self.last_assignment = value.map(|value| (Address::of::<AssignExpr>(assignment), value));
    }

    /// `base.name = value` and `base[key] = value`
    fn write_member(&mut self, member: &'a MemberExpr, value: Option<&'a Expr>) {
        self.expression(&member.obj);
        if let swc_core::ecma::ast::MemberProp::Computed(computed) = &member.prop {
            self.expression(&computed.expr);
        }
        let position = member.prop.span().lo;
        let Some(base) = self.place(&member.obj) else {
            return;
        };
        match key_text(&member.prop) {
            Some(name) => self.write_named(base, name, position, value),
            None => {
                if let swc_core::ecma::ast::MemberProp::Computed(computed) = &member.prop {
                    self.facts.places[base]
                        .writes
                        .push(Write::Keyed(&computed.expr, position));
                }
            }
        }
    }

    fn write_named(
        &mut self,
        base: PlaceId,
        name: swc_core::atoms::Atom,
        position: BytePos,
        value: Option<&'a Expr>,
    ) {
        self.facts.places[base]
            .writes
            .push(Write::Named(name.clone(), position));
        let Some(value) = value else { return };
        if name == *"exports" {
            self.facts.exports_assignments.push(ExportsAssignment {
                base,
                value,
                certainty: self.certainty,
            });
        }
        let property = self.facts.place(PlaceKey::Property(base, name));
        self.define(property, value);
    }

    fn expressions(&mut self, expressions: &'a [ExprOrSpread]) {
        for expression in expressions {
            self.expression(&expression.expr);
        }
    }

    fn expression(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Array(array) => {
                array
                    .elems
                    .iter()
                    .flatten()
                    .for_each(|element| self.expression(&element.expr));
            }
            Expr::Object(object) => self.object(object),
            Expr::Fn(function) => {
                let id = self.function(&function.function);
                if let Some(ident) = &function.ident {
                    let place = self.facts.variable(ident);
                    self.hold_function(id, place);
                }
            }
            Expr::Arrow(arrow) => self.arrow(arrow),
            Expr::Class(class) => {
                self.class(&class.class);
                if let Some(ident) = &class.ident {
                    let place = self.facts.variable(ident);
                    self.hold_class(&class.class, place);
                }
            }
            Expr::Unary(unary) => self.expression(&unary.arg),
            Expr::Update(update) => self.expression(&update.arg),
            Expr::Bin(binary) => self.binary(binary),
            Expr::Assign(assignment) => self.assignment(assignment),
            Expr::Member(member) => self.member(member),
            Expr::SuperProp(property) => {
                if let swc_core::ecma::ast::SuperProp::Computed(computed) = &property.prop {
                    self.expression(&computed.expr);
                }
            }
            Expr::Cond(conditional) => {
                self.expression(&conditional.test);
                match self.environment.truth(&conditional.test) {
                    Some(true) => self.expression(&conditional.cons),
                    Some(false) => self.expression(&conditional.alt),
                    None => self.uncertain(|walker| {
                        walker.expression(&conditional.cons);
                        walker.expression(&conditional.alt);
                    }),
                }
            }
            Expr::Call(call) => self.call(call),
            Expr::New(new) => self.new_expression(new),
            Expr::Seq(sequence) => sequence.exprs.iter().for_each(|part| self.expression(part)),
            Expr::Tpl(template) => template.exprs.iter().for_each(|part| self.expression(part)),
            Expr::TaggedTpl(tagged) => {
                self.expression(&tagged.tag);
                tagged.tpl.exprs.iter().for_each(|part| self.expression(part));
            }
            Expr::Yield(inner) => inner.arg.iter().for_each(|argument| self.expression(argument)),
            Expr::Await(inner) => self.expression(&inner.arg),
            Expr::Paren(inner) => self.expression(&inner.expr),
            Expr::TsAs(inner) => self.expression(&inner.expr),
            Expr::TsNonNull(inner) => self.expression(&inner.expr),
            Expr::TsSatisfies(inner) => self.expression(&inner.expr),
            Expr::TsConstAssertion(inner) => self.expression(&inner.expr),
            Expr::TsTypeAssertion(inner) => self.expression(&inner.expr),
            Expr::TsInstantiation(inner) => self.expression(&inner.expr),
            Expr::OptChain(chain) => match &*chain.base {
                OptChainBase::Member(member) => self.member(member),
                OptChainBase::Call(call) => {
                    self.expression(&call.callee);
                    self.expressions(&call.args);
                }
            },
            Expr::This(_)
            | Expr::Ident(_)
            | Expr::Lit(_)
            | Expr::MetaProp(_)
            | Expr::PrivateName(_)
            | Expr::JSXMember(_)
            | Expr::JSXNamespacedName(_)
            | Expr::JSXEmpty(_)
            | Expr::JSXElement(_)
            | Expr::JSXFragment(_)
            | Expr::Invalid(_) => {}
        }
    }

    /// Chains of one operator can be thousands long, and they lean to the left.
    fn binary(&mut self, binary: &'a BinExpr) {
        let mut chain = vec![binary];
        let mut left = &*binary.left;
        while let Expr::Bin(inner) = left {
            chain.push(inner);
            left = &inner.left;
        }
        self.expression(left);
        let environment = self.environment;
        // Of everything to the left of the operator; asked anew at each operator, long chains would take
        // quadratic time.
        let mut truth = environment.truth(left);
        for binary in chain.into_iter().rev() {
            let decides = match binary.op {
                BinaryOp::LogicalAnd => Some(true),
                BinaryOp::LogicalOr | BinaryOp::NullishCoalescing => Some(false),
                _ => None,
            };
            let Some(decides) = decides else {
                self.expression(&binary.right);
                truth = environment.truth_of_comparison(binary);
                continue;
            };
            match truth {
                Some(truth) if truth == decides => self.expression(&binary.right),
                Some(_) => self.annotation(binary),
                None => self.uncertain(|walker| walker.expression(&binary.right)),
            }
            truth = match (truth, environment.truth(&binary.right)) {
                (Some(truth), right) if truth == decides => right,
                (Some(truth), _) => Some(truth),
                (None, Some(right)) if right != decides => Some(right),
                (None, _) => None,
            };
        }
    }

    /// `0 && (module.exports = { a, b, ...require('c') })`: written by compilers for exactly this analysis.
    fn annotation(&mut self, binary: &'a BinExpr) {
        if let (Expr::Lit(Lit::Num(_)), Expr::Assign(assignment)) = (peel(&binary.left), peel(&binary.right))
        {
            self.expression(&assignment.right);
            self.note_places(&assignment.right);
            self.facts.annotations.push(&assignment.right);
        }
    }

    fn member(&mut self, member: &'a MemberExpr) {
        self.expression(&member.obj);
        if let swc_core::ecma::ast::MemberProp::Computed(computed) = &member.prop {
            self.expression(&computed.expr);
            if let (Expr::Ident(object), Some(owner)) = (peel(&member.obj), self.arguments_owner)
                && object.sym == "arguments"
            {
                self.facts.functions[owner].arity = Arity::Open;
                self.facts.arguments_of.insert(Address::of(member), owner);
            }
        }
    }

    fn property_name(&mut self, name: &'a PropName) {
        if let PropName::Computed(computed) = name {
            self.expression(&computed.expr);
        }
    }

    fn object(&mut self, object: &'a ObjectLit) {
        for property in &object.props {
            let property = match property {
                PropOrSpread::Spread(spread) => {
                    self.expression(&spread.expr);
                    self.note_places(&spread.expr);
                    continue;
                }
                PropOrSpread::Prop(property) => &**property,
            };
            match property {
                Prop::Shorthand(_) => {}
                Prop::KeyValue(pair) => {
                    self.property_name(&pair.key);
                    self.expression(&pair.value);
                }
                Prop::Assign(pair) => self.expression(&pair.value),
                Prop::Getter(getter) => {
                    self.property_name(&getter.key);
                    self.function(&getter.function);
                }
                Prop::Setter(setter) => {
                    self.property_name(&setter.key);
                    let function = self.function(&setter.function);
                    let parameter = self.facts.functions[function]
                        .parameters
                        .first()
                        .copied()
                        .flatten();
                    let name = match &setter.key {
                        PropName::Ident(name) => Some(&name.sym),
                        _ => None,
                    };
                    if let (Some(parameter), Some(name)) = (parameter, name) {
                        self.facts.places[parameter].role = Role::SetterParameter(object, name);
                    }
                }
                Prop::Method(method) => {
                    self.property_name(&method.key);
                    self.function(&method.function);
                }
            }
        }
    }

    fn call(&mut self, call: &'a CallExpr) {
        let Some(callee) = callee_expression(&call.callee) else {
            self.expressions(&call.args);
            return;
        };
        let is_require = self.environment.is_free(callee, "require") && call.args.len() == 1;
        if is_require && constant_text(&call.args[0].expr).is_some() {
            let target = CallTarget::Require(&call.args[0].expr);
            self.add_call(Address::of(call), target, CallForm::Direct, &call.args, None);
            return;
        }
        let (function, form) = match peel(callee) {
            Expr::Member(member) if call_form(member) != CallForm::Direct => {
                (peel(&member.obj), call_form(member))
            }
            other => (other, CallForm::Direct),
        };
        let receiver = match (form, function) {
            (CallForm::Direct, Expr::Member(member)) => self.place(&member.obj),
            _ => None,
        };
        // What is called on the spot runs as surely as the call.
        self.callee(function);
        self.expressions(&call.args);
        let target = self.call_target(function);
        let id = self.add_call(Address::of(call), target, form, &call.args, receiver);
        self.callback_keys(function, &call.args);
        if let Some(receiver) = receiver {
            self.facts.places[receiver].holders.push(Holder::Receiver(id));
        }
    }

    fn new_expression(&mut self, new: &'a NewExpr) {
        let callee = peel(&new.callee);
        self.callee(callee);
        let arguments = new.args.as_deref().unwrap_or_default();
        self.expressions(arguments);
        let target = self.call_target(callee);
        self.add_call(Address::of(new), target, CallForm::New, arguments, None);
    }

    fn callee(&mut self, callee: &'a Expr) {
        match callee {
            Expr::Fn(function) => {
                let id = self.function_as_sure_as_here(&function.function);
                if let Some(ident) = &function.ident {
                    let place = self.facts.variable(ident);
                    self.hold_function(id, place);
                }
            }
            Expr::Arrow(arrow) => {
                let certainty = self.certainty;
                self.arrow_with(arrow, certainty);
            }
            other => self.expression(other),
        }
    }

    fn call_target(&mut self, callee: &'a Expr) -> CallTarget<'a> {
        if let Some(address) = function_address(callee) {
            return CallTarget::Function(address);
        }
        match self.place(callee) {
            Some(place) => CallTarget::Place(place),
            None => CallTarget::Other(callee),
        }
    }

    fn add_call(
        &mut self,
        address: Address,
        target: CallTarget<'a>,
        form: CallForm,
        arguments: &'a [ExprOrSpread],
        receiver: Option<PlaceId>,
    ) -> CallId {
        let id = self.facts.calls.push(CallSite {
            address,
            target,
            form,
            arguments,
            receiver,
        });
        self.facts.call_of.insert(address, id);
        match target {
            CallTarget::Function(function) => {
                self.facts
                    .holders_of
                    .entry(function)
                    .or_default()
                    .push(Holder::Callee(id));
            }
            CallTarget::Place(place) => self.facts.places[place].calls.push(id),
            CallTarget::Require(_) | CallTarget::Other(_) => {}
        }
        for (index, argument) in arguments.iter().enumerate() {
            if argument.spread.is_none() {
                self.flow(&argument.expr, Holder::Argument(id, index));
            }
        }
        id
    }

    /// Callbacks that get keys: `list.forEach((key) => …)`, `each(object, (value, key) => …)`.
    fn callback_keys(&mut self, callee: &'a Expr, arguments: &'a [ExprOrSpread]) {
        let callback = |index: usize| -> Option<FunctionId> {
            self.facts
                .function(function_address(peel(&arguments.get(index)?.expr))?)
        };
        // jQuery's `each` passes key and value, others value and key: both parameters can be either.
        let (function, list, count) = match (callback(0), callback(1), callee) {
            (Some(function), _, Expr::Member(member)) => (function, &*member.obj, 1),
            (_, Some(function), _) => (function, &*arguments[0].expr, 2),
            _ => return,
        };
        self.note_places(list);
        let parameters: Vec<PlaceId> = self.facts.functions[function]
            .parameters
            .iter()
            .take(count)
            .copied()
            .flatten()
            .collect();
        for parameter in parameters {
            let sources = self.facts.key_sources.entry(parameter).or_default();
            sources.push(KeySource::ElementsOf(list));
            if count > 1 {
                sources.push(KeySource::KeysOf(list));
            }
        }
    }

    fn function(&mut self, function: &'a Function) -> FunctionId {
        let certainty = std::mem::replace(&mut self.certainty, Certainty::Uncertain);
        let id = self.function_as_sure_as_here(function);
        self.certainty = certainty;
        id
    }

    fn function_as_sure_as_here(&mut self, function: &'a Function) -> FunctionId {
        let this = self.facts.place(PlaceKey::Nameless);
        self.function_with_this(function, this)
    }

    fn function_with_this(&mut self, function: &'a Function, this: PlaceId) -> FunctionId {
        let patterns = function.params.iter().map(|parameter| &parameter.pat);
        let body = function.body.as_ref().map_or(&[][..], |body| &body.stmts);
        self.function_body(Address::of(function), patterns, body, this)
    }

    fn function_body(
        &mut self,
        address: Address,
        patterns: impl Iterator<Item = &'a Pat>,
        body: &'a [Stmt],
        this: PlaceId,
    ) -> FunctionId {
        let id = self.add_function(address, Some(this));
        if matches!(self.facts.places[this].role, Role::Plain) {
            self.facts.places[this].role = Role::This(id);
        }
        let outer = (self.this, self.function, self.arguments_owner);
        (self.this, self.function, self.arguments_owner) = (this, Some(id), Some(id));
        self.parameters(id, patterns);
        self.statements(body);
        (self.this, self.function, self.arguments_owner) = outer;
        id
    }

    fn add_function(&mut self, address: Address, this: Option<PlaceId>) -> FunctionId {
        let id = self.facts.functions.push(FunctionFacts {
            address,
            parameters: Vec::new(),
            this,
            returns: Vec::new(),
            arity: Arity::Fixed,
        });
        self.facts.function_of.insert(address, id);
        id
    }

    fn parameters(&mut self, function: FunctionId, patterns: impl Iterator<Item = &'a Pat>) {
        for (index, pattern) in patterns.enumerate() {
            let named = match pattern {
                Pat::Assign(with_default) => &*with_default.left,
                other => other,
            };
            let place = match named {
                Pat::Ident(ident) => {
                    let place = self.facts.variable(&ident.id);
                    self.facts.places[place].role = Role::Parameter(function, index);
                    Some(place)
                }
                _ => None,
            };
            self.facts.functions[function].parameters.push(place);
            if !matches!(pattern, Pat::Ident(_)) {
                self.bind(pattern, None);
            }
        }
    }

    fn arrow(&mut self, arrow: &'a ArrowExpr) {
        self.arrow_with(arrow, Certainty::Uncertain);
    }

    fn arrow_with(&mut self, arrow: &'a ArrowExpr, certainty: Certainty) {
        let id = self.add_function(Address::of(arrow), None);
        let outer = (
            std::mem::replace(&mut self.certainty, certainty),
            self.function.replace(id),
        );
        self.parameters(id, arrow.params.iter());
        match &*arrow.body {
            ArrowFunctionBody::FunctionBody(body) => self.statements(&body.stmts),
            ArrowFunctionBody::Expr(value) => {
                self.expression(value);
                self.returns(value);
            }
        }
        (self.certainty, self.function) = outer;
    }

    fn class(&mut self, class: &'a Class) {
        class
            .super_class
            .iter()
            .for_each(|parent| self.expression(parent));
        let static_this = self.facts.place(PlaceKey::Nameless);
        let instance_this = self.facts.place(PlaceKey::Nameless);
        let mut constructor = None;
        let outer_this = self.this;
        for member in &class.body {
            match member {
                ClassMember::Constructor(member) => {
                    let patterns = member.params.iter().filter_map(|parameter| match parameter {
                        ParamOrTsParamProp::Param(parameter) => Some(&parameter.pat),
                        ParamOrTsParamProp::TsParamProp(_) => None,
                    });
                    let body = member.body.as_ref().map_or(&[][..], |body| &body.stmts);
                    let mut id = None;
                    self.uncertain(|walker| {
                        id = Some(walker.function_body(Address::of(member), patterns, body, instance_this));
                    });
                    constructor = id;
                }
                ClassMember::Method(member) => {
                    self.property_name(&member.key);
                    let this = if member.is_static {
                        static_this
                    } else {
                        instance_this
                    };
                    self.uncertain(|walker| {
                        walker.function_with_this(&member.function, this);
                    });
                }
                ClassMember::PrivateMethod(member) => {
                    let this = if member.is_static {
                        static_this
                    } else {
                        instance_this
                    };
                    self.uncertain(|walker| {
                        walker.function_with_this(&member.function, this);
                    });
                }
                ClassMember::ClassProp(member) => {
                    self.property_name(&member.key);
                    self.this = if member.is_static {
                        static_this
                    } else {
                        instance_this
                    };
                    member.value.iter().for_each(|value| self.expression(value));
                }
                ClassMember::PrivateProp(member) => {
                    self.this = if member.is_static {
                        static_this
                    } else {
                        instance_this
                    };
                    member.value.iter().for_each(|value| self.expression(value));
                }
                ClassMember::AutoAccessor(member) => {
                    if let Key::Public(name) = &member.key {
                        self.property_name(name);
                    }
                    self.this = if member.is_static {
                        static_this
                    } else {
                        instance_this
                    };
                    member.value.iter().for_each(|value| self.expression(value));
                }
                ClassMember::StaticBlock(block) => {
                    self.this = static_this;
                    self.statements(&block.body.stmts);
                }
                ClassMember::TsIndexSignature(_) | ClassMember::Empty(_) => {}
            }
            self.this = outer_this;
        }
        self.facts.class_of.insert(
            Address::of(class),
            ClassFacts {
                static_this,
                instance_this,
                constructor,
            },
        );
    }
}

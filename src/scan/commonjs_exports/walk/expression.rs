//! Expressions: mostly the way down, and assignments and conditions on it.

use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, AssignTargetPat, BinExpr, BinaryOp, Expr, ExprOrSpread, Lit, MemberExpr,
    ObjectLit, ObjectPatProp, OptChainBase, Prop, PropName, PropOrSpread,
};

use super::super::facts::{Address, Arity, Role};
use super::super::syntax::{Target, peel, property_text, simple_target, stores_right_side};
use super::Walker;

impl<'a> Walker<'a> {
    pub(super) fn assignment(&mut self, assignment: &'a AssignExpr) {
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

    pub(super) fn expressions(&mut self, expressions: &'a [ExprOrSpread]) {
        for expression in expressions {
            self.expression(&expression.expr);
        }
    }

    pub(super) fn expression(&mut self, expression: &'a Expr) {
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
    pub(super) fn binary(&mut self, binary: &'a BinExpr) {
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
    pub(super) fn annotation(&mut self, binary: &'a BinExpr) {
        if let (Expr::Lit(Lit::Num(_)), Expr::Assign(assignment)) = (peel(&binary.left), peel(&binary.right))
        {
            self.expression(&assignment.right);
            self.note_places(&assignment.right);
            self.facts.annotations.push(&assignment.right);
        }
    }

    pub(super) fn member(&mut self, member: &'a MemberExpr) {
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

    pub(super) fn property_name(&mut self, name: &'a PropName) {
        if let PropName::Computed(computed) = name {
            self.expression(&computed.expr);
        }
    }

    pub(super) fn object(&mut self, object: &'a ObjectLit) {
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
}

//! Standard decorators become a call, in a block that runs before everything static of the class.
//!
//! ```text
//! class Counter {                                    let init_count, extra_count;
//!     @observed count = 1                            class Counter {
//! }                                                      static { [, , , , init_count, extra_count] =
//!                                                            __decorate(this, null, [[0, "count", [observed]]]) }
//!                                                        constructor() { extra_count(this) }
//!                                                        count = init_count(this, 1)
//!                                                    }
//! ```
//!
//! A decorated class is a value that its decorators may replace. What is static then becomes part of the replacement, as
//! if the class were a constructor that gives it:
//!
//! ```text
//! @define class Panel {                              let decorators, Panel1, init, statics;
//!     static #made = 0;                              let Panel = (decorators = [define], new class extends
//!     static size = Panel.name;                          function (value) { return value } {
//! }                                                          [(class { static { [Panel1, init] = __decorate(…) } }, "")]() {}
//!                                                            #made = 0;
//!                                                            size = Panel1.name;
//!                                                            #static = init(this);
//!                                                        }(Panel1))
//! ```
//!
//! Decorators of members are evaluated in the call if nobody can tell; otherwise they are part of the keys, where
//! everything means what it means in front of a member.

mod build;
mod members;
mod mentions;
mod naming;
mod places;

use rustc_hash::FxHashSet;
use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    Class, ClassExpr, ClassMember, ClassMethod, Decorator, Expr, Id, Ident, ImportStarAsSpecifier,
    MemberExpr, NewExpr, Param, Program, TsModuleDecl, TsModuleName, TsParamProp,
};
use swc_core::ecma::utils::constructor::inject_after_super;
use swc_core::ecma::visit::{Visit, VisitMutWith, VisitWith, noop_visit_type};

use self::build::{
    array, assign, call, computed, fresh, function, parameter, read, returned, sequence, string, this,
};
use self::members::Statics;
use self::naming::ClassName;
use self::places::Place;
use super::class_fields::new_constructor;
use super::generated_names::ChangeContext;
use super::parse::Marks;
use super::syntax_error::SyntaxProblem;
use crate::graph::PROPERTY_KEY;
use crate::scan::side_effects::without_parentheses;

/// Makes calls of all decorators, and fields of `accessor` members.
///
/// # Errors
/// Decorators of parameters, which only the experimental ones have.
pub(super) fn write_out(program: &mut Program, marks: Marks) -> Result<(), Vec<SyntaxProblem>> {
    let mut known = Known::default();
    program.visit_with(&mut known);
    if !known.of_parameters.is_empty() {
        return Err(known.of_parameters);
    }
    program.visit_mut_with(&mut Writer {
        marks,
        known: &known,
        assignments: Vec::new(),
        declared: Vec::new(),
        place: Place::Statement,
        name: None,
    });
    Ok(())
}

/// What is known of the names in a file.
#[derive(Default)]
struct Known {
    /// Names of whole modules: what is read from them is no method.
    modules: FxHashSet<Id>,
    /// Names of namespaces, which may belong to a class.
    namespaces: FxHashSet<Id>,
    /// The decorators that there are none of.
    of_parameters: Vec<SyntaxProblem>,
}

impl Known {
    fn refuse(&mut self, decorators: &[Decorator]) {
        self.of_parameters.extend(decorators.iter().map(|decorator| {
            SyntaxProblem::new(
                decorator.span,
                "Only classes and their members have standard decorators, parameters have none.",
                "Set `experimentalDecorators` in the tsconfig of the file, or remove the decorator.",
            )
        }));
    }
}

impl Visit for Known {
    noop_visit_type!();

    fn visit_import_star_as_specifier(&mut self, node: &ImportStarAsSpecifier) {
        self.modules.insert(node.local.to_id());
    }

    fn visit_param(&mut self, node: &Param) {
        self.refuse(&node.decorators);
        node.visit_children_with(self);
    }

    fn visit_ts_param_prop(&mut self, node: &TsParamProp) {
        self.refuse(&node.decorators);
        node.visit_children_with(self);
    }

    fn visit_ts_module_decl(&mut self, node: &TsModuleDecl) {
        if let TsModuleName::Ident(name) = &node.id {
            self.namespaces.insert(name.to_id());
        }
        node.visit_children_with(self);
    }
}

/// Writes out the classes of a file.
struct Writer<'a> {
    marks: Marks,
    known: &'a Known,
    /// What follows the statement that is visited.
    assignments: Vec<Expr>,
    /// Variables of the statement that is visited.
    declared: Vec<Ident>,
    place: Place,
    /// What the class that comes next is called by what surrounds it.
    name: Option<ClassName>,
}

/// What a class that has decorators itself is called.
struct Names {
    /// What decorators and everybody else is told.
    name: Expr,
    /// The variable for the decorators.
    decorators: Ident,
    /// The variable for what they make.
    result: Ident,
    /// The variable for what runs at the end.
    initializer: Ident,
}

impl Writer<'_> {
    fn helper(&self, name: &str) -> Expr {
        Expr::Ident(Ident::new(name.into(), DUMMY_SP, self.marks.unresolved_context()))
    }

    /// The value of a key as a property has it.
    fn property_key(&self, key: Expr) -> Expr {
        call(self.helper(PROPERTY_KEY), vec![key])
    }

    /// Decorators as a list; a method stands there with its object.
    fn list(&mut self, decorators: Vec<Decorator>) -> Expr {
        let decorators = decorators
            .into_iter()
            .map(|decorator| match without_parentheses(&decorator.expr) {
                Expr::Member(method) => self.method(method.clone()),
                Expr::SuperProp(_) => array(vec![this(), *decorator.expr]),
                _ => *decorator.expr,
            })
            .collect();
        array(decorators)
    }

    fn method(&mut self, method: MemberExpr) -> Expr {
        match &*method.obj {
            Expr::Ident(object) if self.known.modules.contains(&object.to_id()) => Expr::Member(method),
            Expr::Ident(_) | Expr::This(_) => array(vec![(*method.obj).clone(), Expr::Member(method)]),
            _ => {
                let object = fresh("object");
                self.declared.push(object.clone());
                let value = assign(&object, *method.obj);
                let method = MemberExpr {
                    obj: Box::new(read(&object)),
                    ..method
                };
                array(vec![value, Expr::Member(method)])
            }
        }
    }

    /// Writes out a class. What is given stands for it, if it cannot stay what it is.
    fn class(&mut self, class: &mut Class, ident: Option<&Ident>, name: Option<Expr>) -> Option<Expr> {
        if class.decorators.is_empty() {
            if members::have_work(class) {
                let name = ident.map(Ident::to_id);
                let rest = members::rewrite(self, class, name.as_ref(), None, Statics::Stay);
                call_for_instances(class, rest.instance_calls);
            }
            return None;
        }
        let decorators = self.list(std::mem::take(&mut class.decorators));
        let names = self.names(class, ident, name);
        let statics = if members::have_statics(class) {
            Statics::Move
        } else {
            Statics::Stay
        };
        let inner = names.result.to_id();
        let rest = members::rewrite(self, class, Some(&inner), Some(&names), statics);
        call_for_instances(class, rest.instance_calls);

        let value = Expr::Class(ClassExpr {
            ident: None,
            class: Box::new(std::mem::take(class)),
        });
        let mut values = vec![assign(&names.decorators, decorators)];
        if statics == Statics::Move {
            values.push(giving(value, rest.moved, &names.result));
        } else {
            let initializers = rest.static_initializer.iter().chain([&names.initializer]);
            values.push(value);
            values.extend(initializers.map(|name| call(read(name), vec![read(&names.result)])));
            values.push(read(&names.result));
        }
        Some(sequence(values))
    }

    /// Inside, the name is a variable, which gets what the decorators make of the class.
    fn names(&mut self, class: &mut Class, ident: Option<&Ident>, name: Option<Expr>) -> Names {
        let result = match ident {
            Some(ident) if mentions::mentions_name(class, ident) => {
                let mut change = ChangeContext::new(ident.to_id());
                class.body.visit_mut_with(&mut change);
                class.super_class.visit_mut_with(&mut change);
                Ident {
                    ctxt: change.context(),
                    ..ident.clone()
                }
            }
            Some(ident) => fresh(&ident.sym),
            None => fresh("value"),
        };
        let names = Names {
            name: match ident {
                Some(ident) => string(&ident.sym),
                None => name.unwrap_or_else(|| string("")),
            },
            decorators: fresh("decorators"),
            result,
            initializer: fresh("init"),
        };
        self.declared
            .extend([&names.decorators, &names.result, &names.initializer].map(Clone::clone));
        names
    }
}

/// `new class extends function (value) { return value } { [(class, "")]() {} fields }(result)`
fn giving(class: Expr, fields: Vec<ClassMember>, result: &Ident) -> Expr {
    let value = fresh("value");
    let identity = function(vec![parameter(value.clone())], vec![returned(read(&value))]);
    let first = ClassMember::Method(ClassMethod {
        key: computed(sequence(vec![class, string("")])),
        function: Box::new(function(Vec::new(), Vec::new())),
        ..ClassMethod::default()
    });
    let class = Class {
        super_class: Some(Box::new(Expr::Fn(identity.into()))),
        body: std::iter::once(first).chain(fields).collect(),
        ..Class::default()
    };
    Expr::New(NewExpr {
        callee: Box::new(Expr::Class(ClassExpr {
            ident: None,
            class: Box::new(class),
        })),
        args: Some(vec![read(result).into()]),
        ..NewExpr::default()
    })
}

/// Has the constructor make calls, when all fields are there.
fn call_for_instances(class: &mut Class, calls: Vec<Expr>) {
    if calls.is_empty() {
        return;
    }
    let calls = calls.into_iter().map(Box::new).collect();
    let constructor = class.body.iter_mut().find_map(|member| match member {
        ClassMember::Constructor(constructor) if constructor.body.is_some() => Some(constructor),
        _ => None,
    });
    if let Some(constructor) = constructor {
        inject_after_super(constructor, calls);
    } else {
        let mut constructor = new_constructor(class.super_class.is_some());
        inject_after_super(&mut constructor, calls);
        class.body.push(ClassMember::Constructor(constructor));
    }
}

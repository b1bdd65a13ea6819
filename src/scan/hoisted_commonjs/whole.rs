//! `module.exports = value`, once: the value is a variable of the module.
//!
//! ```text
//! module.exports = parse                    // parse
//! exports = module.exports = make()         var name = make()
//! module.exports = { parse, is: valid }     export { parse, valid as is }, and var name = { parse, is: valid }
//! ```

use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, AssignOp, AssignTarget, Class, ClassMember, Constructor, Decl, Expr, Function,
    Ident, IdentName, KeyValueProp, Lit, ModuleDecl, ModuleItem, ObjectLit, Pat, Prop, PropName,
    PropOrSpread, SimpleAssignTarget, Stmt, Str, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::{Writer, fresh};
use crate::scan::function_names::is_anonymous;
use crate::scan::named_members::static_member;
use crate::scan::normalize::text_of;
use crate::scan::side_effects::without_parentheses;

/// The variable that `module.exports` is.
#[derive(Clone)]
pub(in crate::scan) struct ExportsVariable {
    pub local: Ident,
    /// Whether `exports` is that, too.
    pub is_exports: bool,
    /// Whether its members can be read without anything happening.
    pub is_plain: bool,
}

impl Writer {
    fn is_whole_target(&self, target: &AssignTarget) -> bool {
        match target {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => self.is_global(&name.id, "exports"),
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => {
                self.is_exports(&Expr::Member(member.clone()))
            }
            _ => false,
        }
    }

    /// Whether an assignment gives `exports` or `module.exports` another value.
    pub(super) fn is_whole_assignment(&self, assignment: &AssignExpr) -> bool {
        assignment.op == AssignOp::Assign && self.is_whole_target(&assignment.left)
    }

    /// `exports = module.exports = value`, perhaps as the value of a variable; nothing where the module has to stay.
    pub(super) fn whole_assignment(
        &mut self,
        index: usize,
        assignment: &AssignExpr,
        variable: Option<&Ident>,
    ) -> Option<()> {
        let (mut is_exports, mut is_module) = (false, false);
        let mut assignment = assignment;
        let mut target_count = 0;
        let value = loop {
            if matches!(
                assignment.left,
                AssignTarget::Simple(SimpleAssignTarget::Ident(_))
            ) {
                is_exports = true;
            } else {
                is_module = true;
            }
            target_count += 1;
            match without_parentheses(&assignment.right) {
                Expr::Assign(next) if self.is_whole_assignment(next) => assignment = next,
                value => break value,
            }
        };
        if !is_module || self.object.is_some() {
            return None;
        }
        let written = self.words_in(&self.body);
        let in_value = self.words_in(value);
        if written.direct > 0 || in_value.direct > 0 {
            return None;
        }
        if let Expr::Object(literal) = value
            && variable.is_none()
            && self.exported.is_empty()
            && self.initialised.is_empty()
            && self.all_words == target_count
            && let Some(parts) = named_parts(literal)
        {
            return self.named_object(index, parts);
        }
        let is_plain = self.is_plain(index, value);
        let mut value = value.clone();
        self.take_requests(&mut value);
        // A function that was called before saw other exports.
        if self.has_effect && (written.inside + in_value.inside > 0 || self.functions_mention_exports) {
            return None;
        }
        self.forget_names();
        let local = match (&value, variable) {
            // What is passed on gets a variable: whoever uses it needs this module, too.
            (Expr::Ident(local), None)
                if !self.is_holder(&value) && self.declared.has_value_at(&local.to_id(), index) =>
            {
                local.clone()
            }
            (_, Some(variable)) => {
                self.declare(variable.clone(), unnamed(value));
                variable.clone()
            }
            _ => {
                let local = fresh(&self.name, value.span());
                self.declare(local.clone(), unnamed(value));
                local
            }
        };
        self.object = Some(ExportsVariable {
            local,
            is_exports,
            is_plain,
        });
        Some(())
    }

    /// Names of an object that nobody has any more.
    fn forget_names(&mut self) {
        self.exported.clear();
        self.initialised.clear();
        self.order.clear();
        self.marked = None;
        self.without_this.clear();
        self.aliases.clear();
        self.live.clear();
        self.members.clear();
        self.changing.clear();
        self.body
            .retain(|item| !matches!(item, ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(_))));
    }

    /// `module.exports = { name, other: value }` in a module that mentions its exports nowhere else.
    fn named_object(&mut self, index: usize, parts: Vec<(Atom, Expr)>) -> Option<()> {
        for (name, mut value) in parts {
            self.take_requests(&mut value);
            if is_anonymous(&value) {
                // The property is what it is named after.
                if crate::base::identifier_from(&name) != *name {
                    return None;
                }
                if self.declared.is_without_this(&value) {
                    self.without_this.insert(name.clone());
                }
                self.export_value(std::slice::from_ref(&name), value)?;
            } else {
                self.value(index, std::slice::from_ref(&name), value)?;
            }
            self.order.push(name);
        }
        let object = self.object_of_names(None);
        self.object = Some(ExportsVariable {
            local: object,
            is_exports: false,
            is_plain: true,
        });
        Some(())
    }

    /// A variable for an object with everything that is exported, in the order in which it got its values.
    pub(super) fn object_of_names(&mut self, marked: Option<Marked>) -> Ident {
        let mut properties: Vec<PropOrSpread> = Vec::new();
        let mut order = self.order.clone();
        order.dedup();
        let mut seen = rustc_hash::FxHashSet::default();
        order.retain(|name| seen.insert(name.clone()));
        for name in &order {
            let value = if *name == *"__esModule" {
                Expr::Lit(Lit::Bool(true.into()))
            } else if let Some(local) = self.exported.get(name) {
                Expr::Ident(local.clone())
            } else {
                continue;
            };
            properties.push(PropOrSpread::Prop(Box::new(Prop::KeyValue(KeyValueProp {
                key: key(name),
                value: Box::new(value),
            }))));
        }
        let local = fresh(&self.name, DUMMY_SP);
        let object = Expr::Object(ObjectLit {
            span: DUMMY_SP,
            props: properties,
        });
        self.declare(local.clone(), object);
        if marked == Some(Marked::Hidden) {
            self.body.push(ModuleItem::Stmt(mark(&local, self.unresolved)));
        }
        local
    }

    /// Whether a statement gives the exports object a property, and does nothing else.
    pub(super) fn property(&mut self, expression: &mut Expr) -> bool {
        let is_plain = self.object.as_ref().is_some_and(|object| object.is_plain);
        match expression {
            Expr::Assign(assignment) if is_plain && assignment.op == AssignOp::Assign => {
                let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = &assignment.left else {
                    return false;
                };
                let name = static_member(&member.prop);
                if !self.is_object(&member.obj) || !name.is_some_and(|name| is_writable(&name)) {
                    return false;
                }
                self.take_requests(&mut assignment.right);
                true
            }
            Expr::Call(call) if is_plain => {
                let Some(callee) = call.callee.as_expr().and_then(|callee| callee.as_member()) else {
                    return false;
                };
                let is_definition = callee
                    .obj
                    .as_ident()
                    .is_some_and(|object| self.is_global(object, "Object"))
                    && static_member(&callee.prop).is_some_and(|name| name == *"defineProperty");
                let [target, key, description] = call.args.as_slice() else {
                    return false;
                };
                let is_name =
                    matches!(&*key.expr, Expr::Lit(Lit::Str(name)) if is_writable(&text_of(&name.value)));
                let is_description = description.expr.as_object().is_some_and(|description| {
                    description.props.iter().all(|property| {
                        let pair = property.as_prop().and_then(|property| property.as_key_value());
                        pair.is_some_and(|pair| match &*pair.value {
                            Expr::Lit(_) | Expr::Fn(_) | Expr::Arrow(_) => true,
                            value => self.is_object(value),
                        })
                    })
                });
                is_definition && self.is_object(&target.expr) && is_name && is_description
            }
            _ => false,
        }
    }

    /// The exports object, by one of its names.
    fn is_object(&self, expression: &Expr) -> bool {
        let Some(object) = &self.object else {
            return false;
        };
        match expression {
            Expr::Ident(name) if self.is_global(name, "exports") => object.is_exports,
            Expr::Ident(name) => name.to_id() == object.local.to_id(),
            other => self.is_exports(other),
        }
    }

    /// `var local = value`
    pub(super) fn declare(&mut self, local: Ident, value: Expr) {
        let variable = VarDeclarator {
            span: value.span(),
            name: Pat::Ident(local.into()),
            init: Some(Box::new(value)),
            definite: false,
        };
        self.push(Stmt::Decl(Decl::Var(Box::new(VarDecl {
            span: DUMMY_SP,
            kind: VarDeclKind::Var,
            decls: vec![variable],
            ..VarDecl::default()
        }))));
    }

    pub(super) fn words_in(&self, node: &impl VisitWith<Mentions>) -> Mentions {
        mentions(node, self.unresolved)
    }

    /// Whether reading members of a value certainly runs no code and does not fail.
    fn is_plain(&self, index: usize, value: &Expr) -> bool {
        match value {
            Expr::Paren(inner) => self.is_plain(index, &inner.expr),
            Expr::Fn(_) | Expr::Arrow(_) | Expr::Array(_) => true,
            Expr::Lit(literal) => !matches!(literal, Lit::Null(_)),
            Expr::Class(class) => is_plain_class(&class.class),
            Expr::Object(object) => object.props.iter().all(|property| {
                matches!(property, PropOrSpread::Prop(property)
                    if !matches!(&**property, Prop::Getter(_) | Prop::Setter(_)))
            }),
            Expr::Cond(choice) => self.is_plain(index, &choice.cons) && self.is_plain(index, &choice.alt),
            Expr::Ident(name) => {
                let id = name.to_id();
                self.declared.has_value_at(&id, index) && self.declared.is_plain(&id)
            }
            _ => false,
        }
    }
}

/// Whether functions and classes let the property be written.
fn is_writable(name: &str) -> bool {
    !matches!(
        name,
        "name" | "length" | "prototype" | "arguments" | "caller" | "__proto__"
    )
}

/// How a module says `__esModule`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marked {
    /// `exports.__esModule = true`
    Shown,
    /// `Object.defineProperty(exports, '__esModule', …)`
    Hidden,
}

/// `Object.defineProperty(local, '__esModule', …)`, of a property that is there: it keeps its place.
fn mark(local: &Ident, unresolved: SyntaxContext) -> Stmt {
    use swc_core::ecma::ast::{CallExpr, Callee, ExprStmt, MemberExpr, MemberProp};
    let text = |text: &str| {
        Box::new(Expr::Lit(Lit::Str(Str {
            span: DUMMY_SP,
            value: text.into(),
            raw: None,
        })))
    };
    let description = ObjectLit {
        span: DUMMY_SP,
        props: ["enumerable", "writable", "configurable"]
            .into_iter()
            .map(|limit| {
                PropOrSpread::Prop(Box::new(Prop::KeyValue(KeyValueProp {
                    key: PropName::Ident(IdentName::new(limit.into(), DUMMY_SP)),
                    value: Box::new(Expr::Lit(Lit::Bool(false.into()))),
                })))
            })
            .collect(),
    };
    let call = CallExpr {
        span: DUMMY_SP,
        callee: Callee::Expr(Box::new(Expr::Member(MemberExpr {
            span: DUMMY_SP,
            obj: Box::new(Expr::Ident(Ident::new("Object".into(), DUMMY_SP, unresolved))),
            prop: MemberProp::Ident(IdentName::new("defineProperty".into(), DUMMY_SP)),
        }))),
        args: vec![
            Box::new(Expr::Ident(local.clone())).into(),
            text("__esModule").into(),
            Box::new(Expr::Object(description)).into(),
        ],
        ..CallExpr::default()
    };
    Stmt::Expr(ExprStmt {
        span: DUMMY_SP,
        expr: Box::new(Expr::Call(call)),
    })
}

fn key(name: &Atom) -> PropName {
    PropName::Str(Str {
        span: DUMMY_SP,
        value: name.clone().into(),
        raw: None,
    })
}

/// Functions get no name by being assigned to a property.
pub(super) fn unnamed(value: Expr) -> Expr {
    use swc_core::ecma::ast::{Number, SeqExpr};
    if !is_anonymous(&value) {
        return value;
    }
    let zero = Expr::Lit(Lit::Num(Number {
        span: DUMMY_SP,
        value: 0.0,
        raw: None,
    }));
    Expr::Seq(SeqExpr {
        span: DUMMY_SP,
        exprs: vec![Box::new(zero), Box::new(value)],
    })
}

/// The names and values of an object literal that has no more than these.
fn named_parts(literal: &ObjectLit) -> Option<Vec<(Atom, Expr)>> {
    let mut parts: Vec<(Atom, Expr)> = Vec::with_capacity(literal.props.len());
    for property in &literal.props {
        let (name, value) = match &**property.as_prop()? {
            Prop::Shorthand(name) => (name.sym.clone(), Expr::Ident(name.clone())),
            Prop::KeyValue(pair) => {
                let name = match &pair.key {
                    PropName::Ident(name) => name.sym.clone(),
                    PropName::Str(text) => text_of(&text.value),
                    _ => return None,
                };
                (name, (*pair.value).clone())
            }
            _ => return None,
        };
        // Numbers come first, whatever the order; the prototype is no property.
        let is_number = name.starts_with(|first: char| first.is_ascii_digit());
        let is_special = matches!(&*name, "__proto__" | "__esModule" | "default" | "module.exports");
        if is_number || is_special || parts.iter().any(|(known, _)| *known == name) {
            return None;
        }
        parts.push((name, value));
    }
    (!parts.is_empty()).then_some(parts)
}

/// Whether no static member of a class runs code when it is read.
pub(super) fn is_plain_class(class: &Class) -> bool {
    class.super_class.is_none()
        && class.body.iter().all(|member| match member {
            ClassMember::Method(method) => {
                !method.is_static || method.kind == swc_core::ecma::ast::MethodKind::Method
            }
            ClassMember::AutoAccessor(accessor) => !accessor.is_static,
            _ => true,
        })
}

/// How often something mentions `exports` and `module`.
#[derive(Default)]
pub(super) struct Mentions {
    unresolved: SyntaxContext,
    depth: usize,
    /// Where it runs at once.
    pub direct: usize,
    /// In functions.
    pub inside: usize,
}

/// Counts the mentions.
pub(super) fn mentions(node: &impl VisitWith<Mentions>, unresolved: SyntaxContext) -> Mentions {
    let mut found = Mentions {
        unresolved,
        ..Mentions::default()
    };
    node.visit_with(&mut found);
    found
}

impl Mentions {
    fn within(&mut self, node: &impl VisitWith<Self>) {
        self.depth += 1;
        node.visit_children_with(self);
        self.depth -= 1;
    }
}

impl Visit for Mentions {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        if ident.ctxt == self.unresolved && matches!(&*ident.sym, "exports" | "module") {
            if self.depth == 0 {
                self.direct += 1;
            } else {
                self.inside += 1;
            }
        }
    }

    fn visit_function(&mut self, function: &Function) {
        self.within(function);
    }

    fn visit_arrow_expr(&mut self, arrow: &ArrowExpr) {
        self.within(arrow);
    }

    fn visit_constructor(&mut self, constructor: &Constructor) {
        self.within(constructor);
    }
}

//! Reads of several members of a namespace at once, written one by one, so that each of them can be the export itself:
//!
//! ```text
//! const { a, b: { c } } = ns          const a = ns.a, { c } = ns.b
//! ns?.a                               ns.a
//! ```
//!
//! A namespace is never null, and reading it runs no code. The values of JSON files are taken apart like namespaces.

use rustc_hash::FxHashSet;
use swc_core::common::util::take::Take as _;
use swc_core::common::{BytePos, DUMMY_SP, Span, Spanned as _};
use swc_core::ecma::ast::{
    AssignPat, ComputedPropName, Expr, Id, IdentName, ImportSpecifier, KeyValueProp, Lit, MemberExpr,
    MemberProp, Module, ModuleDecl, ModuleItem, ObjectLit, ObjectPat, ObjectPatProp, OptChainBase, Pat, Prop,
    PropName, PropOrSpread, Str, VarDecl, VarDeclarator,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::asked_names::static_key;
use super::{namespace_aliases, namespace_copies};
use crate::base::has_extension;

/// Rewrites `module` where it imports namespaces.
pub fn separate(module: &mut Module) {
    let specifiers = module.body.iter().filter_map(|item| match item {
        ModuleItem::ModuleDecl(ModuleDecl::Import(import)) => Some(&import.specifiers),
        _ => None,
    });
    let namespaces: FxHashSet<Id> = specifiers
        .flatten()
        .filter_map(|specifier| match specifier {
            ImportSpecifier::Namespace(namespace) => Some(namespace.local.to_id()),
            _ => None,
        })
        .collect();
    if !namespaces.is_empty() {
        namespace_aliases::follow(module, &namespaces);
        namespace_copies::ask_originals(&mut module.body, &namespaces);
    }
    let values = values_of_json(&module.body);
    if !namespaces.is_empty() || !values.is_empty() {
        module.visit_mut_with(&mut Separator { namespaces, values });
    }
}

/// Default imports of files that are called JSON.
fn values_of_json(items: &[ModuleItem]) -> FxHashSet<Id> {
    let imports = items.iter().filter_map(|item| match item {
        ModuleItem::ModuleDecl(ModuleDecl::Import(import))
            if import
                .src
                .value
                .as_str()
                .is_some_and(|specifier| has_extension(specifier, &["json"])) =>
        {
            Some(&import.specifiers)
        }
        _ => None,
    });
    imports
        .flatten()
        .filter(|specifier| match specifier {
            ImportSpecifier::Default(_) => true,
            ImportSpecifier::Named(named) => {
                (named.imported.as_ref()).is_some_and(|imported| imported.atom().as_ref() == "default")
            }
            ImportSpecifier::Namespace(_) => false,
        })
        .map(|specifier| specifier.local().to_id())
        .collect()
}

struct Separator {
    namespaces: FxHashSet<Id>,
    /// Objects, or anything else that JSON can say.
    values: FxHashSet<Id>,
}

impl Separator {
    fn is_namespace(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Ident(name) => self.namespaces.contains(&name.to_id()),
            Expr::Paren(inner) => self.is_namespace(&inner.expr),
            _ => false,
        }
    }

    fn is_value_of_json(&self, expression: &Expr) -> bool {
        matches!(expression, Expr::Ident(name) if self.values.contains(&name.to_id()))
    }

    /// The declarators that stand for one that takes a namespace apart; nothing where a name is computed or the rest is
    /// asked for.
    fn parts(&self, declarator: &mut VarDeclarator) -> Option<Vec<VarDeclarator>> {
        let (Pat::Object(pattern), Some(value)) = (&declarator.name, &declarator.init) else {
            return None;
        };
        if !self.is_namespace(value) && !self.is_value_of_json(value)
            || pattern.props.is_empty()
            || !pattern.props.iter().all(has_static_key)
        {
            return None;
        }
        let mut parts = Vec::new();
        let Pat::Object(pattern) = declarator.name.take() else {
            return None;
        };
        take_apart(pattern, value, &mut parts);
        Some(parts)
    }
}

fn has_static_key(property: &ObjectPatProp) -> bool {
    match property {
        ObjectPatProp::Assign(_) => true,
        ObjectPatProp::KeyValue(pair) => static_key(&pair.key).is_some(),
        ObjectPatProp::Rest(_) => false,
    }
}

fn take_apart(pattern: ObjectPat, object: &Expr, parts: &mut Vec<VarDeclarator>) {
    for property in pattern.props {
        match property {
            ObjectPatProp::Assign(shorthand) => {
                let key = PropName::Ident(IdentName::new(
                    shorthand.key.id.sym.clone(),
                    shorthand.key.id.span,
                ));
                let target = Pat::Ident(shorthand.key);
                let target = match shorthand.value {
                    Some(default) => Pat::Assign(AssignPat {
                        span: shorthand.span,
                        left: Box::new(target),
                        right: default,
                    }),
                    None => target,
                };
                take(key, target, object, parts);
            }
            ObjectPatProp::KeyValue(pair) => take(pair.key, *pair.value, object, parts),
            ObjectPatProp::Rest(_) => {}
        }
    }
}

fn take(key: PropName, target: Pat, object: &Expr, parts: &mut Vec<VarDeclarator>) {
    let value = read(object, &key);
    let span = target.span();
    let (name, value) = match target {
        // Only an object pattern gives the default its place: `const { a = 1 } = { a: ns.a }`.
        Pat::Assign(_) => {
            let pattern = ObjectPat {
                span,
                props: vec![ObjectPatProp::KeyValue(swc_core::ecma::ast::KeyValuePatProp {
                    key: key.clone(),
                    value: Box::new(target),
                })],
                optional: false,
                type_ann: None,
            };
            let object = ObjectLit {
                span: DUMMY_SP,
                props: vec![PropOrSpread::Prop(Box::new(Prop::KeyValue(KeyValueProp {
                    key: computed_if_prototype(key),
                    value: Box::new(value),
                })))],
            };
            (Pat::Object(pattern), Expr::Object(object))
        }
        // One name of what may be a namespace, too. Of several, only the first would be read from the same object for sure.
        Pat::Object(inner) if inner.props.len() == 1 && inner.props.iter().all(has_static_key) => {
            take_apart(inner, &value, parts);
            return;
        }
        other => (other, value),
    };
    parts.push(VarDeclarator {
        span,
        name,
        init: Some(Box::new(value)),
        definite: false,
    });
}

/// `{ __proto__: value }` would set the prototype.
fn computed_if_prototype(key: PropName) -> PropName {
    match key {
        PropName::Ident(name) if name.sym == *"__proto__" => PropName::Computed(ComputedPropName {
            span: name.span,
            expr: Box::new(text(&name.sym)),
        }),
        other => other,
    }
}

fn text(value: &str) -> Expr {
    Expr::Lit(Lit::Str(Str {
        span: DUMMY_SP,
        value: value.into(),
        raw: None,
    }))
}

fn read(object: &Expr, key: &PropName) -> Expr {
    let prop = match key {
        PropName::Ident(name) => MemberProp::Ident(name.clone()),
        other => MemberProp::Computed(ComputedPropName {
            span: other.span(),
            expr: Box::new(text(&static_key(other).unwrap_or_default())),
        }),
    };
    // One more than the key, which what declares the name has: what stands in its place is not what the source says, and
    // must not be taken for the name that is declared.
    let span = key.span();
    Expr::Member(MemberExpr {
        span: Span::new(span.lo, span.hi + BytePos(1)),
        obj: Box::new(object.clone()),
        prop,
    })
}

impl VisitMut for Separator {
    noop_visit_mut_type!();

    fn visit_mut_var_decl(&mut self, declaration: &mut VarDecl) {
        declaration.visit_mut_children_with(self);
        let mut index = 0;
        while index < declaration.decls.len() {
            match self.parts(&mut declaration.decls[index]) {
                Some(parts) => {
                    let count = parts.len();
                    declaration.decls.splice(index..=index, parts);
                    index += count;
                }
                None => index += 1,
            }
        }
    }

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        expression.visit_mut_children_with(self);
        if let Expr::OptChain(chain) = expression {
            let OptChainBase::Member(member) = &mut *chain.base else {
                return;
            };
            let is_over = if chain.optional {
                self.is_namespace(&member.obj)
            } else {
                is_plain_path(&member.obj)
            };
            if is_over {
                *expression = Expr::Member(member.take());
            }
        }
    }
}

/// Whether the start of a chain is no chain any more.
fn is_plain_path(object: &Expr) -> bool {
    match object {
        Expr::Member(member) => is_plain_path(&member.obj),
        Expr::Ident(_) => true,
        _ => false,
    }
}

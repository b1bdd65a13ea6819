//! JSX that was kept: what its elements are called by, and how they become elements again.
//! `scan::kept_elements` tells how they travel.

use rustc_hash::FxHashSet;
use swc_core::common::comments::{Comments as _, SingleThreadedComments};
use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Span, Spanned as _};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AwaitExpr, BinExpr, CallExpr, Expr, ExprOrSpread, Function, Ident,
    IdentName, JSXAttr, JSXAttrName, JSXAttrOrSpread, JSXAttrValue, JSXClosingElement, JSXClosingFragment,
    JSXElement, JSXElementChild, JSXElementName, JSXExpr, JSXExprContainer, JSXFragment, JSXMemberExpr,
    JSXNamespacedName, JSXObject, JSXOpeningElement, JSXOpeningFragment, JSXSpreadChild, JSXText, Lit,
    MemberExpr, MemberProp, Module, ObjectLit, ParenExpr, Pat, Prop, PropName, PropOrSpread, SpreadElement,
    Str, ThisExpr,
};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::ast;
use crate::bind::{Binding, BoundGraph, SymbolId};
use crate::graph::{Constant, ModuleId};
use crate::scan::kept_elements::{KEPT_FRAGMENT, element_type, is_tag};

/// The symbols that elements are called by: their names must not start with a small letter.
pub fn symbols_of_elements(bound: &BoundGraph, modules: &[ModuleId]) -> FxHashSet<SymbolId> {
    let mut symbols = FxHashSet::default();
    for module in modules {
        for (local, path) in &bound.graph.modules[*module].syntax.features.element_names {
            let binding = if path.is_empty() {
                bound.imports[*module].get(local)
            } else {
                bound.members[*module].get(&(*local, path.clone()))
            };
            match binding {
                Some(Binding::Symbol(symbol)) => {
                    symbols.insert(*symbol);
                }
                None if path.is_empty() => {
                    symbols.insert(bound.symbols.local(*module, *local));
                }
                _ => {}
            }
        }
    }
    symbols
}

/// Whether there are elements in what was made of `source`: statements or a module.
pub fn has_elements<'a, N>(code: &N, mut sources: impl Iterator<Item = &'a str>) -> bool
where
    N: VisitWith<ElementSearch> + ?Sized,
{
    // Every element has an end, so most files need not be searched.
    if !sources.any(|source| source.contains("/>") || source.contains("</")) {
        return false;
    }
    let mut search = ElementSearch { is_found: false };
    code.visit_with(&mut search);
    search.is_found
}

/// Looks for an element.
pub struct ElementSearch {
    is_found: bool,
}

impl Visit for ElementSearch {
    noop_visit_type!();

    fn visit_call_expr(&mut self, call: &CallExpr) {
        self.is_found |= element_type(call).is_some();
        if !self.is_found {
            call.visit_children_with(self);
        }
    }
}

/// Makes elements of the calls. To be called when all names are final and all parentheses are there.
pub fn restore_elements<'a>(
    module: &mut Module,
    comments: Option<&SingleThreadedComments>,
    sources: impl Iterator<Item = &'a str>,
) {
    if has_elements(module, sources) {
        module.visit_mut_with(&mut Restorer { comments });
    }
}

struct Restorer<'a> {
    comments: Option<&'a SingleThreadedComments>,
}

impl VisitMut for Restorer<'_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expr: &mut Expr) {
        expr.visit_mut_children_with(self);
        let Expr::Call(call) = expr else {
            return;
        };
        if element_type(call).is_some() {
            // What was said of the call: that it is pure.
            if let Some(comments) = self.comments {
                comments.take_leading(call.span.lo);
            }
            let attributes = match self.comments {
                Some(_) => Attributes::Readable,
                None => Attributes::Joined,
            };
            *expr = element_of(call.take(), attributes);
        }
    }

    fn visit_mut_bin_expr(&mut self, binary: &mut BinExpr) {
        binary.visit_mut_children_with(self);
        // `a < <b />` would be a shift without the space.
        if matches!(&*binary.right, Expr::JSXElement(_) | Expr::JSXFragment(_)) {
            let element = binary.right.take();
            *binary.right = Expr::Paren(ParenExpr {
                span: DUMMY_SP,
                expr: element,
            });
        }
    }
}

/// How attributes are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Attributes {
    Readable,
    /// With no space between two, so that the first must have an end.
    Joined,
}

fn element_of(mut call: CallExpr, manner: Attributes) -> Expr {
    let children = call.args.split_off(call.args.len().min(2));
    let children = children_of(children);
    let mut arguments = call.args.into_iter().map(|argument| argument.expr);
    let (Some(named), properties) = (arguments.next(), arguments.next()) else {
        return *Expr::undefined(call.span);
    };
    if matches!(&*named, Expr::Ident(name) if name.sym == *KEPT_FRAGMENT) {
        return Expr::JSXFragment(JSXFragment {
            span: DUMMY_SP,
            opening: JSXOpeningFragment { span: DUMMY_SP },
            children,
            closing: JSXClosingFragment { span: DUMMY_SP },
        });
    }
    let mut attributes = attributes_of(properties.as_deref());
    if manner == Attributes::Joined {
        let end = attributes.len().saturating_sub(1);
        for attribute in &mut attributes[..end] {
            if let JSXAttrOrSpread::JSXAttr(JSXAttr { value, .. }) = attribute {
                value.get_or_insert_with(|| {
                    JSXAttrValue::JSXExprContainer(container(ast::constant_value(&Constant::Boolean(true))))
                });
            }
        }
    }
    match element_name(&named) {
        Some(name) => element(name, attributes, children),
        None => computed_element(*named, attributes, children),
    }
}

fn element(name: JSXElementName, attrs: Vec<JSXAttrOrSpread>, children: Vec<JSXElementChild>) -> Expr {
    let closing = (!children.is_empty()).then(|| JSXClosingElement {
        span: DUMMY_SP,
        name: name.clone(),
    });
    Expr::JSXElement(Box::new(JSXElement {
        span: DUMMY_SP,
        opening: JSXOpeningElement {
            name,
            span: DUMMY_SP,
            attrs,
            self_closing: closing.is_none(),
            type_args: None,
        },
        children,
        closing,
    }))
}

fn element_name(named: &Expr) -> Option<JSXElementName> {
    match named {
        Expr::Lit(Lit::Str(tag)) => tag_name(tag),
        Expr::Ident(name) if !is_tag(&name.sym) => Some(JSXElementName::Ident(name.clone())),
        Expr::Member(member) => member_name(member).map(JSXElementName::JSXMemberExpr),
        Expr::Paren(inner) => element_name(&inner.expr),
        _ => None,
    }
}

fn tag_name(tag: &Str) -> Option<JSXElementName> {
    let text = tag.value.as_str()?;
    match text.split_once(':') {
        Some((namespace, name)) if is_word(namespace) && is_word(name) => {
            Some(JSXElementName::JSXNamespacedName(JSXNamespacedName {
                span: tag.span,
                ns: word(namespace, tag.span),
                name: word(name, tag.span),
            }))
        }
        None if is_word(text) && (is_tag(text) || text.contains('-')) => {
            let name = Ident::new_no_ctxt(text.into(), tag.span);
            Some(JSXElementName::Ident(name))
        }
        _ => None,
    }
}

/// Whether a text is an identifier of JSX, which may have dashes.
fn is_word(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(Ident::is_valid_start)
        && characters.all(|character| character == '-' || Ident::is_valid_continue(character))
}

fn word(text: &str, span: Span) -> IdentName {
    IdentName::new(text.into(), span)
}

fn member_name(member: &MemberExpr) -> Option<JSXMemberExpr> {
    let MemberProp::Ident(prop) = &member.prop else {
        return None;
    };
    let obj = match &*member.obj {
        Expr::Ident(name) => JSXObject::Ident(name.clone()),
        Expr::This(ThisExpr { span }) => JSXObject::Ident(Ident::new_no_ctxt("this".into(), *span)),
        Expr::Member(inner) => JSXObject::JSXMemberExpr(Box::new(member_name(inner)?)),
        _ => return None,
    };
    Some(JSXMemberExpr {
        span: member.span,
        obj,
        prop: prop.clone(),
    })
}

/// `((Element) => <Element />)(value)`: what was a name has become something else, as a check whether it is initialised.
fn computed_element(named: Expr, attrs: Vec<JSXAttrOrSpread>, children: Vec<JSXElementChild>) -> Expr {
    let name = Ident::new_no_ctxt("Element".into(), DUMMY_SP);
    let body = element(JSXElementName::Ident(name.clone()), attrs, children);
    let is_async = waits(&body);
    let function = Expr::Arrow(ArrowExpr {
        params: vec![Pat::Ident(name.into())],
        body: Box::new(ArrowFunctionBody::Expr(Box::new(body))),
        is_async,
        ..ArrowExpr::default()
    });
    let callee = Expr::Paren(ParenExpr {
        span: DUMMY_SP,
        expr: Box::new(function),
    });
    let call = ast::call(callee, vec![named]);
    if !is_async {
        return call;
    }
    Expr::Paren(ParenExpr {
        span: DUMMY_SP,
        expr: Box::new(ast::wait_for(call)),
    })
}

fn waits(expr: &Expr) -> bool {
    struct Waiting(bool);
    impl Visit for Waiting {
        noop_visit_type!();
        fn visit_await_expr(&mut self, _: &AwaitExpr) {
            self.0 = true;
        }
        fn visit_function(&mut self, _: &Function) {}
        fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
    }
    let mut waiting = Waiting(false);
    expr.visit_with(&mut waiting);
    waiting.0
}

fn attributes_of(properties: Option<&Expr>) -> Vec<JSXAttrOrSpread> {
    match properties {
        None | Some(Expr::Lit(Lit::Null(_))) => Vec::new(),
        Some(Expr::Paren(inner)) => attributes_of(Some(&inner.expr)),
        Some(Expr::Object(object)) => object.props.iter().map(attribute_of).collect(),
        Some(other) => vec![spread(other.clone())],
    }
}

fn spread(expr: Expr) -> JSXAttrOrSpread {
    JSXAttrOrSpread::SpreadElement(SpreadElement {
        dot3_token: DUMMY_SP,
        expr: Box::new(expr),
    })
}

fn attribute_of(property: &PropOrSpread) -> JSXAttrOrSpread {
    let simple = match property {
        PropOrSpread::Spread(spread) => return JSXAttrOrSpread::SpreadElement(spread.clone()),
        PropOrSpread::Prop(property) => match &**property {
            Prop::KeyValue(pair) => attribute_name(&pair.key).map(|name| (name, (*pair.value).clone())),
            Prop::Shorthand(name) => {
                let key = PropName::Ident(IdentName::new(name.sym.clone(), name.span));
                attribute_name(&key).map(|key| (key, Expr::Ident(name.clone())))
            }
            _ => None,
        },
    };
    match simple {
        Some((name, value)) => JSXAttrOrSpread::JSXAttr(JSXAttr {
            span: DUMMY_SP,
            name,
            value: attribute_value(value),
        }),
        None => spread(Expr::Object(ObjectLit {
            span: DUMMY_SP,
            props: vec![property.clone()],
        })),
    }
}

fn attribute_name(key: &PropName) -> Option<JSXAttrName> {
    let (text, span) = match key {
        PropName::Ident(name) => (name.sym.to_string(), name.span),
        PropName::Str(text) => (text.value.as_str()?.to_owned(), text.span),
        _ => return None,
    };
    match text.split_once(':') {
        Some((namespace, name)) if is_word(namespace) && is_word(name) => {
            Some(JSXAttrName::JSXNamespacedName(JSXNamespacedName {
                span,
                ns: word(namespace, span),
                name: word(name, span),
            }))
        }
        None if is_word(&text) => Some(JSXAttrName::Ident(word(&text, span))),
        _ => None,
    }
}

fn attribute_value(value: Expr) -> Option<JSXAttrValue> {
    match value {
        Expr::Lit(Lit::Bool(literal)) if literal.value => None,
        // Nothing can be escaped between the quotes.
        Expr::Lit(Lit::Str(text)) if text.value.as_str().is_some_and(is_plain) => {
            Some(JSXAttrValue::Str(text))
        }
        other => Some(JSXAttrValue::JSXExprContainer(container(other))),
    }
}

fn container(expr: Expr) -> JSXExprContainer {
    JSXExprContainer {
        span: DUMMY_SP,
        expr: JSXExpr::Expr(Box::new(expr)),
    }
}

/// Whether a text means in JSX what it says.
fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|character| !character.is_control() && character.is_ascii() && !"\"'&\\{}<>".contains(character))
}

fn children_of(arguments: Vec<ExprOrSpread>) -> Vec<JSXElementChild> {
    let mut children: Vec<JSXElementChild> = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let after_text = matches!(children.last(), Some(JSXElementChild::JSXText(_)));
        children.push(match (argument.spread, *argument.expr) {
            (Some(_), expr) => JSXElementChild::JSXSpreadChild(JSXSpreadChild {
                span: DUMMY_SP,
                expr: Box::new(expr),
            }),
            (None, Expr::JSXElement(element)) => JSXElementChild::JSXElement(element),
            (None, Expr::JSXFragment(fragment)) => JSXElementChild::JSXFragment(fragment),
            // Two texts in a row would become one.
            (None, Expr::Lit(Lit::Str(text))) if !after_text && is_plain_child(&text) => {
                let raw = text.value.as_str().unwrap_or_default().into();
                JSXElementChild::JSXText(JSXText {
                    span: text.span(),
                    value: text.value,
                    raw,
                })
            }
            (None, other) => JSXElementChild::JSXExprContainer(container(other)),
        });
    }
    children
}

fn is_plain_child(text: &Str) -> bool {
    let text = text.value.as_str();
    text.is_some_and(|text| !text.is_empty() && is_plain(text))
}

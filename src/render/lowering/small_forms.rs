//! What SWC's passes leave, or do not do as the language has it.
//!
//! | source | becomes |
//! |---|---|
//! | `/a/s`, where the flag or a part is too new | `new RegExp("a", "s")`: a file that does not run it can still be read |
//! | `#a in b` | `#a in __object(b)`, since a private name becomes a weak map, which finds nothing in a number |
//! | `[key] = 1` in a class | `[__key(key)] = 1`, so that a key which is an object is asked for its text once |
//! | `{ x: a, ...b } = a` | `{ x: a, ...b } = (0, a)`, since the passes would ask for `a` again for the rest |
//! | a line separator in a string | its escape |

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, AssignTargetPat, BinExpr, BinaryOp, BindingIdent, CallExpr, ClassProp, Expr,
    ExprOrSpread, Ident, Lit, Module, NewExpr, ObjectPat, ObjectPatProp, Pat, PropName, Regex, SeqExpr, Str,
    VarDeclarator,
};
use swc_core::ecma::preset_env::Feature;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::super::ast;
use super::super::print::NameMarks;
use super::helpers::Called;
use super::own_helpers::OwnHelper;

/// Rewrites them, before SWC's passes run.
pub(super) fn rewrite(module: &mut Module, features: &[Feature], marks: NameMarks, called: &mut Called) {
    let mut rewriter = Rewriter {
        features,
        unresolved: SyntaxContext::empty().apply_mark(marks.unresolved),
        called,
    };
    module.visit_mut_with(&mut rewriter);
}

struct Rewriter<'a> {
    features: &'a [Feature],
    unresolved: SyntaxContext,
    called: &'a mut Called,
}

impl Rewriter<'_> {
    fn is_too_new(&self, regex: &Regex) -> bool {
        let lowers = |feature: Feature| self.features.contains(&feature);
        let has = |text: &str| regex.exp.contains(text);
        (lowers(Feature::UnicodeSetsRegex) && regex.flags.contains('v'))
            || (lowers(Feature::DotAllRegex) && regex.flags.contains('s'))
            || (lowers(Feature::NamedCapturingGroupsRegex)
                && (has("(?<")
                    && !regex
                        .exp
                        .split("(?<")
                        .skip(1)
                        .all(|rest| rest.starts_with(['=', '!']))))
            || (lowers(Feature::UnicodePropertyRegex)
                && regex.flags.contains(['u', 'v'])
                && (has("\\p{") || has("\\P{")))
    }
}

impl VisitMut for Rewriter<'_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        node.visit_mut_children_with(self);
        match node {
            Expr::Lit(Lit::Regex(regex)) if self.is_too_new(regex) => {
                let mut arguments = vec![ExprOrSpread::from(ast::string(&regex.exp))];
                if !regex.flags.is_empty() {
                    arguments.push(ast::string(&regex.flags).into());
                }
                *node = Expr::New(NewExpr {
                    span: regex.span,
                    callee: Box::new(ast::global("RegExp", self.unresolved)),
                    args: Some(arguments),
                    ..NewExpr::default()
                });
            }
            Expr::Bin(BinExpr {
                op: BinaryOp::In,
                left,
                right,
                ..
            }) if left.is_private_name() && self.features.contains(&Feature::PrivatePropertyInObject) => {
                let value = right.take();
                **right = ast::call(self.called.own(OwnHelper::Object), vec![*value]);
            }
            _ => {}
        }
    }

    fn visit_mut_class_prop(&mut self, node: &mut ClassProp) {
        node.visit_mut_children_with(self);
        if let PropName::Computed(key) = &mut node.key
            && self.features.contains(&Feature::ClassProperties)
            && !matches!(&*key.expr, Expr::Lit(_) | Expr::Tpl(_))
        {
            let value = key.expr.take();
            *key.expr = ast::call(self.called.own(OwnHelper::Key), vec![*value]);
        }
    }

    fn visit_mut_var_declarator(&mut self, node: &mut VarDeclarator) {
        node.visit_mut_children_with(self);
        if let (Pat::Object(pattern), Some(value)) = (&node.name, &mut node.init)
            && self.features.contains(&Feature::ObjectRestSpread)
        {
            take_value_once(pattern, value);
        }
    }

    fn visit_mut_assign_expr(&mut self, node: &mut AssignExpr) {
        node.visit_mut_children_with(self);
        if let AssignTarget::Pat(AssignTargetPat::Object(pattern)) = &node.left
            && self.features.contains(&Feature::ObjectRestSpread)
        {
            take_value_once(pattern, &mut node.right);
        }
    }

    fn visit_mut_str(&mut self, node: &mut Str) {
        // The printer escapes them; a raw text is printed as it is.
        if node
            .raw
            .as_ref()
            .is_some_and(|raw| raw.contains(['\u{2028}', '\u{2029}']))
        {
            node.raw = None;
            node.span = DUMMY_SP;
        }
    }
}

/// Hides the name of a value from the passes where taking it apart may change it.
fn take_value_once(pattern: &ObjectPat, value: &mut Box<Expr>) {
    let Expr::Ident(name) = &**value else { return };
    let is_rest = |property: &ObjectPatProp| matches!(property, ObjectPatProp::Rest(_));
    if !pattern.props.iter().any(is_rest) {
        return;
    }
    let mut change = Change {
        name,
        is_found: false,
    };
    pattern.visit_with(&mut change);
    if change.is_found {
        let value_alone = Expr::Seq(SeqExpr {
            span: DUMMY_SP,
            exprs: vec![ast::number(0.0).into(), value.take()],
        });
        **value = value_alone;
    }
}

/// Whether a pattern assigns to a name.
struct Change<'a> {
    name: &'a Ident,
    is_found: bool,
}

impl Visit for Change<'_> {
    noop_visit_type!();

    fn visit_binding_ident(&mut self, binding: &BindingIdent) {
        self.is_found |= binding.sym == self.name.sym && binding.ctxt == self.name.ctxt;
    }

    // What a call does is not known.
    fn visit_call_expr(&mut self, _: &CallExpr) {
        self.is_found = true;
    }
}

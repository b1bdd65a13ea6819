//! The second argument of `import()`. Attributes speak of the source's type, and what becomes of the source is a JavaScript
//! file, so they are not handed on. What evaluating the argument does, and that it may make the import fail, stays:
//!
//! ```text
//! import('./data.json', { with: { type: 'json' } })      import('./data.js')
//! import('./a.js', options())                            __importWith(options(), () => import('./a.js'))
//! ```

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, CallExpr, Expr, Lit, ObjectLit, Prop, PropOrSpread, UnaryOp,
};

use super::rewrite::Rewriter;
use super::runtime::Helper;
use crate::graph::Target;

impl Rewriter<'_> {
    /// Takes the options of an `import()` of a module in the bundle; gives them back where they do something.
    pub(super) fn options_of_import(&self, call: &mut CallExpr) -> Option<Expr> {
        let record = Self::record_of(call)?;
        if !matches!(self.module.targets.get(record), Some(Target::Module(_))) {
            return None;
        }
        let options = (call.args.len() > 1).then(|| call.args.swap_remove(1))?;
        call.args.truncate(1);
        (!is_plain(&options.expr, &Level::Options)).then_some(*options.expr)
    }

    /// `import()` after its options are looked at.
    pub(super) fn after_options(&mut self, options: Expr, import: Expr) -> Expr {
        let load = Expr::Arrow(ArrowExpr {
            span: DUMMY_SP,
            ctxt: self.contexts.local,
            body: Box::new(ArrowFunctionBody::Expr(Box::new(import))),
            ..ArrowExpr::default()
        });
        self.helper(Helper::ImportWith, vec![options, load])
    }
}

/// What an expression is of the options.
enum Level {
    Options,
    Attributes,
}

/// Whether evaluating and reading it does nothing, and it is what it must be.
fn is_plain(expression: &Expr, level: &Level) -> bool {
    match expression {
        Expr::Paren(inner) => is_plain(&inner.expr, level),
        Expr::Ident(name) => *name.sym == *"undefined",
        Expr::Unary(unary) => unary.op == UnaryOp::Void && unary.arg.is_lit(),
        Expr::Object(object) => has_plain_properties(object, level),
        _ => false,
    }
}

fn has_plain_properties(object: &ObjectLit, level: &Level) -> bool {
    object.props.iter().all(|property| {
        let PropOrSpread::Prop(property) = property else {
            return false;
        };
        let Prop::KeyValue(pair) = &**property else {
            return false;
        };
        !pair.key.is_computed()
            && match level {
                Level::Options => is_plain(&pair.value, &Level::Attributes),
                Level::Attributes => matches!(&*pair.value, Expr::Lit(Lit::Str(_))),
            }
    })
}

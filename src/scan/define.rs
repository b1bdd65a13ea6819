//! Expressions whose value is known at build time: `process.env.NODE_ENV`, `__DEV__`, `import.meta.env.MODE`.
//!
//! Only a read of a global (or of `import.meta`) is replaced: not `process` the import or parameter, not the
//! target of an assignment, `delete` or `++`, and a `typeof process` stays unless that itself has a value.

use std::fmt;

use rustc_hash::FxHashSet;
use swc_core::common::input::StringInput;
use swc_core::common::{BytePos, DUMMY_SP, Span, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    EsVersion, Expr, Id, Ident, IdentName, KeyValueProp, Lit, MemberExpr, MemberProp, MetaPropKind, Module,
    OptChainBase, ParenExpr, Pat, Prop, PropName, SimpleAssignTarget, Str, UnaryExpr, UnaryOp, UpdateExpr,
};
use swc_core::ecma::parser::{Lexer, Parser, Syntax};
use swc_core::ecma::utils::collect_decls;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::parse::Marks;

/// An expression and its value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Define {
    /// The parts of `process.env.NODE_ENV`; `import.meta` counts as two.
    path: Vec<String>,
    /// Whether it is `typeof` of that.
    asks_type: bool,
    /// JavaScript text.
    value: String,
}

/// Why an expression or a value cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DefineError {
    /// The expression is not names joined by dots.
    Expression(String),
    /// The value is not a literal (JSON or a name).
    Value(String),
}

impl fmt::Display for DefineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expression(text) => write!(
                formatter,
                "`{text}` is not a name or names joined by dots, nor `typeof` of that"
            ),
            Self::Value(text) => {
                write!(
                    formatter,
                    "`{text}` is not a JavaScript literal; a string needs quotes: `\"{text}\"`"
                )
            }
        }
    }
}

impl std::error::Error for DefineError {}

impl Define {
    /// `expression` is dotted (`process.env.NODE_ENV`), may have quoted names (`process.env['app-name']`) and `typeof ` in
    /// front; `value` is a JavaScript literal or a dotted name.
    ///
    /// # Errors
    /// When one of them is not.
    pub fn new(expression: &str, value: &str) -> Result<Self, DefineError> {
        let is_path = |path: &Vec<String>| {
            let is_meta = path.len() > 2 && path[0] == "import" && path[1] == "meta";
            is_meta || Ident::verify_symbol(&path[0]).is_ok()
        };
        let asked = expression.trim().strip_prefix("typeof ");
        let path = path_of(asked.unwrap_or(expression).trim())
            .filter(is_path)
            .ok_or_else(|| DefineError::Expression(expression.to_owned()))?;
        let value = value.trim();
        match parse_value(value) {
            Some(parsed) if is_value(&parsed) => Ok(Self {
                path,
                asks_type: asked.is_some(),
                value: value.to_owned(),
            }),
            _ => Err(DefineError::Value(value.to_owned())),
        }
    }

    /// Whether `expression` is what is replaced.
    pub(super) fn replaces(&self, expression: &str) -> bool {
        !self.asks_type && self.path.iter().map(String::as_str).eq(expression.split('.'))
    }

    /// Whether both say what one expression is.
    pub(super) fn is_for_the_same(&self, other: &Self) -> bool {
        self.path == other.path && self.asks_type == other.asks_type
    }

    fn last_part(&self) -> &str {
        self.path.last().expect("split returns at least one part")
    }
}

/// The names in `name.name['name']`.
fn path_of(expression: &str) -> Option<Vec<String>> {
    let end_of_name = |text: &str| text.find(['.', '[']).unwrap_or(text.len());
    let (first, mut rest) = expression.split_at(end_of_name(expression));
    let mut path = vec![first.to_owned()];
    while !rest.is_empty() {
        if let Some(text) = rest.strip_prefix('.') {
            let (name, after) = text.split_at(end_of_name(text));
            path.push(Some(name).filter(|name| is_property_name(name))?.to_owned());
            rest = after;
        } else {
            let text = rest.strip_prefix('[')?;
            let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''))?;
            let (name, after) = text[1..].split_once(quote)?;
            path.push(Some(name).filter(|name| !name.contains('\\'))?.to_owned());
            rest = after.strip_prefix(']')?;
        }
    }
    Some(path)
}

fn is_property_name(text: &str) -> bool {
    text.chars().next().is_some_and(Ident::is_valid_start) && text.chars().all(Ident::is_valid_continue)
}

fn parse_value(text: &str) -> Option<Box<Expr>> {
    let end = u32::try_from(text.len()).ok()?.checked_add(1)?;
    let input = StringInput::new(text, BytePos(1), BytePos(end));
    let lexer = Lexer::new(Syntax::default(), EsVersion::EsNext, input, None);
    let mut parser = Parser::new_from(lexer);
    let parsed = parser.parse_expr().ok()?;
    // A text without its second quote is an error that the parser goes on after.
    (parsed.span().hi == BytePos(end) && parser.take_errors().is_empty()).then_some(parsed)
}

fn is_value(value: &Expr) -> bool {
    match value {
        Expr::Lit(literal) => !matches!(literal, Lit::JSXText(_)),
        Expr::Ident(_) => true,
        Expr::Member(member) => member.prop.is_ident() && is_value(&member.obj) && !member.obj.is_lit(),
        Expr::Unary(unary) => {
            matches!(unary.op, UnaryOp::Minus | UnaryOp::Void) && matches!(*unary.arg, Expr::Lit(_))
        }
        Expr::Array(array) => array.elems.iter().all(|element| {
            element
                .as_ref()
                .is_some_and(|element| element.spread.is_none() && is_value(&element.expr))
        }),
        Expr::Object(object) => object.props.iter().all(|property| {
            property
                .as_prop()
                .and_then(|property| property.as_key_value())
                .is_some_and(|pair| !pair.key.is_computed() && is_value(&pair.value))
        }),
        _ => false,
    }
}

/// Replaces what `defines` say; whether there was something to replace, which may decide branches.
///
/// In a CommonJS file, `module` and `exports` are no globals.
pub(super) fn apply(
    module: &mut Module,
    source: &str,
    defines: &[Define],
    marks: Marks,
    format: GlobalNames,
) -> bool {
    let mentioned: Vec<Replacement<'_>> = defines
        .iter()
        .filter(|define| {
            memchr::memmem::find(source.as_bytes(), define.last_part().as_bytes()).is_some()
                && (define.path.len() == 1
                    || memchr::memmem::find(source.as_bytes(), define.path[0].as_bytes()).is_some())
        })
        .filter(|define| {
            format == GlobalNames::OfEsModule || !matches!(&*define.path[0], "module" | "exports")
        })
        .filter_map(|define| {
            let mut value = parse_value(&define.value)?;
            let names = declared_at_the_top(module, &value, marks);
            value.visit_mut_with(&mut AsGenerated { marks, names });
            if !matches!(
                *value,
                Expr::Lit(_) | Expr::Ident(_) | Expr::Member(_) | Expr::Array(_)
            ) {
                // An object at the start of a statement would be read as a block.
                value = Box::new(Expr::Paren(ParenExpr {
                    span: DUMMY_SP,
                    expr: value,
                }));
            }
            Some(Replacement {
                path: &define.path,
                asks_type: define.asks_type,
                value,
            })
        })
        .collect();
    let mut replacer = Replacer {
        replacements: &mentioned,
        marks,
        has_replaced: false,
    };
    if !mentioned.is_empty() {
        module.visit_mut_with(&mut replacer);
    }
    replacer.has_replaced
}

struct Replacement<'a> {
    path: &'a [String],
    /// See [`Define::asks_type`].
    asks_type: bool,
    value: Box<Expr>,
}

/// The names in a value that the module itself declares.
fn declared_at_the_top(module: &Module, value: &Expr, marks: Marks) -> FxHashSet<Id> {
    if matches!(value, Expr::Lit(_)) {
        return FxHashSet::default();
    }
    let context = SyntaxContext::empty().apply_mark(marks.top_level);
    collect_decls(module)
        .into_iter()
        .filter(|(_, declared): &Id| *declared == context)
        .collect()
}

/// What `module` and `exports` are in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GlobalNames {
    /// Globals, if anything.
    OfEsModule,
    /// What the file is called with.
    OfScript,
}

/// A value is not from the source: no spans, and its names are those of the module or globals.
struct AsGenerated {
    marks: Marks,
    names: FxHashSet<Id>,
}

impl VisitMut for AsGenerated {
    fn visit_mut_ident(&mut self, node: &mut Ident) {
        let own = SyntaxContext::empty().apply_mark(self.marks.top_level);
        let is_own = self.names.contains(&(node.sym.clone(), own));
        node.ctxt = if is_own {
            own
        } else {
            self.marks.unresolved_context()
        };
        node.span = DUMMY_SP;
    }

    fn visit_mut_str(&mut self, node: &mut Str) {
        node.span = DUMMY_SP;
        node.raw = None;
    }

    fn visit_mut_span(&mut self, node: &mut Span) {
        *node = DUMMY_SP;
    }
}

struct Replacer<'a> {
    replacements: &'a [Replacement<'a>],
    marks: Marks,
    has_replaced: bool,
}

impl Replacer<'_> {
    /// What an expression is replaced by, `typeof` of a name among them.
    fn value_of(&self, expression: &Expr) -> Option<Box<Expr>> {
        let asked = match expression {
            Expr::Unary(unary) if unary.op == UnaryOp::TypeOf => Some(&*unary.arg),
            _ => None,
        };
        let replacement = self.replacements.iter().find(|replacement| {
            replacement.asks_type == asked.is_some()
                && self.is_path(asked.unwrap_or(expression), replacement.path)
        })?;
        let mut value = replacement.value.clone();
        set_span(&mut value, expression.span());
        Some(value)
    }

    fn is_path(&self, expression: &Expr, path: &[String]) -> bool {
        let Some((last, rest)) = path.split_last() else {
            return false;
        };
        match expression {
            Expr::Ident(ident) => {
                rest.is_empty() && *ident.sym == **last && ident.ctxt == self.marks.unresolved_context()
            }
            Expr::Member(member) => property_is(&member.prop, last) && self.is_path(&member.obj, rest),
            Expr::OptChain(chain) => match &*chain.base {
                OptChainBase::Member(member) => {
                    property_is(&member.prop, last) && self.is_path(&member.obj, rest)
                }
                OptChainBase::Call(_) => false,
            },
            Expr::MetaProp(meta) => {
                meta.kind == MetaPropKind::ImportMeta
                    && path.len() == 2
                    && path[0] == "import"
                    && path[1] == "meta"
            }
            Expr::Paren(parenthesized) => self.is_path(&parenthesized.expr, path),
            _ => false,
        }
    }

    /// The name or property that an expression which is written to stands for; a literal is no place to write to.
    fn place_of(&mut self, target: &Expr) -> Option<Box<Expr>> {
        let value = match self.name_of_global(target) {
            Some(name) => self.value_of(&Expr::Ident(name)),
            None => self.value_of(target),
        };
        let place = value.filter(|value| is_plain_path(value));
        self.has_replaced |= place.is_some();
        place
    }

    /// `name` of the `globalThis.name` that a sloppy script's `name = 1` has become.
    fn name_of_global(&self, target: &Expr) -> Option<Ident> {
        let member = target.as_member()?;
        let global = member.obj.as_ident()?;
        let is_written_out = *global.sym == *"globalThis"
            && global.span.is_dummy()
            && global.ctxt == self.marks.unresolved_context();
        let name = member.prop.as_ident().filter(|_| is_written_out)?;
        Some(Ident::new(name.sym.clone(), name.span, global.ctxt))
    }

    /// Visits an expression that is written to: a path that stands for no place stays, what it computes is read.
    fn visit_target(&mut self, target: &mut Expr) {
        if let Some(place) = self.place_of(target) {
            *target = *place;
            return;
        }
        self.visit_path(target);
    }

    fn visit_path(&mut self, target: &mut Expr) {
        match target {
            Expr::Member(member) => self.visit_member_target(member),
            Expr::Paren(parenthesized) => self.visit_path(&mut parenthesized.expr),
            Expr::Ident(_) | Expr::MetaProp(_) => {}
            other => other.visit_mut_children_with(self),
        }
    }

    fn visit_inside_target(&mut self, target: &mut SimpleAssignTarget) {
        match target {
            SimpleAssignTarget::Member(member) => self.visit_member_target(member),
            SimpleAssignTarget::Paren(parenthesized) => self.visit_target(&mut parenthesized.expr),
            other => other.visit_mut_children_with(self),
        }
    }

    fn visit_member_target(&mut self, member: &mut MemberExpr) {
        if let MemberProp::Computed(property) = &mut member.prop {
            property.visit_mut_with(self);
        }
        if is_plain_path(&member.obj) {
            // `K.a = 1` writes into what K stands for; a literal has nothing to write into.
            if let Some(value) = self.value_of(&member.obj)
                && is_plain_path(&value)
            {
                member.obj = value;
                self.has_replaced = true;
            }
            return;
        }
        member.obj.visit_mut_with(self);
    }
}

fn is_plain_path(expression: &Expr) -> bool {
    match expression {
        Expr::Ident(_) | Expr::MetaProp(_) => true,
        Expr::Member(member) => member.prop.is_ident() && is_plain_path(&member.obj),
        _ => false,
    }
}

fn property_is(property: &MemberProp, name: &str) -> bool {
    match property {
        MemberProp::Ident(ident) => *ident.sym == *name,
        MemberProp::Computed(computed) => {
            matches!(&*computed.expr, Expr::Lit(Lit::Str(text)) if text.value.as_str() == Some(name))
        }
        MemberProp::PrivateName(_) => false,
    }
}

fn set_span(value: &mut Expr, span: Span) {
    match value {
        Expr::Lit(Lit::Str(text)) => text.span = span,
        Expr::Lit(Lit::Bool(boolean)) => boolean.span = span,
        Expr::Lit(Lit::Num(number)) => number.span = span,
        Expr::Lit(Lit::Null(null)) => null.span = span,
        Expr::Ident(ident) => ident.span = span,
        Expr::Paren(parenthesized) => parenthesized.span = span,
        _ => {}
    }
}

impl VisitMut for Replacer<'_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if matches!(
            node,
            Expr::Ident(_) | Expr::Member(_) | Expr::OptChain(_) | Expr::Unary(_)
        ) && let Some(value) = self.value_of(node)
        {
            *node = *value;
            self.has_replaced = true;
            return;
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_prop(&mut self, node: &mut Prop) {
        if let Prop::Shorthand(ident) = node {
            if let Some(value) = self.value_of(&Expr::Ident(ident.clone())) {
                let key = PropName::Ident(IdentName::new(ident.sym.clone(), ident.span));
                *node = Prop::KeyValue(KeyValueProp { key, value });
                self.has_replaced = true;
            }
            return;
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_simple_assign_target(&mut self, node: &mut SimpleAssignTarget) {
        let place = match node {
            SimpleAssignTarget::Ident(name) => self.place_of(&Expr::Ident(name.id.clone())),
            SimpleAssignTarget::Member(member) => self.place_of(&Expr::Member(member.clone())),
            _ => None,
        };
        match place.map(|place| *place) {
            Some(Expr::Ident(name)) => *node = SimpleAssignTarget::Ident(name.into()),
            Some(Expr::Member(member)) => *node = SimpleAssignTarget::Member(member),
            _ => self.visit_inside_target(node),
        }
    }
    fn visit_mut_pat(&mut self, node: &mut Pat) {
        match node {
            Pat::Expr(target) => self.visit_target(target),
            Pat::Ident(name) => match self.place_of(&Expr::Ident(name.id.clone())).map(|place| *place) {
                Some(Expr::Ident(name)) => *node = Pat::Ident(name.into()),
                Some(place) => *node = Pat::Expr(Box::new(place)),
                None => {}
            },
            _ => node.visit_mut_children_with(self),
        }
    }

    fn visit_mut_update_expr(&mut self, node: &mut UpdateExpr) {
        self.visit_target(&mut node.arg);
    }

    fn visit_mut_unary_expr(&mut self, node: &mut UnaryExpr) {
        if node.op == UnaryOp::Delete {
            self.visit_path(&mut node.arg);
        } else {
            node.visit_mut_children_with(self);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::transformed;
    use super::super::transform::TransformOptions;
    use super::*;

    fn defined(source: &str) -> String {
        let define = |expression: &str, value: &str| Define::new(expression, value).expect("both are valid");
        let defines = vec![
            define("__DEV__", "false"),
            define("import.meta.env.MODE", "'test'"),
            define("process.env", "{ \"A\": 1 }"),
            define("process.env.NODE_ENV", "\"production\""),
            define("COUNT", "state.count"),
            define("STEP", "step"),
        ];
        let mut defines = defines;
        defines.sort_by_key(|define| std::cmp::Reverse(define.path.len()));
        transformed(
            "/a.js",
            source,
            &TransformOptions {
                defines,
                ..TransformOptions::default()
            },
        )
    }

    #[test]
    fn reads_are_replaced_in_every_spelling() {
        assert_eq!(
            defined(
                "f(process.env.NODE_ENV, process.env['NODE_ENV'], process?.env?.NODE_ENV, import.meta.env.MODE)"
            ),
            "f(\"production\", \"production\", \"production\", \"test\");\n"
        );
        assert_eq!(
            defined("f({ __DEV__ }, process.env.NODE_ENV.length)"),
            "f({\n    __DEV__: false\n}, \"production\".length);\n"
        );
        assert_eq!(defined("process.env.B;"), "({\n    \"A\": 1\n}).B;\n");
    }

    #[test]
    fn the_type_of_a_global_may_be_known() {
        let of = |expression: &str, value: &str| Define::new(expression, value).expect("both are valid");
        let options = TransformOptions {
            defines: vec![of("typeof window", "'undefined'"), of("typeof a.b", "'object'")],
            ..TransformOptions::default()
        };
        let source = "f(typeof window, window, typeof (a.b), typeof a, (c)=>typeof c.window);";
        assert_eq!(
            transformed("/a.js", source, &options),
            "f(\"undefined\", window, \"object\", typeof a, (c)=>typeof c.window);\n"
        );
    }

    #[test]
    fn a_shadowed_root_is_another_thing() {
        let source = "function f(process) {\n    return process.env.NODE_ENV;\n}\n";
        assert_eq!(defined(source), source);
        let source = "import process from 'p';\nf(process.env.NODE_ENV);\n";
        assert_eq!(defined(source), source);
        let source = "f(a.process.env.NODE_ENV, a.__DEV__, typeof process);\n";
        assert_eq!(defined(source), source);
    }

    #[test]
    fn what_is_written_to_is_a_place_or_stays() {
        let source = "COUNT = 1; COUNT++; [COUNT] = a; (STEP) += COUNT; for (STEP of a); f(STEP);";
        let expected = "state.count = 1;\nstate.count++;\n[state.count] = a;\n(step) += state.count;\nfor (step of a);\nf(step);\n";
        assert_eq!(defined(source), expected);
        let head = "import 'a';";
        assert_eq!(defined(&format!("{head}{source}")), format!("{head}\n{expected}"));
        let source = "process.env.NODE_ENV = 1;\n[process.env.NODE_ENV] = a;\ndelete process.env.NODE_ENV;\nprocess.env.NODE_ENV++;\n__DEV__ += 1;\n";
        assert_eq!(defined(source), source);
        assert_eq!(
            defined("a[process.env.NODE_ENV] = 1;"),
            "a[\"production\"] = 1;\n"
        );
    }

    #[test]
    fn only_names_and_literals_define() {
        assert!(Define::new("a.b", "[1, { \"c\": null }]").is_ok());
        assert!(Define::new("import.meta.hot", "undefined").is_ok());
        assert_eq!(
            Define::new("a['b c'].d[\"e\"]", "1").map(|define| define.path),
            Ok(["a", "b c", "d", "e"].map(str::to_owned).to_vec())
        );
        for wrong in [
            "a['b]",
            "a['b'",
            "a.['b']",
            "['a']",
            "a['b'']",
            "a.",
            "a[b]",
            "a['\\\\x']",
        ] {
            assert!(Define::new(wrong, "1").is_err(), "{wrong}");
        }
        assert_eq!(
            Define::new("a[0]", "1"),
            Err(DefineError::Expression("a[0]".to_owned()))
        );
        assert_eq!(Define::new("a", "f()"), Err(DefineError::Value("f()".to_owned())));
        assert!(Define::new("a", "\"b").is_err());
        assert_eq!(Define::new("a", "1 2"), Err(DefineError::Value("1 2".to_owned())));
        assert!(Define::new("import.meta", "1").is_err());
    }
}

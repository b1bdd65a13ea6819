//! What strict code refuses, and names that may not be bound: `eval` and `arguments` in strict code, reserved words also when
//! they are spelled with escapes, a parameter twice, a static `prototype` (ECMA-262 §12.7.1, §13.1.1, §15.1.1, §15.2.1,
//! §15.7.1), `delete name` (§13.5.1.1), and old octal notation (§12.9.3.1, §12.9.4.1).

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::Span;
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignPatProp, AssignTarget, BindingIdent, Class, ClassMember, ClassMethod,
    Constructor, ExportSpecifier, FnDecl, FnExpr, Function, FunctionBody, GetterProp, Ident, ImportSpecifier,
    JSXAttr, JSXAttrValue, JSXElementName, MethodProp, ModuleExportName, NamedExport, Number,
    ParamOrTsParamProp, Pat, PrivateMethod, Program, PropName, SetterProp, SimpleAssignTarget, Str,
    TaggedTpl, Tpl, TsEnumMember, TsParamPropParam, UnaryExpr, UnaryOp, UpdateExpr, UsingDecl, VarDecl,
    VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::super::sloppy_script::{RESERVED, starts_strict};
use super::super::syntax_error::SyntaxProblem;
use super::digits::{has_digit_escape, has_separator_in_escape, is_old_octal};
use super::words::is_reserved;
use super::{Grammar, SourceText};
use crate::scan::side_effects::without_parentheses;

/// Adds what is wrong in `program`.
pub(super) fn find(
    program: &Program,
    source: SourceText<'_>,
    grammar: Grammar,
    problems: &mut Vec<SyntaxProblem>,
) {
    let is_strict = grammar == Grammar::Module
        || matches!(program, Program::Script(script) if starts_strict(&script.body));
    program.visit_with(&mut Names {
        source,
        has_escapes: source.has_escapes(),
        is_module: grammar == Grammar::Module,
        is_strict,
        problems,
    });
}

struct Names<'s, 'p> {
    source: SourceText<'s>,
    has_escapes: bool,
    is_module: bool,
    is_strict: bool,
    problems: &'p mut Vec<SyntaxProblem>,
}

/// Whether a function may name a parameter twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repetition {
    /// A sloppy function with plain parameters.
    Allowed,
    Refused,
}

impl Names<'_, '_> {
    fn report(&mut self, span: Span, message: impl Into<String>, fix: impl Into<String>) {
        self.problems.push(SyntaxProblem::new(span, message, fix));
    }

    /// A name that is bound or assigned to.
    fn check_target(&mut self, ident: &Ident) {
        if self.is_strict && matches!(&*ident.sym, "eval" | "arguments") {
            self.report(
                ident.span,
                format!(
                    "`{}` cannot be bound or assigned to in strict mode, so not in ES modules",
                    ident.sym
                ),
                "Choose another name.",
            );
        }
    }

    fn check_parameters<'a>(&mut self, patterns: impl Iterator<Item = &'a Pat>, repetition: Repetition) {
        if repetition == Repetition::Allowed {
            return;
        }
        let mut seen: FxHashSet<Atom> = FxHashSet::default();
        for ident in patterns.flat_map(find_pat_ids::<_, Ident>) {
            if !seen.insert(ident.sym.clone()) {
                self.report(
                    ident.span,
                    format!("Two parameters are called `{}`", ident.sym),
                    "Rename one of the two.",
                );
            }
        }
    }

    fn with_body(&mut self, body: Option<&FunctionBody>, visit: impl FnOnce(&mut Self)) {
        let outer = self.is_strict;
        self.is_strict |= body.is_some_and(|body| starts_strict(&body.stmts));
        visit(self);
        self.is_strict = outer;
    }

    fn function(&mut self, function: &Function, repetition: Repetition) {
        self.with_body(function.body.as_ref(), |names| {
            let is_simple = function.params.iter().all(|parameter| parameter.pat.is_ident());
            let repetition = if names.is_strict || !is_simple {
                Repetition::Refused
            } else {
                repetition
            };
            names.check_parameters(function.params.iter().map(|parameter| &parameter.pat), repetition);
            function.visit_children_with(names);
        });
    }

    fn check_lexical<'a>(&mut self, patterns: impl Iterator<Item = &'a Pat>) {
        for ident in patterns.flat_map(find_pat_ids::<_, Ident>) {
            if ident.sym == *"let" {
                self.report(
                    ident.span,
                    "A declaration with a scope of its own cannot declare `let`",
                    "Choose another name.",
                );
            }
        }
    }

    fn report_escape(&mut self, span: Span) {
        self.report(
            span,
            "`_` cannot separate the digits of an escape",
            "Remove the `_`.",
        );
    }

    fn check_static_name(&mut self, key: &PropName) {
        let (span, is_prototype) = match key {
            PropName::Ident(name) => (name.span, name.sym == *"prototype"),
            PropName::Str(name) => (name.span, name.value == *"prototype"),
            _ => return,
        };
        if is_prototype {
            self.report(
                span,
                "A class cannot have a static member called `prototype`",
                "Choose another name.",
            );
        }
    }
}

/// Looks for `await` as a name in the parameters of an async arrow function of a script.
struct Awaiting<'p> {
    problems: &'p mut Vec<SyntaxProblem>,
}

impl Visit for Awaiting<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        if node.sym == *"await" {
            self.problems.push(SyntaxProblem::new(
                node.span,
                "`await` cannot be a name in the parameters of an async function",
                "Choose another name.",
            ));
        }
    }

    fn visit_function(&mut self, _: &Function) {}
}

impl Visit for Names<'_, '_> {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        // Generated and missing names have no text.
        if node.span.is_dummy() {
            return;
        }
        let is_reserved_here = RESERVED.contains(&&*node.sym)
            && if node.sym == *"await" {
                self.is_module
            } else {
                self.is_strict
            };
        if is_reserved_here && node.sym != *"await" {
            self.report(
                node.span,
                format!(
                    "`{}` is a reserved word in strict mode, so in ES modules",
                    node.sym
                ),
                "Choose another name.",
            );
        } else if self.has_escapes
            && (is_reserved(&node.sym) || is_reserved_here)
            && self.source.of(node.span).contains('\\')
        {
            self.report(
                node.span,
                format!(
                    "`{}` is a reserved word, also when it is written with an escape",
                    node.sym
                ),
                "Choose another name.",
            );
        } else if self.has_escapes && has_separator_in_escape(self.source.of(node.span)) {
            self.report_escape(node.span);
        }
    }

    // What names a member or an element may be any word.
    fn visit_ts_enum_member(&mut self, node: &TsEnumMember) {
        node.init.visit_with(self);
    }

    fn visit_jsx_element_name(&mut self, _: &JSXElementName) {}

    // There are no escapes in attributes.
    fn visit_jsx_attr(&mut self, node: &JSXAttr) {
        if let Some(value) = &node.value
            && !matches!(value, JSXAttrValue::Str(_))
        {
            value.visit_with(self);
        }
    }

    fn visit_binding_ident(&mut self, node: &BindingIdent) {
        self.check_target(&node.id);
        self.visit_ident(&node.id);
    }

    fn visit_assign_pat_prop(&mut self, node: &AssignPatProp) {
        self.check_target(&node.key.id);
        self.visit_ident(&node.key.id);
        node.value.visit_with(self);
    }

    fn visit_str(&mut self, node: &Str) {
        let text = self.source.of(node.span);
        if self.is_strict && has_digit_escape(text) {
            self.report(
                node.span,
                "An escape with a digit is not allowed in strict mode, so not in ES modules",
                "Write the character as `\\x0f`.",
            );
        } else if has_separator_in_escape(text) {
            self.report_escape(node.span);
        }
    }

    fn visit_tpl(&mut self, node: &Tpl) {
        if node.quasis.iter().any(|part| has_digit_escape(&part.raw)) {
            self.report(
                node.span,
                "An escape with a digit is not allowed in a template",
                "Write the character as `\\x0f`.",
            );
        } else if node.quasis.iter().any(|part| has_separator_in_escape(&part.raw)) {
            self.report_escape(node.span);
        }
        node.exprs.visit_with(self);
    }

    // The parts of a tagged template may contain anything.
    fn visit_tagged_tpl(&mut self, node: &TaggedTpl) {
        node.tag.visit_with(self);
        node.tpl.exprs.visit_with(self);
    }

    fn visit_number(&mut self, node: &Number) {
        if self.is_strict && is_old_octal(self.source.of(node.span)) {
            self.report(
                node.span,
                "Old octal notation is not allowed in strict mode, so not in ES modules",
                "Write `0o17`, or leave out the leading zero.",
            );
        }
    }

    fn visit_assign_target(&mut self, node: &AssignTarget) {
        if let AssignTarget::Simple(SimpleAssignTarget::Paren(inner)) = node
            && let Some(ident) = without_parentheses(&inner.expr).as_ident()
        {
            self.check_target(ident);
        }
        node.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, node: &UpdateExpr) {
        if let Some(ident) = without_parentheses(&node.arg).as_ident() {
            self.check_target(ident);
        }
        node.visit_children_with(self);
    }

    // Exports may be called anything, and so may what comes from another module.
    fn visit_named_export(&mut self, node: &NamedExport) {
        for specifier in &node.specifiers {
            let ExportSpecifier::Named(named) = specifier else {
                continue;
            };
            if let (None, ModuleExportName::Ident(local)) = (&node.src, &named.orig) {
                self.visit_ident(local);
            }
            for name in std::iter::once(&named.orig).chain(&named.exported) {
                if let ModuleExportName::Str(text) = name {
                    self.visit_str(text);
                }
            }
        }
    }

    fn visit_import_specifier(&mut self, node: &ImportSpecifier) {
        let local = node.local();
        self.check_target(local);
        if RESERVED.contains(&&*local.sym) || is_reserved(&local.sym) {
            self.report(
                local.span,
                format!("`{}` is a reserved word", local.sym),
                format!("Write `{} as` and another name.", local.sym),
            );
        }
    }

    fn visit_var_decl(&mut self, node: &VarDecl) {
        if !node.declare {
            if node.kind != VarDeclKind::Var {
                self.check_lexical(node.decls.iter().map(|declarator| &declarator.name));
            }
            node.visit_children_with(self);
        }
    }

    fn visit_using_decl(&mut self, node: &UsingDecl) {
        self.check_lexical(node.decls.iter().map(|declarator| &declarator.name));
        node.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, node: &FnDecl) {
        if !node.declare {
            self.with_body(node.function.body.as_ref(), |names| {
                names.check_target(&node.ident);
                names.visit_ident(&node.ident);
            });
            node.function.visit_with(self);
        }
    }

    fn visit_fn_expr(&mut self, node: &FnExpr) {
        self.with_body(node.function.body.as_ref(), |names| {
            if let Some(ident) = &node.ident {
                names.check_target(ident);
                names.visit_ident(ident);
            }
        });
        node.function.visit_with(self);
    }

    fn visit_function(&mut self, node: &Function) {
        self.function(node, Repetition::Allowed);
    }

    fn visit_arrow_expr(&mut self, node: &ArrowExpr) {
        let body = match &*node.body {
            ArrowFunctionBody::FunctionBody(body) => Some(body),
            ArrowFunctionBody::Expr(_) => None,
        };
        self.with_body(body, |names| {
            names.check_parameters(node.params.iter(), Repetition::Refused);
            if node.is_async {
                for pattern in &node.params {
                    pattern.visit_with(&mut Awaiting {
                        problems: names.problems,
                    });
                }
            }
            node.visit_children_with(names);
        });
    }

    fn visit_method_prop(&mut self, node: &MethodProp) {
        node.key.visit_with(self);
        self.function(&node.function, Repetition::Refused);
    }

    fn visit_getter_prop(&mut self, node: &GetterProp) {
        node.key.visit_with(self);
        self.function(&node.function, Repetition::Refused);
    }

    fn visit_setter_prop(&mut self, node: &SetterProp) {
        node.key.visit_with(self);
        self.function(&node.function, Repetition::Refused);
    }

    fn visit_class_method(&mut self, node: &ClassMethod) {
        if node.is_static && node.function.body.is_some() {
            self.check_static_name(&node.key);
        }
        node.key.visit_with(self);
        self.function(&node.function, Repetition::Refused);
    }

    fn visit_private_method(&mut self, node: &PrivateMethod) {
        self.function(&node.function, Repetition::Refused);
    }

    fn visit_constructor(&mut self, node: &Constructor) {
        let patterns: Vec<Pat> = node
            .params
            .iter()
            .map(|parameter| match parameter {
                ParamOrTsParamProp::Param(parameter) => parameter.pat.clone(),
                ParamOrTsParamProp::TsParamProp(property) => match &property.param {
                    TsParamPropParam::Ident(ident) => Pat::Ident(ident.clone()),
                    TsParamPropParam::Assign(pattern) => Pat::Assign(pattern.clone()),
                },
            })
            .collect();
        self.check_parameters(patterns.iter(), Repetition::Refused);
        node.visit_children_with(self);
    }

    fn visit_class(&mut self, node: &Class) {
        let outer = std::mem::replace(&mut self.is_strict, true);
        for member in &node.body {
            if let ClassMember::ClassProp(field) = member
                && field.is_static
                && !field.declare
            {
                self.check_static_name(&field.key);
            }
        }
        node.visit_children_with(self);
        self.is_strict = outer;
    }

    fn visit_unary_expr(&mut self, node: &UnaryExpr) {
        if node.op == UnaryOp::Delete
            && self.is_strict
            && let Some(ident) = without_parentheses(&node.arg).as_ident()
        {
            self.report(
                node.span,
                format!(
                    "`delete {}` is not allowed in strict mode, so not in ES modules",
                    ident.sym
                ),
                "Assign `undefined` instead, or delete a property.",
            );
        }
        node.visit_children_with(self);
    }
}

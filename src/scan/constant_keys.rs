//! Keys of imports that are computed, but always the same: packages hide names from bundlers that insist on every one.
//!
//! ```js
//! import * as React from 'react'
//! const NAME = 'useOptimistic'
//! const effect = React['useInsertion' + 'Effect'], optimistic = React[NAME]
//! ```
//!
//! Written out, they say which exports are needed.

use memchr::memmem;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::Spanned as _;
use swc_core::ecma::ast::{
    BinExpr, BinaryOp, Callee, Decl, Expr, Id, Ident, Lit, MemberExpr, MemberProp, Pat, Stmt, Str,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::named_members::static_member;
use super::normalize::NormalizedModule;
use super::reassigned::Reassigned;
use super::side_effects::without_parentheses;

/// Writes them out.
pub fn write_out(module: &mut NormalizedModule, source: &str) {
    if !may_have_keys(module, source) {
        return;
    }
    let reassigned = Reassigned::of(module);
    let mut statements = std::mem::take(&mut module.statements);
    let mut keys = Keys {
        module,
        texts: FxHashMap::default(),
        is_early: false,
    };
    for statement in &mut statements {
        // The others run after everything above them.
        keys.is_early = matches!(statement, Stmt::Decl(Decl::Fn(_)));
        statement.visit_mut_with(&mut keys);
        if let Some((id, text)) = keys.declared(statement)
            && !reassigned.names.contains(&id)
        {
            keys.texts.insert(id, text);
        }
    }
    module.statements = statements;
}

/// Whether a file has an import followed by a bracket, or after `in`.
fn may_have_keys(module: &NormalizedModule, source: &str) -> bool {
    let names: FxHashSet<&str> = module
        .imports
        .keys()
        .map(|local| &*module.symbols[*local].name)
        .collect();
    if names.is_empty() {
        return false;
    }
    let is_part =
        |letter: char| !letter.is_ascii() || letter.is_ascii_alphanumeric() || "_$".contains(letter);
    let ends_with_import = |text: &str| names.contains(&text[text.trim_end_matches(is_part).len()..]);
    let starts_with_import =
        |text: &str| names.contains(&text[..text.len() - text.trim_start_matches(is_part).len()]);
    let bytes = source.as_bytes();
    memchr::memchr_iter(b'[', bytes).any(|at| ends_with_import(&source[..at]))
        || memmem::find_iter(bytes, b" in ").any(|at| starts_with_import(&source[at + 4..]))
}

struct Keys<'a> {
    module: &'a NormalizedModule,
    /// Constants of the module that have their values by then.
    texts: FxHashMap<Id, Atom>,
    /// Whether the code may run before what stands above it.
    is_early: bool,
}

impl Keys<'_> {
    /// The text that a statement gives a name for ever.
    fn declared(&self, statement: &Stmt) -> Option<(Id, Atom)> {
        let [declarator] = statement.as_decl()?.as_var()?.decls.as_slice() else {
            return None;
        };
        let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) else {
            return None;
        };
        let id = name.to_id();
        let local = self.module.symbol_of.get(&id)?;
        let text = self.text(value)?;
        (self.module.symbols[*local].declared_by.len() == 1).then_some((id, text))
    }

    fn text(&self, value: &Expr) -> Option<Atom> {
        match without_parentheses(value) {
            Expr::Lit(Lit::Str(text)) => text.value.as_str().map(Atom::from),
            Expr::Tpl(template) if template.exprs.is_empty() => {
                let cooked = template.quasis.first()?.cooked.as_ref()?;
                cooked.as_str().map(Atom::from)
            }
            Expr::Bin(sum) if sum.op == BinaryOp::Add => {
                let (left, right) = (self.text(&sum.left)?, self.text(&sum.right)?);
                Some(format!("{left}{right}").into())
            }
            Expr::Ident(name) if !self.is_early => self.texts.get(&name.to_id()).cloned(),
            // 'useId'.toString()
            Expr::Call(call) if call.args.is_empty() => {
                let Callee::Expr(callee) = &call.callee else {
                    return None;
                };
                let member = callee.as_member()?;
                let is_itself = static_member(&member.prop)? == *"toString";
                self.text(&member.obj).filter(|_| is_itself)
            }
            _ => None,
        }
    }

    fn is_import(&self, name: &Ident) -> bool {
        let local = self.module.symbol_of.get(&name.to_id());
        local.is_some_and(|local| self.module.imports.contains_key(local))
    }

    fn write(&self, key: &mut Expr) {
        if !key.is_lit()
            && let Some(text) = self.text(key)
        {
            *key = Expr::Lit(Lit::Str(Str {
                span: key.span(),
                value: text.into(),
                raw: None,
            }));
        }
    }
}

impl VisitMut for Keys<'_> {
    noop_visit_mut_type!();

    fn visit_mut_member_expr(&mut self, member: &mut MemberExpr) {
        if let (Expr::Ident(object), MemberProp::Computed(key)) = (&*member.obj, &mut member.prop)
            && self.is_import(object)
        {
            self.write(&mut key.expr);
        }
        member.visit_mut_children_with(self);
    }

    fn visit_mut_bin_expr(&mut self, binary: &mut BinExpr) {
        if binary.op == BinaryOp::In
            && let Expr::Ident(object) = &*binary.right
            && self.is_import(object)
        {
            self.write(&mut binary.left);
        }
        binary.visit_mut_children_with(self);
    }
}

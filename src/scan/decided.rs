//! Code of one module that values of other modules decide never to run:
//!
//! ```js
//! import { DEBUG } from './env'       // export const DEBUG = false
//! if (DEBUG) { inspect() }
//! ```
//!
//! What is left uses no more than what was there, so its facts are those that still apply.

use std::sync::{Arc, OnceLock};

use oxc_index::IndexVec;
use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::{GLOBALS, SyntaxContext};
use swc_core::ecma::ast::{Expr, Id, Ident, Lit, MemberExpr, Number, Stmt};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::dead_branch::{KnownNames, remove_decided};
use super::effects::judge;
use super::named_members::static_path;
use super::normalize::NormalizedModule;
use super::side_effects::{Learned, Purity};
use super::statement_forms::forms_of;
use super::unread::{self, Unread};
use crate::base::Digest;
use crate::graph::{
    KeptModule, LazyTree, LocalId, MemberPath, ModuleSyntax, RecordId, RestOf, Rests, SharedAnswers,
    StatementFacts, StatementId, SyntaxTree, TreeForm, record_number,
};

/// The module without the branches that `known` rules out; nothing when all stay.
pub fn without_decided_branches(syntax: &Arc<ModuleSyntax>, known: &KnownNames) -> Option<Arc<ModuleSyntax>> {
    let written = known.written();
    let Some(identity) = syntax.identity else {
        let name = Digest::of(written.as_bytes());
        return syntax.rests.of(name, || decide(syntax, known));
    };
    let name = Digest::of(&[identity.as_bytes().as_slice(), b"decided", written.as_bytes()].concat());
    syntax.rests.of(name, || identified_rest(syntax, known, name))
}

/// What is left of a module that has an identity; `name` becomes that of the rest.
fn identified_rest(syntax: &Arc<ModuleSyntax>, known: &KnownNames, name: Digest) -> Option<ModuleSyntax> {
    let Some(pieces) = &syntax.kept_in else {
        let rest = decide(syntax, known)?;
        return Some(ModuleSyntax {
            identity: Some(name),
            ..rest
        });
    };
    let kept: Option<Option<ModuleSyntax>> = pieces.value(&name);
    let is_kept = kept.is_some();
    let mut rest = kept.unwrap_or_else(|| {
        let rest = decide(syntax, known);
        pieces.put_value(name, &rest);
        rest
    })?;
    rest.identity = Some(name);
    rest.kept_in = Some(Arc::clone(pieces));
    let written = postcard::to_stdvec(known).ok();
    rest.rest_of = written.map(|known| RestOf {
        whole: Arc::clone(syntax),
        known: Arc::from(known),
    });
    if is_kept {
        let module: Arc<dyn KeptModule> = Arc::new(KeptRest {
            whole: Arc::clone(syntax),
            known: known.clone(),
            made: OnceLock::new(),
        });
        rest.source = syntax.source.shared();
        rest.tree = LazyTree::kept(module, TreeForm::AsWritten);
        rest.hoisted_form.clone_from(&syntax.hoisted_form);
    }
    Some(rest)
}

/// What is left of a module whose facts were kept.
struct KeptRest {
    whole: Arc<ModuleSyntax>,
    known: KnownNames,
    made: OnceLock<ModuleSyntax>,
}

impl KeptModule for KeptRest {
    fn text(&self) -> &Arc<str> {
        &self.whole.source
    }

    fn made(&self) -> &ModuleSyntax {
        let make = || decide(&self.whole, &self.known);
        self.made
            .get_or_init(|| make().expect("the same was decided before"))
    }
}

fn decide(syntax: &ModuleSyntax, known: &KnownNames) -> Option<ModuleSyntax> {
    let globals = syntax.tree.globals.clone_data();
    GLOBALS.set(&globals, || {
        let unresolved = SyntaxContext::empty().apply_mark(syntax.tree.unresolved_mark);
        let mut statements = syntax.tree.statements.clone();
        let comments = syntax.tree.comments.to_single_threaded();
        let (namespaces, learned, pure) = (FxHashSet::default(), Learned::default(), FxHashSet::default());
        let purity = Purity::new(
            syntax.tree.unresolved_mark,
            &comments,
            &pure,
            &namespaces,
            &learned,
        );
        let quiet = FxHashSet::default();
        let unread = Unread {
            top_level: SyntaxContext::empty().apply_mark(syntax.tree.top_level_mark),
            purity: &purity,
            may_be_unset: &unread::may_be_unset(&syntax.symbols, &syntax.symbol_of, &syntax.imports),
            quiet: &quiet,
        };
        let changed: FxHashSet<StatementId> = statements
            .iter_mut_enumerated()
            .filter_map(|(id, statement)| {
                let is_changed = remove_decided(statement, Some(id.index()), unresolved, known);
                if is_changed {
                    unread.remove(statement);
                }
                is_changed.then_some(id)
            })
            .collect();
        (!changed.is_empty()).then(|| rebuild(syntax, statements, &changed))
    })
}

fn rebuild(
    syntax: &ModuleSyntax,
    statements: IndexVec<StatementId, Stmt>,
    changed: &FxHashSet<StatementId>,
) -> ModuleSyntax {
    let mut module = NormalizedModule {
        statements,
        records: syntax.records.clone(),
        symbols: syntax.symbols.clone(),
        symbol_of: syntax.symbol_of.clone(),
        imports: syntax.imports.clone(),
        exports: syntax.exports.clone(),
        star_exports: syntax.star_exports.clone(),
        diagnostics: syntax.diagnostics.clone(),
    };
    for symbol in &mut module.symbols {
        symbol.filled_by.clear();
        symbol.parameters.clear();
    }
    let quiet: FxHashSet<Id> = module
        .symbols
        .iter()
        .filter(|symbol| symbol.is_quiet && symbol.quiet_fills.is_empty())
        .map(|symbol| symbol.id.clone())
        .collect();
    let (judged, needless) = judge(
        &mut module,
        syntax.tree.unresolved_mark,
        &syntax.tree.comments,
        &quiet,
    );
    let mut changed = changed.clone();
    changed.extend(remove_needless_calls(syntax, &mut module, &needless));
    let mut forms = forms_of(&module.statements, &module.symbol_of);
    for (form, before) in forms.iter_mut().zip(&syntax.forms) {
        form.read_at_once.clone_from(&before.read_at_once);
    }
    let mut facts: IndexVec<StatementId, StatementFacts> = syntax.statements.clone();
    for (local, symbol) in module.symbols.iter_mut_enumerated() {
        if syntax.symbols[local].until_set.is_none() {
            symbol.until_set = None;
        }
        if syntax.symbols[local].members_until_set.is_none() {
            symbol.members_until_set = None;
        }
    }
    for ((id, facts), judged) in facts.iter_mut_enumerated().zip(judged) {
        if changed.contains(&id) {
            keep_what_is_mentioned(facts, &module.statements[id], syntax);
        }
        facts.apply(judged, &mut module.symbols, id);
    }
    ModuleSyntax {
        identity: None,
        kept_in: None,
        source: syntax.source.shared(),
        format: syntax.format,
        tree: SyntaxTree {
            statements: module.statements,
            globals: Arc::clone(&syntax.tree.globals),
            unresolved_mark: syntax.tree.unresolved_mark,
            top_level_mark: syntax.tree.top_level_mark,
            comments: syntax.tree.comments.clone(),
        }
        .into(),
        records: module.records,
        symbols: module.symbols,
        symbol_of: module.symbol_of,
        imports: module.imports,
        exports: module.exports,
        star_exports: module.star_exports,
        statements: facts,
        forms,
        deciding: FxHashSet::default(),
        called_members: syntax.called_members.clone(),
        commonjs: syntax.commonjs.clone(),
        own_exports: syntax.own_exports.clone(),
        hoisted_form: syntax.hoisted_form.clone(),
        rest_of: None,
        rests: Rests::default(),
        answers: SharedAnswers::default(),
        hoisted: syntax.hoisted.clone(),
        nested_names: syntax.nested_names.clone(),
        global_names: syntax.global_names.clone(),
        type_names: syntax.type_names.clone(),
        features: syntax.features.clone(),
        resource: syntax.resource.clone(),
        diagnostics: module.diagnostics,
    }
}

/// Functions of which nothing is left are not called; the statements in which they were.
fn remove_needless_calls(
    syntax: &ModuleSyntax,
    module: &mut NormalizedModule,
    needless: &FxHashSet<Id>,
) -> Vec<StatementId> {
    let comments = syntax.tree.comments.to_single_threaded();
    let (namespaces, learned) = (FxHashSet::default(), Learned::default());
    let mark = syntax.tree.unresolved_mark;
    let unread = Unread {
        top_level: SyntaxContext::empty().apply_mark(syntax.tree.top_level_mark),
        purity: &Purity::new(mark, &comments, needless, &namespaces, &learned),
        may_be_unset: &unread::may_be_unset(&syntax.symbols, &syntax.symbol_of, &syntax.imports),
        quiet: needless,
    };
    let statements = module.statements.iter_mut_enumerated();
    let changed = statements.filter_map(|(id, statement)| unread.remove(statement).is_changed.then_some(id));
    changed.collect()
}

fn keep_what_is_mentioned(facts: &mut StatementFacts, statement: &Stmt, syntax: &ModuleSyntax) {
    let mut mentioned = Mentioned {
        syntax,
        locals: FxHashSet::default(),
        members: FxHashSet::default(),
        texts: FxHashSet::default(),
        records: FxHashSet::default(),
    };
    statement.visit_with(&mut mentioned);
    facts.uses.retain(|local| mentioned.locals.contains(local));
    facts.asked_names.retain(|local| mentioned.locals.contains(local));
    facts
        .member_uses
        .retain(|member| mentioned.members.contains(member));
    facts
        .key_tests
        .retain(|(local, name)| mentioned.locals.contains(local) && mentioned.texts.contains(name));
    facts.records.retain(|record| mentioned.records.contains(record));
}

/// What a statement mentions. Every whole number may be that of a request.
struct Mentioned<'a> {
    syntax: &'a ModuleSyntax,
    locals: FxHashSet<LocalId>,
    members: FxHashSet<(LocalId, MemberPath)>,
    texts: FxHashSet<Atom>,
    records: FxHashSet<RecordId>,
}

impl Visit for Mentioned<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.locals.extend(self.syntax.symbol_of.get(&ident.to_id()));
    }

    fn visit_number(&mut self, number: &Number) {
        self.records.extend(record_number(number.value));
    }

    fn visit_expr(&mut self, expression: &Expr) {
        if let Expr::Lit(Lit::Str(text)) = expression {
            self.texts.extend(text.value.as_str().map(Atom::from));
        }
        expression.visit_children_with(self);
    }

    fn visit_member_expr(&mut self, member: &MemberExpr) {
        if let Some((object, path)) = static_path(member)
            && let Some(local) = self.syntax.symbol_of.get(&object.to_id())
        {
            self.members.insert((*local, path));
        }
        member.visit_children_with(self);
    }
}

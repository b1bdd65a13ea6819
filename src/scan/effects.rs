//! What can be observed of running each statement of a module: nothing, an error, calls of other modules' functions, what
//! it does to a binding of the module, or more.

use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, Mark};
use swc_core::ecma::ast::{
    AssignOp, BinExpr, BinaryOp, Decl, Expr, Id, Ident, Lit, Null, SimpleAssignTarget, Stmt, VarDeclKind,
};
use swc_core::ecma::utils::IdentUsageFinder;

use super::delicate::{Delicate, delicate_names};
use super::fills::{Fills, Place};
use super::known_values;
use super::members_until_set;
use super::named_members::static_path;
use super::normalize::NormalizedModule;
use super::parameter_values;
use super::promises::{locals_of, needs_of, promises_of};
use super::reassigned::Reassigned;
use super::side_effects::{
    Bindings, Known, Learned, Made, Objects, Promised, Purity, Quiet, find_quiet, find_quiet_if,
};
use super::until_set;
use crate::graph::{
    Construction, DelicateNames, ImportNeeds, ImportedName, LocalId, ModuleComments, StatementFacts,
    StatementId, TopLevelSymbol,
};

/// The answer for each statement; functions that are found to be without side effects are marked. With it come those that do
/// nothing whenever they are called, as they read nothing that may have no value yet.
pub fn judge(
    module: &mut NormalizedModule,
    unresolved_mark: Mark,
    comments: &ModuleComments,
    pure_functions: &FxHashSet<Id>,
) -> (Vec<Judged>, FxHashSet<Id>) {
    let comments = comments.to_single_threaded();
    let namespaces: FxHashSet<_> = module
        .imports
        .iter()
        .filter(|(_, import)| import.imported == ImportedName::Namespace)
        .map(|(local, _)| module.symbols[*local].id.clone())
        .collect();
    let imported: FxHashSet<_> = module
        .imports
        .keys()
        .map(|local| module.symbols[*local].id.clone())
        .collect();
    let learned = Learned::default();
    let purity = Purity::new(unresolved_mark, &comments, pure_functions, &namespaces, &learned);
    let purity = purity.of_module(&module.symbol_of);
    let reassigned = Reassigned::of(module);
    let known = Known::of(module.statements.iter(), &purity, &|id| {
        let local = module.symbol_of.get(id);
        !reassigned.names.contains(id)
            && local.is_some_and(|local| {
                module.symbols[*local].declared_by.len() == 1 && !module.imports.contains_key(local)
            })
    });
    let purity = purity.knowing_objects(&known);
    let fills = Fills::new(module, &reassigned, &known);
    let is_lexical = |id: &Id| {
        let local = module.symbol_of.get(id);
        local.is_some_and(|local| {
            has_later_value(module, &known, *local) || module.imports.contains_key(local)
        })
    };
    let bindings = Bindings {
        is_lexical: &is_lexical,
        is_fixed: &|id| {
            let local = module.symbol_of.get(id);
            let is_declared_once = local.is_some_and(|local| module.symbols[*local].declared_by.len() == 1);
            is_declared_once && !reassigned.names.contains(id)
        },
    };
    let of_functions = Place::of_functions(&fills);
    let quiet = find_quiet(&module.statements, &purity, &of_functions, &bindings);
    let promised = Promised::of(&imported);
    let promising = purity.promising(&promised);
    let quiet_if = (!imported.is_empty() || known.is_handed_later())
        .then(|| find_quiet_if(&module.statements, &promising, &of_functions, &bindings, &quiet))
        .flatten();
    let quiet_if = quiet_if.as_ref().unwrap_or(&quiet);
    let purity = purity.knowing(&quiet);
    let needs = quiet.all_needs();
    let mut read_by_functions: Vec<LocalId> = needs
        .filter(|id| imported.contains(*id))
        .filter_map(|id| module.symbol_of.get(id).copied())
        .collect();
    read_by_functions.sort_unstable();
    read_by_functions.dedup();
    let effects = judge_statements(&fills, &purity, quiet_if, &imported, &read_by_functions);
    // `var make = () => {}` cannot be called before, though the name is there.
    let is_callable = |id: &Id| {
        let local = module.symbol_of.get(id);
        local.is_some_and(|local| {
            module.symbols[*local].is_lexical || !has_later_value(module, &known, *local)
        })
    };
    let needless = quiet.calls.iter().filter(|(id, needs)| {
        needs.is_empty()
            && is_callable(id)
            && quiet
                .fills_of(id, Construction::Call)
                .is_none_or(FxHashSet::is_empty)
    });
    let needless: FxHashSet<Id> = needless.map(|(id, _)| id.clone()).collect();
    let found = promises_of(module, &promising.knowing(quiet_if), &quiet, quiet_if, &imported);
    found.note(&mut module.symbols);
    for symbol in &mut module.symbols {
        symbol.gives_objects = known.result(&symbol.id).is_some_and(Made::takes_most);
        symbol.is_primitive = known.is_plain(&symbol.id);
        symbol.is_number = known.is_number(&symbol.id);
        symbol.is_symbol = known.is_symbol(&symbol.id);
        symbol.is_no_class = known.is_no_class(&symbol.id);
        symbol.path_length = Objects::new(&known, None).depth(&symbol.id);
        symbol.shape = known.shape(&symbol.id);
        symbol.is_fixed = symbol.declared_by.len() == 1 && !reassigned.names.contains(&symbol.id);
    }
    known_values::note(module, &reassigned.names, unresolved_mark);
    until_set::note(module, unresolved_mark);
    members_until_set::note(module, &reassigned.names, unresolved_mark);
    parameter_values::note(module, &reassigned.names, unresolved_mark);
    (effects, needless)
}

fn judge_statements(
    fills: &Fills<'_>,
    purity: &Purity<'_>,
    quiet_if: &Quiet,
    imported: &FxHashSet<Id>,
    read_by_functions: &[LocalId],
) -> Vec<Judged> {
    let module = fills.module;
    let mut declared_at: FxHashMap<_, Vec<&Id>> = FxHashMap::default();
    for (local, symbol) in module.symbols.iter_enumerated() {
        if has_later_value(module, fills.known, local)
            && let Some(first) = symbol.declared_by.first()
        {
            declared_at.entry(*first).or_default().push(&symbol.id);
        }
    }
    // From the last statement to the first, so that it is known what has no value yet. What only the body of a function
    // or a method names is not read here: `class A extends B { m() { return LATER } }`.
    let mut declared_later: FxHashSet<Id> = FxHashSet::default();
    let mut judged: Vec<Judged> = Vec::with_capacity(module.statements.len());
    for (statement, node) in module.statements.iter_enumerated().rev() {
        let own = declared_at.remove(&statement).unwrap_or_default();
        let mut own: Vec<Id> = own.into_iter().cloned().collect();
        if is_unset_while_made(node) {
            declared_later.extend(own.drain(..));
        }
        let early = purity.reading_early(&declared_later);
        early.takes_browser_for_missing();
        let effects = if fills_declared(module, fills.reassigned, node)
            || early.statement_has_side_effects(node)
        {
            let is_merged = matches!(node, Stmt::Decl(_)) && fills_declared(module, fills.reassigned, node);
            if !is_merged && let Some(filled) = fills.filled_by(statement, &early, &declared_later) {
                let of_imports = purity.reading_early(imported);
                let reads = fills.filled_by(statement, &of_imports, &declared_later).is_none();
                Effects::Fills(filled, reads.then(|| read_by_functions.to_vec()))
            } else if let Some(needs) = needs_of_imports(fills, node, &early.knowing(quiet_if), imported) {
                Effects::Depends(needs)
            } else if !is_merged
                && let Some((filled, needs)) = filled_if(
                    fills,
                    statement,
                    &early.knowing(quiet_if),
                    imported,
                    &declared_later,
                )
            {
                Effects::FillsIf(filled, needs)
            } else {
                Effects::Observable
            }
        } else if purity.reading_early(imported).statement_has_side_effects(node) {
            Effects::Reads(read_by_functions.to_vec())
        } else {
            Effects::None
        };
        let delicate = match effects {
            Effects::Observable | Effects::Depends(_) | Effects::FillsIf(..) => {
                let Delicate { names, called } = delicate_names(node, &early, imported);
                DelicateNames {
                    uses: locals_of(module, names),
                    calls: locals_of(module, called),
                }
            }
            Effects::None | Effects::Reads(_) | Effects::Fills(..) => DelicateNames::default(),
        };
        let gives = match effects {
            Effects::Observable => given_binding(fills, statement, &early, &declared_later),
            _ => None,
        };
        judged.push(Judged {
            effects,
            delicate,
            gives,
        });
        declared_later.extend(own);
    }
    judged.reverse();
    judged
}

/// Whether what a statement declares has no value while its value is made: `const a = a`.
fn is_unset_while_made(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Decl(Decl::Var(declaration))
        if declaration.kind != VarDeclKind::Var && declaration.decls.len() == 1)
}

/// The binding that a statement gives what can be observed while it is made, and does nothing else to.
fn given_binding(
    fills: &Fills<'_>,
    statement: StatementId,
    purity: &Purity<'_>,
    declared_later: &FxHashSet<Id>,
) -> Option<LocalId> {
    let node = &fills.module.statements[statement];
    let assignment = node.as_expr()?.expr.as_assign()?;
    let target = assignment.left.as_simple()?;
    let name = match target {
        SimpleAssignTarget::Ident(name) => &name.id,
        SimpleAssignTarget::Member(member) => {
            let (object, path) = static_path(member)?;
            let is_own = |name: &Atom| !matches!(&**name, "prototype" | "__proto__" | "constructor");
            path.iter().all(is_own).then_some(object)?
        }
        _ => return None,
    };
    let local = *fills.module.symbol_of.get(&name.to_id())?;
    if assignment.op != AssignOp::Assign || IdentUsageFinder::find(name, &assignment.right) {
        return None;
    }
    let mut without_value = node.clone();
    if let Stmt::Expr(statement) = &mut without_value
        && let Expr::Assign(assignment) = &mut *statement.expr
    {
        *assignment.right = Expr::Lit(Lit::Null(Null { span: DUMMY_SP }));
    }
    let filled = fills.filled_by_code(&without_value, statement, purity, declared_later)?;
    (filled == [local]).then_some(local)
}

/// Whether reading a name before its declaration ran fails, or gives something else than what is known of it.
fn has_later_value(module: &NormalizedModule, known: &Known, local: LocalId) -> bool {
    let symbol = &module.symbols[local];
    let declared = || {
        symbol
            .declared_by
            .first()
            .map(|statement| &module.statements[*statement])
    };
    symbol.is_lexical
        || known.prototype_of(&symbol.id).is_some()
        || known.giver(&symbol.id).is_some()
        || known.alias(&symbol.id).is_some()
        || known.owner_of_prototype(&symbol.id).is_some()
        || known.made(&symbol.id).is_some() && !matches!(declared(), Some(Stmt::Decl(Decl::Fn(_))))
}

/// What must hold of imports and of the platform for a statement to do nothing that can be observed, if that is all it takes.
fn needs_of_imports(
    fills: &Fills<'_>,
    statement: &Stmt,
    purity: &Purity<'_>,
    imported: &FxHashSet<Id>,
) -> Option<ImportNeeds> {
    let Fills {
        module, reassigned, ..
    } = *fills;
    let is_for_browsers = purity.takes_browser_for_missing();
    let may_depend = !imported.is_empty() || is_for_browsers || fills.known.is_handed_later();
    if !may_depend || fills_declared(module, reassigned, statement) {
        return None;
    }
    let promised = Promised::of(imported);
    if purity.promising(&promised).statement_has_side_effects(statement) {
        return None;
    }
    let needs = needs_of(module, promised.take());
    (!needs.is_empty()).then_some(needs)
}

/// The bindings that a statement fills if imports are what that needs, and does nothing else.
fn filled_if(
    fills: &Fills<'_>,
    statement: StatementId,
    purity: &Purity<'_>,
    imported: &FxHashSet<Id>,
    declared_later: &FxHashSet<Id>,
) -> Option<(Vec<LocalId>, ImportNeeds)> {
    let promised = Promised::of(imported);
    let filled = fills.filled_by(statement, &purity.promising(&promised), declared_later)?;
    Some((filled, needs_of(fills.module, promised.take())))
}

/// What is known of a statement.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What can be observed of running it.
    pub effects: Effects,
    /// Names of the module that are used such that effects may not show, see [`delicate_names`].
    pub delicate: DelicateNames,
    /// See [`StatementFacts::gives`].
    pub gives: Option<LocalId>,
}

impl Judged {
    /// Notes with the bindings that a statement fills that it does.
    fn note_filled(&self, symbols: &mut IndexVec<LocalId, TopLevelSymbol>, statement: StatementId) {
        if let Effects::Fills(locals, _) | Effects::FillsIf(locals, _) = &self.effects {
            for local in locals {
                symbols[*local].filled_by.push(statement);
            }
        }
    }

    /// A statement of a CommonJS module, whose names are those of a function.
    pub fn of_commonjs() -> Self {
        Self {
            effects: Effects::Observable,
            delicate: DelicateNames::default(),
            gives: None,
        }
    }
}

/// What can be observed of running a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effects {
    /// Nothing.
    None,
    /// That an import it reads has no value yet; besides those it names, functions that it calls may read these.
    Reads(Vec<LocalId>),
    /// What functions and values of other modules do.
    Depends(ImportNeeds),
    /// That bindings of the module have other values or properties; and that imports that are read have no values yet, as
    /// with [`Effects::Reads`].
    Fills(Vec<LocalId>, Option<Vec<LocalId>>),
    /// That bindings of the module have other values or properties, if imports are what that needs, otherwise more.
    FillsIf(Vec<LocalId>, ImportNeeds),
    /// More.
    Observable,
}

impl StatementFacts {
    /// Notes what can be observed of the statement of this number, and with the bindings that it fills that it does.
    pub(super) fn apply(
        &mut self,
        judged: Judged,
        symbols: &mut IndexVec<LocalId, TopLevelSymbol>,
        statement: StatementId,
    ) {
        judged.note_filled(symbols, statement);
        let Judged {
            effects,
            delicate,
            gives,
        } = judged;
        self.delicate = delicate;
        self.gives = gives;
        self.may_read_too_early = matches!(effects, Effects::Reads(_) | Effects::Fills(_, Some(_)));
        self.has_side_effects = matches!(
            effects,
            Effects::Observable | Effects::Depends(_) | Effects::FillsIf(..)
        );
        self.silent_if = None;
        self.early_reads = Vec::new();
        match effects {
            Effects::Depends(needs) | Effects::FillsIf(_, needs) => {
                self.silent_if = (!needs.is_empty()).then(|| Box::new(needs));
            }
            Effects::Reads(imports) | Effects::Fills(_, Some(imports)) => self.early_reads = imports,
            Effects::None | Effects::Fills(_, None) | Effects::Observable => {}
        }
    }
}

/// `(function (E) { … })(E || (E = {}))`: a second `enum E` or `namespace E` adds to what the first made, so
/// it is no definition that only counts when its value is used.
fn fills_declared(module: &NormalizedModule, reassigned: &Reassigned, statement: &Stmt) -> bool {
    let (Stmt::Expr(_) | Stmt::Decl(Decl::Var(_))) = statement else {
        return false;
    };
    let call = match statement {
        Stmt::Expr(statement) => match &*statement.expr {
            Expr::Assign(assignment) => &*assignment.right,
            other => other,
        },
        Stmt::Decl(Decl::Var(declaration)) => {
            match declaration
                .decls
                .first()
                .and_then(|declarator| declarator.init.as_deref())
            {
                Some(value) => value,
                None => return false,
            }
        }
        _ => return false,
    };
    let Expr::Call(call) = call else { return false };
    let is_named = call.callee.as_expr().is_some_and(|callee| callee.is_ident());
    call.args.iter().any(|argument| match &*argument.expr {
        Expr::Bin(BinExpr { op: BinaryOp::LogicalOr, left, .. }) => {
            matches!(&**left, Expr::Ident(name) if !is_first(module, reassigned, statement, name)
                && module.symbol_of.get(&name.to_id()).is_some_and(
                |local| !module.imports.contains_key(local) && !module.symbols[*local].declared_by.is_empty()))
        }
        Expr::Ident(name) => {
            matches!(statement, Stmt::Expr(_))
                && call.args.len() == 1
                && !is_named
                && module.symbol_of.get(&name.to_id()).is_some_and(|local| !module.imports.contains_key(local))
        }
        _ => false,
    })
}

/// Whether a statement is the only one that declares a name with `var`: before it, that is `undefined`.
fn is_first(module: &NormalizedModule, reassigned: &Reassigned, statement: &Stmt, name: &Ident) -> bool {
    let id = name.to_id();
    let is_declared_here = matches!(statement, Stmt::Decl(Decl::Var(declaration))
        if declaration.kind == VarDeclKind::Var
            && declaration.decls.iter().all(|declarator| declarator.name.as_ident().is_some_and(|name| name.to_id() == id)));
    let local = module.symbol_of.get(&id);
    is_declared_here
        && !reassigned.names.contains(&id)
        && local.is_some_and(|local| module.symbols[*local].declared_by.len() == 1)
}

//! One module of a chunk: its included statements with final references, wrapped where it is evaluated on
//! demand, then printed.

mod prelude;

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, GLOBALS, Globals, Mark, SyntaxContext};
use swc_core::ecma::ast::{self as swc_ast, Decl, Expr, ModuleItem, Stmt, VarDeclKind};
use swc_core::ecma::visit::VisitMutWith;

use self::prelude::{Prelude, evaluate_imports};
use super::Delivered;
use super::asked_properties::leave_asked_properties;
use super::ast::{self, FunctionKind};
use super::constants::refuse_assignments;
use super::lazy;
use super::lowering::{LoweringHelper, Place, lower};
use super::outer_text::LegalComments;
use super::print::{Minification, NameMarks, PrintOptions, PrintedModule, print_module, take_legal_comments};
use super::rewrite::{Contexts, Rewriter};
use super::runtime::Helper;
use super::self_imports::{class_with_reads_taken_out, take_reads_out};
use super::sloppy_text::run_as_text;
use super::small::mark_uninitialised;
use super::surroundings::Surroundings;
use super::typeof_commonjs::answer_typeof;
use super::unread_variables::leave_value;
use crate::bind::{BoundGraph, SymbolOwner, Wrapping};
use crate::graph::{
    DECORATE, IMPORT_BY_NAME, KEEP_NAME, MAP_ARGUMENT, ModuleId, PROPERTY_KEY, REQUIRE_BY_NAME, StatementId,
};

/// The text of a module and what it asks of its chunk.
#[derive(Debug, Default)]
pub struct RenderedModule {
    /// Text and positions; the text may be empty.
    pub printed: PrintedModule,
    /// Helpers it calls.
    pub helpers: BTreeSet<Helper>,
    /// Helpers that its lowered code calls.
    pub lowering_helpers: BTreeSet<LoweringHelper>,
    /// Delivered modules it names.
    pub delivered: Vec<Delivered>,
}

/// Helpers whose calls the scan wrote.
pub const WRITTEN_BY_SCAN: [(&str, Helper); 6] = [
    (KEEP_NAME, Helper::KeepName),
    (REQUIRE_BY_NAME, Helper::RequireByName),
    (IMPORT_BY_NAME, Helper::ImportByName),
    (MAP_ARGUMENT, Helper::MapArgument),
    (DECORATE, Helper::Decorate),
    (PROPERTY_KEY, Helper::PropertyKey),
];

/// The statements of a module as its chunk has them, and what their marks mean.
pub struct ModuleBody {
    /// Final but for names that the printing stage may shorten.
    pub statements: Vec<Stmt>,
    /// The hygiene data that the marks live in.
    pub globals: Globals,
    /// What the identifiers' contexts say.
    pub contexts: Contexts,
    /// Helpers it calls.
    pub helpers: BTreeSet<Helper>,
    /// Helpers that its lowered code calls.
    pub lowering_helpers: BTreeSet<LoweringHelper>,
    /// The context of the names of those.
    pub lowering_context: Option<SyntaxContext>,
    /// Delivered modules it names.
    pub delivered: Vec<Delivered>,
}

/// The statements of one module with final references, wrapped where it is evaluated on demand. Does not depend on any
/// other module's text.
pub fn module_body(surroundings: &Surroundings<'_>, id: ModuleId, place: &Place<'_>) -> ModuleBody {
    let bound = &surroundings.graph.bound;
    let minification = place.minification;
    let module = &bound.graph.modules[id];
    let tree = &module.syntax.tree;
    // New marks are numbered: a copy makes the numbers independent of what other threads do.
    let globals = tree.globals.clone_data();
    let (statements, contexts, mut helpers, delivered) = GLOBALS.set(&globals, || {
        let fresh = || SyntaxContext::empty().apply_mark(Mark::new());
        let contexts = Contexts {
            unresolved: SyntaxContext::empty().apply_mark(tree.unresolved_mark),
            top_level: SyntaxContext::empty().apply_mark(tree.top_level_mark),
            foreign: fresh(),
            // Descends from the top level: what an `eval` in the module can see keeps its names.
            local: SyntaxContext::empty().apply_mark(Mark::fresh(tree.top_level_mark)),
        };
        let mut statements: Vec<Stmt> = bound.included_statements[id]
            .ones()
            .map(|index| {
                let statement = StatementId::from_usize(index);
                let mut node = tree.statements[statement].clone();
                leave_asked_properties(bound, id, statement, &mut node);
                leave_value(bound, id, statement, &mut node);
                node
            })
            .collect();
        if module.syntax.features.runs_sloppily && bound.wrapping[id] == Wrapping::CommonJs {
            statements = run_as_text(statements, &module.syntax, &contexts, minification);
        }
        let mut rewriter = Rewriter {
            bound,
            module_id: id,
            module,
            names: place.names,
            contexts,
            surroundings,
            helpers: BTreeSet::new(),
            delivered: Vec::new(),
        };
        take_reads_out(&rewriter, &mut statements);
        statements.visit_mut_with(&mut rewriter);
        if bound.wrapping[id] != Wrapping::CommonJs {
            give_names_back(&mut rewriter, &mut statements);
        }
        if minification == Minification::On || bound.wrapping[id] == Wrapping::Lazy {
            refuse_assignments(&mut statements);
        }
        if minification == Minification::On && bound.in_cycle.contains(id.index()) {
            hide_constants(&mut statements);
            if !module.syntax.features.has_dynamic_scope {
                mark_uninitialised(&mut statements, contexts.foreign);
            }
        }
        let prelude = evaluate_imports(&mut rewriter);
        let body = match bound.wrapping[id] {
            Wrapping::Hoisted => prelude
                .with_waiting(&rewriter)
                .into_iter()
                .chain(statements)
                .collect(),
            Wrapping::CommonJs => {
                if minification == Minification::On && !module.syntax.features.has_dynamic_scope {
                    answer_typeof(&mut statements, contexts.local);
                }
                wrap_commonjs(&mut rewriter, statements)
            }
            Wrapping::Lazy => wrap_lazy(&mut rewriter, prelude, statements),
        };
        (body, contexts, rewriter.helpers, rewriter.delivered)
    });
    for (name, helper) in WRITTEN_BY_SCAN {
        if module.syntax.global_names.contains(&Atom::from(name)) {
            helpers.insert(helper);
        }
    }
    let mut body = ModuleBody {
        statements,
        globals,
        contexts,
        helpers,
        lowering_helpers: BTreeSet::new(),
        lowering_context: None,
        delivered,
    };
    if !surroundings.options.lowering.is_needless() && !body.statements.is_empty() {
        lower_body(&mut body, surroundings, id, place);
    }
    body
}

fn lower_body(body: &mut ModuleBody, surroundings: &Surroundings<'_>, id: ModuleId, place: &Place<'_>) {
    let tree = &surroundings.graph.bound.graph.modules[id].syntax.tree;
    let marks = NameMarks {
        unresolved: tree.unresolved_mark,
        top_level: tree.top_level_mark,
    };
    let comments = tree.comments.to_single_threaded();
    let module = as_module(std::mem::take(&mut body.statements));
    let lowered = GLOBALS.set(&body.globals, || {
        lower(module, &surroundings.options.lowering, marks, &comments, place)
    });
    body.statements = lowered
        .module
        .body
        .into_iter()
        .filter_map(ModuleItem::stmt)
        .collect();
    body.lowering_helpers = lowered.helpers;
    body.lowering_context = Some(lowered.helper_context);
}

fn as_module(statements: Vec<Stmt>) -> swc_ast::Module {
    swc_ast::Module {
        span: DUMMY_SP,
        body: statements.into_iter().map(ModuleItem::Stmt).collect(),
        shebang: None,
    }
}

/// Renders one module.
#[tracing::instrument(skip_all)]
pub fn render_module(
    surroundings: &Surroundings<'_>,
    id: ModuleId,
    place: &Place<'_>,
    options: &PrintOptions<'_>,
    legal_place: LegalComments,
) -> RenderedModule {
    let module = &surroundings.graph.bound.graph.modules[id];
    let tree = &module.syntax.tree;
    let body = module_body(surroundings, id, place);
    let (helpers, lowering_helpers, delivered) = (body.helpers, body.lowering_helpers, body.delivered);
    if body.statements.is_empty() {
        return RenderedModule {
            helpers,
            delivered,
            ..RenderedModule::default()
        };
    }
    let marks = NameMarks {
        unresolved: tree.unresolved_mark,
        top_level: tree.top_level_mark,
    };
    let comments = tree.comments.to_single_threaded();
    let apart = match legal_place {
        LegalComments::InPlace => Vec::new(),
        _ => take_legal_comments(&comments),
    };
    let mut printed = print_module(
        as_module(body.statements),
        &body.globals,
        marks,
        &comments,
        &module.syntax.source,
        options,
    );
    printed.legal_comments.splice(0..0, apart);
    RenderedModule {
        printed,
        helpers,
        lowering_helpers,
        delivered,
    }
}

/// The class that a statement declares, or gives to the one variable that it declares.
fn declared_class(statement: &mut Stmt) -> Option<&mut swc_ast::Class> {
    match statement {
        Stmt::Decl(Decl::Class(declaration)) => Some(&mut declaration.class),
        Stmt::Decl(Decl::Var(declaration)) => {
            let value = declaration.decls.first_mut()?.init.as_deref_mut()?;
            if value.is_call() {
                return class_with_reads_taken_out(value);
            }
            value.as_mut_class().map(|class| &mut *class.class)
        }
        _ => None,
    }
}

/// Functions and classes whose `name` is read, and whose binding is called otherwise in the chunk.
fn give_names_back(rewriter: &mut Rewriter<'_>, statements: &mut Vec<Stmt>) {
    let (bound, id) = (rewriter.bound, rewriter.module_id);
    if bound.asked_names.is_empty() {
        return;
    }
    let syntax = &bound.graph.modules[id].syntax;
    let included = &bound.included_statements[id];
    let mut calls: Vec<(usize, Stmt)> = Vec::new();
    for (local, symbol) in syntax.symbols.iter_enumerated() {
        let chunk_symbol = bound.symbols.local(id, local);
        let (Some(name), Some(statement)) = (&symbol.function_name, symbol.declared_by.first()) else {
            continue;
        };
        if !bound.asked_names.contains(&chunk_symbol)
            || !included.contains(statement.index())
            || rewriter.names.will_be(chunk_symbol, name)
        {
            continue;
        }
        let position = included
            .ones()
            .take_while(|index| *index < statement.index())
            .count();
        let Some(declaration) = statements.get_mut(position) else {
            continue;
        };
        if let Some(class) = declared_class(declaration) {
            // Before anything else of the class runs, which may read the name.
            let this = Expr::This(swc_ast::ThisExpr { span: DUMMY_SP });
            let call = rewriter.helper(Helper::KeepName, vec![this, ast::string(name)]);
            class
                .body
                .insert(0, ast::static_block(vec![ast::statement(call)]));
            continue;
        }
        let is_hoisted = matches!(declaration, Stmt::Decl(Decl::Fn(_)));
        let target = rewriter.symbol(chunk_symbol);
        let call = rewriter.helper(Helper::KeepName, vec![target, ast::string(name)]);
        calls.push((if is_hoisted { 0 } else { position + 1 }, ast::statement(call)));
    }
    // From the end, so that what is inserted does not move what comes next.
    calls.sort_by_key(|(position, _)| std::cmp::Reverse(*position));
    for (position, call) in calls {
        statements.insert(position, call);
    }
}

/// A function that is called from elsewhere in a cycle may find a `const` uninitialised, so the compressor must not put its
/// value there. A `let` keeps it from that.
fn hide_constants(statements: &mut [Stmt]) {
    for statement in statements {
        if let Stmt::Decl(Decl::Var(declaration)) = statement
            && declaration.kind == VarDeclKind::Const
        {
            declaration.kind = VarDeclKind::Let;
        }
    }
}

fn wrap_commonjs(rewriter: &mut Rewriter<'_>, mut statements: Vec<Stmt>) -> Vec<Stmt> {
    let features = &rewriter.module.syntax.features;
    // Text has a function of its own. What an `eval` runs may use the parameters.
    let is_called_as_in_node = features.uses_module_arguments || features.has_dynamic_scope;
    if is_called_as_in_node && !features.runs_sloppily {
        statements = rewriter.with_arguments(statements);
    }
    let parameter = |name: &str| ast::ident(&name.into(), rewriter.contexts.local);
    let mut body = ast::function(
        FunctionKind::Plain,
        vec![parameter("exports"), parameter("module")],
        statements,
    );
    if let Expr::Fn(function) = &mut body {
        function.function.ctxt = rewriter.contexts.local;
    }
    let (helper, arguments) = match rewriter.module_details() {
        Some(details) => (Helper::CommonJsModule, vec![body, details]),
        None => (Helper::CommonJs, vec![body]),
    };
    vec![wrapper(rewriter, helper, arguments)]
}

fn wrap_lazy(rewriter: &mut Rewriter<'_>, prelude: Prelude, statements: Vec<Stmt>) -> Vec<Stmt> {
    let is_async = is_async(rewriter.bound, rewriter.module_id);
    let (before, promises) = prelude.into_parts();
    let contexts = rewriter.contexts;
    let split = |mut statements: Vec<Stmt>| {
        refuse_assignments(&mut statements);
        lazy::split(statements, contexts.top_level, contexts.local)
    };
    // What waits for others starts them, and runs when they are ready.
    let (start, split) = if is_async {
        let mut start = split(before);
        start.inside.push(ast::returned(ast::array(promises)));
        let mut rest = split(statements);
        rest.variables.splice(0..0, start.variables);
        (Some(start.inside), rest)
    } else {
        (None, split(before.into_iter().chain(statements).collect()))
    };
    let unset = unset_names(rewriter);
    let mut body: Vec<Stmt> = Vec::with_capacity(split.variables.len() + split.outside.len() + 1);
    for (name, context) in split.variables {
        let value = unset
            .contains(&name)
            .then(|| rewriter.helper_value(Helper::Unset));
        body.push(ast::variable(ast::ident(&name, context), value));
    }
    body.extend(split.outside);
    let kind = if rewriter.module.syntax.features.has_top_level_await {
        FunctionKind::Async
    } else {
        FunctionKind::Plain
    };
    let function = ast::function(kind, Vec::new(), split.inside);
    body.push(match start {
        Some(start) => {
            let start = ast::function(FunctionKind::Plain, Vec::new(), start);
            wrapper(rewriter, Helper::LazyAsync, vec![start, function])
        }
        None => wrapper(rewriter, Helper::Lazy, vec![function]),
    });
    body
}

/// The module's bindings whose reads are checked.
fn unset_names(rewriter: &Rewriter<'_>) -> FxHashSet<Atom> {
    let bound = rewriter.bound;
    let locals = rewriter.module.syntax.symbols.indices();
    locals
        .map(|local| bound.symbols.local(rewriter.module_id, local))
        .filter(|symbol| bound.may_be_unset.contains(symbol.index()))
        .filter_map(|symbol| rewriter.names.get(symbol).cloned())
        .collect()
}

fn wrapper(rewriter: &mut Rewriter<'_>, helper: Helper, arguments: Vec<Expr>) -> Stmt {
    let symbol = rewriter
        .bound
        .symbols
        .invented(&SymbolOwner::Wrapper(rewriter.module_id))
        .expect("binding invents a wrapper for every wrapped module that is included");
    let value = rewriter.helper(helper, arguments);
    ast::variable(rewriter.symbol_ident(symbol), Some(value))
}

/// Whether evaluating a lazily evaluated module takes an `await`.
pub fn is_async(bound: &BoundGraph, module: ModuleId) -> bool {
    bound.asynchronous.contains(module.index())
}

//! One file to one [`ModuleSyntax`]: read, parse, transform, normalise, collect. Everything here is a pure
//! function of the file's bytes, its extension, its package's `type` and the transform options.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::{DUMMY_SP, GLOBALS, SyntaxContext};
use swc_core::ecma::ast::{
    BinExpr, BinaryOp, Decl, ExportDefaultExpr, Expr, Id, Lit, ModuleDecl, ModuleItem, ObjectLit, Program, Stmt,
};

use super::asked_names::asked_names;
use super::collect::{Collected, collect};
use super::commonjs_exports::detect_commonjs_exports;
use super::commonjs_words::uses_commonjs;
use super::keep_names;
use super::namespace_reads;
use super::normalize::{Declarators, NormalizedModule, normalize};
use super::parse::{ParsedModule, SourceKind, parse_module};
use super::side_effects::{Promised, Purity, annotated_functions};
use super::transform::TransformOptions;
use crate::base::file_identifier;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{
    ExportTarget, Features, ImportRecord, ImportedName, LocalId, ModuleFormat, ModuleSyntax, RequestSyntax,
    SyntaxTree,
};

/// What Node would take a file for, judging by extension and `package.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeclaredFormat {
    /// `.mjs`, `.mts`, or `"type": "module"`.
    EsModule,
    /// `.cjs`, `.cts`, or `.js` with `"type": "commonjs"`.
    CommonJs,
    /// No `type` in `package.json`, or TypeScript and JSX: decided by what the file contains.
    Open,
}

/// The syntax of a JavaScript or TypeScript file.
///
/// # Errors
/// Every syntax error found; `module` of the diagnostics is left for the caller.
pub fn load_script(
    path: &Path,
    source: Arc<str>,
    kind: SourceKind,
    declared: DeclaredFormat,
    options: &TransformOptions,
) -> Result<ModuleSyntax, Vec<Diagnostic>> {
    load_script_with(path, source, kind, declared, options, |_| Ok(()))
}

/// The same, with a last change to the parsed module.
///
/// # Errors
/// Those of [`load_script`] and of the change.
pub(super) fn load_script_with(
    path: &Path,
    source: Arc<str>,
    kind: SourceKind,
    declared: DeclaredFormat,
    options: &TransformOptions,
    change: impl FnOnce(&mut ParsedModule) -> Result<(), Vec<Diagnostic>>,
) -> Result<ModuleSyntax, Vec<Diagnostic>> {
    if let Some(offset) = too_deep(&source) {
        return Err(vec![nested_too_deep(path, &source, offset)]);
    }
    let mut parsed = parse_module(path, source, kind, declared, options).map_err(with_full_stops)?;
    let globals = Arc::clone(&parsed.globals);
    GLOBALS.set(&globals, || {
        change(&mut parsed)?;
        let (parsed, commonjs) = detect(parsed);
        Ok(build(path, parsed, declared, commonjs))
    })
}

/// A module that is one value for `import` and `require()` alike, written as an expression.
///
/// # Errors
/// None where the expression is valid.
pub fn load_value(path: &Path, expression: &str) -> Result<ModuleSyntax, Vec<Diagnostic>> {
    let mut syntax = load_script(
        path,
        format!("module.exports = {expression};").into(),
        SourceKind::JavaScript,
        DeclaredFormat::CommonJs,
        &TransformOptions::default(),
    )?;
    syntax.features.is_generated = true;
    Ok(syntax)
}

/// An empty CommonJS module: what a `browser` field's `false` stands for.
pub fn load_ignored(path: &Path) -> ModuleSyntax {
    let options = TransformOptions::default();
    load_script(
        path,
        "".into(),
        SourceKind::JavaScript,
        DeclaredFormat::CommonJs,
        &options,
    )
    .unwrap_or_else(|_| unreachable!("an empty file has no syntax errors"))
}

/// The parser's messages are phrases; all others are sentences.
fn with_full_stops(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for diagnostic in &mut diagnostics {
        if !diagnostic.message.ends_with(['.', '?', '!']) {
            diagnostic.message.push('.');
        }
    }
    diagnostics
}

/// Everything that walks a syntax tree recurses; beyond this no stack suffices.
const DEEPEST: usize = 20_000;

/// Where brackets nest deeper than any tree pass could follow. Strings and comments do not count; regular
/// expressions do, which matters only to files with tens of thousands of unbalanced ones.
fn too_deep(source: &str) -> Option<usize> {
    let bytes = source.as_bytes();
    // Cheap for every ordinary file: so few brackets cannot nest so deep.
    memchr::memchr3_iter(b'(', b'[', b'{', bytes).nth(DEEPEST)?;
    let mut depth = 0_usize;
    let mut index = 0;
    while index < bytes.len() {
        match bytes[index] {
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > DEEPEST {
                    return Some(index);
                }
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            quote @ (b'"' | b'\'') => {
                index += 1;
                while index < bytes.len() && bytes[index] != quote && bytes[index] != b'\n' {
                    index += if bytes[index] == b'\\' { 2 } else { 1 };
                }
            }
            b'/' if bytes.get(index + 1) == Some(&b'/') => {
                index += memchr::memchr(b'\n', &bytes[index..]).unwrap_or(bytes.len() - index);
            }
            b'/' if bytes.get(index + 1) == Some(&b'*') => {
                index += memchr::memmem::find(&bytes[index..], b"*/").unwrap_or(bytes.len() - index);
            }
            _ => {}
        }
        index += 1;
    }
    None
}

fn nested_too_deep(path: &Path, source: &str, offset: usize) -> Diagnostic {
    Diagnostic::new(
        Code::Syntax,
        "",
        format!("Brackets are nested more than {DEEPEST} deep here."),
        "Break the expression into parts.",
    )
    .at(Some(Location::of_range(path, source, offset, offset + 1)))
}

/// CommonJS exports are looked for in the tree as parsed; ES modules have none.
fn detect(parsed: ParsedModule) -> (ParsedModule, crate::graph::CommonJsExports) {
    if parsed.has_module_syntax {
        return (parsed, crate::graph::CommonJsExports::default());
    }
    let unresolved = SyntaxContext::empty().apply_mark(parsed.unresolved_mark);
    let program = Program::Module(parsed.module);
    let exports = detect_commonjs_exports(&program, unresolved);
    let Program::Module(module) = program else {
        unreachable!("just wrapped")
    };
    (ParsedModule { module, ..parsed }, exports)
}

/// `export default {}`, before anything runs.
fn add_empty_exports(module: &mut swc_core::ecma::ast::Module) {
    let is_directive = |item: &ModuleItem| {
        let text = item.as_stmt().and_then(|statement| statement.as_expr());
        text.is_some_and(|text| matches!(&*text.expr, Expr::Lit(Lit::Str(_))))
    };
    let directives = module.body.iter().take_while(|item| is_directive(item)).count();
    let exports = ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultExpr(ExportDefaultExpr {
        span: DUMMY_SP,
        expr: Box::new(Expr::Object(ObjectLit::default())),
    }));
    module.body.insert(directives, exports);
}

fn build(
    path: &Path,
    parsed: ParsedModule,
    declared: DeclaredFormat,
    commonjs: crate::graph::CommonJsExports,
) -> ModuleSyntax {
    let format = if parsed.has_module_syntax {
        ModuleFormat::EsModule
    } else {
        let is_commonjs = match declared {
            DeclaredFormat::EsModule => false,
            DeclaredFormat::CommonJs => true,
            DeclaredFormat::Open => uses_commonjs(&parsed.source, &parsed.module, parsed.unresolved_mark),
        };
        if is_commonjs {
            ModuleFormat::CommonJs
        } else {
            ModuleFormat::EsModule
        }
    };
    let declarators = match format {
        ModuleFormat::EsModule => Declarators::Split,
        ModuleFormat::CommonJs => Declarators::Keep,
    };
    let is_plain_script = format == ModuleFormat::EsModule
        && !parsed.has_module_syntax
        && declared == DeclaredFormat::Open;
    let ParsedModule {
        mut module,
        globals,
        unresolved_mark,
        top_level_mark,
        comments,
        source,
        ..
    } = parsed;
    if is_plain_script {
        add_empty_exports(&mut module);
    }
    let default_name = format!("{}_default", file_identifier(&crate::base::to_posix(path)));
    let pure_functions = annotated_functions(&module.body, &comments.to_single_threaded());
    if format == ModuleFormat::EsModule {
        namespace_reads::separate(&mut module);
    }
    let mut normalized = normalize(module, path, &source, &default_name, declarators, top_level_mark);
    for symbol in &mut normalized.symbols {
        symbol.is_quiet = pure_functions.contains(&symbol.id);
    }
    let effects = match format {
        ModuleFormat::EsModule => side_effects(&normalized, unresolved_mark, &comments, &pure_functions),
        ModuleFormat::CommonJs => vec![Effects::Observable; normalized.statements.len()],
    };
    let Collected {
        mut statements,
        nested_names,
        global_names,
        called_members,
        mut features,
    } = collect(&mut normalized, format, unresolved_mark, path, &source);
    for (facts, effects) in statements.iter_mut().zip(effects) {
        facts.may_read_too_early = effects == Effects::Reads;
        facts.has_side_effects = matches!(effects, Effects::Observable | Effects::Calls(_));
        if let Effects::Calls(imports) = effects {
            facts.quiet_if = imports;
        }
    }
    bind_names_to_declarations(&mut normalized, unresolved_mark);
    note_asked_names(&mut normalized, &features);
    features.has_top_level_await = parsed.has_top_level_await;
    features.hashbang = parsed.hashbang;
    features.is_plain_script = is_plain_script;
    ModuleSyntax {
        source,
        format,
        tree: SyntaxTree {
            statements: normalized.statements,
            globals: Arc::try_unwrap(globals).unwrap_or_else(|shared| shared.clone_data()),
            unresolved_mark,
            top_level_mark,
            comments,
        },
        records: normalized.records,
        symbols: normalized.symbols,
        symbol_of: normalized.symbol_of,
        imports: normalized.imports,
        exports: normalized.exports,
        star_exports: normalized.star_exports,
        statements,
        called_members,
        commonjs,
        nested_names,
        global_names,
        type_names: parsed.type_names,
        features,
        resource: None,
        diagnostics: normalized.diagnostics,
    }
}

/// What each `import()` asks for, where that can be seen.
fn note_asked_names(module: &mut NormalizedModule, features: &Features) {
    let is_dynamic = |record: &ImportRecord| record.syntax == RequestSyntax::Dynamic;
    if features.has_dynamic_scope || !module.records.iter().any(is_dynamic) {
        return;
    }
    let exported: FxHashSet<&Id> = module
        .exports
        .iter()
        .filter_map(|export| match export.target {
            ExportTarget::Local(local) => Some(&module.symbols[local].id),
            ExportTarget::Reexport(..) => None,
        })
        .collect();
    let asked = asked_names(
        &module.statements,
        &|record| module.records.get(record).is_some_and(is_dynamic),
        &|id| exported.contains(id),
    );
    for (record, names) in asked {
        module.records[record].asked = Some(names);
    }
}

/// `__keepName(f, "f")` belongs to the declaration of `f`: it is there when `f` is.
fn bind_names_to_declarations(module: &mut NormalizedModule, unresolved_mark: swc_core::common::Mark) {
    let unresolved = SyntaxContext::empty().apply_mark(unresolved_mark);
    for (statement, node) in module.statements.iter_enumerated() {
        if let Some(name) = keep_names::named_by(node, unresolved)
            && let Some(local) = module.symbol_of.get(&name.to_id())
        {
            module.symbols[*local].declared_by.push(statement);
        }
    }
}

fn side_effects(
    module: &NormalizedModule,
    unresolved_mark: swc_core::common::Mark,
    comments: &crate::graph::ModuleComments,
    pure_functions: &FxHashSet<Id>,
) -> Vec<Effects> {
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
    let purity = Purity::new(unresolved_mark, &comments, pure_functions, &namespaces);
    let mut declared_at: FxHashMap<_, Vec<&Id>> = FxHashMap::default();
    for symbol in module.symbols.iter().filter(|symbol| symbol.is_lexical) {
        if let Some(first) = symbol.declared_by.first() {
            declared_at.entry(*first).or_default().push(&symbol.id);
        }
    }
    // From the last statement to the first, so that it is known what has no value yet. What only the body of a function
    // or a method names is not read here: `class A extends B { m() { return LATER } }`.
    let mut declared_later: FxHashSet<Id> = FxHashSet::default();
    let mut effects: Vec<Effects> = Vec::with_capacity(module.statements.len());
    for (statement, node) in module.statements.iter_enumerated().rev() {
        effects.push(
            if fills_declared(module, node)
                || purity.statement_has_side_effects(node)
                || purity
                    .reading_early(&declared_later)
                    .statement_has_side_effects(node)
            {
                match calls_of_imports(module, node, &purity.reading_early(&declared_later), &imported) {
                    Some(calls) => Effects::Calls(calls),
                    None => Effects::Observable,
                }
            } else if purity.reading_early(&imported).statement_has_side_effects(node) {
                Effects::Reads
            } else {
                Effects::None
            },
        );
        declared_later.extend(
            declared_at
                .get(&statement)
                .into_iter()
                .flatten()
                .map(|id| (*id).clone()),
        );
    }
    effects.reverse();
    effects
}

/// The imports that a statement calls, if it does nothing else that can be observed.
fn calls_of_imports(
    module: &NormalizedModule,
    statement: &Stmt,
    purity: &Purity<'_>,
    imported: &FxHashSet<Id>,
) -> Option<Vec<LocalId>> {
    if imported.is_empty() || fills_declared(module, statement) {
        return None;
    }
    let promised = Promised {
        imports: imported,
        called: RefCell::default(),
    };
    if purity.promising(&promised).statement_has_side_effects(statement) {
        return None;
    }
    let called = promised.called.into_inner();
    let locals = module.symbols.iter_enumerated();
    let calls: Vec<LocalId> = locals
        .filter(|(_, symbol)| called.contains(&symbol.id))
        .map(|(local, _)| local)
        .collect();
    (!calls.is_empty()).then_some(calls)
}

/// What can be observed of running a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Effects {
    /// Nothing.
    None,
    /// That an import it reads has no value yet.
    Reads,
    /// What functions of other modules do.
    Calls(Vec<LocalId>),
    /// More.
    Observable,
}

/// `(function (E) { … })(E || (E = {}))`: a second `enum E` or `namespace E` adds to what the first made, so
/// it is no definition that only counts when its value is used.
fn fills_declared(module: &NormalizedModule, statement: &Stmt) -> bool {
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
    call.args.iter().any(|argument| match &*argument.expr {
        Expr::Bin(BinExpr { op: BinaryOp::LogicalOr, left, .. }) => {
            matches!(&**left, Expr::Ident(name) if module.symbol_of.get(&name.to_id()).is_some_and(
                |local| !module.imports.contains_key(local) && !module.symbols[*local].declared_by.is_empty()))
        }
        Expr::Ident(name) => {
            matches!(statement, Stmt::Expr(_))
                && call.args.len() == 1
                && module.symbol_of.get(&name.to_id()).is_some_and(|local| !module.imports.contains_key(local))
        }
        _ => false,
    })
}

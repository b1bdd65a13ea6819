//! One file to one [`ModuleSyntax`]: read, parse, transform, normalise, collect. Everything here is a pure
//! function of the file's bytes, its extension, its package's `type` and the transform options.

use std::path::Path;
use std::sync::Arc;

use oxc_index::IndexVec;
use rustc_hash::FxHashSet;
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::{DUMMY_SP, GLOBALS, Mark, SyntaxContext};
use swc_core::ecma::ast::{ExportDefaultExpr, Expr, Id, ModuleDecl, ModuleItem, ObjectLit, Program};

use super::asked_names::asked_names;
use super::collect::{Collected, collect};
use super::commonjs_exports::{add_names_of_node, detect_commonjs_exports};
use super::commonjs_words::uses_commonjs;
use super::constant_keys;
use super::directives::is_directive;
use super::effects::{Judged, judge};
use super::exports_use::note_exports_use;
use super::hoisted_commonjs::as_es_module;
use super::keep_names;
use super::mixed_module;
use super::module_this;
use super::namespace_reads;
use super::nesting::{DEEPEST, too_deep};
use super::normalize::{Declarators, NormalizedModule, normalize};
use super::parse::{Marks, ParsedModule, parse_module};
use super::passed_on::passed_on;
use super::side_effects::{Learned, Purity, annotated_functions, has_annotated_default};
use super::source_kind::SourceKind;
use super::statement_forms::{forms_of, imports_read_at_once};
use super::transform::TransformOptions;
use super::unread::{self, Unread};
use super::until_set;
use crate::base::file_identifier;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{
    CommonJsExports, ExportAlias, ExportTarget, ExportsObject, Features, HoistedCommonJs, ImportRecord,
    ModuleComments, ModuleFormat, ModuleSyntax, NAMES_SOURCE_MAP, OwnExports, RequestSyntax, Rests,
    SharedAnswers, StatementFacts, StatementId, SyntaxTree,
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
    let mut parsed = parse_script(path, source, kind, declared, options)?;
    let globals = Arc::clone(&parsed.globals);
    GLOBALS.set(&globals, || {
        change(&mut parsed)?;
        let (parsed, commonjs) = detect(parsed, declared);
        let form = other_form(path, &parsed, declared, &commonjs);
        let mut syntax = build(path, parsed, declared, commonjs);
        syntax.hoisted_form = form.filter(|_| !syntax.features.has_dynamic_scope).map(Arc::new);
        Ok(syntax)
    })
}

/// The syntax of a script of which only the names count that it exports: of CommonJS nothing else is found out, as most of the
/// work would be for that.
///
/// # Errors
/// Those of [`load_script`].
pub(super) fn load_names(
    path: &Path,
    source: Arc<str>,
    kind: SourceKind,
    declared: DeclaredFormat,
    options: &TransformOptions,
) -> Result<ModuleSyntax, Vec<Diagnostic>> {
    let parsed = parse_script(path, source, kind, declared, options)?;
    let globals = Arc::clone(&parsed.globals);
    GLOBALS.set(&globals, || {
        let (mut parsed, commonjs) = detect(parsed, declared);
        let format = format_of(&parsed, declared);
        if format == ModuleFormat::CommonJs {
            parsed.module.body.clear();
        }
        let declared = match format {
            ModuleFormat::CommonJs => DeclaredFormat::CommonJs,
            ModuleFormat::EsModule => declared,
        };
        Ok(build(path, parsed, declared, commonjs))
    })
}

/// The tree of a script, unless that would be deeper than what visits it.
fn parse_script(
    path: &Path,
    source: Arc<str>,
    kind: SourceKind,
    declared: DeclaredFormat,
    options: &TransformOptions,
) -> Result<ParsedModule, Vec<Diagnostic>> {
    match too_deep(&source) {
        Some(offset) => Err(vec![nested_too_deep(path, &source, offset)]),
        None => parse_module(path, source, kind, declared, options).map_err(with_full_stops),
    }
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

fn nested_too_deep(path: &Path, source: &str, offset: usize) -> Diagnostic {
    Diagnostic::new(
        Code::Syntax,
        "",
        format!("The code is nested more than {DEEPEST} levels deep here."),
        "Break the expression into parts.",
    )
    .at(Some(Location::of_range(path, source, offset, offset + 1)))
}

/// CommonJS exports are looked for in the tree as parsed; ES modules have none, files that are both become one.
fn detect(
    mut parsed: ParsedModule,
    declared: DeclaredFormat,
) -> (ParsedModule, crate::graph::CommonJsExports) {
    mixed_module::write_out(&mut parsed, declared);
    if parsed.has_module_syntax {
        return (parsed, crate::graph::CommonJsExports::default());
    }
    let unresolved = SyntaxContext::empty().apply_mark(parsed.unresolved_mark);
    let program = Program::Module(parsed.module);
    let mut exports = detect_commonjs_exports(&program, unresolved);
    add_names_of_node(&mut exports, &program, unresolved);
    let Program::Module(module) = program else {
        unreachable!("just wrapped")
    };
    (ParsedModule { module, ..parsed }, exports)
}

/// Whether nothing says what a script is.
fn is_plain_script(parsed: &ParsedModule, format: ModuleFormat, declared: DeclaredFormat) -> bool {
    format == ModuleFormat::EsModule && !parsed.has_module_syntax && declared == DeclaredFormat::Open
}

/// `export default {}`, before anything runs.
fn add_empty_exports(module: &mut swc_core::ecma::ast::Module) {
    let is_head = |item: &ModuleItem| item.as_stmt().is_some_and(is_directive);
    let directives = module.body.iter().take_while(|item| is_head(item)).count();
    let exports = ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultExpr(ExportDefaultExpr {
        span: DUMMY_SP,
        expr: Box::new(Expr::Object(ObjectLit::default())),
    }));
    module.body.insert(directives, exports);
}

/// What a file is.
pub(super) fn format_of(parsed: &ParsedModule, declared: DeclaredFormat) -> ModuleFormat {
    let is_commonjs = || match declared {
        _ if parsed.runs_sloppily || parsed.assigns_exports => true,
        DeclaredFormat::EsModule => false,
        DeclaredFormat::CommonJs => true,
        DeclaredFormat::Open => uses_commonjs(&parsed.source, &parsed.module, parsed.unresolved_mark),
    };
    if !parsed.has_module_syntax && is_commonjs() {
        ModuleFormat::CommonJs
    } else {
        ModuleFormat::EsModule
    }
}

/// The module as an ES module, if it is CommonJS that can be written as one.
fn other_form(
    path: &Path,
    parsed: &ParsedModule,
    declared: DeclaredFormat,
    commonjs: &CommonJsExports,
) -> Option<ModuleSyntax> {
    if format_of(parsed, declared) != ModuleFormat::CommonJs {
        return None;
    }
    let unresolved = SyntaxContext::empty().apply_mark(parsed.unresolved_mark);
    let name = file_identifier(&crate::base::to_posix(path));
    let hoisted = as_es_module(&parsed.module, unresolved, &name)?;
    let written = ParsedModule {
        module: hoisted.module,
        globals: Arc::clone(&parsed.globals),
        comments: parsed.comments.clone(),
        source: Arc::clone(&parsed.source),
        hashbang: parsed.hashbang.clone(),
        directives: parsed.directives.clone(),
        has_module_syntax: true,
        assigns_exports: false,
        type_names: parsed.type_names.clone(),
        ..*parsed
    };
    let mut syntax = build(path, written, DeclaredFormat::EsModule, commonjs.clone());
    if !syntax.diagnostics.is_empty() || syntax.features.uses_require_value {
        return None;
    }
    note_reads_at_once(&mut syntax);
    for record in &mut syntax.records {
        record.is_required = record.syntax == RequestSyntax::Static;
    }
    let aliases = hoisted.aliases.into_iter().filter_map(|(export, holder, name)| {
        let import = syntax.imports.get(syntax.symbol_of.get(&holder)?)?;
        let alias = ExportAlias {
            record: import.record,
            name,
            is_live: hoisted.live_aliases.contains(&export),
        };
        Some((export, alias))
    });
    let has_default = syntax.exports.iter().any(|export| export.name == *"default");
    let members = hoisted.members.into_iter().filter_map(|(export, object, name)| {
        let local = syntax.symbol_of.get(&object)?;
        Some((export, (*local, name)))
    });
    let object = hoisted.object.as_ref();
    // Whoever gets the value may give it the mark.
    let may_be_marked = object.is_some_and(|object| {
        !hoisted.has_names && (!object.is_plain || syntax.source.contains("__esModule"))
    });
    let object = object.and_then(|object| {
        let local = syntax.symbol_of.get(&object.local.to_id())?;
        Some(ExportsObject {
            local: *local,
            is_plain: object.is_plain,
            may_be_marked,
        })
    });
    syntax.hoisted = Some(HoistedCommonJs {
        object,
        has_default_of_its_own: hoisted.is_marked && has_default,
        has_exports: hoisted.has_exports,
        has_names: hoisted.has_names || !hoisted.has_exports,
        without_this: hoisted.without_this,
        changing: hoisted.changing,
        aliases: aliases.collect(),
        members: members.collect(),
    });
    Some(syntax)
}

fn build(
    path: &Path,
    parsed: ParsedModule,
    declared: DeclaredFormat,
    commonjs: crate::graph::CommonJsExports,
) -> ModuleSyntax {
    let format = format_of(&parsed, declared);
    let is_plain_script = is_plain_script(&parsed, format, declared);
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
    let single_threaded = comments.to_single_threaded();
    let mut pure_functions = annotated_functions(&module.body, &single_threaded);
    let has_quiet_default = has_annotated_default(&module.body, &single_threaded);
    if format == ModuleFormat::EsModule {
        namespace_reads::separate(&mut module);
    }
    let declarators = declarators_of(format);
    let mut normalized = normalize(module, path, &source, &default_name, declarators, top_level_mark);
    let replaces_this =
        format == ModuleFormat::EsModule && say_what_is_known(&mut normalized, &source, unresolved_mark);
    pure_functions.extend(default_of(&normalized).filter(|_| has_quiet_default));
    note_quiet(&mut normalized, &pure_functions);
    let marks = Marks {
        unresolved: unresolved_mark,
        top_level: top_level_mark,
    };
    let judged = if parsed.runs_sloppily {
        vec![Judged::of_commonjs(); normalized.statements.len()]
    } else {
        judge_what_is_read(&mut normalized, format, marks, &comments, &pure_functions)
    };
    let Collected {
        mut statements,
        nested_names,
        global_names,
        called_members,
        deciding,
        mut features,
    } = collect(&mut normalized, format, unresolved_mark, path, &source);
    features.runs_sloppily = parsed.runs_sloppily;
    features.has_dynamic_scope |= features.runs_sloppily;
    for ((statement, facts), judged) in statements.iter_mut_enumerated().zip(judged) {
        facts.apply(judged, &mut normalized.symbols, statement);
    }
    until_set::keep_deciding(&mut normalized, &deciding);
    let purity = (unresolved_mark, &single_threaded, &pure_functions);
    let own_exports = own_exports(&normalized, &mut statements, format, &features, purity);
    bind_names_to_declarations(&mut normalized, unresolved_mark);
    note_asked_names(&mut normalized, &features);
    features.has_top_level_await = parsed.has_top_level_await;
    features.hashbang = parsed.hashbang;
    features.directives = parsed.directives;
    (features.is_plain_script, features.is_required_as_default) = (is_plain_script, is_plain_script);
    features.assigns_exports = format == ModuleFormat::EsModule && parsed.assigns_exports;
    features.may_be_suspicious |= replaces_this || may_be_suspicious(&features, &source);
    features.may_name_source_map = has_word(&source, NAMES_SOURCE_MAP);
    let is_passive = format == ModuleFormat::CommonJs && !features.has_dynamic_scope;
    features.passes_on = passed_on(&normalized.statements).filter(|_| is_passive);
    ModuleSyntax {
        forms: forms_of(&normalized.statements, &normalized.symbol_of),
        identity: None,
        kept_in: None,
        source: source.into(),
        format,
        tree: SyntaxTree {
            statements: normalized.statements,
            globals,
            unresolved_mark,
            top_level_mark,
            comments,
        }
        .into(),
        records: normalized.records,
        symbols: normalized.symbols,
        symbol_of: normalized.symbol_of,
        imports: normalized.imports,
        exports: normalized.exports,
        star_exports: normalized.star_exports,
        statements,
        deciding,
        called_members,
        commonjs,
        own_exports,
        hoisted_form: None,
        rest_of: None,
        rests: Rests::default(),
        answers: SharedAnswers::default(),
        hoisted: None,
        nested_names,
        global_names,
        type_names: parsed.type_names,
        features,
        resource: None,
        diagnostics: normalized.diagnostics,
    }
}

/// What the module does with its exports. What judges its code comes last.
fn own_exports(
    module: &NormalizedModule,
    statements: &mut IndexVec<StatementId, StatementFacts>,
    format: ModuleFormat,
    features: &Features,
    (unresolved_mark, comments, pure_functions): (Mark, &SingleThreadedComments, &FxHashSet<Id>),
) -> OwnExports {
    let (namespaces, learned) = (FxHashSet::default(), Learned::default());
    let purity = Purity::new(unresolved_mark, comments, pure_functions, &namespaces, &learned);
    note_exports_use(module, statements, format, features, &purity)
}

/// Removes what nothing needs inside of functions, and judges the rest.
fn judge_what_is_read(
    module: &mut NormalizedModule,
    format: ModuleFormat,
    marks: Marks,
    comments: &ModuleComments,
    pure_functions: &FxHashSet<Id>,
) -> Vec<Judged> {
    let single_threaded = comments.to_single_threaded();
    let called = remove_unread(module, marks, &single_threaded, pure_functions, None);
    if format == ModuleFormat::CommonJs {
        return vec![Judged::of_commonjs(); module.statements.len()];
    }
    let (judged, needless) = judge(module, marks.unresolved, comments, pure_functions);
    if !needless.is_empty() {
        remove_unread(module, marks, &single_threaded, &needless, Some(&called));
    }
    judged
}

/// Removes what functions declare and nothing reads, and statements that call `quiet` functions, from statements that call
/// some; what each of them calls.
fn remove_unread(
    module: &mut NormalizedModule,
    marks: Marks,
    comments: &SingleThreadedComments,
    quiet: &FxHashSet<Id>,
    calling: Option<&[FxHashSet<Id>]>,
) -> Vec<FxHashSet<Id>> {
    let (namespaces, learned) = (FxHashSet::default(), Learned::default());
    let unread = Unread {
        top_level: marks.top_level_context(),
        purity: &Purity::new(marks.unresolved, comments, quiet, &namespaces, &learned),
        may_be_unset: &unread::may_be_unset(&module.symbols, &module.symbol_of, &module.imports),
        quiet,
    };
    let mut called = Vec::with_capacity(module.statements.len());
    for (index, statement) in module.statements.iter_mut().enumerate() {
        if calling.is_none_or(|calling| !calling[index].is_disjoint(quiet)) {
            called.push(unread.remove(statement).called);
        }
    }
    called
}

fn declarators_of(format: ModuleFormat) -> Declarators {
    match format {
        ModuleFormat::EsModule => Declarators::Split,
        ModuleFormat::CommonJs => Declarators::Keep,
    }
}

fn note_quiet(module: &mut NormalizedModule, pure_functions: &FxHashSet<Id>) {
    for symbol in &mut module.symbols {
        symbol.is_quiet = pure_functions.contains(&symbol.id);
    }
}

/// Whether the text may have code of which there is something to say.
fn may_be_suspicious(features: &Features, source: &str) -> bool {
    features.uses_require_value
        || features.has_dynamic_scope
        || ["require", "__dirname", "__filename", "exports"]
            .iter()
            .any(|word| has_word(source, word))
}

fn has_word(source: &str, word: &str) -> bool {
    memchr::memmem::find(source.as_bytes(), word.as_bytes()).is_some()
}

/// What is known of a hoisted form's reads that happen when it runs.
fn note_reads_at_once(syntax: &mut ModuleSyntax) {
    for (statement, form) in syntax.forms.iter_mut_enumerated() {
        if !syntax.statements[statement].member_uses.is_empty() {
            let node = &syntax.tree.statements[statement];
            form.read_at_once = imports_read_at_once(node, &syntax.symbol_of, &syntax.imports);
        }
    }
}

/// The binding that a module exports as its default.
fn default_of(module: &NormalizedModule) -> Option<Id> {
    let default = module.exports.iter().find(|export| export.name == *"default")?;
    match default.target {
        ExportTarget::Local(local) => Some(module.symbols[local].id.clone()),
        ExportTarget::Reexport(..) => None,
    }
}

/// Writes out what is always the same. Whether a `this` was among that.
fn say_what_is_known(
    module: &mut NormalizedModule,
    source: &str,
    unresolved_mark: swc_core::common::Mark,
) -> bool {
    constant_keys::write_out(module, source);
    module_this::decide(module, source, unresolved_mark)
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

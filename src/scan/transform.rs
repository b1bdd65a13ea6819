//! The order in which a parsed file becomes standard JavaScript.
//!
//! | step | for |
//! |---|---|
//! | `var` inside `catch` taken apart | files that have it |
//! | resolve names | every file |
//! | sloppy code made strict | scripts |
//! | decorators, then class fields that assign | files that have them |
//! | remove types | TypeScript |
//! | `using` | files that have it |
//! | JSX | files that may have it |
//! | helpers, generated names, parentheses | files in which a pass generated something |
//! | defines, then dead branches | files that mention a defined expression |
//!
//! Decorators come before types are removed because metadata is made from types; JSX comes after, because
//! types are removed together with the imports that only types use, and JSX uses imports.

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::{BytePos, FileName, SourceMap};
use swc_core::ecma::ast::{ClassMember, Module, ModuleItem, Pass, Program, Script};
use swc_core::ecma::transforms::base::helpers::{HELPERS, Helpers};
use swc_core::ecma::transforms::base::{fixer::fixer, resolver};
use swc_core::ecma::transforms::proposal::explicit_resource_management;
use swc_core::ecma::transforms::react;
use swc_core::ecma::transforms::typescript::{
    Config as TypeScriptConfig, ImportsNotUsedAsValues, TsxConfig, tsx, typescript,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::catch_variables::{self, CatchVariables};
use super::class_fields;
use super::class_heritage;
use super::class_names;
use super::computed_enums;
use super::dead_branch;
use super::declared_twice;
use super::decorators;
use super::define::{self, Define, GlobalNames};
use super::deleted_values;
use super::dropped::{self, Dropped};
use super::empty_imports;
use super::generated_names::{self, HelperCode, next_context};
use super::import_assignment;
use super::jsx_pragma;
use super::keep_names::{self, FunctionNames};
use super::loop_heads;
use super::merged_namespaces;
use super::module_words;
use super::parse::Marks;
use super::sloppy_script;
use super::source_facts::SourceFacts;
use super::source_kind::SourceKind;
use super::stray_texts;
use super::syntax_error::SyntaxProblem;
use super::using_exports;
use super::using_heads;

/// Everything besides the bytes and the extension that decides the result of parsing: a cache key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TransformOptions {
    /// How JSX becomes calls.
    pub jsx: JsxOptions,
    /// Which decorators are meant.
    pub decorators: DecoratorSemantics,
    /// What `a = 1` in a TypeScript class does.
    pub class_fields: ClassFieldSemantics,
    /// What happens to imported names that a TypeScript file uses only as types.
    pub unused_imports: UnusedImports,
    /// Expressions with a value known at build time, sorted and without duplicates.
    pub defines: Vec<Define>,
    /// Whether functions and classes keep the names they have in the source.
    pub function_names: FunctionNames,
    /// What is left out.
    pub dropped: Dropped,
}

/// How JSX becomes calls. Pragmas in a file override all but `development`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct JsxOptions {
    /// Who provides the function.
    pub runtime: JsxRuntime,
    /// The package whose `jsx-runtime` the automatic runtime imports.
    pub import_source: String,
    /// The function of the classic runtime, dotted.
    pub factory: String,
    /// The fragment of the classic runtime, dotted.
    pub fragment_factory: String,
    /// Whether elements carry their place in the source.
    pub development: JsxDevelopment,
    /// Whether making an element counts as an effect.
    pub effects: ElementEffects,
}

impl Default for JsxOptions {
    fn default() -> Self {
        Self {
            runtime: JsxRuntime::Automatic,
            import_source: "react".to_owned(),
            factory: "React.createElement".to_owned(),
            fragment_factory: "React.Fragment".to_owned(),
            development: JsxDevelopment::Off,
            effects: ElementEffects::None,
        }
    }
}

/// Who provides the function that makes elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum JsxRuntime {
    /// An import from `<source>/jsx-runtime` that the transform writes.
    #[default]
    Automatic,
    /// A name in the file's scope.
    Classic,
    /// Nobody: the output has JSX.
    Kept,
}

/// Whether elements carry their place in the source (`jsxDEV`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum JsxDevelopment {
    /// `jsx`
    #[default]
    Off,
    /// `jsxDEV` from `<source>/jsx-dev-runtime`.
    On,
}

/// Whether making an element counts as an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ElementEffects {
    /// What nobody uses may go.
    #[default]
    None,
    /// It stays.
    Observable,
}

/// Which decorators are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DecoratorSemantics {
    /// The proposal at stage 3.
    #[default]
    Standard,
    /// TypeScript's `experimentalDecorators`.
    Experimental,
    /// The same with `emitDecoratorMetadata`.
    ExperimentalWithMetadata(NullTypes),
}

/// What `emitDecoratorMetadata` tells of `string | null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NullTypes {
    /// `Object`.
    #[default]
    Told,
    /// `String`, as with `strictNullChecks: false`.
    Elided,
}

/// What `a = 1` in a TypeScript class does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ClassFieldSemantics {
    /// Define an own property, as ECMAScript does.
    #[default]
    Define,
    /// Assign, as `useDefineForClassFields: false` asks: setters run, and fields without a value do not exist.
    Assign,
}

/// What happens to imported names that are used only as types or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UnusedImports {
    /// They go, and a statement that imported only such names goes too.
    #[default]
    Remove,
    /// They go, the statement stays for its effects (`importsNotUsedAsValues: preserve`).
    KeepStatement,
    /// Only what is marked `type` goes (`verbatimModuleSyntax`).
    KeepNames,
}

/// What the passes of one file share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'a> {
    pub path: &'a Path,
    pub source: &'a Arc<str>,
    pub kind: SourceKind,
    pub options: &'a TransformOptions,
    pub marks: Marks,
    pub facts: SourceFacts,
    pub has_module_syntax: bool,
    /// Node would read it as an ES module, whatever it says.
    pub is_module_by_name: bool,
    /// It stays the sloppy code that it is.
    pub runs_sloppily: bool,
}

/// Runs every pass that the file needs.
pub(super) fn transform(
    mut program: Program,
    comments: &SingleThreadedComments,
    setting: &Setting<'_>,
) -> Result<Module, Vec<SyntaxProblem>> {
    let Setting {
        marks,
        kind,
        facts,
        options,
        ..
    } = *setting;

    spell_out_scopes(&mut program, setting);
    resolver(marks.unresolved, marks.top_level, kind.is_typed()).process(&mut program);
    if loop_heads::may_read_ahead(setting.source) {
        loop_heads::bind_names(&mut program);
    }
    if class_heritage::may_occur(setting.source) {
        class_heritage::bind_names(&mut program, options.decorators);
    }
    if class_names::may_be_there(setting.source) {
        class_names::refuse_assignments(&mut program);
    }
    dropped::apply(&mut program, &options.dropped, marks.unresolved_context());
    let last_context_of_source = next_context();
    if let Program::Script(script) = &mut program
        && !setting.runs_sloppily
    {
        sloppy_script::make_strict(script, setting.source, marks)?;
        declared_twice::settle(script);
    }
    // The decorator pass finishes its work only in modules.
    let mut program = Program::Module(into_module(program));

    let helpers = Helpers::new(false);
    // None when no pass made an identifier.
    let helper_code = HELPERS.set(&helpers, || {
        if facts.has_decorators {
            remove_members_that_are_types(&mut program, setting);
            decorators::run(&mut program, options.decorators, marks)?;
        }
        let early_elements = makes_elements_first(&program, comments, setting)
            .then(|| run_jsx(&mut program, comments, setting));
        if kind.is_typed() {
            if facts.has_typed_values {
                merged_namespaces::write_out(&mut program);
                computed_enums::keep_values(&mut program);
            }
            if options.class_fields == ClassFieldSemantics::Assign {
                class_fields::assign_values(&mut program);
            }
            if !setting.has_module_syntax {
                import_assignment::free_words_of_commonjs(&mut program, marks);
            }
            remove_types(&mut program, comments, setting);
            if facts.has_typed_values {
                computed_enums::drop_names_of_texts(&mut program);
            }
            if options.class_fields == ClassFieldSemantics::Assign {
                class_fields::remove_empty(&mut program);
            }
        }
        if facts.has_using {
            using_exports::take_apart(&mut program);
            explicit_resource_management::explicit_resource_management().process(&mut program);
        }
        let has_new_contexts = next_context().as_u32() > last_context_of_source.as_u32() + 1;
        let mut is_generated = has_new_contexts || facts.has_decorators || facts.has_typed_values;
        if kind.has_jsx() {
            let imports = early_elements.unwrap_or_else(|| run_jsx(&mut program, comments, setting));
            is_generated |= imports == JsxImports::MayMeetNames;
        }
        Ok::<_, Vec<SyntaxProblem>>(is_generated.then(|| HelperCode::of(&helpers, marks)))
    })?;
    let mut module = into_module(program);
    let is_generated = helper_code.is_some() || kind.has_jsx();
    if let Some(helper_code) = helper_code {
        generated_names::settle(&mut module, helper_code, last_context_of_source, marks);
    }
    if is_generated || facts.has_bare_assertion {
        // Passes build trees without parentheses, as `a || b = c`.
        module.visit_mut_with(&mut fixer(Some(comments)));
    }

    if setting.is_module_by_name {
        module_words::answer(&mut module, setting.source, marks.unresolved_context());
    } else if !setting.has_module_syntax {
        module_words::answer_in_commonjs(&mut module, setting.source, marks);
    }
    let names = if setting.has_module_syntax {
        GlobalNames::OfEsModule
    } else {
        GlobalNames::OfScript
    };
    let has_defines = define::apply(&mut module, setting.source, &options.defines, marks, names);
    if has_defines || dead_branch::may_be_written(&module, setting.source, setting.path) {
        dead_branch::remove(&mut module, marks);
    }
    if options.function_names == FunctionNames::Kept {
        keep_names::apply(&mut module, marks);
    }
    Ok(module)
}

/// The decorator passes make a getter and a setter of every `accessor`; an abstract one is only a type. Of several constructors
/// they take the first for the one that there is, and only the last is.
struct RemoveTypedMembers;

impl VisitMut for RemoveTypedMembers {
    noop_visit_mut_type!();

    fn visit_mut_class_members(&mut self, node: &mut Vec<ClassMember>) {
        node.retain(|member| match member {
            ClassMember::AutoAccessor(accessor) => !accessor.is_abstract,
            ClassMember::Constructor(constructor) => constructor.body.is_some(),
            _ => true,
        });
        node.visit_mut_children_with(self);
    }
}

/// Removes what decorators would make members of.
fn remove_members_that_are_types(program: &mut Program, setting: &Setting<'_>) {
    program.visit_mut_with(&mut RemoveTypedMembers);
    if setting.kind.is_typed() && setting.options.class_fields == ClassFieldSemantics::Assign {
        class_fields::remove_undecorated(program);
    }
}

fn remove_types(program: &mut Program, comments: &SingleThreadedComments, setting: &Setting<'_>) {
    let Setting { marks, options, .. } = *setting;
    if options.unused_imports == UnusedImports::Remove {
        empty_imports::remove(program, setting.source);
    }
    let config = TypeScriptConfig {
        verbatim_module_syntax: options.unused_imports == UnusedImports::KeepNames,
        // Parameter properties are assigned in the constructor and fields stay where they are.
        native_class_properties: true,
        import_not_used_as_values: match options.unused_imports {
            UnusedImports::KeepStatement => ImportsNotUsedAsValues::Preserve,
            UnusedImports::Remove | UnusedImports::KeepNames => ImportsNotUsedAsValues::Remove,
        },
        // Whether the file is an ES module is already known, an `export {}` need not say it.
        no_empty_export: true,
        ..TypeScriptConfig::default()
    };
    let jsx = jsx_pragma::effective(&options.jsx, program, comments);
    if setting.kind.has_jsx() && jsx.runtime == JsxRuntime::Classic {
        // The classic factory is used by every element, so its import must not go.
        let tsx_config = TsxConfig {
            pragma: Some(jsx.factory.into()),
            pragma_frag: Some(jsx.fragment_factory.into()),
        };
        let source_map = Arc::new(SourceMap::default());
        tsx(
            source_map,
            config,
            tsx_config,
            comments.clone(),
            marks.unresolved,
            marks.top_level,
        )
        .process(program);
    } else {
        typescript(config, marks.unresolved, marks.top_level).process(program);
    }
}

/// What making calls of JSX adds to a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JsxImports {
    /// Imports whose names occur nowhere in the source, if anything.
    Free,
    /// More than that.
    MayMeetNames,
}

impl JsxImports {
    /// What the pass writes for the automatic runtime.
    const NAMES: [&str; 3] = ["_jsx", "_Fragment", "_createElement"];

    fn of(jsx: &JsxOptions, source: &str) -> Self {
        // A name may be written with escapes.
        let mut words = Self::NAMES.into_iter().chain(["\\u"]);
        let meets_none =
            !words.any(|word| memchr::memmem::find(source.as_bytes(), word.as_bytes()).is_some());
        if jsx.runtime == JsxRuntime::Automatic && jsx.development == JsxDevelopment::Off && meets_none {
            Self::Free
        } else {
            Self::MayMeetNames
        }
    }
}

/// What must be said in other words before names are resolved.
fn spell_out_scopes(program: &mut Program, setting: &Setting<'_>) {
    stray_texts::remove(program, setting.source);
    if setting.has_module_syntax {
        import_assignment::rewrite_in_module(program);
    }
    if !setting.runs_sloppily && catch_variables::may_occur(setting.source) {
        program.visit_mut_with(&mut CatchVariables::new());
    }
    if deleted_values::may_occur(setting.source) {
        deleted_values::write_out(program);
    }
    if setting.facts.has_using {
        using_heads::put_into_blocks(program);
    }
}

/// Whether what makes elements may be a name that a namespace exports, which is another one once types are removed.
fn makes_elements_first(program: &Program, comments: &SingleThreadedComments, setting: &Setting<'_>) -> bool {
    setting.kind == SourceKind::Tsx
        && setting.facts.has_typed_values
        && setting.source.contains("namespace")
        && jsx_pragma::effective(&setting.options.jsx, program, comments).runtime == JsxRuntime::Classic
}

fn run_jsx(program: &mut Program, comments: &SingleThreadedComments, setting: &Setting<'_>) -> JsxImports {
    let Setting { marks, options, .. } = *setting;
    if !setting.has_module_syntax {
        // In a CommonJS file the runtime is required: an import would make an ES module of it.
        make_script(program);
    }
    let source_map = Arc::new(SourceMap::default());
    let is_kept = options.jsx.runtime == JsxRuntime::Kept;
    let development = options.jsx.development == JsxDevelopment::On && !is_kept;
    if development {
        // `jsxDEV` is told line and column. The file is the first of this map, so positions agree; only
        // its name is told, since a path would differ between two checkouts.
        let name = setting
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let file = source_map.new_source_file(Arc::new(FileName::Custom(name)), setting.source.to_string());
        debug_assert_eq!(
            file.start_pos,
            BytePos(1),
            "positions of the module are positions of this file"
        );
    }
    let jsx = jsx_pragma::effective(&options.jsx, program, comments);
    let runtime = match jsx.runtime {
        JsxRuntime::Automatic => react::Runtime::Automatic,
        JsxRuntime::Classic | JsxRuntime::Kept => react::Runtime::Classic,
    };
    react::react(
        source_map,
        // The pass only writes that elements are pure.
        (jsx.effects == ElementEffects::None).then(|| comments.clone()),
        react::Options {
            runtime: Some(runtime),
            import_source: Some(jsx.import_source.as_str().into()),
            pragma: Some(jsx.factory.clone().into()),
            pragma_frag: Some(jsx.fragment_factory.clone().into()),
            throw_if_namespace: Some(false),
            development: Some(development),
            ..react::Options::default()
        },
        marks.top_level,
        marks.unresolved,
    )
    .process(program);
    if jsx.runtime == JsxRuntime::Classic {
        jsx_pragma::bind_factories(program, &jsx, marks);
    }
    if setting.has_module_syntax {
        JsxImports::of(&jsx, setting.source)
    } else {
        JsxImports::MayMeetNames
    }
}

/// A program whose items are all statements becomes a script.
fn make_script(program: &mut Program) {
    let Program::Module(module) = program else { return };
    if module
        .body
        .iter()
        .any(|item| matches!(item, ModuleItem::ModuleDecl(_)))
    {
        return;
    }
    let body = std::mem::take(&mut module.body)
        .into_iter()
        .filter_map(|item| match item {
            ModuleItem::Stmt(statement) => Some(statement),
            ModuleItem::ModuleDecl(_) => None,
        })
        .collect();
    *program = Program::Script(Script {
        span: module.span,
        body,
        shebang: None,
    });
}

fn into_module(program: Program) -> Module {
    match program {
        Program::Module(module) => module,
        Program::Script(script) => Module {
            span: script.span,
            body: script.body.into_iter().map(ModuleItem::Stmt).collect(),
            shebang: None,
        },
    }
}

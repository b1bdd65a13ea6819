//! Compression of one module with SWC's minifier.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    EsVersion, ExportNamedSpecifier, ExportSpecifier, Expr, Id, Ident, Lit, Module, ModuleDecl,
    ModuleExportName, ModuleItem, NamedExport, Program, VarDeclKind,
};
use swc_core::ecma::minifier::optimize;
use swc_core::ecma::minifier::option::{CompressOptions, ExtraOptions, MinifyOptions, TopLevelOptions};
use swc_core::ecma::utils::collect_decls;

use super::NameMarks;
use super::bare_reads::keep_bare_reads;
use super::beside_eval::{compress_functions, evaluates_code};
use super::declared_twice::declare_once;
use super::loop_labels::label_loops;
use super::parentheses::remove_parentheses;
use super::strays::drop_strays;
use super::unsettled::{Unsettled, assigning_export, changing_names, mentioned};
use super::variables_again::assign_again;
use super::{conditional_parts, early_reads, empty_variables, loop_variables, opaque, recursion};
use crate::render::ast;

/// Makes the module shorter without changing what it does or which module-level names it has: `top_level_names`
/// are all of them.
pub fn compress(
    mut module: Module,
    marks: NameMarks,
    comments: &SingleThreadedComments,
    top_level_names: &[Atom],
    version: EsVersion,
) -> Module {
    let declared: FxHashSet<Id> = collect_decls(&module);
    let top_level = SyntaxContext::empty().apply_mark(marks.top_level);
    let mut others = mentioned(&module, top_level);
    others.retain(|name| !declared.contains(&(name.clone(), top_level)));
    let others = &Unsettled {
        early: FxHashSet::default(),
        changing: others,
    };
    // The minifier compares expressions; parentheses would hide that two of them are the same.
    remove_parentheses(&mut module, comments);
    // The minifier would drop from blocks what only the evaluated code reads.
    if evaluates_code(&module, marks) {
        return compress_functions(module, marks, |functions| {
            guarded(functions, marks, others, |mut functions| {
                let read = keep_bare_reads(&mut functions, marks);
                let mut read: Vec<&Atom> = read.iter().collect();
                read.sort_unstable();
                let exported = (read.into_iter(), &others.changing);
                optimized(functions, marks, comments, exported, None, version)
            })
        });
    }
    guarded(module, marks, others, |mut module| {
        let read = keep_bare_reads(&mut module, marks);
        let mut constants = constants(&module);
        constants.retain(|name| !read.contains(name));
        let exported = top_level_names.iter().filter(|name| !constants.contains(*name));
        let exported = (exported, &others.changing);
        optimized(module, marks, comments, exported, None, version)
    })
}

/// Makes a unit of linked modules shorter. Of its names at the top only those stay for certain that are `exported`. `others`
/// are names of other units.
pub fn compress_unit(
    mut module: Module,
    marks: NameMarks,
    comments: &SingleThreadedComments,
    (exported, others): (&FxHashSet<Atom>, &Unsettled),
    version: EsVersion,
) -> Module {
    remove_parentheses(&mut module, comments);
    guarded(module, marks, others, |mut module| {
        let read = keep_bare_reads(&mut module, marks);
        let mut exported: Vec<&Atom> = exported.union(&read).collect();
        exported.sort_unstable();
        let top_level = Some(TopLevelOptions { functions: true });
        let exported = (exported.into_iter(), &others.changing);
        optimized(module, marks, comments, exported, top_level, version)
    })
}

/// Compresses a module in which the reads that may come too early are guarded, those of names of others among them.
fn guarded(
    mut module: Module,
    marks: NameMarks,
    others: &Unsettled,
    compress: impl FnOnce(Module) -> Module,
) -> Module {
    declare_once(&mut module);
    assign_again(&mut module);
    let has_guarded = early_reads::guard(&mut module, marks, &others.early);
    let mut module = compress(module);
    if has_guarded {
        early_reads::unguard(&mut module);
    }
    module
}

fn optimized<'a>(
    mut module: Module,
    marks: NameMarks,
    comments: &SingleThreadedComments,
    (exported, changing): (impl Iterator<Item = &'a Atom>, &FxHashSet<Atom>),
    top_level: Option<TopLevelOptions>,
    version: EsVersion,
) -> Module {
    let has_resets = loop_variables::guard(&mut module, marks) | empty_variables::guard(&mut module, marks);
    let has_conditions = conditional_parts::guard(&mut module, marks);
    let has_hidden = opaque::hide(&mut module, marks) | recursion::hide(&mut module, marks);
    let top_level_context = SyntaxContext::empty().apply_mark(marks.top_level);
    let exported = exported.map(|name| ast::ident(name, top_level_context));
    let changing = changing_names(&module, changing, marks);
    module.body.push(assigning_export(changing));
    module.body.push(export_list(exported));
    let options = MinifyOptions {
        compress: Some(CompressOptions {
            top_level,
            ..compress_options(version)
        }),
        ..MinifyOptions::default()
    };
    let extra = ExtraOptions {
        unresolved_mark: marks.unresolved,
        top_level_mark: marks.top_level,
        mangle_name_cache: None,
    };
    let program = optimize(
        Program::Module(module),
        Arc::default(),
        Some(comments),
        None,
        &options,
        &extra,
    );
    match program {
        Program::Module(mut module) => {
            module.body.retain(|item| !item.is_module_decl());
            drop_strays(&mut module);
            label_loops(&mut module);
            if has_hidden {
                opaque::show(&mut module, marks);
            }
            if has_conditions {
                conditional_parts::unguard(&mut module);
            }
            if has_resets {
                loop_variables::unguard(&mut module);
            }
            module
        }
        Program::Script(_) => unreachable!("the minifier returns the kind of program it is given"),
    }
}

/// The names whose value is written beside them and never changes. The compressor may put it wherever it is used.
fn constants(module: &Module) -> FxHashSet<Atom> {
    let declarations = module
        .body
        .iter()
        .filter_map(|item| item.as_stmt()?.as_decl()?.as_var());
    declarations
        .filter(|declaration| declaration.kind == VarDeclKind::Const)
        .flat_map(|declaration| &declaration.decls)
        .filter(|declarator| declarator.init.as_ref().is_some_and(|value| is_primitive(value)))
        .filter_map(|declarator| Some(declarator.name.as_ident()?.sym.clone()))
        .collect()
}

/// `1`, `-1`, `'a' !== 'b'`.
fn is_primitive(value: &Expr) -> bool {
    match value {
        Expr::Lit(literal) => !matches!(literal, Lit::Regex(_)),
        Expr::Unary(unary) => is_primitive(&unary.arg),
        Expr::Bin(binary) => is_primitive(&binary.left) && is_primitive(&binary.right),
        _ => false,
    }
}

/// `export { a, b }`. Other modules of the chunk may read the names at any time and call them with anything; the
/// compressor would otherwise drop the assignment in
///
/// ```js
/// let current; function setCurrent(value) { current = value }
/// ```
fn export_list(names: impl Iterator<Item = Ident>) -> ModuleItem {
    let specifiers = names.map(|name| {
        ExportSpecifier::Named(ExportNamedSpecifier {
            span: DUMMY_SP,
            orig: ModuleExportName::Ident(name),
            exported: None,
            is_type_only: false,
        })
    });
    ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(NamedExport {
        span: DUMMY_SP,
        specifiers: specifiers.collect(),
        src: None,
        type_only: false,
        with: None,
    }))
}

fn compress_options(version: EsVersion) -> CompressOptions {
    CompressOptions {
        ecma: version.min(EsVersion::Es2022),
        passes: 2,
        // Folding a `switch` moves `let` and `const` of one case out of the sight of the next.
        switches: false,
        // Both would let the minifier drop, inline and invent module-level names, which other modules of the
        // chunk use and which must be unique among them. (SWC's `module` implies `top_level`.)
        module: false,
        reduce_vars: true,
        // `length` of a function is observable.
        keep_fargs: true,
        // The author put it there; removing it is not a matter of size.
        drop_debugger: false,
        // Others read `use server` in what a function says.
        directives: false,
        ..CompressOptions::default()
    }
}

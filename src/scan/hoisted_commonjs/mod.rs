//! CommonJS modules that do nothing an ES module could not say, written as one:
//!
//! ```text
//! Object.defineProperty(exports, '__esModule', { value: true });
//! exports.twice = void 0;
//! const { once } = require('./once');             import * as once_1 from './once'; const { once } = once_1;
//! const twice = () => once() + once();            const twice = () => once() + once();
//! exports.twice = twice;                          export { twice };
//! ```
//!
//! This is the other form of such a module: `bind` takes it where nobody can tell the difference, so that the module needs
//! no function around it, and its names can be dropped and shortened one by one. What is not written down here keeps a
//! module as it is: exports that are assigned elsewhere than at the top, or twice, `module`, and `exports` used as an
//! object. Where `module.exports` gets one value, that is a variable, which stands for the module where all of it is used.
//!
//! A `require()` becomes an import where nothing that can be observed runs before it, so that imports, which run first,
//! keep the order. A later one stays a call.

mod declared;
mod exports;
mod helpers;
mod requests;
mod whole;
mod words;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, Mark, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    Decl, ExportDefaultExpr, ExportNamedSpecifier, ExportSpecifier, Expr, Id, Ident, Module, ModuleDecl,
    ModuleExportName, ModuleItem, NamedExport, ObjectLit, Pat, Stmt, Str, VarDecl, VarDeclKind,
};
use swc_core::ecma::visit::VisitMutWith as _;

use self::declared::Declared;
use self::whole::{ExportsVariable, Marked, mentions};
use self::words::Words;

/// The name that the object with all exports is exported by.
const OBJECT: &str = "module.exports";

/// The other form of a module.
pub(super) struct Hoisted {
    /// An ES module.
    pub module: Module,
    /// Whether the module says `__esModule`.
    pub is_marked: bool,
    /// Whether it has exports at all.
    pub has_exports: bool,
    /// Whether names of its exports are known.
    pub has_names: bool,
    /// Exports whose values do not read their `this`.
    pub without_this: FxHashSet<Atom>,
    /// Exports that are names of required modules: the export, the name that the module is imported by, and its name there.
    pub aliases: Vec<(Atom, Id, Atom)>,
    /// Those of them that are read from the required module each time.
    pub live_aliases: FxHashSet<Atom>,
    /// Exports that are properties of variables, read each time: the export, the variable, the property.
    pub members: Vec<(Atom, Id, Atom)>,
    /// Exports that may get other values when the module has run.
    pub changing: FxHashSet<Atom>,
    /// The variable that is `module.exports`, if there is one.
    pub object: Option<ExportsVariable>,
}

/// Writes a CommonJS module as an ES module, if it can be. `name` is what the value of `module.exports` is called.
pub(super) fn as_es_module(module: &Module, unresolved: SyntaxContext, name: &str) -> Option<Hoisted> {
    let mut writer = Writer::of(module, unresolved, name)?;
    for (index, item) in module.body.iter().enumerate() {
        let ModuleItem::Stmt(statement) = item else {
            return None;
        };
        writer.statement(index, statement.clone())?;
    }
    // A name that only ever got `void 0`.
    if !writer
        .initialised
        .iter()
        .all(|name| writer.exported.contains_key(name))
    {
        return None;
    }
    let mut helpers = writer.own_helpers.iter();
    if helpers.any(|name| writer.exported.contains_key(name)) {
        return None;
    }
    let has_exports = !writer.exported.is_empty() || writer.object.is_some();
    if !has_exports {
        if writer.marked.is_some() {
            return None;
        }
        writer
            .body
            .push(ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultExpr(
                ExportDefaultExpr {
                    span: DUMMY_SP,
                    expr: Box::new(Expr::Object(ObjectLit::default())),
                },
            )));
    }
    let mut body = std::mem::take(&mut writer.body);
    let mut words = Words::new(
        unresolved,
        &writer.exported,
        &writer.live,
        &writer.holders,
        writer.object.as_ref(),
    );
    body.visit_mut_with(&mut words);
    if words.is_failed {
        return None;
    }
    // The module reads its variables where others may have given the object other values.
    if !words.has_read && writer.has_plain_names() {
        let local = writer.object_of_names(writer.marked);
        writer.object = Some(ExportsVariable {
            local,
            is_exports: false,
            is_plain: true,
        });
        body.append(&mut writer.body);
    }
    let has_names = !writer.exported.is_empty();
    if let Some(object) = writer.object.clone() {
        // Other modules have it, as they have what is exported.
        writer.export(&Atom::from(OBJECT), &object.local);
        body.append(&mut writer.body);
    }
    Some(Hoisted {
        module: Module {
            body,
            ..module.clone()
        },
        is_marked: writer.marked.is_some(),
        has_exports,
        has_names,
        without_this: writer.without_this,
        aliases: writer.aliases,
        live_aliases: writer.live,
        members: writer.members,
        changing: writer.changing,
        object: writer.object,
    })
}

struct Writer {
    unresolved: SyntaxContext,
    /// What the value of `module.exports` is called.
    name: String,
    declared: Declared,
    /// Whether declared functions mention `exports` or `module`.
    functions_mention_exports: bool,
    /// How often the module mentions these.
    all_words: usize,
    /// The variable that is `module.exports`.
    object: Option<ExportsVariable>,
    /// Names that the module asks its exports for before it declares them.
    own_helpers: Vec<Atom>,
    /// Functions that give what they get, or an object with that as `default`.
    interop_functions: FxHashSet<Id>,
    /// The exports in the order in which they were written first.
    order: Vec<Atom>,
    /// How the module says `__esModule`.
    marked: Option<Marked>,
    /// Whether exports are defined, not assigned.
    has_definitions: bool,
    body: Vec<ModuleItem>,
    /// What each export is called in the module.
    exported: FxHashMap<Atom, Ident>,
    /// Exports that got `void 0` at the start.
    initialised: FxHashSet<Atom>,
    /// Names that stand for required modules.
    holders: FxHashSet<Id>,
    /// Variables that hold a name of a required module.
    held: FxHashMap<Id, (Id, Atom)>,
    /// Whether something before may be observed.
    has_effect: bool,
    without_this: FxHashSet<Atom>,
    aliases: Vec<(Atom, Id, Atom)>,
    /// Exports whose values are read elsewhere each time.
    live: FxHashSet<Atom>,
    members: Vec<(Atom, Id, Atom)>,
    /// Exports that may get other values when the module has run.
    changing: FxHashSet<Atom>,
}

impl Writer {
    /// Nothing where a name is declared such that an ES module could not.
    fn of(module: &Module, unresolved: SyntaxContext, name: &str) -> Option<Self> {
        let declared = Declared::of(module, unresolved)?;
        let is_function = |item: &&ModuleItem| matches!(item, ModuleItem::Stmt(Stmt::Decl(Decl::Fn(_))));
        let functions = module.body.iter().filter(is_function);
        let functions_mention_exports = functions
            .map(|function| mentions(function, unresolved))
            .any(|found| found.inside > 0);
        let all_words = mentions(&module.body, unresolved);
        let mut writer = Self {
            unresolved,
            name: name.to_owned(),
            declared,
            functions_mention_exports,
            all_words: all_words.direct + all_words.inside,
            object: None,
            own_helpers: Vec::new(),
            interop_functions: FxHashSet::default(),
            order: Vec::new(),
            marked: None,
            has_definitions: false,
            body: Vec::with_capacity(module.body.len()),
            exported: FxHashMap::default(),
            initialised: FxHashSet::default(),
            holders: FxHashSet::default(),
            held: FxHashMap::default(),
            has_effect: false,
            without_this: FxHashSet::default(),
            aliases: Vec::new(),
            live: FxHashSet::default(),
            members: Vec::new(),
            changing: FxHashSet::default(),
        };
        for item in &module.body {
            if let ModuleItem::Stmt(Stmt::Decl(Decl::Fn(function))) = item {
                writer.note_interop_function(&function.ident, &function.function);
            }
        }
        Some(writer)
    }

    fn is_global(&self, ident: &Ident, name: &str) -> bool {
        ident.ctxt == self.unresolved && ident.sym == *name
    }

    /// Whether all exports are properties that were assigned once.
    fn has_plain_names(&self) -> bool {
        self.object.is_none() && !self.exported.is_empty() && !self.has_definitions
    }

    fn push(&mut self, statement: Stmt) {
        self.body.push(ModuleItem::Stmt(statement));
    }

    /// Nothing when the module can not be written.
    fn statement(&mut self, index: usize, statement: Stmt) -> Option<()> {
        match statement {
            Stmt::Empty(_) => {}
            Stmt::Expr(mut statement) => {
                if let Some(specifier) = self.wanted_import(&statement.expr) {
                    self.import(specifier, None);
                    return Some(());
                }
                if self.export_statement(index, &statement.expr)? {
                    return Some(());
                }
                if !self.property(&mut statement.expr) {
                    self.take_requests(&mut statement.expr);
                }
                self.push(Stmt::Expr(statement));
            }
            Stmt::Decl(Decl::Var(declaration)) => self.variables(index, *declaration)?,
            Stmt::Decl(declaration @ Decl::Fn(_)) => self.push(Stmt::Decl(declaration)),
            // What is left of a decided condition.
            Stmt::Block(block) if block.stmts.iter().all(reaches_out) => {
                for statement in block.stmts {
                    self.statement(index, statement)?;
                }
            }
            other => {
                self.has_effect = true;
                self.push(other);
            }
        }
        Some(())
    }

    fn variables(&mut self, place: usize, declaration: VarDecl) -> Option<()> {
        let VarDecl {
            span,
            ctxt,
            kind,
            declare,
            decls,
        } = declaration;
        for (index, mut declarator) in decls.into_iter().enumerate() {
            if let (Pat::Ident(name), Some(Expr::Assign(assignment))) =
                (&declarator.name, declarator.init.as_deref())
                && self.declared.is_constant(&name.id.to_id())
                && self.is_whole_assignment(assignment)
            {
                let (name, assignment) = (name.id.clone(), assignment.clone());
                self.whole_assignment(place, &assignment, Some(&name))?;
                continue;
            }
            if let Some(value) = declarator.init.as_deref_mut() {
                if let Pat::Ident(name) = &declarator.name {
                    self.leave_own_helper(&name.id, value);
                    self.note_interop_value(&name.id, value);
                }
                if let Pat::Ident(name) = &declarator.name
                    && self.declared.is_constant(&name.id.to_id())
                    && let Some(specifier) = self.wanted_import(value)
                {
                    let name = name.id.clone();
                    self.import(specifier, Some(name));
                    continue;
                }
                self.take_requests(value);
                if let Pat::Ident(name) = &declarator.name
                    && let Some(part) = self.part_of_required(value)
                {
                    self.held.insert(name.id.to_id(), part);
                }
                self.has_effect |= !matches!(declarator.name, Pat::Ident(_)) && !self.is_holder(value);
            }
            self.push(Stmt::Decl(Decl::Var(Box::new(VarDecl {
                span: if index == 0 { span } else { declarator.span },
                ctxt,
                kind,
                declare,
                decls: vec![declarator],
            }))));
        }
        Some(())
    }

    /// `export { local as name }`
    fn export(&mut self, name: &Atom, local: &Ident) {
        self.exported.insert(name.clone(), local.clone());
        self.body
            .push(ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(NamedExport {
                span: DUMMY_SP,
                specifiers: vec![ExportSpecifier::Named(ExportNamedSpecifier {
                    span: local.span,
                    orig: ModuleExportName::Ident(local.clone()),
                    exported: Some(ModuleExportName::Str(Str {
                        span: DUMMY_SP,
                        value: name.clone().into(),
                        raw: None,
                    })),
                    is_type_only: false,
                })],
                src: None,
                type_only: false,
                with: None,
            })));
    }

    /// A variable for the value of an export.
    fn export_value(&mut self, names: &[Atom], value: Expr) -> Option<()> {
        let spelling = names.first().map(|name| crate::base::identifier_from(name))?;
        let local = fresh(&spelling, value.span());
        self.declare(local.clone(), value);
        for name in names {
            self.export(name, &local);
        }
        Some(())
    }
}

/// Whether a statement of a block declares nothing that belongs to the block.
fn reaches_out(statement: &Stmt) -> bool {
    match statement {
        Stmt::Decl(Decl::Var(variables)) => variables.kind == VarDeclKind::Var,
        Stmt::Decl(_) => false,
        _ => true,
    }
}

/// A name of its own identity.
fn fresh(spelling: &str, span: swc_core::common::Span) -> Ident {
    let context = SyntaxContext::empty().apply_mark(Mark::new());
    Ident::new(spelling.into(), span, context)
}

//! Takes import and export syntax out of a module: what remains are plain statements, and tables that say
//! what was imported and exported under which name.
//!
//! ```js
//! import { a } from './a'            // record 0, import a
//! export const b = 1, c = a           // `const b = 1`, `const c = a`, exports b and c
//! export default () => b              // `const file_default = () => b`, export default
//! ```
//!
//! One declarator per statement, so that tree shaking can drop `b` and keep `c`.

mod exports;

use self::exports::export_name;
use oxc_index::IndexVec;
use rustc_hash::FxHashMap;
use swc_core::atoms::{Atom, Wtf8Atom};
use swc_core::common::{BytePos, DUMMY_SP, Mark, Span, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    Class, Decl, Expr, ExprStmt, Function, Id, Ident, ImportPhase, ImportSpecifier, Lit, Module, ModuleDecl,
    ModuleItem, ObjectLit, ParenExpr, Pat, PropName, Stmt, Str, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith as _};

use super::dead_branch::starts_like_statement;
use super::function_names;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{
    ExportBinding, ImportRecord, ImportedName, LocalId, NamedImport, RecordId, RequestSyntax, StatementId,
    TopLevelSymbol,
};

/// A module without import and export syntax.
pub struct NormalizedModule {
    /// Plain statements.
    pub statements: IndexVec<StatementId, Stmt>,
    /// Static requests in source order.
    pub records: IndexVec<RecordId, ImportRecord>,
    /// Module-level bindings.
    pub symbols: IndexVec<LocalId, TopLevelSymbol>,
    /// From SWC's identity to ours.
    pub symbol_of: FxHashMap<Id, LocalId>,
    /// Import bindings.
    pub imports: FxHashMap<LocalId, NamedImport>,
    /// Explicit exports.
    pub exports: Vec<ExportBinding>,
    /// `export *` requests.
    pub star_exports: Vec<RecordId>,
    /// Findings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether several declarators of one declaration become several statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declarators {
    /// One each: ES modules, where each can be dropped alone.
    Split,
    /// As written: CommonJS, which is kept whole.
    Keep,
}

/// Splits `module` into statements and tables. Must run inside the module's `GLOBALS`.
pub fn normalize(
    module: Module,
    path: &std::path::Path,
    source: &str,
    default_name: &str,
    declarators: Declarators,
    top_level_mark: Mark,
) -> NormalizedModule {
    let mut normalizer = Normalizer {
        output: NormalizedModule {
            statements: IndexVec::with_capacity(module.body.len()),
            records: IndexVec::new(),
            symbols: IndexVec::new(),
            symbol_of: FxHashMap::default(),
            imports: FxHashMap::default(),
            exports: Vec::new(),
            star_exports: Vec::new(),
            diagnostics: Vec::new(),
        },
        local_exports: Vec::new(),
        path,
        source,
        default_name,
        declarators,
    };
    for item in module.body {
        match item {
            ModuleItem::Stmt(statement) => normalizer.statement(statement),
            ModuleItem::ModuleDecl(declaration) => normalizer.module_declaration(declaration),
        }
    }
    if declarators == Declarators::Split {
        declare_hoisted_variables(&mut normalizer.output, top_level_mark);
    }
    normalizer.resolve_local_exports();
    let mut output = normalizer.output;
    // They stay for the whole build.
    output.statements.shrink_to_fit();
    output.symbols.shrink_to_fit();
    output.records.shrink_to_fit();
    output
}

struct Normalizer<'a> {
    output: NormalizedModule,
    /// `export { local as name }`: resolved at the end, since exports may precede declarations.
    local_exports: Vec<(Id, Atom, (usize, usize))>,
    path: &'a std::path::Path,
    source: &'a str,
    default_name: &'a str,
    declarators: Declarators,
}

/// Whether an expression is several, none of which would be a directive as a statement of its own.
fn is_separable(mut expression: &Expr) -> bool {
    while let Expr::Paren(inner) = expression {
        expression = &inner.expr;
    }
    expression.as_seq().is_some_and(|sequence| {
        let is_text = |part: &Expr| matches!(part, Expr::Lit(Lit::Str(_)));
        !sequence.exprs.iter().any(|part| is_text(part))
    })
}

impl Normalizer<'_> {
    fn statement(&mut self, statement: Stmt) {
        match statement {
            Stmt::Decl(Decl::Var(declaration))
                if self.declarators == Declarators::Split && declaration.decls.len() > 1 =>
            {
                let VarDecl {
                    span,
                    ctxt,
                    kind,
                    declare,
                    decls,
                } = *declaration;
                for (index, declarator) in decls.into_iter().enumerate() {
                    // The first keeps the position of the whole, where its comments are attached.
                    let span = if index == 0 { span } else { declarator.span };
                    self.declare_pattern(&declarator.name, kind);
                    self.name_value(&declarator);
                    self.push(Stmt::Decl(Decl::Var(Box::new(VarDecl {
                        span,
                        ctxt,
                        kind,
                        declare,
                        decls: vec![declarator],
                    }))));
                }
            }
            Stmt::Decl(Decl::Var(declaration)) => {
                for declarator in &declaration.decls {
                    self.declare_pattern(&declarator.name, declaration.kind);
                    self.name_value(declarator);
                }
                self.push(Stmt::Decl(Decl::Var(declaration)));
            }
            Stmt::Decl(Decl::Fn(declaration)) => {
                let local = self.declare(declaration.ident.to_id());
                self.name_function(local, &declaration.ident);
                self.push(Stmt::Decl(Decl::Fn(declaration)));
            }
            Stmt::Decl(Decl::Class(declaration)) => {
                let local = self.declare(declaration.ident.to_id());
                self.output.symbols[local].is_lexical = true;
                if !function_names::has_own_name(&declaration.class) {
                    self.name_function(local, &declaration.ident);
                }
                self.push(Stmt::Decl(Decl::Class(declaration)));
            }
            Stmt::Empty(_) => {}
            Stmt::Expr(statement)
                if self.declarators == Declarators::Split && is_separable(&statement.expr) =>
            {
                self.separate(statement);
            }
            other => self.push(other),
        }
    }

    /// `a = 1, b = 2`, as compressors write it.
    fn separate(&mut self, statement: ExprStmt) {
        let ExprStmt { span, expr } = statement;
        let mut expr = expr;
        while let Expr::Paren(inner) = *expr {
            expr = inner.expr;
        }
        let Expr::Seq(sequence) = *expr else {
            return self.push(Stmt::Expr(ExprStmt { span, expr }));
        };
        for (index, part) in sequence.exprs.into_iter().enumerate() {
            let span = if index == 0 { span } else { part.span() };
            let expr = if starts_like_statement(&part) {
                Box::new(Expr::Paren(ParenExpr {
                    span: DUMMY_SP,
                    expr: part,
                }))
            } else {
                part
            };
            self.statement(Stmt::Expr(ExprStmt { span, expr }));
        }
    }

    fn push(&mut self, statement: Stmt) {
        self.output.statements.push(statement);
    }

    /// Registers a binding declared by the statement that is pushed next.
    fn declare(&mut self, id: Id) -> LocalId {
        let statement = self.output.statements.next_idx();
        let local = self.symbol(id);
        let declared_by = &mut self.output.symbols[local].declared_by;
        if declared_by.last() != Some(&statement) {
            declared_by.push(statement);
        }
        local
    }

    fn declare_pattern(&mut self, pattern: &Pat, kind: VarDeclKind) {
        for id in find_pat_ids::<_, Id>(pattern) {
            let local = self.declare(id);
            self.output.symbols[local].is_lexical = kind != VarDeclKind::Var;
        }
    }

    fn name_function(&mut self, local: LocalId, ident: &Ident) {
        // A name that is generated stands for an anonymous default export.
        let name = if ident.span.is_dummy() && *ident.sym == *self.default_name {
            "default".into()
        } else {
            ident.sym.clone()
        };
        self.output.symbols[local].function_name = Some(name);
    }

    /// `const f = () => {}`
    fn name_value(&mut self, declarator: &VarDeclarator) {
        if let Pat::Ident(ident) = &declarator.name
            && declarator
                .init
                .as_ref()
                .is_some_and(|value| function_names::is_anonymous(value))
            && let Some(local) = self.output.symbol_of.get(&ident.id.to_id()).copied()
        {
            self.name_function(local, &ident.id);
        }
    }

    fn symbol(&mut self, id: Id) -> LocalId {
        if let Some(local) = self.output.symbol_of.get(&id) {
            return *local;
        }
        let local = self.output.symbols.push(TopLevelSymbol {
            name: id.0.clone(),
            id: id.clone(),
            ..TopLevelSymbol::default()
        });
        self.output.symbol_of.insert(id, local);
        local
    }

    fn module_declaration(&mut self, declaration: ModuleDecl) {
        match declaration {
            ModuleDecl::Import(import) => {
                if import.phase != ImportPhase::Evaluation {
                    self.unsupported_phase(import.span);
                }
                let record = self.record(&import.src, import.with.as_deref());
                for specifier in import.specifiers {
                    self.import_specifier(record, specifier);
                }
            }
            ModuleDecl::ExportDecl(export) => {
                let mut declaration = export.decl;
                let names: Vec<Id> = match &mut declaration {
                    Decl::Var(variables) => {
                        variables.span = variables.span.with_lo(export.span.lo);
                        variables
                            .decls
                            .iter()
                            .flat_map(|one| find_pat_ids::<_, Id>(&one.name))
                            .collect()
                    }
                    Decl::Fn(function) => {
                        function.function.span = function.function.span.with_lo(export.span.lo);
                        vec![function.ident.to_id()]
                    }
                    Decl::Class(class) => {
                        class.class.span = class.class.span.with_lo(export.span.lo);
                        vec![class.ident.to_id()]
                    }
                    _ => Vec::new(),
                };
                let span = byte_range(export.span);
                for id in names {
                    let name = id.0.clone();
                    self.local_exports.push((id, name, span));
                }
                self.statement(Stmt::Decl(declaration));
            }
            ModuleDecl::ExportNamed(export) => self.named_export(export),
            ModuleDecl::ExportAll(export) => {
                let record = self.record(&export.src, export.with.as_deref());
                self.output.star_exports.push(record);
            }
            ModuleDecl::ExportDefaultDecl(export) => self.default_declaration(export.decl, export.span),
            ModuleDecl::ExportDefaultExpr(export) => self.default_expression(export.expr, export.span),
            // The TypeScript transform has replaced or removed these.
            ModuleDecl::TsImportEquals(_)
            | ModuleDecl::TsExportAssignment(_)
            | ModuleDecl::TsNamespaceExport(_) => {}
        }
    }

    fn record(&mut self, specifier: &Str, attributes: Option<&ObjectLit>) -> RecordId {
        self.output.records.push(ImportRecord {
            specifier: text_of(&specifier.value),
            syntax: RequestSyntax::Static,
            span: byte_range(specifier.span),
            wanted_type: attributes.and_then(wanted_type),
            other_attributes: attributes.map(other_attributes).unwrap_or_default(),
            may_fail: false,
            file_name: None,
            asked: None,
            is_required: false,
        })
    }

    fn import_specifier(&mut self, record: RecordId, specifier: ImportSpecifier) {
        let span = byte_range(specifier.span());
        let (local, imported) = match specifier {
            ImportSpecifier::Named(named) => {
                let name = named
                    .imported
                    .as_ref()
                    .map_or_else(|| named.local.sym.clone(), export_name);
                (named.local, ImportedName::Name(name))
            }
            ImportSpecifier::Default(default) => (default.local, ImportedName::Name("default".into())),
            ImportSpecifier::Namespace(namespace) => (namespace.local, ImportedName::Namespace),
        };
        let local = self.symbol(local.to_id());
        self.output.imports.insert(
            local,
            NamedImport {
                record,
                imported,
                span,
            },
        );
    }

    fn unsupported_phase(&mut self, span: Span) {
        let (start, end) = byte_range(span);
        self.output.diagnostics.push(
            Diagnostic::new(
                Code::Syntax,
                "",
                "`import defer` and `import source` are proposals that cannot be bundled.",
                "Use a plain `import`, or `import()` where the module should load later.",
            )
            .at(Some(Location::of_range(self.path, self.source, start, end))),
        );
    }
}

/// Byte offsets of a span of a file that starts at `BytePos(1)`; `(0, 0)` for generated code.
pub fn byte_range(span: Span) -> (usize, usize) {
    let offset = |position: BytePos| (position.0 as usize).saturating_sub(1);
    (offset(span.lo), offset(span.hi))
}

/// The `json` of `{ type: 'json' }`.
pub fn wanted_type(attributes: &ObjectLit) -> Option<Atom> {
    texts_of(attributes).find_map(|(name, text)| (name == *"type").then_some(text))
}

/// What is said beside the type.
fn other_attributes(attributes: &ObjectLit) -> Vec<(Atom, Atom)> {
    texts_of(attributes)
        .filter(|(name, _)| *name != *"type")
        .collect()
}

fn texts_of(attributes: &ObjectLit) -> impl Iterator<Item = (Atom, Atom)> {
    attributes.props.iter().filter_map(|property| {
        let pair = property.as_prop()?.as_key_value()?;
        let name = match &pair.key {
            PropName::Ident(name) => name.sym.clone(),
            PropName::Str(name) => text_of(&name.value),
            _ => return None,
        };
        match pair.value.as_lit() {
            Some(Lit::Str(text)) => Some((name, text_of(&text.value))),
            _ => None,
        }
    })
}

/// The text of a string literal; lone surrogates, which no specifier or name needs, are replaced.
pub fn text_of(value: &Wtf8Atom) -> Atom {
    value.to_string_lossy().as_ref().into()
}

/// `if (x) { var y }` declares `y` for the module.
fn declare_hoisted_variables(module: &mut NormalizedModule, top_level_mark: Mark) {
    struct Hoisted {
        top_level: SyntaxContext,
        found: Vec<Id>,
    }
    impl Visit for Hoisted {
        fn visit_function(&mut self, _: &Function) {}
        fn visit_expr(&mut self, _: &Expr) {}
        fn visit_class(&mut self, _: &Class) {}
        fn visit_var_decl(&mut self, declaration: &VarDecl) {
            if declaration.kind == VarDeclKind::Var {
                for declarator in &declaration.decls {
                    self.found.extend(
                        find_pat_ids::<_, Id>(&declarator.name)
                            .into_iter()
                            .filter(|id| id.1 == self.top_level),
                    );
                }
            }
        }
    }
    let mut hoisted = Hoisted {
        top_level: SyntaxContext::empty().apply_mark(top_level_mark),
        found: Vec::new(),
    };
    for (statement_id, statement) in module.statements.iter_enumerated() {
        if matches!(statement, Stmt::Decl(_) | Stmt::Expr(_)) {
            continue;
        }
        statement.visit_with(&mut hoisted);
        for id in hoisted.found.drain(..) {
            let local = *module.symbol_of.entry(id.clone()).or_insert_with(|| {
                module.symbols.push(TopLevelSymbol {
                    name: id.0.clone(),
                    id,
                    ..TopLevelSymbol::default()
                })
            });
            let declared_by = &mut module.symbols[local].declared_by;
            if declared_by.last() != Some(&statement_id) {
                declared_by.push(statement_id);
            }
        }
    }
}

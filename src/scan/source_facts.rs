//! What a file contains that decides which passes it needs. Searching its text first keeps most files from
//! being visited at all.

use memchr::memmem;
use swc_core::ecma::ast::{
    ArrowExpr, AutoAccessor, AwaitExpr, Class, Constructor, Decorator, ForOfStmt, Function, GetterProp,
    Ident, ImportDecl, ImportSpecifier, MetaPropExpr, MetaPropKind, ModuleDecl, ModuleItem, Program,
    SetterProp, StaticBlock, TsEnumDecl, TsModuleDecl, TsTypeAssertion, UsingDecl,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::dead_branch::starts_like_statement;
use super::source_kind::SourceKind;

/// Facts about the source, before any pass.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent observations, each read by another pass"
)]
pub(super) struct SourceFacts {
    /// `import.meta` occurs.
    pub has_import_meta: bool,
    /// `await`, `for await` or `await using` outside any function.
    pub has_top_level_await: bool,
    /// `@decorator` on a class or a member, or an `accessor` member: both need the decorator pass.
    pub has_decorators: bool,
    /// `using` declarations.
    pub has_using: bool,
    /// An enum or a namespace that exists at run time.
    pub has_typed_values: bool,
    /// `<T>{}` and the like, which without the type would be read as a block or a declaration.
    pub has_bare_assertion: bool,
}

impl SourceFacts {
    pub fn of(program: &Program, source: &str, kind: SourceKind) -> Self {
        let bytes = source.as_bytes();
        let mentions = |needle: &str| memmem::find(bytes, needle.as_bytes()).is_some();
        let may_be_typed = || {
            mentions("enum")
                || mentions("namespace")
                || mentions("module")
                || kind == SourceKind::TypeScript && may_have_bare_assertion(bytes)
        };
        if !(mentions("await")
            || mentions("accessor")
            || may_have_import_meta(bytes)
            || may_have_using(source)
            || may_have_decorator(source)
            || kind.is_typed() && may_be_typed())
        {
            return Self::default();
        }
        let mut finder = Finder {
            facts: Self::default(),
            function_depth: 0,
        };
        program.visit_with(&mut finder);
        finder.facts
    }
}

/// Whether the program has a declaration that makes an ES module of it: every `import` and `export` but `import a = …` and
/// `export = a`, and beside that but imports of types.
pub(super) fn module_declares(program: &Program) -> bool {
    let assigns_exports = assigns_exports(program);
    program.as_module().is_some_and(|module| {
        module.body.iter().any(|item| {
            let ModuleItem::ModuleDecl(declaration) = item else {
                return false;
            };
            match declaration {
                ModuleDecl::Import(import) => !(assigns_exports && imports_types(import)),
                ModuleDecl::ExportDecl(_)
                | ModuleDecl::ExportNamed(_)
                | ModuleDecl::ExportDefaultDecl(_)
                | ModuleDecl::ExportDefaultExpr(_)
                | ModuleDecl::ExportAll(_) => true,
                ModuleDecl::TsImportEquals(import) => import.is_export,
                _ => false,
            }
        })
    })
}

/// Whether TypeScript's `export = a` is in the program.
pub(super) fn assigns_exports(program: &Program) -> bool {
    program.as_module().is_some_and(|module| {
        let is_assignment =
            |item: &ModuleItem| matches!(item, ModuleItem::ModuleDecl(ModuleDecl::TsExportAssignment(_)));
        module.body.iter().any(is_assignment)
    })
}

/// `import type A from 'a'`, `import { type A } from 'a'`.
fn imports_types(import: &ImportDecl) -> bool {
    let is_type = |specifier: &ImportSpecifier| matches!(specifier, ImportSpecifier::Named(named) if named.is_type_only);
    import.type_only || (!import.specifiers.is_empty() && import.specifiers.iter().all(is_type))
}

/// Whether `import.meta` occurs, comments between its parts aside.
fn may_have_import_meta(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b"meta").any(|index| {
        let before = bytes[..index].trim_ascii_end();
        before
            .strip_suffix(b".")
            .is_some_and(|before| before.trim_ascii_end().ends_with(b"import"))
    })
}

/// Whether `using name` is followed by what follows a declared name.
fn may_have_using(source: &str) -> bool {
    memmem::find_iter(source.as_bytes(), b"using").any(|index| {
        let after = &source[index + "using".len()..];
        let name = after.trim_start();
        let rest = name.trim_start_matches(Ident::is_valid_continue);
        after.len() > name.len()
            && name.len() > rest.len()
            && (rest.trim_start().starts_with(['=', ':', ',']) || rest.trim_start().starts_with("of"))
    })
}

/// Whether a `>` that is not an arrow's stands before `{`, `function` or `class`.
fn may_have_bare_assertion(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'>', bytes).any(|index| {
        let after = bytes[index + 1..].trim_ascii_start();
        (index == 0 || bytes[index - 1] != b'=')
            && (after.starts_with(b"{")
                || after.starts_with(b"function")
                || after.starts_with(b"async")
                || after.starts_with(b"class"))
    })
}

/// Whether an `@` stands where a decorator can: not inside a word or after a quote, as in addresses and
/// scoped package names, and not on the ` * @param` lines that documentation is full of.
fn may_have_decorator(source: &str) -> bool {
    let bytes = source.as_bytes();
    memchr::memchr_iter(b'@', bytes).any(|index| {
        let stands_alone = index == 0
            || matches!(
                bytes[index - 1],
                b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'}' | b'(' | b')' | b';' | b'/' | b','
            );
        if !stands_alone {
            return false;
        }
        let line_start = memchr::memrchr(b'\n', &bytes[..index]).map_or(0, |newline| newline + 1);
        let line = source[line_start..index].trim_start();
        !(line.starts_with("* ") || line.starts_with("//") || line.starts_with("/**") && !line.contains("*/"))
    })
}

struct Finder {
    facts: SourceFacts,
    function_depth: usize,
}

impl Finder {
    fn inside_function(&mut self, visit: impl FnOnce(&mut Self)) {
        self.function_depth += 1;
        visit(self);
        self.function_depth -= 1;
    }

    fn see_await(&mut self) {
        self.facts.has_top_level_await |= self.function_depth == 0;
    }
}

impl Visit for Finder {
    noop_visit_type!();

    fn visit_function(&mut self, node: &Function) {
        self.inside_function(|finder| node.visit_children_with(finder));
    }

    fn visit_arrow_expr(&mut self, node: &ArrowExpr) {
        self.inside_function(|finder| node.visit_children_with(finder));
    }

    fn visit_constructor(&mut self, node: &Constructor) {
        self.inside_function(|finder| node.visit_children_with(finder));
    }

    fn visit_getter_prop(&mut self, node: &GetterProp) {
        self.inside_function(|finder| node.visit_children_with(finder));
    }

    fn visit_setter_prop(&mut self, node: &SetterProp) {
        self.inside_function(|finder| node.visit_children_with(finder));
    }

    fn visit_static_block(&mut self, node: &StaticBlock) {
        self.inside_function(|finder| node.visit_children_with(finder));
    }

    fn visit_class(&mut self, node: &Class) {
        node.visit_children_with(self);
    }

    fn visit_await_expr(&mut self, node: &AwaitExpr) {
        self.see_await();
        node.visit_children_with(self);
    }

    fn visit_for_of_stmt(&mut self, node: &ForOfStmt) {
        if node.is_await {
            self.see_await();
        }
        node.visit_children_with(self);
    }

    fn visit_using_decl(&mut self, node: &UsingDecl) {
        self.facts.has_using = true;
        if node.is_await {
            self.see_await();
        }
        node.visit_children_with(self);
    }

    fn visit_meta_prop_expr(&mut self, node: &MetaPropExpr) {
        self.facts.has_import_meta |= node.kind == MetaPropKind::ImportMeta;
    }

    fn visit_decorator(&mut self, node: &Decorator) {
        self.facts.has_decorators = true;
        node.visit_children_with(self);
    }

    fn visit_auto_accessor(&mut self, node: &AutoAccessor) {
        self.facts.has_decorators = true;
        node.visit_children_with(self);
    }

    fn visit_ts_type_assertion(&mut self, node: &TsTypeAssertion) {
        self.facts.has_bare_assertion |= starts_like_statement(&node.expr);
        node.visit_children_with(self);
    }

    fn visit_ts_enum_decl(&mut self, _: &TsEnumDecl) {
        self.facts.has_typed_values = true;
    }

    fn visit_ts_module_decl(&mut self, node: &TsModuleDecl) {
        self.facts.has_typed_values |= !node.declare;
        node.visit_children_with(self);
    }
}

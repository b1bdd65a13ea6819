//! What a CommonJS module gets when `module.exports` and `require('x')` are not enough for it: the whole module object,
//! the cache of modules, the main module, the keys of other modules, and its `arguments`.
//!
//! A module is known by a key, its path in the bundle: that is its `id`, its place in `require.cache` and what
//! `require.resolve()` gives. In Node the module of an entry is the main module when Node was started with its file.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{CallExpr, Callee, Expr, Lit, MemberExpr, Null, Stmt};

use super::ast::{self, FunctionKind};
use super::rewrite::Rewriter;
use super::runtime::Helper;
use crate::bind::{BoundGraph, Wrapping};
use crate::graph::{EntryKind, ModuleFormat, ModuleId, RequestSyntax, Target};
use crate::resolve::Platform;
use crate::scan::named_members::static_member;

fn is_entry(bound: &BoundGraph, module: ModuleId) -> bool {
    let mut entries = bound.entries.iter();
    entries.any(|entry| entry.module == module && entry.kind == EntryKind::Plain)
}

impl Rewriter<'_> {
    fn is_for_node(&self) -> bool {
        self.surroundings.options.platform == Platform::Node
    }

    fn key(&self, module: ModuleId) -> String {
        self.bound.module_objects.key(&self.bound.graph, module)
    }

    fn is_global(&self, expression: &Expr, name: &str) -> bool {
        matches!(expression, Expr::Ident(ident) if ident.ctxt == self.contexts.unresolved && ident.sym == *name)
    }

    /// `require.main` and `require.cache`.
    pub(super) fn member_of_require(&mut self, member: &MemberExpr) -> Option<Expr> {
        if !self.is_global(&member.obj, "require") {
            return None;
        }
        match &*static_member(&member.prop)? {
            "cache" if self.bound.module_objects.keeps_cache => Some(self.helper_value(Helper::ModuleCache)),
            "main" if self.module.syntax.format == ModuleFormat::CommonJs => Some(self.main_module()),
            _ => None,
        }
    }

    fn main_module(&mut self) -> Expr {
        let bound = self.bound;
        let nothing = || *Expr::undefined(DUMMY_SP);
        if !self.is_for_node() {
            return nothing();
        }
        if is_entry(bound, self.module_id) {
            self.helpers.extend([Helper::Require, Helper::FileName]);
            let is_main = self.helper_value(Helper::IsMain);
            let module = Expr::Ident(ast::ident(&"module".into(), self.contexts.local));
            return ast::conditional(is_main, module, nothing());
        }
        let has_main = bound.entries.iter().any(|entry| {
            entry.kind == EntryKind::Plain && bound.wrapping[entry.module] == Wrapping::CommonJs
        });
        let require = self.helper_value(Helper::Require);
        if has_main {
            self.helper_value(Helper::MainModule)
        } else {
            ast::member(require, &"main".into())
        }
    }

    /// `require.resolve(<number>)`
    pub(super) fn resolution(&mut self, call: &CallExpr) -> Option<Expr> {
        let Callee::Expr(callee) = &call.callee else {
            return None;
        };
        let member = callee.as_member()?;
        if !self.is_global(&member.obj, "require") || static_member(&member.prop)? != *"resolve" {
            return None;
        }
        let record = Self::record_of(call)?;
        let request = self.module.syntax.records.get(record)?;
        if request.syntax != RequestSyntax::RequireResolve {
            return None;
        }
        Some(match self.module.targets[record] {
            Target::Module(target) => ast::string(&self.key(target)),
            Target::External(external) => {
                let external = &self.bound.graph.externals[external];
                let specifier = ast::string(&external.specifier);
                if self.is_for_node() {
                    let require = self.helper_value(Helper::Require);
                    ast::call(ast::member(require, &"resolve".into()), vec![specifier])
                } else {
                    specifier
                }
            }
            Target::Ignored | Target::Missing => {
                self.helper(Helper::MissingModule, vec![ast::string(&request.specifier)])
            }
        })
    }

    /// What `__commonJSModule` is told about a module, if the module needs more than `module.exports`.
    pub(super) fn module_details(&mut self) -> Option<Expr> {
        let features = &self.module.syntax.features;
        let keeps_cache = self.bound.module_objects.keeps_cache;
        if !features.uses_module_object && !features.uses_module_arguments && !keeps_cache {
            return None;
        }
        let key = self.key(self.module_id);
        let is_entry = is_entry(self.bound, self.module_id);
        let id = if is_entry { "." } else { &key };
        let mut details = vec![("id", ast::string(id))];
        if features.uses_module_object {
            details.push(("filename", self.helper_value(Helper::FileName)));
            details.push(("require", self.helper_value(Helper::Require)));
            if is_entry {
                details.push(("parent", Expr::Lit(Lit::Null(Null { span: DUMMY_SP }))));
            } else if self.bound.module_objects.is_required(self.module_id) {
                let children = ("children", ast::array(Vec::new()));
                details.push(("parent", ast::object(vec![("id", ast::string(".")), children])));
            }
        }
        if keeps_cache {
            details.push(("key", ast::string(&key)));
            details.push(("cache", self.helper_value(Helper::ModuleCache)));
        }
        Some(ast::object(details))
    }

    /// The body of a module that reads its `arguments`, or evaluates what may read them: a function with those that Node calls
    /// it with.
    pub(super) fn with_arguments(&mut self, statements: Vec<Stmt>) -> Vec<Stmt> {
        let context = self.contexts.local;
        let local = |name: &str| ast::ident(&name.into(), context);
        let names = ["exports", "require", "module", "__filename", "__dirname"];
        let mut function = ast::function(FunctionKind::Plain, names.map(local).to_vec(), statements);
        if let Expr::Fn(function) = &mut function {
            function.function.ctxt = context;
        }
        let arguments = vec![
            Expr::This(swc_core::ecma::ast::ThisExpr { span: DUMMY_SP }),
            Expr::Ident(local("exports")),
            self.helper_value(Helper::Require),
            Expr::Ident(local("module")),
            self.helper_value(Helper::FileName),
            self.helper_value(Helper::DirectoryName),
        ];
        vec![ast::statement(ast::call(
            ast::member(function, &"call".into()),
            arguments,
        ))]
    }
}

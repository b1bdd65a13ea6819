//! Files that import as ES modules do and export as CommonJS does. No engine runs them; compilers and bundlers have let
//! them pass for years:
//!
//! ```js
//! import { join } from './join.js'        import { join } from './join.js'
//!                                         var module = { exports: {} }, exports = module.exports
//! module.exports = join                   module.exports = join
//!                                         var exported = module.exports
//!                                         export { exported as default, exported as 'module.exports' }
//! ```
//!
//! What such a file exports is what it has exported when it ran.

use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    AssignTarget, Class, ComputedPropName, Decl, ExportDefaultExpr, ExportNamedSpecifier, ExportSpecifier,
    Expr, ExprStmt, Function, Ident, KeyValueProp, MemberExpr, MemberProp, Module, ModuleDecl,
    ModuleExportName, ModuleItem, NamedExport, ObjectLit, OptChainBase, OptChainExpr, Pat, Program, Prop,
    PropName, PropOrSpread, SimpleAssignTarget, Stmt, Str, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::commonjs_exports::detect_commonjs_exports;
use super::load::DeclaredFormat;
use super::named_members::static_member;
use super::parse::ParsedModule;

/// Writes such a file as an ES module, unless something says that it is one already.
pub(super) fn write_out(parsed: &mut ParsedModule, declared: DeclaredFormat) {
    if declared != DeclaredFormat::Open || !parsed.has_module_syntax || parsed.has_top_level_await {
        return;
    }
    let unresolved = SyntaxContext::empty().apply_mark(parsed.unresolved_mark);
    let mut imports = false;
    for item in &parsed.module.body {
        match item {
            ModuleItem::ModuleDecl(ModuleDecl::Import(_)) => imports = true,
            ModuleItem::ModuleDecl(_) => return,
            ModuleItem::Stmt(_) => {}
        }
    }
    if !imports
        || !parsed
            .module
            .body
            .iter()
            .any(|item| exports_something(item, unresolved))
    {
        return;
    }
    let names = names_of(&mut parsed.module, unresolved);
    let writer = Writer {
        context: SyntaxContext::empty().apply_mark(parsed.top_level_mark),
        exported: free_name(&parsed.source, "exported"),
    };
    parsed.module.visit_mut_with(&mut OwnWords {
        unresolved,
        own: writer.context,
        function_depth: 0,
    });
    parsed.module.body.insert(0, writer.words());
    parsed.module.body.extend(writer.exports(&names));
}

/// `module.exports = …` or `exports.name = …` as a statement.
fn exports_something(item: &ModuleItem, unresolved: SyntaxContext) -> bool {
    let ModuleItem::Stmt(Stmt::Expr(ExprStmt { expr, .. })) = item else {
        return false;
    };
    let Expr::Assign(assignment) = &**expr else {
        return false;
    };
    let AssignTarget::Simple(SimpleAssignTarget::Member(target)) = &assignment.left else {
        return false;
    };
    let is_free = |object: &Expr, name: &str| matches!(object, Expr::Ident(word) if word.ctxt == unresolved && word.sym == *name);
    let is_module_exports = |object: &Expr, prop: &MemberProp| {
        is_free(object, "module") && static_member(prop).is_some_and(|name| name == *"exports")
    };
    is_free(&target.obj, "exports")
        || is_module_exports(&target.obj, &target.prop)
        || matches!(&*target.obj, Expr::Member(inner) if is_module_exports(&inner.obj, &inner.prop))
}

/// The names that the file exports as CommonJS.
fn names_of(module: &mut Module, unresolved: SyntaxContext) -> Vec<Atom> {
    let program = Program::Module(std::mem::take(module));
    let exports = detect_commonjs_exports(&program, unresolved);
    let Program::Module(taken) = program else {
        unreachable!("just wrapped")
    };
    *module = taken;
    exports.names
}

/// A name that the text does not contain.
fn free_name(source: &str, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    while source.contains(&name) {
        name.push('_');
    }
    name
}

/// Gives the file words of its own in place of free ones, and `exports` in place of its `this`.
struct OwnWords {
    unresolved: SyntaxContext,
    own: SyntaxContext,
    /// How many functions (not arrows) and classes are around.
    function_depth: usize,
}

impl OwnWords {
    fn inside<N: VisitMutWith<Self>>(&mut self, node: &mut N) {
        self.function_depth += 1;
        node.visit_mut_children_with(self);
        self.function_depth -= 1;
    }
}

impl VisitMut for OwnWords {
    noop_visit_mut_type!();

    fn visit_mut_function(&mut self, function: &mut Function) {
        self.inside(function);
    }

    fn visit_mut_class(&mut self, class: &mut Class) {
        self.inside(class);
    }

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        if let Expr::This(this) = expression
            && self.function_depth == 0
        {
            *expression = Ident::new("exports".into(), this.span, self.own).into();
        }
        expression.visit_mut_children_with(self);
    }

    fn visit_mut_ident(&mut self, word: &mut Ident) {
        if word.ctxt == self.unresolved && matches!(&*word.sym, "module" | "exports") {
            word.ctxt = self.own;
        }
    }
}

struct Writer {
    context: SyntaxContext,
    /// What the object with all exports is called.
    exported: String,
}

impl Writer {
    fn name(&self, name: &str) -> Ident {
        Ident::new(name.into(), DUMMY_SP, self.context)
    }

    fn module_exports(&self) -> Expr {
        Expr::Member(MemberExpr {
            span: DUMMY_SP,
            obj: Box::new(self.name("module").into()),
            prop: MemberProp::Ident("exports".into()),
        })
    }

    fn variables(&self, variables: Vec<(String, Expr)>) -> ModuleItem {
        let declarator = |(name, value): (String, Expr)| VarDeclarator {
            span: DUMMY_SP,
            name: Pat::Ident(self.name(&name).into()),
            init: Some(Box::new(value)),
            definite: false,
        };
        ModuleItem::Stmt(Stmt::Decl(Decl::Var(Box::new(VarDecl {
            kind: VarDeclKind::Var,
            decls: variables.into_iter().map(declarator).collect(),
            ..VarDecl::default()
        }))))
    }

    /// `var module = { exports: {} }, exports = module.exports`
    fn words(&self) -> ModuleItem {
        let empty = KeyValueProp {
            key: PropName::Ident("exports".into()),
            value: Box::new(ObjectLit::default().into()),
        };
        let object = ObjectLit {
            span: DUMMY_SP,
            props: vec![PropOrSpread::Prop(Box::new(Prop::KeyValue(empty)))],
        };
        self.variables(vec![
            ("module".to_owned(), object.into()),
            ("exports".to_owned(), self.module_exports()),
        ])
    }

    fn member_of_exported(&self, name: &Atom) -> Expr {
        let member = MemberExpr {
            span: DUMMY_SP,
            obj: Box::new(self.name(&self.exported).into()),
            prop: MemberProp::Computed(ComputedPropName {
                span: DUMMY_SP,
                expr: Box::new(Str::from(&**name).into()),
            }),
        };
        Expr::OptChain(OptChainExpr {
            span: DUMMY_SP,
            optional: true,
            base: Box::new(OptChainBase::Member(member)),
        })
    }

    /// What others see. A file that marks itself with `__esModule` has a `default` of its own.
    fn exports(&self, names: &[Atom]) -> Vec<ModuleItem> {
        let is_marked = names.iter().any(|name| **name == *"__esModule");
        let mut variables = vec![(self.exported.clone(), self.module_exports())];
        let mut specifiers = Vec::new();
        let mut export = |variable: &str, name: &str| {
            specifiers.push(ExportSpecifier::Named(ExportNamedSpecifier {
                span: DUMMY_SP,
                orig: ModuleExportName::Ident(self.name(variable)),
                exported: Some(ModuleExportName::Str(name.into())),
                is_type_only: false,
            }));
        };
        export(&self.exported, "module.exports");
        for (index, name) in names.iter().enumerate() {
            if !matches!(&**name, "default" | "module.exports") {
                let variable = format!("{}_{index}", self.exported);
                export(&variable, name);
                variables.push((variable, self.member_of_exported(name)));
            }
        }
        let default = if is_marked {
            self.member_of_exported(&"default".into())
        } else {
            self.name(&self.exported).into()
        };
        let list = NamedExport {
            span: DUMMY_SP,
            specifiers,
            src: None,
            type_only: false,
            with: None,
        };
        vec![
            self.variables(variables),
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultExpr(ExportDefaultExpr {
                span: DUMMY_SP,
                expr: Box::new(default),
            })),
            ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(list)),
        ]
    }
}

//! Classes at the top level whose bindings are called otherwise in the chunk. Readable code says what the source calls them,
//! which is also what engines show of them and of their instances:
//!
//! ```js
//! class Button$1 {}
//! let Button$1 = class Button {};
//! ```

use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    Class, ClassDecl, ClassExpr, Decl, Id, Ident, Module, ModuleItem, Stmt, VarDecl, VarDeclKind,
    VarDeclarator,
};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

/// Gives such classes the names of the source. Nothing in a class may mean something else by that name.
pub fn name_as_in_source(module: &mut Module, source: &str) {
    for item in &mut module.body {
        if let ModuleItem::Stmt(Stmt::Decl(declaration)) = item
            && let Decl::Class(class) = declaration
            && let Some(name) = source_name(&class.ident, source)
            && name != class.ident.sym
            && !mentions(&class.class, &name)
        {
            *declaration = as_variable(class, name);
        }
    }
}

fn source_name(name: &Ident, source: &str) -> Option<Atom> {
    let start = name.span.lo.0.checked_sub(1)? as usize;
    let end = name.span.hi.0.checked_sub(1)? as usize;
    let written = source.get(start..end)?;
    Ident::verify_symbol(written).ok().map(|()| written.into())
}

fn as_variable(declaration: &mut ClassDecl, name: Atom) -> Decl {
    // A class sees itself while it is made; the variable has no value then.
    declaration.class.visit_mut_with(&mut Renamer {
        from: declaration.ident.to_id(),
        to: &name,
    });
    let span = declaration.class.span;
    let own = Ident::new_no_ctxt(name, declaration.ident.span);
    let value = ClassExpr {
        ident: Some(own),
        class: declaration.class.take(),
    };
    Decl::Var(Box::new(VarDecl {
        span,
        kind: VarDeclKind::Let,
        decls: vec![VarDeclarator {
            span,
            name: declaration.ident.take().into(),
            init: Some(value.into()),
            definite: false,
        }],
        ..VarDecl::default()
    }))
}

fn mentions(class: &Class, name: &Atom) -> bool {
    let mut finder = Finder { name, found: false };
    class.visit_with(&mut finder);
    finder.found
}

struct Finder<'a> {
    name: &'a Atom,
    found: bool,
}

impl Visit for Finder<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        self.found |= name.sym == *self.name;
    }
}

struct Renamer<'a> {
    from: Id,
    to: &'a Atom,
}

impl VisitMut for Renamer<'_> {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, name: &mut Ident) {
        if name.to_id() == self.from {
            name.sym = self.to.clone();
        }
    }
}

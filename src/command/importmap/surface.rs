//! What a deployed file says about itself: what it imports, what it exports, and by what its code is known again.

mod common_js;
mod declared;
mod fingerprint;
mod request_target;

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use swc_core::atoms::Atom;
use swc_core::common::BytePos;
use swc_core::ecma::ast::{
    CallExpr, Callee, Decl, EsVersion, ExportSpecifier, Expr, ImportSpecifier, Lit, MemberProp, Module,
    ModuleDecl, ModuleExportName, ModuleItem, ObjectLit, Pat, PropName, Str,
};
use swc_core::ecma::parser::{EsSyntax, Parser, StringInput, Syntax, lexer::Lexer};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith};

pub(super) use self::fingerprint::Fingerprint;
pub(super) use self::request_target::RequestTarget;

/// One file.
#[derive(Debug, Default, Clone)]
pub(super) struct Surface {
    /// In source order.
    pub imports: Vec<Request>,
    /// The names of its exports, without those of `export *`.
    pub exports: IndexSet<String>,
    /// Of these, the names that are another file's.
    pub forwards: IndexMap<String, Forward>,
    /// The specifiers of `export * from`.
    pub stars: Vec<String>,
    /// What only CommonJS has, in a file that is no ES module by what it says.
    pub common_js: Option<&'static str>,
    /// Whether anything is declared or done here, and not only handed on.
    pub has_own_code: bool,
    /// See [`Fingerprint`].
    pub fingerprint: Fingerprint,
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// As written.
    pub specifier: String,
    /// The names that have to exist.
    pub names: Vec<String>,
    /// Whether it is for a module of another type, such as JSON.
    pub target: RequestTarget,
}

/// An export of another file, handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Forward {
    /// The file, as written.
    pub specifier: String,
    /// The name there; none for all of its names as one object.
    pub name: Option<String>,
}

impl Surface {
    /// Reads a file; the error says why it is no ES module.
    pub(super) fn read(source: &str) -> Result<Self, String> {
        let too_long = || "it is too long".to_owned();
        let end = u32::try_from(source.len()).map_err(|_| too_long())?;
        let input = StringInput::new(
            source,
            BytePos(1),
            BytePos(end.checked_add(1).ok_or_else(too_long)?),
        );
        let syntax = Syntax::Es(EsSyntax {
            import_attributes: true,
            ..EsSyntax::default()
        });
        let lexer = Lexer::new(syntax, EsVersion::EsNext, input, None);
        let mut parser = Parser::new_from(lexer);
        let module = parser
            .parse_module()
            .map_err(|error| error.kind().msg().into_owned())?;
        if let Some(error) = parser.take_errors().first() {
            return Err(error.kind().msg().into_owned());
        }
        let declared = declared::names_of(&module);
        let imported = imported_names(&module);
        let mut surface = Self {
            common_js: common_js::word_of(&module, &declared),
            has_own_code: module.body.iter().any(is_own_code),
            ..Self::default()
        };
        for item in &module.body {
            if let ModuleItem::ModuleDecl(declaration) = item {
                surface.add(declaration);
                if let Some(name) = undeclared(declaration, &declared) {
                    return Err(format!("it exports `{name}`, which it does not declare"));
                }
                surface.add_forwards(declaration, &imported);
            }
        }
        surface.add_below(&module);
        Ok(surface)
    }

    fn add(&mut self, declaration: &ModuleDecl) {
        match declaration {
            ModuleDecl::Import(import) => {
                let names = import.specifiers.iter().filter_map(imported_name).collect();
                self.request(&import.src, names, import.with.as_deref());
            }
            ModuleDecl::ExportNamed(export) => {
                let mut names = Vec::new();
                for specifier in &export.specifiers {
                    match specifier {
                        ExportSpecifier::Named(one) => {
                            names.push(name_of(&one.orig));
                            self.exports
                                .insert(name_of(one.exported.as_ref().unwrap_or(&one.orig)));
                        }
                        ExportSpecifier::Namespace(namespace) => {
                            self.exports.insert(name_of(&namespace.name));
                        }
                        ExportSpecifier::Default(own) => {
                            names.push("default".to_owned());
                            self.exports.insert(own.exported.sym.to_string());
                        }
                    }
                }
                if let Some(source) = &export.src {
                    self.request(source, names, export.with.as_deref());
                }
            }
            ModuleDecl::ExportAll(export) => {
                self.stars.push(text(&export.src));
                self.request(&export.src, Vec::new(), export.with.as_deref());
            }
            ModuleDecl::ExportDecl(export) => match &export.decl {
                Decl::Class(class) => {
                    self.exports.insert(class.ident.sym.to_string());
                }
                Decl::Fn(function) => {
                    self.exports.insert(function.ident.sym.to_string());
                }
                Decl::Var(variables) => {
                    let patterns = variables.decls.iter().map(|variable| &variable.name);
                    self.exports.extend(patterns.flat_map(names_of_pattern));
                }
                _ => {}
            },
            ModuleDecl::ExportDefaultDecl(_) | ModuleDecl::ExportDefaultExpr(_) => {
                self.exports.insert("default".to_owned());
            }
            _ => {}
        }
    }

    fn add_forwards(&mut self, declaration: &ModuleDecl, imported: &HashMap<Atom, Forward>) {
        let ModuleDecl::ExportNamed(export) = declaration else {
            return;
        };
        for specifier in &export.specifiers {
            let (public, name) = match specifier {
                ExportSpecifier::Named(one) => (
                    name_of(one.exported.as_ref().unwrap_or(&one.orig)),
                    Some(name_of(&one.orig)),
                ),
                ExportSpecifier::Namespace(namespace) => (name_of(&namespace.name), None),
                ExportSpecifier::Default(own) => (own.exported.sym.to_string(), Some("default".to_owned())),
            };
            let forward = match (&export.src, specifier) {
                (Some(source), _) => Some(Forward {
                    specifier: text(source),
                    name,
                }),
                (None, ExportSpecifier::Named(one)) => match &one.orig {
                    ModuleExportName::Ident(local) => imported.get(&local.sym).cloned(),
                    ModuleExportName::Str(_) => None,
                },
                _ => None,
            };
            self.forwards.extend(forward.map(|forward| (public, forward)));
        }
    }

    fn request(&mut self, specifier: &Str, names: Vec<String>, attributes: Option<&ObjectLit>) {
        self.imports.push(Request {
            specifier: text(specifier),
            names,
            target: attributes.map_or(RequestTarget::Script, RequestTarget::of),
        });
    }

    fn add_below(&mut self, module: &Module) {
        let mut reader = Reader::default();
        module.visit_with(&mut reader);
        self.imports.extend(reader.dynamic);
        self.fingerprint = Fingerprint::of(reader.features);
    }
}

/// Walks over the whole file.
#[derive(Default)]
struct Reader {
    dynamic: Vec<Request>,
    features: Vec<Atom>,
}

impl Reader {
    fn feature(&mut self, text: Atom) {
        // One letter is what minifiers leave of a private name.
        if text.len() > 1 {
            self.features.push(text);
        }
    }
}

impl Visit for Reader {
    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let (Callee::Import(_), Some(first)) = (&call.callee, call.args.first())
            && let Expr::Lit(Lit::Str(specifier)) = &*first.expr
        {
            let specifier = text(specifier);
            let target = call.args.get(1).map_or(RequestTarget::Script, |options| {
                RequestTarget::of_options(&options.expr)
            });
            // Code for both sides asks where it runs before it imports what only Node has.
            if !specifier.starts_with("node:") {
                self.dynamic.push(Request {
                    specifier,
                    names: Vec::new(),
                    target,
                });
            }
        }
        call.visit_children_with(self);
    }

    fn visit_member_prop(&mut self, property: &MemberProp) {
        if let MemberProp::Ident(name) = property {
            self.feature(name.sym.clone());
        }
        property.visit_children_with(self);
    }

    fn visit_prop_name(&mut self, name: &PropName) {
        if let PropName::Ident(name) = name {
            self.feature(name.sym.clone());
        }
        name.visit_children_with(self);
    }

    fn visit_str(&mut self, literal: &Str) {
        self.feature(text(literal).into());
    }
}

fn is_own_code(item: &ModuleItem) -> bool {
    !matches!(
        item,
        ModuleItem::ModuleDecl(ModuleDecl::Import(_) | ModuleDecl::ExportNamed(_) | ModuleDecl::ExportAll(_))
    )
}

/// The local name of each import, with what it stands for.
fn imported_names(module: &Module) -> HashMap<Atom, Forward> {
    let imports = module.body.iter().filter_map(|item| match item {
        ModuleItem::ModuleDecl(ModuleDecl::Import(import)) => Some(import),
        _ => None,
    });
    let names = imports.flat_map(|import| {
        import.specifiers.iter().map(|specifier| {
            let name = imported_name(specifier);
            let forward = Forward {
                specifier: text(&import.src),
                name,
            };
            (specifier.local().sym.clone(), forward)
        })
    });
    names.collect()
}

/// The export that is imported; none for all of them.
fn imported_name(specifier: &ImportSpecifier) -> Option<String> {
    match specifier {
        ImportSpecifier::Named(one) => {
            let imported = one.imported.as_ref();
            Some(imported.map_or_else(|| one.local.sym.to_string(), name_of))
        }
        ImportSpecifier::Default(_) => Some("default".to_owned()),
        ImportSpecifier::Namespace(_) => None,
    }
}

/// A name in `export { … }` that nothing declares.
fn undeclared<'a>(declaration: &'a ModuleDecl, declared: &HashSet<Atom>) -> Option<&'a Atom> {
    let ModuleDecl::ExportNamed(export) = declaration else {
        return None;
    };
    let own = export.specifiers.iter().filter(|_| export.src.is_none());
    let mut names = own.filter_map(|specifier| match specifier {
        ExportSpecifier::Named(one) => match &one.orig {
            ModuleExportName::Ident(local) => Some(&local.sym),
            ModuleExportName::Str(_) => None,
        },
        _ => None,
    });
    names.find(|name| !declared.contains(*name))
}

fn names_of_pattern(pattern: &Pat) -> Vec<String> {
    find_pat_ids::<_, swc_core::ecma::ast::Ident>(pattern)
        .into_iter()
        .map(|ident| ident.sym.to_string())
        .collect()
}

fn name_of(name: &ModuleExportName) -> String {
    match name {
        ModuleExportName::Ident(ident) => ident.sym.to_string(),
        ModuleExportName::Str(literal) => text(literal),
    }
}

fn text(literal: &Str) -> String {
    literal.value.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_and_exports_are_read() {
        let surface = Surface::read(
            "import a, { b as c, 'x y' as d } from 'one';
             import * as n from 'two';
             export * from 'three';
             export * as ns from 'four';
             export { e as f } from 'five';
             export const { g, h: [i] } = a, j = 1;
             export default class {}
             export function k() { return import('six'); }
             import data from './data.json' with { type: 'json' };",
        )
        .unwrap();
        let requests: Vec<_> = surface
            .imports
            .iter()
            .map(|request| (request.specifier.as_str(), request.names.join(",")))
            .collect();
        let text = |name: &str| name.to_owned();
        assert_eq!(
            requests,
            [
                ("one", text("default,b,x y")),
                ("two", text("")),
                ("three", text("")),
                ("four", text("")),
                ("five", text("e")),
                ("./data.json", text("default")),
                ("six", text("")),
            ]
        );
        let exports: Vec<_> = surface.exports.iter().map(String::as_str).collect();
        assert_eq!(exports, ["ns", "f", "g", "i", "j", "default", "k"]);
        assert_eq!(surface.stars, ["three"]);
        assert_eq!(surface.imports[5].target, RequestTarget::Json);
        let forward = |specifier: &str, name: Option<&str>| Forward {
            specifier: text(specifier),
            name: name.map(text),
        };
        assert_eq!(surface.forwards["f"], forward("five", Some("e")));
        assert_eq!(surface.forwards["ns"], forward("four", None));
        assert!(Surface::read("import {").is_err());
        assert!(Surface::read("<html>").is_err());
    }

    #[test]
    fn code_is_known_again_under_other_names() {
        let library =
            "const box = { state: 1, listen(it) { this.queue.push(it); it.ready = 'yes'; return it.state } };
             export const store = () => box.listen({ name: 'store', kind: 'made', open: box.state });";
        let inside = "const q = { other: 2 }; q.go('there');
             const x={state:1,listen(y){this.queue.push(y);y.ready='yes';return y.state}};
             const z=()=>x.listen({name:'store',kind:'made',open:x.state});";
        let library = Surface::read(library).unwrap().fingerprint;
        let inside = Surface::read(inside).unwrap().fingerprint;
        let stranger = Surface::read("export const a = { b: 'c' }.b.toString().length;").unwrap();
        assert!(
            library.percent_in(&inside) > 80,
            "{}",
            library.percent_in(&inside)
        );
        assert_eq!(library.percent_in(&stranger.fingerprint), 0);
    }
}

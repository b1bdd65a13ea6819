//! Namespaces in several blocks.
//!
//! What one block exports, the others see as if it were their own. The pass that removes types looks at one block at a
//! time, so such names are written out before:
//!
//! ```text
//! namespace A { export let b = 1 }       namespace A { export let b = 1 }
//! namespace A { export const c = b }     namespace A { export const c = A.b }
//! ```
//!
//! An enum shows its members in the same way to others of its name. Enums and namespaces that share a name do not see what
//! is in each other, nor do those of different blocks that these do not export. An alias means what its own block exports:
//! `import c = b` becomes `import c = A.b`.

mod bindings;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    AssignPat, Decl, ExportDecl, Expr, Id, Ident, IdentName, KeyValuePatProp, KeyValueProp, MemberExpr,
    MemberProp, ModuleDecl, ModuleItem, ObjectPatProp, Pat, Program, Prop, PropName, SimpleAssignTarget,
    TsEntityName, TsEnumDecl, TsEnumMemberId, TsImportEqualsDecl, TsModuleDecl, TsModuleName,
    TsNamespaceBody, TsNamespaceDecl, TsQualifiedName,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith};

use bindings::Bindings;

/// Writes out the names. To be called after names are resolved, before types are removed.
pub(super) fn write_out(program: &mut Program) {
    let mut survey = Survey::default();
    program.visit_with(&mut survey);
    if !survey.has_aliases && survey.exports.values().all(|blocks| blocks.len() < 2) {
        return;
    }
    program.visit_mut_with(&mut Writer {
        exports: survey.exports,
        visited: FxHashMap::default(),
        path: Path::default(),
        visibility: Visibility::Own,
        frames: Vec::new(),
    });
}

/// Which namespace a block belongs to: the binding of the outermost, and the names below it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Path {
    root: Option<Id>,
    names: Vec<Atom>,
}

impl Path {
    fn inside(&self, name: &Ident, visibility: Visibility) -> Self {
        match &self.root {
            Some(root) if visibility == Visibility::Exported => Self {
                root: Some(root.clone()),
                names: self.names.iter().chain([&name.sym]).cloned().collect(),
            },
            _ => Self {
                root: Some(name.to_id()),
                names: Vec::new(),
            },
        }
    }
}

/// What has blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Namespace,
    Enum,
}

/// Whether other blocks of the namespace around see a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Visibility {
    #[default]
    Own,
    Exported,
}

/// That of what a block exports: what is inside of other declarations is not exported.
fn visibility_of(exported: &Decl) -> Visibility {
    match exported {
        Decl::TsEnum(_) | Decl::TsModule(_) => Visibility::Exported,
        _ => Visibility::Own,
    }
}

/// What is exported of the blocks of one kind.
type Exports = FxHashMap<(Path, Kind), Vec<FxHashSet<Atom>>>;

/// What every block exports, in the order of the blocks.
#[derive(Default)]
struct Survey {
    path: Path,
    exports: Exports,
    /// Of the declaration that is visited.
    visibility: Visibility,
    /// Whether a block has an alias.
    has_aliases: bool,
}

impl Survey {
    fn visit_block(&mut self, name: &Ident, visibility: Visibility, body: &TsNamespaceBody) {
        let path = self.path.inside(name, visibility);
        self.exports
            .entry((path.clone(), Kind::Namespace))
            .or_default()
            .push(exports_of(body));
        let outer = std::mem::replace(&mut self.path, path);
        match body {
            TsNamespaceBody::TsModuleBlock(block) => block.visit_children_with(self),
            TsNamespaceBody::TsNamespaceDecl(inner) => {
                self.visit_block(&inner.id, Visibility::Exported, &inner.body);
            }
        }
        self.path = outer;
    }
}

impl Visit for Survey {
    fn visit_export_decl(&mut self, node: &ExportDecl) {
        self.visibility = visibility_of(&node.decl);
        node.visit_children_with(self);
        self.visibility = Visibility::Own;
    }

    fn visit_ts_module_decl(&mut self, node: &TsModuleDecl) {
        let visibility = std::mem::take(&mut self.visibility);
        if let (TsModuleName::Ident(name), Some(body), false) = (&node.id, &node.body, node.declare) {
            self.visit_block(name, visibility, body);
        }
    }

    fn visit_ts_enum_decl(&mut self, node: &TsEnumDecl) {
        let visibility = std::mem::take(&mut self.visibility);
        if !node.declare {
            let path = self.path.inside(&node.id, visibility);
            let blocks = self.exports.entry((path, Kind::Enum)).or_default();
            blocks.push(members_of(node));
            node.members.visit_with(self);
        }
    }

    fn visit_ts_import_equals_decl(&mut self, _: &TsImportEqualsDecl) {
        self.has_aliases |= self.path.root.is_some();
    }
}

fn members_of(declaration: &TsEnumDecl) -> FxHashSet<Atom> {
    let names = declaration.members.iter().map(|member| match &member.id {
        TsEnumMemberId::Ident(name) => name.sym.clone(),
        TsEnumMemberId::Str(name) => name.value.to_string_lossy().as_ref().into(),
    });
    names.collect()
}

fn exports_of(body: &TsNamespaceBody) -> FxHashSet<Atom> {
    let block = match body {
        TsNamespaceBody::TsModuleBlock(block) => block,
        TsNamespaceBody::TsNamespaceDecl(inner) => return FxHashSet::from_iter([inner.id.sym.clone()]),
    };
    let mut names = FxHashSet::default();
    for item in &block.body {
        match item {
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => match &export.decl {
                Decl::Var(variables) => {
                    names.extend(find_pat_ids::<_, Id>(&variables.decls).into_iter().map(|id| id.0));
                }
                Decl::Fn(function) => {
                    names.insert(function.ident.sym.clone());
                }
                Decl::Class(class) => {
                    names.insert(class.ident.sym.clone());
                }
                Decl::TsEnum(declaration) => {
                    names.insert(declaration.id.sym.clone());
                }
                Decl::TsModule(inner) if !inner.declare => {
                    names.extend(inner.id.as_ident().map(|name| name.sym.clone()));
                }
                _ => {}
            },
            ModuleItem::ModuleDecl(ModuleDecl::TsImportEquals(import)) if import.is_export => {
                names.insert(import.id.sym.clone());
            }
            _ => {}
        }
    }
    names
}

/// A block around the place that is looked at.
struct Frame {
    namespace: Ident,
    /// What other blocks of the namespace export.
    foreign: FxHashSet<Atom>,
    /// What this block exports.
    own: FxHashSet<Atom>,
    /// Everything that is bound in the block.
    bound: FxHashSet<Id>,
}

struct Writer {
    exports: Exports,
    visited: FxHashMap<(Path, Kind), usize>,
    path: Path,
    /// Of the declaration that is visited.
    visibility: Visibility,
    frames: Vec<Frame>,
}

impl Writer {
    /// What other blocks at a path export, and the next of them itself.
    fn names_at(&mut self, path: &Path, kind: Kind) -> (FxHashSet<Atom>, FxHashSet<Atom>) {
        let key = (path.clone(), kind);
        let blocks = self.exports.get(&key).map(Vec::as_slice).unwrap_or_default();
        let number = self.visited.entry(key).or_default();
        let own = *number;
        *number += 1;
        let others = blocks.iter().enumerate().filter(|(number, _)| *number != own);
        (
            others.flat_map(|(_, names)| names.iter().cloned()).collect(),
            blocks.get(own).cloned().unwrap_or_default(),
        )
    }

    fn visit_block(&mut self, name: &Ident, visibility: Visibility, body: &mut TsNamespaceBody) {
        let path = self.path.inside(name, visibility);
        let (foreign, own) = self.names_at(&path, Kind::Namespace);
        let mut bindings = Bindings::default();
        body.visit_with(&mut bindings);
        self.frames.push(Frame {
            namespace: name.clone(),
            foreign,
            own,
            bound: bindings.ids,
        });
        let outer = std::mem::replace(&mut self.path, path);
        match body {
            TsNamespaceBody::TsModuleBlock(block) => block.visit_mut_children_with(self),
            TsNamespaceBody::TsNamespaceDecl(inner) => {
                let TsNamespaceDecl { id, body, .. } = inner;
                self.visit_block(&id.clone(), Visibility::Exported, body);
            }
        }
        self.path = outer;
        self.frames.pop();
    }

    /// The namespace that a name is read from.
    fn namespace_of(&self, name: &Ident) -> Option<&Ident> {
        let id = name.to_id();
        for frame in self.frames.iter().rev() {
            if frame.bound.contains(&id) {
                return None;
            }
            if frame.foreign.contains(&name.sym) {
                return Some(&frame.namespace);
            }
        }
        None
    }

    /// The block around that exports a name.
    fn exporter_of(&self, name: &Ident) -> Option<&Ident> {
        let id = name.to_id();
        let frame = self.frames.iter().rev().find(|frame| frame.bound.contains(&id))?;
        frame.own.contains(&name.sym).then_some(&frame.namespace)
    }

    fn member(&self, name: &Ident) -> Option<MemberExpr> {
        let namespace = self.namespace_of(name)?;
        Some(MemberExpr {
            span: name.span,
            obj: Box::new(Expr::Ident(Ident {
                span: DUMMY_SP,
                ..namespace.clone()
            })),
            prop: MemberProp::Ident(IdentName::new(name.sym.clone(), name.span)),
        })
    }
}

impl VisitMut for Writer {
    fn visit_mut_export_decl(&mut self, node: &mut ExportDecl) {
        self.visibility = visibility_of(&node.decl);
        node.visit_mut_children_with(self);
        self.visibility = Visibility::Own;
    }

    fn visit_mut_ts_module_decl(&mut self, node: &mut TsModuleDecl) {
        let visibility = std::mem::take(&mut self.visibility);
        if let (TsModuleName::Ident(name), Some(body), false) = (&node.id, &mut node.body, node.declare) {
            self.visit_block(&name.clone(), visibility, body);
        }
    }

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if let Expr::Ident(name) = node {
            if let Some(member) = self.member(name) {
                *node = Expr::Member(member);
            }
            return;
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_simple_assign_target(&mut self, node: &mut SimpleAssignTarget) {
        if let SimpleAssignTarget::Ident(name) = node {
            if let Some(member) = self.member(&name.id) {
                *node = SimpleAssignTarget::Member(member);
            }
            return;
        }
        node.visit_mut_children_with(self);
    }

    // Names that are declared are bound in the block, so only places of assignments are found.
    fn visit_mut_pat(&mut self, node: &mut Pat) {
        if let Pat::Ident(name) = node {
            if let Some(member) = self.member(&name.id) {
                *node = Pat::Expr(Box::new(Expr::Member(member)));
            }
            return;
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_object_pat_prop(&mut self, node: &mut ObjectPatProp) {
        node.visit_mut_children_with(self);
        let ObjectPatProp::Assign(property) = node else {
            return;
        };
        let Some(member) = self.member(&property.key.id) else {
            return;
        };
        let place = Pat::Expr(Box::new(Expr::Member(member)));
        let value = match property.value.take() {
            None => place,
            Some(right) => Pat::Assign(AssignPat {
                span: property.span,
                left: Box::new(place),
                right,
            }),
        };
        *node = ObjectPatProp::KeyValue(KeyValuePatProp {
            key: PropName::Ident(IdentName::new(property.key.id.sym.clone(), property.key.id.span)),
            value: Box::new(value),
        });
    }

    fn visit_mut_prop(&mut self, node: &mut Prop) {
        if let Prop::Shorthand(name) = node
            && let Some(member) = self.member(name)
        {
            *node = Prop::KeyValue(KeyValueProp {
                key: PropName::Ident(IdentName::new(name.sym.clone(), name.span)),
                value: Box::new(Expr::Member(member)),
            });
            return;
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_ts_enum_decl(&mut self, node: &mut TsEnumDecl) {
        let visibility = std::mem::take(&mut self.visibility);
        if node.declare {
            return;
        }
        let path = self.path.inside(&node.id, visibility);
        let (mut foreign, own) = self.names_at(&path, Kind::Enum);
        foreign.retain(|name| !own.contains(name));
        let mut bindings = Bindings::default();
        node.members.visit_with(&mut bindings);
        let own_names = node.members.iter().filter_map(|member| member.id.as_ident());
        bindings.ids.extend(own_names.map(Ident::to_id));
        self.frames.push(Frame {
            namespace: node.id.clone(),
            foreign,
            own: FxHashSet::default(),
            bound: bindings.ids,
        });
        node.members.visit_mut_with(self);
        self.frames.pop();
    }

    // `import a = b.c`
    fn visit_mut_ts_entity_name(&mut self, node: &mut TsEntityName) {
        match node {
            TsEntityName::Ident(name) => {
                if let Some(namespace) = self.namespace_of(name).or_else(|| self.exporter_of(name)) {
                    *node = TsEntityName::TsQualifiedName(Box::new(TsQualifiedName {
                        span: name.span,
                        left: TsEntityName::Ident(namespace.clone()),
                        right: IdentName::new(name.sym.clone(), name.span),
                    }));
                }
            }
            TsEntityName::TsQualifiedName(qualified) => qualified.left.visit_mut_with(self),
        }
    }
}

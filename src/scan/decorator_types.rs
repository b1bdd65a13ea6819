//! Types of decorated classes, as `emitDecoratorMetadata` tells them.
//!
//! | written | told |
//! |---|---|
//! | nothing | `Object` |
//! | `string \| null`, where `null` is not checked | `String` |
//! | `Name` of `type Name = string` in the same file | `String` |
//! | `readonly string[]` | `Array` |
//! | `Name` in `class Name` | `Name` |
//! | `Name` of `enum Name { a = 'b' }`, `Name.a` | `String` |
//! | `Name`, imported | `Name` where that is a function, `Object` where it is an enum or anything else |
//!
//! The library's pass tells `undefined` or `Object`, so its types are written for it. A class goes by another name until
//! the pass has told it.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    BinaryOp, CallExpr, Class, ClassDecl, ClassExpr, ClassMember, ClassMethod, ClassProp, Constructor,
    Decorator, DefaultDecl, ExportDefaultDecl, Expr, Id, Ident, MethodKind, Param, ParamOrTsParamProp, Pat,
    Program, PropName, TsEntityName, TsEnumDecl, TsKeywordType, TsKeywordTypeKind, TsParamPropParam, TsType,
    TsTypeAliasDecl, TsTypeAnn, TsTypeOperatorOp, TsUnionOrIntersectionType, VarDecl,
};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

use super::decorator_enums::EnumTypes;
use super::parse::Marks;
use super::transform::NullTypes;

/// What stands before the name of the class around until decorators are calls.
const OWN: &str = "%own ";

/// How many names of types may stand for each other.
const DEPTH: usize = 16;

/// Writes the types, and says which classes the file declares. To be called before decorators become calls.
pub(super) fn complete(program: &mut Program, null_types: NullTypes) -> FxHashSet<Id> {
    let mut aliases = Aliases::default();
    program.visit_with(&mut aliases);
    program.visit_mut_with(&mut Completer {
        aliases: aliases.types,
        enums: aliases.enums,
        null_types,
        own: None,
    });
    aliases.classes
}

/// Gives classes their names back, and tells of names that may be no classes only what can be called. `metadata` is the
/// function that is told types, and `classes` are those that the file declares. To be called when decorators are calls.
pub(super) fn name_classes(program: &mut Program, metadata: &str, classes: &FxHashSet<Id>, marks: Marks) {
    program.visit_mut_with(&mut Naming {
        metadata,
        classes,
        unresolved: marks.unresolved_context(),
        is_told: false,
    });
}

struct Naming<'a> {
    metadata: &'a str,
    classes: &'a FxHashSet<Id>,
    unresolved: SyntaxContext,
    /// Whether types are visited, and no other code.
    is_told: bool,
}

impl Naming<'_> {
    fn is_class(&self, value: &Expr) -> bool {
        value
            .as_ident()
            .is_some_and(|name| name.ctxt == self.unresolved || self.classes.contains(&name.to_id()))
    }
}

impl VisitMut for Naming<'_> {
    noop_visit_mut_type!();

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        let callee = call.callee.as_expr().and_then(|callee| callee.as_ident());
        let tells = callee.is_some_and(|callee| *callee.sym == *self.metadata);
        let around = std::mem::replace(&mut self.is_told, tells);
        call.visit_mut_children_with(self);
        self.is_told = around;
    }

    /// `typeof Name === 'undefined' ? Object : Name`: a class of the file is there, and what is imported may be no class.
    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if let Expr::Cond(choice) = node
            && let Expr::Ident(name) = &*choice.alt
            && let Some(own) = name.sym.strip_prefix(OWN)
        {
            *node = Expr::Ident(Ident {
                sym: own.into(),
                ..name.clone()
            });
            return;
        }
        if self.is_told
            && let Expr::Cond(choice) = node
            && !self.is_class(&choice.alt)
        {
            ask_for_function(&mut choice.test);
            return;
        }
        node.visit_mut_children_with(self);
    }
}

/// `typeof a.b === 'undefined'`, the last of several, becomes `typeof a.b !== 'function'`.
fn ask_for_function(test: &mut Expr) {
    let Expr::Bin(binary) = test else { return };
    match binary.op {
        BinaryOp::LogicalOr => ask_for_function(&mut binary.right),
        BinaryOp::EqEqEq => {
            binary.op = BinaryOp::NotEqEq;
            *binary.right = "function".into();
        }
        _ => {}
    }
}

/// The types that have names.
#[derive(Default)]
struct Aliases {
    types: FxHashMap<Id, TsType>,
    enums: EnumTypes,
    classes: FxHashSet<Id>,
}

impl Visit for Aliases {
    fn visit_class_decl(&mut self, node: &ClassDecl) {
        if !node.declare {
            self.classes.insert(node.ident.to_id());
        }
        node.visit_children_with(self);
    }

    fn visit_ts_type_alias_decl(&mut self, node: &TsTypeAliasDecl) {
        if node.type_params.is_none() {
            self.types.insert(node.id.to_id(), (*node.type_ann).clone());
        }
    }

    fn visit_ts_enum_decl(&mut self, node: &TsEnumDecl) {
        self.enums.note_enum(node);
    }

    fn visit_var_decl(&mut self, node: &VarDecl) {
        self.enums.note_constants(node);
        node.visit_children_with(self);
    }
}

struct Completer {
    aliases: FxHashMap<Id, TsType>,
    enums: EnumTypes,
    null_types: NullTypes,
    /// The class around.
    own: Option<Id>,
}

fn any() -> TsTypeAnn {
    TsTypeAnn {
        span: DUMMY_SP,
        type_ann: Box::new(keyword(TsKeywordTypeKind::TsAnyKeyword)),
    }
}

fn keyword(kind: TsKeywordTypeKind) -> TsType {
    TsType::TsKeywordType(TsKeywordType { span: DUMMY_SP, kind })
}

impl Completer {
    fn annotation(&self, annotation: &mut Option<Box<TsTypeAnn>>) {
        let annotation = annotation.get_or_insert_with(|| Box::new(any()));
        self.settle(&mut annotation.type_ann, DEPTH);
    }

    fn pattern(&self, pattern: &mut Pat) {
        match pattern {
            Pat::Ident(name) => self.annotation(&mut name.type_ann),
            Pat::Array(pattern) => self.annotation(&mut pattern.type_ann),
            Pat::Object(pattern) => self.annotation(&mut pattern.type_ann),
            Pat::Assign(pattern) => self.pattern(&mut pattern.left),
            Pat::Rest(rest) => {
                rest.type_ann = rest.type_ann.take().and_then(|list| element_type(*list.type_ann));
                self.annotation(&mut rest.type_ann);
            }
            Pat::Expr(_) | Pat::Invalid(_) => {}
        }
    }

    fn parameters(&self, parameters: &mut [Param]) {
        for parameter in parameters {
            self.pattern(&mut parameter.pat);
        }
    }

    fn constructor(&self, constructor: &mut Constructor) {
        for parameter in &mut constructor.params {
            match parameter {
                ParamOrTsParamProp::Param(parameter) => self.pattern(&mut parameter.pat),
                ParamOrTsParamProp::TsParamProp(property) => match &mut property.param {
                    TsParamPropParam::Ident(name) => self.annotation(&mut name.type_ann),
                    TsParamPropParam::Assign(pattern) => self.pattern(&mut pattern.left),
                },
            }
        }
    }

    fn property(&self, property: &mut ClassProp) {
        self.annotation(&mut property.type_ann);
    }

    /// A getter and a setter may have their type from each other.
    fn method(&self, method: &mut ClassMethod, accessors: &FxHashMap<String, Box<TsTypeAnn>>) {
        let of_both = name_of(&method.key).and_then(|name| accessors.get(&name));
        let function = &mut method.function;
        match method.kind {
            MethodKind::Method => {
                self.parameters(&mut function.params);
                // Without a type, nothing is told.
                if let Some(annotation) = &mut function.return_type {
                    self.settle(&mut annotation.type_ann, DEPTH);
                }
            }
            MethodKind::Getter => {
                function.return_type = function.return_type.take().or_else(|| of_both.cloned());
                self.annotation(&mut function.return_type);
            }
            MethodKind::Setter => {
                if let Some(Pat::Ident(name)) =
                    function.params.first_mut().map(|parameter| &mut parameter.pat)
                {
                    name.type_ann = name.type_ann.take().or_else(|| of_both.cloned());
                }
                self.parameters(&mut function.params);
            }
        }
    }

    fn settle(&self, node: &mut Box<TsType>, depth: usize) {
        let settled = match &mut **node {
            TsType::TsParenthesizedType(inner) => inner.type_ann.clone(),
            TsType::TsTypePredicate(predicate) if predicate.asserts => {
                Box::new(keyword(TsKeywordTypeKind::TsVoidKeyword))
            }
            TsType::TsTypeOperator(operator) if operator.op == TsTypeOperatorOp::ReadOnly => {
                operator.type_ann.clone()
            }
            TsType::TsTypeRef(reference) if depth > 0 => match &mut reference.type_name {
                TsEntityName::Ident(name) => {
                    if let Some(named) = self.aliases.get(&name.to_id()) {
                        Box::new(named.clone())
                    } else if let Some(kind) = self.enums.type_of(&name.to_id()) {
                        Box::new(keyword(kind))
                    } else {
                        if self.own.as_ref() == Some(&name.to_id()) {
                            name.sym = format!("{OWN}{}", name.sym).into();
                        }
                        return;
                    }
                }
                TsEntityName::TsQualifiedName(qualified) => {
                    let name = qualified.left.as_ident();
                    match name.and_then(|name| self.enums.type_of_member(&name.to_id(), &qualified.right.sym))
                    {
                        Some(kind) => Box::new(keyword(kind)),
                        None => return,
                    }
                }
            },
            TsType::TsUnionOrIntersectionType(TsUnionOrIntersectionType::TsUnionType(union)) => {
                for part in &mut union.types {
                    self.settle(part, depth);
                }
                if self.null_types == NullTypes::Elided && !union.types.iter().all(|part| is_nothing(part)) {
                    union.types.retain(|part| !is_nothing(part));
                }
                match union.types.as_mut_slice() {
                    [only] => only.clone(),
                    _ => return,
                }
            }
            _ => return,
        };
        *node = settled;
        self.settle(node, depth.saturating_sub(1));
    }
}

/// `null`, `undefined`.
fn is_nothing(node: &TsType) -> bool {
    node.as_ts_keyword_type().is_some_and(|keyword| {
        matches!(
            keyword.kind,
            TsKeywordTypeKind::TsNullKeyword | TsKeywordTypeKind::TsUndefinedKeyword
        )
    })
}

fn name_of(key: &PropName) -> Option<String> {
    match key {
        PropName::Ident(name) => Some(name.sym.to_string()),
        PropName::Str(name) => Some(name.value.to_string_lossy().into_owned()),
        PropName::Num(_) | PropName::BigInt(_) | PropName::Computed(_) => None,
    }
}

/// The types that getters and setters say.
fn types_of_accessors(class: &Class) -> FxHashMap<String, Box<TsTypeAnn>> {
    let typed = class.body.iter().filter_map(|member| {
        let method = member.as_method()?;
        let annotation = match method.kind {
            MethodKind::Method => None,
            MethodKind::Getter => method.function.return_type.as_ref(),
            MethodKind::Setter => (method.function.params.first())
                .and_then(|parameter| parameter.pat.as_ident()?.type_ann.as_ref()),
        };
        Some((name_of(&method.key)?, annotation?.clone()))
    });
    typed.collect()
}

/// What `...rest: string[]` is a list of.
fn element_type(list: TsType) -> Option<Box<TsTypeAnn>> {
    let element = match list {
        TsType::TsArrayType(list) => list.elem_type,
        TsType::TsTypeRef(reference) => reference.type_params?.params.into_iter().next()?,
        _ => return None,
    };
    Some(Box::new(TsTypeAnn {
        span: DUMMY_SP,
        type_ann: element,
    }))
}

fn has_decorators(class: &Class) -> bool {
    struct Search {
        found: bool,
    }
    impl Visit for Search {
        noop_visit_type!();

        fn visit_decorator(&mut self, _: &Decorator) {
            self.found = true;
        }
    }
    let mut search = Search { found: false };
    class.visit_with(&mut search);
    search.found
}

impl Completer {
    fn inside_of(&mut self, own: Option<Id>, visit: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.own, own);
        visit(self);
        self.own = around;
    }
}

impl VisitMut for Completer {
    noop_visit_mut_type!();

    fn visit_mut_class_decl(&mut self, declaration: &mut ClassDecl) {
        let own = Some(declaration.ident.to_id());
        self.inside_of(own, |completer| declaration.class.visit_mut_with(completer));
    }

    fn visit_mut_class_expr(&mut self, class: &mut ClassExpr) {
        self.inside_of(None, |completer| class.class.visit_mut_with(completer));
    }

    fn visit_mut_export_default_decl(&mut self, declaration: &mut ExportDefaultDecl) {
        match &mut declaration.decl {
            DefaultDecl::Class(class) => {
                let own = class.ident.as_ref().map(Ident::to_id);
                self.inside_of(own, |completer| class.class.visit_mut_with(completer));
            }
            other => other.visit_mut_with(self),
        }
    }

    fn visit_mut_class(&mut self, class: &mut Class) {
        class.visit_mut_children_with(self);
        if !has_decorators(class) {
            return;
        }
        let accessors = types_of_accessors(class);
        for member in &mut class.body {
            match member {
                ClassMember::Constructor(constructor) => self.constructor(constructor),
                ClassMember::Method(method) => self.method(method, &accessors),
                ClassMember::ClassProp(property) => self.property(property),
                _ => {}
            }
        }
    }
}

//! Names whose values are primitive, as far as the code tells: of these no operator runs code. And names that may have the same
//! value.

use rustc_hash::FxHashSet;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, BindingIdent, Callee, ClassDecl, Expr, FnDecl, ForHead, ForOfStmt, Id, Lit,
    MemberProp, Module, Pat, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

/// Functions of every engine that return numbers or texts.
const CONVERTERS: &[&str] = &["Number", "String", "Boolean", "parseInt", "parseFloat", "isNaN"];

/// The names of a module that have primitive values.
pub struct Primitives {
    names: FxHashSet<Id>,
    /// Names that are given the value of others.
    copies: FxHashSet<(Id, Id)>,
    unresolved: SyntaxContext,
}

impl Primitives {
    /// Finds them.
    pub fn of(module: &Module, unresolved: SyntaxContext) -> Self {
        let mut finder = Finder {
            unresolved,
            declared: FxHashSet::default(),
            others: FxHashSet::default(),
            copies: Vec::new(),
        };
        module.visit_with(&mut finder);
        finder.spread();
        let Finder {
            mut declared,
            others,
            copies,
            ..
        } = finder;
        declared.retain(|name| !others.contains(name));
        Self {
            names: declared,
            copies: copies.into_iter().collect(),
            unresolved,
        }
    }

    /// Whether a value is primitive for certain.
    pub fn contains(&self, value: &Expr) -> bool {
        ends(value).into_iter().all(|end| match end {
            Expr::Ident(name) if name.ctxt != self.unresolved => self.names.contains(&name.to_id()),
            end => is_primitive(end, self.unresolved),
        })
    }

    /// Whether two values may be the same one for what the compressor knows: `a = b, a > b`, `[b][0] > b`.
    pub fn may_be_same(&self, left: &Expr, right: &Expr) -> bool {
        let right = values(right);
        !right.is_empty()
            && values(left).into_iter().any(|left| {
                right.iter().any(|right| {
                    left == *right
                        || self.copies.contains(&(left.clone(), right.clone()))
                        || self.copies.contains(&(right.clone(), left.clone()))
                })
            })
    }
}

/// The names one of which has the value of an expression, maybe as a part of a literal.
fn values(value: &Expr) -> Vec<Id> {
    ends(value)
        .into_iter()
        .flat_map(|end| match end {
            Expr::Ident(name) => vec![name.to_id()],
            Expr::Member(member) => match &*member.obj {
                Expr::Array(array) => (array.elems.iter().flatten())
                    .flat_map(|element| values(&element.expr))
                    .collect(),
                Expr::Object(object) => (object.props.iter())
                    .filter_map(|property| property.as_prop()?.as_key_value())
                    .flat_map(|pair| values(&pair.value))
                    .collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        })
        .collect()
}

struct Finder {
    unresolved: SyntaxContext,
    /// Variables.
    declared: FxHashSet<Id>,
    /// Names that may have other values.
    others: FxHashSet<Id>,
    /// Names that have the values of others.
    copies: Vec<(Id, Id)>,
}

impl Finder {
    fn assigned(&mut self, name: &Id, value: &Expr) {
        for end in ends(value) {
            match end {
                Expr::Ident(source) if source.ctxt != self.unresolved => {
                    self.copies.push((name.clone(), source.to_id()));
                }
                end if is_primitive(end, self.unresolved) => {}
                _ => {
                    self.others.insert(name.clone());
                }
            }
        }
    }

    fn spread(&mut self) {
        loop {
            let (declared, others) = (&self.declared, &self.others);
            let found: Vec<Id> = (self.copies.iter())
                .filter(|(name, source)| {
                    !others.contains(name) && (others.contains(source) || !declared.contains(source))
                })
                .map(|(name, _)| name.clone())
                .collect();
            if found.is_empty() {
                return;
            }
            self.others.extend(found);
        }
    }
}

impl Visit for Finder {
    noop_visit_type!();

    fn visit_binding_ident(&mut self, name: &BindingIdent) {
        self.others.insert(name.to_id());
    }

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        let Pat::Ident(name) = &declarator.name else {
            declarator.visit_children_with(self);
            return;
        };
        self.declared.insert(name.to_id());
        if let Some(value) = &declarator.init {
            self.assigned(&name.to_id(), value);
            value.visit_with(self);
        }
    }

    fn visit_for_of_stmt(&mut self, statement: &ForOfStmt) {
        if let ForHead::VarDecl(declaration) = &statement.left {
            let names = declaration.decls.iter();
            self.others
                .extend(names.flat_map(|one| find_pat_ids::<_, Id>(&one.name)));
        }
        statement.visit_children_with(self);
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        let stores = matches!(
            assignment.op,
            AssignOp::Assign | AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign
        );
        match assignment.left.as_ident() {
            Some(name) => {
                if stores {
                    self.assigned(&name.to_id(), &assignment.right);
                }
            }
            None => assignment.left.visit_with(self),
        }
        assignment.right.visit_with(self);
    }

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        self.others.insert(declaration.ident.to_id());
        declaration.function.visit_with(self);
    }

    fn visit_class_decl(&mut self, declaration: &ClassDecl) {
        self.others.insert(declaration.ident.to_id());
        declaration.class.visit_with(self);
    }
}

/// The expressions one of which has the value of the whole.
fn ends(value: &Expr) -> Vec<&Expr> {
    match value {
        Expr::Paren(inner) => ends(&inner.expr),
        Expr::Cond(condition) => [ends(&condition.cons), ends(&condition.alt)].concat(),
        Expr::Bin(binary) if binary.op.may_short_circuit() => {
            [ends(&binary.left), ends(&binary.right)].concat()
        }
        Expr::Seq(sequence) => sequence.exprs.last().map_or_else(Vec::new, |last| ends(last)),
        Expr::Assign(assignment) if assignment.op == AssignOp::Assign => ends(&assignment.right),
        other => vec![other],
    }
}

/// Whether something that is no name of the module is primitive. Numbers that cannot be added to others do not count.
fn is_primitive(value: &Expr, unresolved: SyntaxContext) -> bool {
    let is_global = |value: &Expr, names: &[&str]| matches!(value, Expr::Ident(name) if name.ctxt == unresolved && names.contains(&&*name.sym));
    match value {
        Expr::Lit(literal) => !matches!(literal, Lit::BigInt(_) | Lit::Regex(_)),
        Expr::Tpl(_) | Expr::Bin(_) | Expr::Unary(_) | Expr::Update(_) => true,
        Expr::Ident(_) => is_global(value, &["undefined", "NaN", "Infinity"]),
        Expr::Member(member) => {
            is_global(&member.obj, &["Math"])
                || matches!(&member.prop, MemberProp::Ident(name) if name.sym == *"length")
        }
        Expr::Call(call) => match &call.callee {
            Callee::Expr(callee) => match &**callee {
                Expr::Member(member) => {
                    is_global(&member.obj, &["Math"])
                        || is_global(&member.obj, &["Date", "performance"])
                            && matches!(&member.prop, MemberProp::Ident(name) if name.sym == *"now")
                }
                callee => is_global(callee, CONVERTERS),
            },
            _ => false,
        },
        _ => false,
    }
}

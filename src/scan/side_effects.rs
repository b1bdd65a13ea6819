//! Whether running a piece of code can be observed: what tree shaking must not drop.
//!
//! The answer is conservative. Pure is only what is pure for every possible value of the names involved, so a
//! property read is not (`x.y` may call a getter, or throw), neither is `a + b` on unknown values (`valueOf`),
//! nor reading a global that a platform may lack (`window` throws in Node). These are taken for granted, as every
//! bundler does: bindings are initialised when they are read, what stands after `extends` is a class unless it is seen
//! to be something else, and nobody has replaced the built-ins.
//!
//! Annotations are believed: `/* @__PURE__ */ call()`, where the arguments still count, and
//! `/* @__NO_SIDE_EFFECTS__ */ function`, which makes every call of that function pure.

mod aliases;
mod annotations;
mod assignments;
mod awaited;
mod big_integers;
mod builtins;
mod calls;
mod chains;
mod declarations;
mod demands;
mod early_hands;
mod enums;
mod filling_methods;
mod function_classes;
mod function_needs;
mod functions;
mod guards;
mod handed_arguments;
mod hands;
mod imported_calls;
mod inner_functions;
mod known;
mod lengths;
mod lists;
mod loops;
mod made;
mod members;
mod methods;
mod objects;
mod own_methods;
mod parameters;
mod paths;
mod patterns;
mod plain;
mod platform;
mod primitives;
mod promises;
mod quiet;
mod results;
mod texts;
mod values;

use self::values::{has_accessors, is_null};
use std::cell::{Cell, RefCell};

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::{Mark, Span, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    BlockStmt, Decl, Expr, Id, Ident, MemberProp, OptChainBase, Stmt, SwitchStmt, VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;

use annotations::{PURE, has_annotation};
pub use annotations::{annotated_functions, has_annotated_default};
pub use assignments::{PropertyTarget, converts};
pub use builtins::is_global as is_standard_global;
pub use functions::{Bindings, NotedFilling, find_quiet, find_quiet_if};
use guards::Existing;
pub use imported_calls::{Given, ImportedCall};
use inner_functions::InnerFunctions;
pub use known::Known;
pub use made::{FreshKind, Made, is_of_no_object};
pub use objects::Objects;
use own_methods::Own;
use parameters::Parameters;
pub use promises::{NamePath, Promised, Relied};
pub use quiet::Quiet;

use crate::graph::LocalId;

/// What must be known of a module to judge its statements.
pub struct Purity<'a> {
    /// The context of free names.
    unresolved: SyntaxContext,
    /// Where annotations are.
    comments: &'a SingleThreadedComments,
    /// Functions whose calls are pure, see [`annotated_functions`].
    pure_functions: &'a FxHashSet<Id>,
    /// Namespace imports: reading their properties runs no code.
    namespaces: &'a FxHashSet<Id>,
    /// Bindings that are not taken for initialised: reading them may throw.
    may_be_unset: Option<&'a FxHashSet<Id>>,
    /// Imports that are taken for pure functions.
    promised: Option<&'a Promised<'a>>,
    /// The parameters of the function that is judged, which are taken for what it asks for.
    parameters: Option<&'a Parameters<'a>>,
    /// Whether what browsers have was taken for missing.
    missed: &'a Cell<bool>,
    /// The names of the module level.
    module_names: Option<&'a FxHashMap<Id, LocalId>>,
    /// What is known of the module's functions.
    quiet: Option<&'a Quiet>,
    /// What is known of the module's objects and values.
    objects: Option<Objects<'a>>,
    /// What the functions that were judged make.
    fresh: &'a RefCell<FxHashMap<Id, Made>>,
    /// Their constants.
    constants: &'a RefCell<FxHashSet<Id>>,
    /// Names of the blocks around that are declared further down.
    unset: &'a RefCell<FxHashSet<Id>>,
    /// Whether someone waits for failures.
    is_tried: bool,
    /// What becomes of what the function returns that is judged.
    result: Returned,
    /// Globals that exist, and parameters that are given.
    existing: Option<&'a Existing<'a>>,
    /// The class that is just declared.
    own_class: Option<&'a Ident>,
    /// The variable that is just declared.
    own_variable: Option<&'a Ident>,
    /// What `this` is, if nobody has seen it.
    this: Option<This<'a>>,
    /// So many methods of `this` call what is judged, one inside the other.
    own_calls: u8,
    /// Functions that the functions around declare.
    inner_functions: Option<&'a InnerFunctions<'a>>,
    /// So many of them call what is judged, one inside the other.
    inner_calls: u8,
    /// Who takes note of bindings that are given something.
    filling: Option<&'a dyn Filling>,
    /// An assignment inside of what is judged that cannot be observed.
    quiet_value: Option<Span>,
}

/// What becomes of what a function returns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Returned {
    /// The caller has it.
    AsItIs,
    /// It settles a promise, which calls its method `then`.
    Awaited,
}

impl Returned {
    fn by(is_async: bool) -> Self {
        if is_async { Self::Awaited } else { Self::AsItIs }
    }
}

/// Takes note of bindings of the module that code gives values or properties, and does nothing else to.
pub trait Filling {
    /// Whether that is all an expression does, besides what its parts do.
    fn fills(&self, expression: &Expr, purity: &Purity<'_>) -> bool;
    /// Whether a name may be given another value.
    fn assigns(&self, name: &Ident, purity: &Purity<'_>) -> bool;
    /// Whether functions may give all of these something.
    fn fills_all(&self, names: &FxHashSet<Id>) -> bool;
}

/// A `this` that nobody has seen.
#[derive(Clone, Copy)]
enum This<'a> {
    /// A class, in its static parts.
    Class(&'a Made),
    /// What a class or function makes, in its constructor, and what the class says of that.
    Instance(&'a Made, Option<&'a Own<'a>>),
}

/// What is learned of the functions of a module while they are judged.
#[derive(Default)]
pub struct Learned {
    fresh: RefCell<FxHashMap<Id, Made>>,
    constants: RefCell<FxHashSet<Id>>,
    unset: RefCell<FxHashSet<Id>>,
    missed: Cell<bool>,
}

impl<'a> Purity<'a> {
    /// Judges by these facts.
    pub fn new(
        unresolved_mark: Mark,
        comments: &'a SingleThreadedComments,
        pure_functions: &'a FxHashSet<Id>,
        namespaces: &'a FxHashSet<Id>,
        learned: &'a Learned,
    ) -> Self {
        let unresolved = SyntaxContext::empty().apply_mark(unresolved_mark);
        Self {
            unresolved,
            comments,
            pure_functions,
            namespaces,
            quiet_value: None,
            may_be_unset: None,
            promised: None,
            parameters: None,
            module_names: None,
            quiet: None,
            objects: None,
            fresh: &learned.fresh,
            constants: &learned.constants,
            unset: &learned.unset,
            missed: &learned.missed,
            own_class: None,
            own_variable: None,
            this: None,
            filling: None,
            own_calls: 0,
            inner_functions: None,
            inner_calls: 0,
            is_tried: false,
            result: Returned::AsItIs,
            existing: None,
        }
    }

    /// The context of names that the module does not declare.
    pub fn unresolved(&self) -> SyntaxContext {
        self.unresolved
    }

    /// The same, knowing which names are those of the module.
    pub fn of_module(&self, module_names: &'a FxHashMap<Id, LocalId>) -> Self {
        Self {
            module_names: Some(module_names),
            ..*self
        }
    }

    /// The same, knowing the module's functions.
    pub fn knowing<'b>(&self, quiet: &'b Quiet) -> Purity<'b>
    where
        'a: 'b,
    {
        Purity {
            quiet: Some(quiet),
            ..*self
        }
    }

    /// The same, knowing the module's objects.
    pub fn knowing_objects<'b>(&self, objects: &'b Known) -> Purity<'b>
    where
        'a: 'b,
    {
        Purity {
            objects: Some(Objects::new(objects, self.promised)),
            ..*self
        }
    }

    /// The same, where bindings of the module may be given something.
    pub fn filling<'b>(&self, filling: &'b dyn Filling) -> Purity<'b>
    where
        'a: 'b,
    {
        Purity {
            filling: Some(filling),
            ..*self
        }
    }

    /// The same, for the body of a function that is called with this `this`.
    fn within_function<'b>(&self, this: Option<This<'b>>, result: Returned) -> Purity<'b>
    where
        'a: 'b,
    {
        Purity {
            result,
            this,
            ..*self
        }
    }

    /// The same, for the block of a `try`.
    fn tried(&self) -> Self {
        Self {
            is_tried: true,
            ..*self
        }
    }

    /// The same, for code that may run before `bindings` have values.
    pub fn reading_early(&self, bindings: &'a FxHashSet<Id>) -> Self {
        Self {
            may_be_unset: Some(bindings),
            ..*self
        }
    }

    /// The same, if all imports that are called or converted keep the promise.
    pub fn promising(&self, promised: &'a Promised<'a>) -> Self {
        Self {
            promised: Some(promised),
            objects: self.objects.map(|objects| objects.promising(promised)),
            ..*self
        }
    }

    /// The same, if what a function is given is what it asks for.
    fn asking<'b>(&self, parameters: &'b Parameters<'b>) -> Purity<'b>
    where
        'a: 'b,
    {
        Purity {
            parameters: Some(parameters),
            ..*self
        }
    }

    fn may_be_unset(&self, ident: &Ident) -> bool {
        self.may_be_unset
            .is_some_and(|bindings| bindings.contains(&ident.to_id()))
            || self.unset.borrow().contains(&ident.to_id())
    }

    /// Whether running `statement` can be observed other than through the names it declares.
    pub fn statement_has_side_effects(&self, statement: &Stmt) -> bool {
        match statement {
            // Leaving a statement inside of what is judged is not observable.
            Stmt::Empty(_) | Stmt::Decl(Decl::Fn(_)) | Stmt::Break(_) | Stmt::Continue(_) => false,
            Stmt::Decl(Decl::Class(declaration)) => {
                self.class_has_side_effects(&declaration.class, Some(&declaration.ident))
            }
            Stmt::Decl(Decl::Var(declaration)) => self.variables_have_side_effects(declaration),
            Stmt::Expr(statement) => self.expression_has_side_effects(&statement.expr),
            Stmt::Block(block) => self.block_has_side_effects(block),
            Stmt::If(statement) => self.choice_of_statements_has_side_effects(statement),
            Stmt::Try(statement) => {
                self.tried().block_has_side_effects(&statement.block)
                    || statement
                        .finalizer
                        .as_ref()
                        .is_some_and(|block| self.block_has_side_effects(block))
            }
            // Only inside a function that is called on the spot: leaving it is not observable.
            Stmt::Return(statement) => statement
                .arg
                .as_ref()
                .is_some_and(|value| self.result_has_side_effects(value)),
            Stmt::For(statement) => self.for_has_side_effects(statement),
            Stmt::ForOf(statement) => self.for_of_has_side_effects(statement),
            Stmt::ForIn(statement) => self.for_in_has_side_effects(statement),
            Stmt::Labeled(statement) => self.statement_has_side_effects(&statement.body),
            Stmt::Switch(statement) => self.switch_has_side_effects(statement),
            // Other loops may not end, `using` disposes, the rest throws or is for someone watching.
            _ => true,
        }
    }

    /// Whether evaluating `expression` can be observed other than through its value.
    pub fn expression_has_side_effects(&self, expression: &Expr) -> bool {
        match expression {
            Expr::This(_) | Expr::Fn(_) | Expr::Arrow(_) | Expr::MetaProp(_) | Expr::Lit(_) => false,
            Expr::Ident(ident) => {
                self.note_read(ident);
                ident.ctxt == self.unresolved
                    && !builtins::is_global(&ident.sym)
                    && !self.is_there(&ident.sym)
                    || self.may_be_unset(ident)
            }
            Expr::Paren(inner) if self.is_annotated(inner.span) => {
                self.annotated_has_side_effects(&inner.expr)
            }
            Expr::Paren(inner) => self.expression_has_side_effects(&inner.expr),
            Expr::Array(array) => self.array_has_side_effects(array),
            Expr::Object(object) => self.object_has_side_effects(object),
            Expr::Class(class) => self.class_has_side_effects(&class.class, class.ident.as_ref()),
            Expr::Unary(unary) => self.unary_has_side_effects(unary) && !self.is_filled(expression),
            Expr::Update(update) => self.update_has_side_effects(update) && !self.is_filled(expression),
            Expr::Bin(binary) => self.binary_has_side_effects(binary),
            Expr::Cond(condition) => self.condition_has_side_effects(condition),
            Expr::Seq(sequence) => sequence
                .exprs
                .iter()
                .any(|part| self.expression_has_side_effects(part)),
            Expr::Tpl(template) => !template.exprs.iter().all(|part| self.is_plain_value(part)),
            Expr::Member(member) => {
                !self.is_plain_member(member)
                    && self.text_of(expression).is_none()
                    && !self.is_promised_path(member)
            }
            Expr::Call(_) | Expr::New(_) | Expr::TaggedTpl(_) | Expr::OptChain(_)
                if self.is_annotated(expression.span()) =>
            {
                self.annotated_has_side_effects(expression)
            }
            Expr::Call(call) => {
                self.call_has_side_effects(call)
                    && self.text_of(expression).is_none()
                    && !self.is_quiet_on_value(call)
                    && !self.is_filled(expression)
            }
            Expr::New(new) => !builtins::is_pure_construction(self, new) && !self.is_quiet_construction(new),
            Expr::OptChain(chain) => {
                let is_plain =
                    matches!(&*chain.base, OptChainBase::Member(member) if self.is_plain_member(member));
                !is_plain && !self.is_platform_chain(chain) && self.chain_has_side_effects(chain)
            }
            Expr::Assign(assignment) if self.quiet_value == Some(assignment.span) => false,
            Expr::Assign(assignment) => {
                // What is assigned is asked for twice: in a chain, that would be twice at every link.
                let link = assignment.right.as_assign().filter(|link| !link.span.is_dummy());
                let Some(link) = link else {
                    return self.assignment_has_side_effects(assignment) && !self.is_filled(expression);
                };
                if self.expression_has_side_effects(&assignment.right) {
                    return true;
                }
                let knowing = Self {
                    quiet_value: Some(link.span),
                    ..*self
                };
                knowing.assignment_has_side_effects(assignment) && !knowing.is_filled(expression)
            }
            Expr::TaggedTpl(tagged) => {
                !self.is_raw_text(tagged)
                    && (!self.is_pure_function(&tagged.tag) || self.annotated_has_side_effects(expression))
            }
            _ => true,
        }
    }

    /// A call under `/* @__PURE__ */`: only evaluating its arguments counts.
    fn annotated_has_side_effects(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Call(call) => self.arguments_have_side_effects(&call.args),
            Expr::New(new) => new
                .args
                .as_ref()
                .is_some_and(|args| self.arguments_have_side_effects(args)),
            Expr::TaggedTpl(tagged) => tagged
                .tpl
                .exprs
                .iter()
                .any(|part| self.expression_has_side_effects(part)),
            Expr::OptChain(chain) => match &*chain.base {
                OptChainBase::Call(call) => self.arguments_have_side_effects(&call.args),
                OptChainBase::Member(_) => true,
            },
            Expr::Paren(inner) => self.annotated_has_side_effects(&inner.expr),
            _ => self.expression_has_side_effects(expression),
        }
    }

    /// Whether all that an expression does is to give bindings of the module something.
    fn is_filled(&self, expression: &Expr) -> bool {
        self.filling
            .is_some_and(|filling| filling.fills(expression, self))
    }

    fn switch_has_side_effects(&self, switch: &SwitchStmt) -> bool {
        self.expression_has_side_effects(&switch.discriminant)
            || switch.cases.iter().any(|case| {
                let test = case.test.as_ref();
                test.is_some_and(|test| self.expression_has_side_effects(test))
            })
            // The names of all cases are those of one block.
            || switch.cases.iter().any(|case| case.cons.iter().any(|statement| !lexical_names(statement).is_empty()))
            || switch.cases.iter().any(|case| self.statements_have_side_effects(&case.cons))
    }

    fn is_annotated(&self, span: Span) -> bool {
        span.lo.is_pure() || has_annotation(self.comments, span.lo, PURE)
    }

    /// The name of the global that `expression` reads, if it is one.
    pub fn global_name<'e>(&self, expression: &'e Expr) -> Option<&'e str> {
        match expression {
            Expr::Ident(ident) if ident.ctxt == self.unresolved => Some(&ident.sym),
            // `globalThis.Array`
            Expr::Member(member) => {
                let object = member.obj.as_ident()?;
                let MemberProp::Ident(name) = &member.prop else {
                    return None;
                };
                let is_global = object.ctxt == self.unresolved
                    && object.sym == *"globalThis"
                    && builtins::is_global(&name.sym);
                is_global.then_some(&*name.sym)
            }
            Expr::Paren(inner) => self.global_name(&inner.expr),
            _ => None,
        }
    }

    fn block_has_side_effects(&self, block: &BlockStmt) -> bool {
        self.statements_have_side_effects(&block.stmts)
    }

    fn statements_have_side_effects(&self, statements: &[Stmt]) -> bool {
        match InnerFunctions::of(statements, self.inner_functions) {
            Some(functions) => {
                let knowing = Purity {
                    inner_functions: Some(&functions),
                    ..*self
                };
                knowing.code_has_side_effects(statements)
            }
            None => self.code_has_side_effects(statements),
        }
    }

    fn code_has_side_effects(&self, statements: &[Stmt]) -> bool {
        self.note_functions(statements);
        let mut later: Vec<Id> = statements.iter().flat_map(lexical_names).collect();
        self.unset.borrow_mut().extend(later.iter().cloned());
        let has_side_effects = statements.iter().any(|statement| {
            let has_side_effects = self.statement_has_side_effects(statement);
            for name in lexical_names(statement) {
                self.unset.borrow_mut().remove(&name);
            }
            self.note_values(statement);
            has_side_effects
        });
        for name in later.drain(..) {
            self.unset.borrow_mut().remove(&name);
        }
        has_side_effects
    }
}

/// The names that a statement declares for the block around it, which have no values before.
fn lexical_names(statement: &Stmt) -> Vec<Id> {
    match statement {
        Stmt::Decl(Decl::Class(declaration)) => vec![declaration.ident.to_id()],
        Stmt::Decl(Decl::Var(declaration)) if declaration.kind != VarDeclKind::Var => {
            find_pat_ids(&declaration.decls)
        }
        _ => Vec::new(),
    }
}

/// What stands inside parentheses.
pub fn without_parentheses(mut expression: &Expr) -> &Expr {
    while let Expr::Paren(inner) = expression {
        expression = &inner.expr;
    }
    expression
}

#[cfg(test)]
mod tests;

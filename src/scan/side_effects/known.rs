//! What is known of the names at the top of a module: which objects they are, which texts, and whether anyone else has them.
//!
//! ```js
//! class Point { get x() { return 1 } }     // reading `Point.prototype.x` runs code, `Point.prototype.y` does not
//! const KEY = 'key', PATH = `${KEY}/path`  // the second converts a text
//! Object.defineProperty(Point, 'z', …)     // whoever is handed an object can give it a getter
//! ```

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{Decl, Expr, Id, Ident, Lit, Pat, Stmt, VarDecl, VarDeclKind, VarDeclarator};

use super::aliases::Builtin;
use super::{Purity, without_parentheses};
use crate::graph::Shape;
use crate::scan::early_errors::pattern_problem;
use crate::scan::named_members::static_member;
use swc_core::ecma::visit::VisitWith as _;

use super::handed_arguments::Takers;
use super::hands::{Handed, Hands};
use super::lengths::integer_of;
use super::made::{FreshKind, Made};
use super::paths::Paths;
use super::plain::{Plain, find_plain};
use super::results::{Kept, called_name, result_in_place, results};

/// The facts. Names that something is assigned to are not in them.
#[derive(Debug, Default)]
pub struct Known {
    /// What names are declared as.
    made: FxHashMap<Id, Made>,
    /// Other names of what `prototype` of globals is.
    prototypes: FxHashMap<Id, String>,
    /// What each call of a function makes anew.
    results: FxHashMap<Id, Made>,
    /// The functions and classes of whose `prototype` names are others.
    own_prototypes: FxHashMap<Id, Ident>,
    /// Other names of functions of the platform.
    aliases: FxHashMap<Id, Builtin>,
    /// The functions of which variables hold what they gave.
    givers: FxHashMap<Id, Id>,
    /// Objects that code is handed which may do anything with them.
    handed: FxHashSet<Id>,
    /// Those that such code is handed at the top of the module, which runs once. Functions run when somebody calls them.
    handed_early: FxHashSet<Id>,
    /// So many names of a path through them are as they were written, where not all are.
    depths: FxHashMap<Id, usize>,
    /// What is done to paths.
    paths: Paths,
    /// What the top of the module does to them, which runs once.
    early_paths: Paths,
    /// What the prototypes of classes and functions are given.
    prototype_names: FxHashSet<(Id, Atom)>,
    /// Names of primitive values that convert without running code.
    plain: FxHashSet<Id>,
    /// Those of symbols.
    symbols: FxHashSet<Id>,
    /// Those that are texts.
    texts: FxHashMap<Id, String>,
    /// Those that are whole numbers.
    integers: FxHashMap<Id, f64>,
    /// How many bits those have that are big integers.
    bits: FxHashMap<Id, u64>,
    /// The patterns of those that are regular expressions.
    patterns: FxHashMap<Id, String>,
    /// Those of them that are valid with other flags, too.
    simple_patterns: FxHashSet<Id>,
    /// Those that are `null` or `undefined`.
    nothing: FxHashSet<Id>,
    /// Variables that hold nothing else, whoever gives them values.
    variables: Plain,
}

impl Known {
    /// Looks through the statements of a module. `is_known` says which names always are what they are declared with.
    pub fn of<'a>(
        statements: impl Iterator<Item = &'a Stmt> + Clone,
        purity: &Purity<'_>,
        is_known: &dyn Fn(&Id) -> bool,
    ) -> Self {
        let mut known = Self {
            results: results(statements.clone(), purity.unresolved(), is_known),
            ..Self::default()
        };
        let mut hands = Hands::new(purity.unresolved());
        let mut early = Hands::new(purity.unresolved());
        for statement in statements.clone() {
            known.note(statement, purity, is_known);
            statement.visit_with(&mut hands);
            early.visit_early(statement);
        }
        let takers = Takers::of(statements.clone(), &hands, &known.aliases);
        hands.settle_given(&takers, &known.made);
        let whole = hands.finish(&known.made);
        early.settle_given_early(&takers, &known.made, &whole);
        let early = early.finish(&known.made);
        known.handed_early = early.objects;
        known.early_paths = early.paths;
        let Handed {
            objects: handed,
            depths,
            paths,
            prototype_names,
        } = whole;
        known.handed.extend(handed);
        known.prototype_names = prototype_names;
        known.depths = depths;
        known.paths = paths;
        for declarator in statements
            .clone()
            .filter_map(as_variables)
            .flat_map(|declaration| &declaration.decls)
        {
            known.note_value(declarator, purity, is_known);
        }
        known.variables = find_plain(statements, &purity.knowing_objects(&known));
        known
    }

    fn note(&mut self, statement: &Stmt, purity: &Purity<'_>, is_known: &dyn Fn(&Id) -> bool) {
        let Self {
            made,
            results,
            givers,
            handed,
            aliases,
            own_prototypes,
            integers,
            ..
        } = self;
        let mut add = |name: &Ident, value: Option<Made>| {
            let id = name.to_id();
            if let Some(value) = value
                && is_known(&id)
            {
                made.insert(id, value);
            }
        };
        let result = |value: &Expr| results.get(&called_name(value)?).cloned();
        let made_of = |value: &Expr| {
            Made::of(value)
                .or_else(|| purity.made_by_construction(value))
                .or_else(|| result(value))
        };
        match statement {
            Stmt::Decl(Decl::Fn(declaration)) => {
                add(&declaration.ident, Some(Made::of_function(&declaration.function)));
            }
            Stmt::Decl(Decl::Class(declaration)) => {
                add(&declaration.ident, Made::of_class(&declaration.class));
            }
            Stmt::Decl(Decl::Var(declaration)) => {
                for declarator in &declaration.decls {
                    if let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) {
                        let made = made_of(value).or_else(|| {
                            let (made, kept) = result_in_place(value, purity.unresolved())?;
                            if kept == Kept::UntilCalled {
                                handed.insert(name.to_id());
                            }
                            Some(made)
                        });
                        if let Some(integer) = integer_of(value, &|id| integers.get(id).copied())
                            && declaration.kind != VarDeclKind::Var
                            && is_known(&name.to_id())
                        {
                            integers.insert(name.to_id(), integer);
                        }
                        if let Some(owner) = owner_of_prototype(value)
                            && is_known(&name.to_id())
                            && is_known(&owner.to_id())
                        {
                            own_prototypes.insert(name.to_id(), owner.clone());
                        }
                        if let Some(alias) = Builtin::of(value, purity)
                            && is_known(&name.to_id())
                        {
                            aliases.insert(name.to_id(), alias);
                        }
                        if made.is_none()
                            && is_known(&name.to_id())
                            && let Some(function) = called_name(value)
                        {
                            givers.insert(name.to_id(), function);
                        }
                        add(name, made);
                    }
                }
            }
            _ => {}
        }
    }

    fn note_value(
        &mut self,
        declarator: &VarDeclarator,
        purity: &Purity<'_>,
        is_known: &dyn Fn(&Id) -> bool,
    ) {
        let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) else {
            return;
        };
        let id = name.to_id();
        if !is_known(&id) {
            return;
        }
        let purity = purity.knowing_objects(self);
        let prototype = value
            .as_member()
            .filter(|member| static_member(&member.prop).is_some_and(|name| name == *"prototype"));
        let global = prototype.and_then(|member| purity.global_name(&member.obj));
        let global = global.map(str::to_owned);
        let text = purity.text_of(value);
        let is_nothing =
            matches!(value.as_lit(), Some(Lit::Null(_))) || purity.global_name(value) == Some("undefined");
        let is_symbol = purity.makes_symbol(value) || purity.chooses_key(value);
        let pattern = purity.pattern_of(value);
        let bits = purity.bits_of(value);
        if text.is_some() || purity.is_plain_value(value) {
            self.plain.insert(id.clone());
        }
        if let Some(bits) = bits {
            self.bits.insert(id.clone(), bits);
        }
        if is_symbol {
            self.symbols.insert(id.clone());
        }
        if is_nothing {
            self.nothing.insert(id.clone());
        }
        if let Some(global) = global {
            self.prototypes.insert(id.clone(), global);
        }
        if let Some(Lit::Regex(expression)) = without_parentheses(value).as_lit()
            && (!expression.flags.contains(['u', 'v']) || pattern_problem(&expression.exp, "").is_none())
        {
            self.simple_patterns.insert(id.clone());
        }
        if let Some(pattern) = pattern {
            self.patterns.insert(id.clone(), pattern);
        }
        if let Some(text) = text {
            self.texts.insert(id, text);
        }
    }

    /// The global whose `prototype` a name stands for.
    pub fn prototype_of(&self, id: &Id) -> Option<&str> {
        self.prototypes.get(id).map(String::as_str)
    }

    /// The function or class of whose `prototype` a name is another.
    pub fn owner_of_prototype(&self, id: &Id) -> Option<&Ident> {
        self.own_prototypes.get(id)
    }

    /// The function of the platform that a name stands for.
    pub fn alias(&self, id: &Id) -> Option<&Builtin> {
        self.aliases.get(id)
    }

    /// All such names.
    pub fn aliases(&self) -> impl Iterator<Item = (&Id, &Builtin)> {
        self.aliases.iter()
    }

    /// What calls of a function make.
    pub fn result(&self, function: &Id) -> Option<&Made> {
        self.results.get(function)
    }

    /// The function that gave a variable its value.
    pub fn giver(&self, id: &Id) -> Option<&Id> {
        self.givers.get(id)
    }

    /// What a name is declared as.
    pub fn made(&self, id: &Id) -> Option<&Made> {
        self.made.get(id)
    }

    /// Whether a name is an object that no class can extend.
    pub fn is_no_class(&self, id: &Id) -> bool {
        self.made.get(id).is_some_and(Made::is_no_class)
    }

    /// Whether a name is a primitive value that converts without running code.
    pub fn is_plain(&self, id: &Id) -> bool {
        self.plain.contains(id) || self.variables.values.contains(id)
    }

    /// Whether a name is a symbol.
    pub fn is_symbol(&self, id: &Id) -> bool {
        self.symbols.contains(id)
    }

    /// Whether a name is a number, or `undefined`, whenever it is read.
    pub fn is_number(&self, id: &Id) -> bool {
        self.variables.numbers.contains(id)
    }

    /// Whether code has it that may do anything with it.
    pub fn is_handed(&self, id: &Id) -> bool {
        self.handed.contains(id)
    }

    /// Whether code at the top of the module has it that may do anything with it.
    pub fn is_handed_early(&self, id: &Id) -> bool {
        self.handed_early.contains(id)
    }

    /// Whether functions hand something to others that the top of the module keeps.
    pub fn is_handed_later(&self) -> bool {
        self.handed.len() > self.handed_early.len()
            && self
                .made
                .keys()
                .any(|id| self.is_handed(id) && !self.is_handed_early(id))
    }

    /// What it is as long as no function does anything to it.
    pub fn shape(&self, id: &Id) -> Shape {
        if self.simple_patterns.contains(id) {
            return Shape::Pattern;
        }
        let Some(made) = self.made(id).filter(|_| !self.is_handed_early(id)) else {
            return Shape::Unknown;
        };
        match made.kind {
            FreshKind::Object if made.is_plain_object() && made.is_frozen() => Shape::Frozen,
            FreshKind::Object if made.is_plain_object() => Shape::Object,
            FreshKind::Array if made.is_frozen() => Shape::FrozenList,
            FreshKind::Array if self.known_depth(id) != Some(0) => Shape::List,
            FreshKind::Function | FreshKind::Class | FreshKind::Arrow
                if made.parent.is_none() && !made.has_accessors() =>
            {
                Shape::Class
            }
            _ => Shape::Unknown,
        }
    }

    /// So many names of a path through it are as they were written, where not all are.
    pub fn known_depth(&self, id: &Id) -> Option<usize> {
        self.depths.get(id).copied()
    }

    /// What is done to paths through objects.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// What the top of the module does to them.
    pub fn early_paths(&self) -> &Paths {
        &self.early_paths
    }

    /// Whether whatever an object or a list is given is a primitive value that converts without running code.
    pub fn has_flat_values(&self, id: &Id) -> bool {
        self.variables.flat.contains(id)
    }

    /// Whether `prototype` of a class or function is given something by this name.
    pub fn is_given_to_prototype(&self, id: &Id, name: &Atom) -> bool {
        self.prototype_names.contains(&(id.clone(), name.clone()))
    }

    /// Whether a name always is `null` or `undefined`.
    pub fn is_nothing(&self, id: &Id) -> bool {
        self.nothing.contains(id)
    }

    /// The whole number that a name is.
    pub fn integer(&self, id: &Id) -> Option<f64> {
        self.integers.get(id).copied()
    }

    /// How many bits the big integer has that a name is.
    pub fn bits(&self, id: &Id) -> Option<u64> {
        self.bits.get(id).copied()
    }

    /// The text a name is.
    pub fn text(&self, id: &Id) -> Option<&str> {
        self.texts.get(id).map(String::as_str)
    }

    /// What the regular expression that a name is gives as its `source`. Nobody can assign another; that somebody defines one
    /// is not expected.
    pub fn pattern(&self, id: &Id) -> Option<&str> {
        self.patterns.get(id).map(String::as_str)
    }
}

/// `Point` in `Point.prototype`
fn owner_of_prototype(value: &Expr) -> Option<&Ident> {
    let member = value.as_member()?;
    let is_prototype = static_member(&member.prop)? == *"prototype";
    member.obj.as_ident().filter(|_| is_prototype)
}

fn as_variables(statement: &Stmt) -> Option<&VarDecl> {
    statement.as_decl()?.as_var().map(|declaration| &**declaration)
}

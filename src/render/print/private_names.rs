//! Short names for `#private` members. No code outside a class body can name them, so that they need no agreement
//! with anything else in the module.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{Module, PrivateMethod, PrivateName};
use swc_core::ecma::transforms::base::rename::contains_eval;
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

use crate::base::short_name::nth_name;

/// Renames all private members but those that keep their names, the most used first. Classes may share names: each has its own. An `eval` inside a class
/// can name them, so nothing changes where there is one.
pub fn mangle_private_names(module: &mut Module) {
    let mut count = Count::default();
    module.visit_with(&mut count);
    let Count { uses, kept } = count;
    if uses.len() == kept.len() || contains_eval(module, true) {
        return;
    }
    let mut ranked: Vec<(Atom, (usize, usize))> = uses.into_iter().collect();
    ranked.retain(|(name, _)| !kept.contains(name));
    ranked.sort_unstable_by_key(|(_, (uses, first))| (std::cmp::Reverse(*uses), *first));
    // Reserved words are fine, but for `#constructor`, which is too long to be reached.
    let free = (0..).map(|index| Atom::from(nth_name(index)));
    let free = free.filter(|name| !kept.contains(name));
    let names = ranked.into_iter().map(|(name, _)| name).zip(free).collect();
    module.visit_mut_with(&mut Rename { names });
}

/// Name → how often it is there, and which one it was in order of appearance.
#[derive(Default)]
struct Count {
    uses: FxHashMap<Atom, (usize, usize)>,
    /// Names of methods that stay.
    kept: FxHashSet<Atom>,
}

impl Visit for Count {
    noop_visit_type!();

    fn visit_private_name(&mut self, name: &PrivateName) {
        let position = self.uses.len();
        self.uses.entry(name.name.clone()).or_insert((0, position)).0 += 1;
    }

    /// A name that takes no room in the source is to stay.
    fn visit_private_method(&mut self, method: &PrivateMethod) {
        let span = method.key.span;
        if !span.is_dummy() && span.lo == span.hi {
            self.kept.insert(method.key.name.clone());
        }
        method.visit_children_with(self);
    }
}

struct Rename {
    names: FxHashMap<Atom, Atom>,
}

impl VisitMut for Rename {
    noop_visit_mut_type!();

    fn visit_mut_private_name(&mut self, name: &mut PrivateName) {
        if let Some(short) = self.names.get(&name.name) {
            name.name = short.clone();
        }
    }
}

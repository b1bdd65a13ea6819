//! Calls of functions of other modules, and what is known of what they are given. Whether that is what those ask for is found
//! where modules are put together.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use swc_core::ecma::ast::{Expr, ExprOrSpread};

use super::promises::{NamePath, Promised, Relied};
use super::{Objects, Purity, without_parentheses};
use crate::graph::{Asked, Construction};

/// Nobody looks at more arguments.
const MOST_ARGUMENTS: usize = 6;

/// A call, or a construction, of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedCall {
    /// The import.
    pub callee: NamePath,
    /// How it runs.
    pub construction: Construction,
    /// The first arguments.
    pub arguments: Vec<Given>,
    /// Whether there may be others.
    pub has_more: bool,
}

/// What is known of an argument.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// What it always is.
    pub is: Asked,
    /// The import that it is.
    pub import: Option<NamePath>,
    /// What it is if imports keep promises.
    pub is_if: Vec<(Asked, Rc<Relied>)>,
}

impl Hash for ImportedCall {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.callee.hash(state);
        self.construction.hash(state);
        for argument in &self.arguments {
            argument.is.hash(state);
        }
    }
}

/// What a value may be by the way it is written.
fn possible(value: &Expr) -> Asked {
    let parts: &[Asked] = match value {
        Expr::Object(_) => &[
            Asked::OBJECT,
            Asked::FRESH,
            Asked::BARE,
            Asked::TRUE,
            Asked::SOMETHING,
        ],
        Expr::Fn(_) | Expr::Arrow(_) => &[
            Asked::CALLED,
            Asked::FUNCTION,
            Asked::OBJECT,
            Asked::TRUE,
            Asked::SOMETHING,
        ],
        _ => &Asked::ALL,
    };
    let mut all = Asked::default();
    for part in parts {
        all.add(*part);
    }
    all
}

impl Purity<'_> {
    /// Whether a callee is an import that is to be a function, or class, without side effects where it is given these.
    pub(super) fn is_promised_call(
        &self,
        callee: &Expr,
        arguments: &[ExprOrSpread],
        construction: Construction,
    ) -> bool {
        let Some((name, path)) = self.path_of_export(callee) else {
            return false;
        };
        if self.parameters.is_some_and(|parameters| parameters.has(&name)) {
            return match construction {
                Construction::Call => self.is_promised_function(callee),
                Construction::New => self.is_promised_class(callee),
            };
        }
        let Some(promised) = self.promised.filter(|promised| promised.imports.contains(&name)) else {
            return false;
        };
        let known = arguments.iter().take(MOST_ARGUMENTS);
        let known = known.take_while(|argument| argument.spread.is_none());
        let known: Vec<Given> = known
            .map(|argument| self.given(&argument.expr, promised))
            .collect();
        let call = ImportedCall {
            callee: (name, path),
            construction,
            has_more: known.len() < arguments.len(),
            arguments: known,
        };
        promised.note(|relied| {
            relied.calls.insert(call);
        });
        true
    }

    fn given(&self, value: &Expr, promised: &Promised<'_>) -> Given {
        let import = self.path_of_export(value);
        let import = import.filter(|(name, _)| promised.imports.contains(name));
        if import.is_some() {
            return Given {
                import,
                ..Given::default()
            };
        }
        let of_argument = Promised::of(promised.imports);
        let judging = Purity {
            promised: Some(&of_argument),
            objects: self
                .objects
                .map(|objects| Objects::new(objects.known(), Some(&of_argument))),
            parameters: None,
            inner_functions: None,
            filling: None,
            this: None,
            ..*self
        };
        let value = without_parentheses(value);
        let mut given = Given::default();
        let possible = possible(value);
        for asked in Asked::ALL.into_iter().filter(|asked| possible.has(*asked)) {
            if !judging.has_all(value, asked) {
                of_argument.take();
                continue;
            }
            let relied = of_argument.take();
            if relied.is_empty() && relied.reads.is_empty() {
                given.is.add(asked);
            } else if relied.given.is_empty() {
                given.is_if.push((asked, Rc::new(relied)));
            }
        }
        given
    }
}

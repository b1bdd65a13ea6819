//! Chains of calls that a search goes through.

use oxc_index::{IndexVec, define_index_type};
use rustc_hash::FxHashMap;

use super::facts::{CallId, FunctionId};

define_index_type! {
    /// A chain of calls.
    pub struct ContextId = u32;
}

/// No call: the module's own code, or a function whose caller is not known.
pub const NO_CONTEXT: ContextId = ContextId::from_raw_unchecked(0);

/// How deep calls nest in contexts.
const MAXIMUM_CONTEXT_DEPTH: usize = 3;
/// The call that is being followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Context {
    call: Option<CallId>,
    function: Option<FunctionId>,
    outer: ContextId,
    depth: usize,
}

/// All contexts of one file.
pub struct Contexts {
    all: IndexVec<ContextId, Context>,
    numbers: FxHashMap<Context, ContextId>,
}

impl Default for Contexts {
    fn default() -> Self {
        let mut all = IndexVec::new();
        all.push(Context {
            call: None,
            function: None,
            outer: NO_CONTEXT,
            depth: 0,
        });
        Self {
            all,
            numbers: FxHashMap::default(),
        }
    }
}

impl Contexts {
    /// The context of `call` entering `function`.
    pub fn enter(&mut self, call: CallId, function: FunctionId, outer: ContextId) -> ContextId {
        let is_recursive = self.find(outer, function).is_some();
        let outer = if is_recursive || self.all[outer].depth >= MAXIMUM_CONTEXT_DEPTH {
            NO_CONTEXT
        } else {
            outer
        };
        let depth = self.all[outer].depth + 1;
        let context = Context {
            call: Some(call),
            function: Some(function),
            outer,
            depth,
        };
        if let Some(&number) = self.numbers.get(&context) {
            return number;
        }
        let number = self.all.push(context);
        self.numbers.insert(context, number);
        number
    }

    /// The call through which `function` was entered, and the context of that call.
    pub fn find(&self, mut context: ContextId, function: FunctionId) -> Option<(CallId, ContextId)> {
        loop {
            let Context {
                call,
                function: entered,
                outer,
                ..
            } = self.all[context];
            if entered? == function {
                return Some((call?, outer));
            }
            context = outer;
        }
    }
}

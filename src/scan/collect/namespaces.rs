//! What statements ask imports for as a whole, without giving them to anyone: `ns[key]`, `Object.keys(ns)`, `{ ...ns }`.

use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{CallExpr, Expr, ObjectPatProp, Pat};
use swc_core::ecma::visit::VisitMutWith as _;

use super::Collector;
use crate::graph::{LocalId, NamespaceQuestions};
use crate::scan::asked_names::static_key;
use crate::scan::named_members::static_path;
use crate::scan::side_effects::without_parentheses;

/// An import that the statement only asked so far.
pub(super) struct Asked {
    local: LocalId,
    questions: NamespaceQuestions,
    /// How often the module mentions it, if the statement has not done more with it than to ask.
    mentions: u32,
}

impl Collector<'_> {
    /// Notes a question; whether an import was asked.
    pub(super) fn asks(&mut self, object: &Expr, questions: NamespaceQuestions) -> bool {
        let Some(local) = self.imported(object) else {
            return false;
        };
        let mentions = self.module.symbols[local].reference_count;
        if self.last_use[local] == Some(self.current) {
            let mut asked = self.asked.iter_mut();
            if let Some(asked) = asked.find(|asked| asked.local == local && asked.mentions == mentions) {
                asked.mentions += 1;
                asked.questions = asked.questions.and(questions);
            }
        } else {
            self.asked.push(Asked {
                local,
                questions,
                mentions: mentions + 1,
            });
        }
        self.use_local(local);
        true
    }

    fn imported(&self, object: &Expr) -> Option<LocalId> {
        let local = self.local_of(without_parentheses(object).as_ident()?)?;
        self.module.imports.contains_key(&local).then_some(local)
    }

    /// Notes what the statement that was visited only asked.
    pub(super) fn note_only_asked(&mut self) {
        for asked in self.asked.drain(..) {
            if self.module.symbols[asked.local].reference_count == asked.mentions {
                self.facts.only_asked.push((asked.local, asked.questions));
            }
        }
    }

    /// What is called, which may get the object of a member as its `this`.
    pub(super) fn visit_callee(&mut self, callee: &mut Expr, questions: Option<NamespaceQuestions>) {
        let mut inner = &mut *callee;
        while let Expr::Paren(parentheses) = inner {
            inner = &mut parentheses.expr;
        }
        match inner {
            Expr::Member(member)
                if member.prop.is_computed()
                    && self.import_path(member).is_none()
                    && self.imported(&member.obj).is_some() =>
            {
                match questions {
                    Some(questions) if self.asks(&member.obj, questions) => {}
                    _ => member.obj.visit_mut_with(self),
                }
                member.prop.visit_mut_with(self);
            }
            _ => callee.visit_mut_with(self),
        }
    }

    /// Arguments of a function of the language that only asks for what is in them.
    pub(super) fn visit_asked(&mut self, call: &mut CallExpr, asked: AskedArguments) {
        call.callee.visit_mut_with(self);
        for (index, argument) in call.args.iter_mut().enumerate() {
            let is_asked = argument.spread.is_none() && asked.contains(index);
            if !(is_asked && self.asks(&argument.expr, asked.questions)) {
                self.visit_arguments(std::slice::from_mut(argument));
            }
        }
    }
}

/// Which arguments are asked, and for what.
#[derive(Clone, Copy)]
pub(super) struct AskedArguments {
    first: usize,
    last: usize,
    questions: NamespaceQuestions,
}

impl AskedArguments {
    fn contains(self, index: usize) -> bool {
        (self.first..=self.last).contains(&index)
    }
}

/// `Object.keys(ns)`, `Object.assign({}, ns)`, `Object.prototype.hasOwnProperty.call(ns, key)`.
pub(super) fn asked_arguments(call: &CallExpr, unresolved: SyntaxContext) -> Option<AskedArguments> {
    let callee = without_parentheses(call.callee.as_expr()?);
    let (object, path) = static_path(callee.as_member()?)?;
    if object.ctxt != unresolved || object.sym != *"Object" {
        return None;
    }
    let path: Vec<&str> = path.iter().map(|name| &**name).collect();
    let (first, last, questions) = match path.as_slice() {
        ["keys" | "values" | "entries" | "getOwnPropertyNames"] => (0, 0, NamespaceQuestions::NAMES),
        ["hasOwn"] | ["prototype", "hasOwnProperty", "call"] => (0, 0, NamespaceQuestions::ANY),
        ["assign"] => (1, usize::MAX, NamespaceQuestions::COPIED),
        _ => return None,
    };
    Some(AskedArguments {
        first,
        last,
        questions,
    })
}

/// What taking something apart asks it for: `{ a, [key]: b, ...rest }`.
pub(super) fn questions_of_pattern(pattern: &Pat) -> Option<NamespaceQuestions> {
    let object = pattern.as_object()?;
    let questions = object.props.iter().map(|property| match property {
        ObjectPatProp::Rest(_) => NamespaceQuestions::COPIED,
        ObjectPatProp::KeyValue(pair) if static_key(&pair.key).is_none() => NamespaceQuestions::ANY,
        ObjectPatProp::KeyValue(_) | ObjectPatProp::Assign(_) => NamespaceQuestions::NAMES,
    });
    Some(questions.fold(NamespaceQuestions::NAMES, NamespaceQuestions::and))
}

//! Answers about a module that take its tree. Where the module is known to be what it was, they are what they were.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::syntax::ModuleSyntax;
use crate::base::Digest;

/// The answers that all graphs of a process share which have a module, by the questions.
#[derive(Default)]
pub struct SharedAnswers(Mutex<FxHashMap<String, Arc<dyn Any + Send + Sync>>>);

impl SharedAnswers {
    fn of<Answer: Clone + Send + Sync + 'static>(
        &self,
        question: String,
        answer: impl FnOnce() -> Answer,
    ) -> Answer {
        let answers = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = answers().get(&question).cloned();
        if let Some(known) = known.and_then(|known| known.downcast::<Answer>().ok()) {
            return Answer::clone(&known);
        }
        let found = answer();
        answers().insert(question, Arc::new(found.clone()));
        found
    }
}

impl ModuleSyntax {
    /// The answer to a question about this module alone, from what an earlier process has kept, from another graph of this one
    /// or from `answer`. The text of the question says all that the answer depends on besides the module.
    pub fn kept_answer<Answer: Serialize + DeserializeOwned + Clone + Send + Sync + 'static>(
        &self,
        question: impl FnOnce() -> String,
        answer: impl FnOnce() -> Answer,
    ) -> Answer {
        let (identity, pieces) = match (&self.identity, &self.kept_in) {
            (Some(identity), Some(pieces)) => (identity, pieces),
            // Who knows what modules are made of has many graphs.
            (Some(_), None) => return self.answers.of(question(), answer),
            (None, _) => return answer(),
        };
        let name = Self::name_of_answer(identity, &question());
        pieces.value(&name).unwrap_or_else(|| {
            let answer = answer();
            pieces.put_value(name, &answer);
            answer
        })
    }

    fn name_of_answer(identity: &Digest, question: &str) -> Digest {
        Digest::of(&[identity.as_bytes().as_slice(), question.as_bytes()].concat())
    }
}

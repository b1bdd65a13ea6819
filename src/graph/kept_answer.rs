//! Answers about a module that take its tree. Where the module is known to be what it was, they are what they were.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::syntax::ModuleSyntax;
use crate::base::Digest;

impl ModuleSyntax {
    /// The answer to a question about this module alone, from what an earlier process has kept or from `answer`. The text of
    /// the question says all that the answer depends on besides the module.
    pub fn kept_answer<Answer: Serialize + DeserializeOwned>(
        &self,
        question: impl FnOnce() -> String,
        answer: impl FnOnce() -> Answer,
    ) -> Answer {
        let (Some(identity), Some(pieces)) = (&self.identity, &self.kept_in) else {
            return answer();
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

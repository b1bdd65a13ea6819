//! In which order the files of `composes` come. Their rules apply before those of the sheet that composes them, and among
//! each other as the names stand in one rule, as the specification of CSS modules says:
//!
//! ```css
//! .b { composes: x from "./2.css"; }
//! .a { composes: y from "./1.css"; composes: z from "./2.css"; }   /* 1.css, 2.css */
//! ```
//!
//! Where no rule says anything, the first mention decides; of rules that contradict each other the first counts.

use std::convert::Infallible;

use indexmap::{IndexMap, IndexSet};
use lightningcss::properties::Property;
use lightningcss::properties::css_modules::Specifier;
use lightningcss::rules::CssRule;
use lightningcss::stylesheet::StyleSheet as Parsed;
use lightningcss::visit_types;
use lightningcss::visitor::{Visit as _, VisitTypes, Visitor};

/// The files that a sheet composes names of, in the order in which their rules apply.
pub fn composed_files(parsed: &mut Parsed<'_>) -> Vec<String> {
    let mut composed = ComposedFiles::default();
    match parsed.visit(&mut composed) {
        Ok(()) => {}
        Err(never) => match never {},
    }
    composed.in_order()
}

/// The files that have to come before each file, in the order of the first mention.
#[derive(Debug, Default)]
struct ComposedFiles {
    before: IndexMap<String, IndexSet<String>>,
}

impl<'i> Visitor<'i> for ComposedFiles {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(RULES)
    }

    fn visit_rule(&mut self, rule: &mut CssRule<'i>) -> Result<(), Self::Error> {
        if let CssRule::Style(style) = rule {
            let files = style
                .declarations
                .iter()
                .filter_map(|(property, _)| match property {
                    Property::Composes(composes) => match &composes.from {
                        Some(Specifier::File(file)) => Some(file.to_string()),
                        _ => None,
                    },
                    _ => None,
                });
            self.note(files);
        }
        rule.visit_children(self)
    }
}

impl ComposedFiles {
    /// Notes the files of one rule.
    fn note(&mut self, files: impl Iterator<Item = String>) {
        let mut previous: Option<String> = None;
        for file in files {
            self.before.entry(file.clone()).or_default();
            if let Some(previous) = previous.filter(|previous| !self.is_before(&file, previous)) {
                self.before.entry(file.clone()).or_default().insert(previous);
            }
            previous = Some(file);
        }
    }

    /// Whether `first` has to come before `second`, or is it.
    fn is_before(&self, first: &str, second: &str) -> bool {
        let mut reached: IndexSet<&str> = IndexSet::from([second]);
        let mut next = 0;
        while let Some(file) = reached.get_index(next).copied() {
            next += 1;
            reached.extend(self.before.get(file).into_iter().flatten().map(String::as_str));
        }
        reached.contains(first)
    }

    fn in_order(&self) -> Vec<String> {
        let mut output: IndexSet<String> = IndexSet::new();
        while output.len() < self.before.len() {
            let next = self.before.iter().find(|(file, before)| {
                !output.contains(*file) && before.iter().all(|one| output.contains(one))
            });
            let (file, _) = next.expect("what would close a circle was not noted");
            output.insert(file.clone());
        }
        output.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(rules: &[&[&str]]) -> String {
        let mut composed = ComposedFiles::default();
        for rule in rules {
            composed.note(rule.iter().map(|file| (*file).to_owned()));
        }
        composed.in_order().join(" ")
    }

    #[test]
    fn rules_decide_and_then_the_first_mention() {
        assert_eq!(order(&[&["z"], &["a"]]), "z a");
        assert_eq!(order(&[&["b"], &["a", "b"], &["c"]]), "a b c");
        assert_eq!(order(&[&["a", "b", "a"], &["b", "a"]]), "a b");
        assert_eq!(order(&[&["a", "b"], &["b", "c"], &["c", "a"]]), "a b c");
    }
}

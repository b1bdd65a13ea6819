//! Declarations behind rules and under conditions inside of a rule, for browsers that do not nest.
//!
//! ```text
//! .a { &.b { x: y } color: red }          .a { &.b { x: y } } .a { color: red }
//! .a { @media print { color: red } }      @media print { .a { color: red } }
//! ```
//!
//! That is what they mean (CSS Nesting §4.1). Lowering writes some declarations as rules of their own, for one direction of
//! text each; it does that beside a rule, and would lose them beside mere declarations.

use lightningcss::rules::style::StyleRule;
use lightningcss::rules::{CssRule, CssRuleList};

use super::rule_parts::{inner_rules, rules_under, selectors_alone};

/// Gives such declarations the selectors that they have.
pub fn give_selectors(rules: &mut CssRuleList<'_>) {
    let mut all = Vec::with_capacity(rules.0.len());
    for mut rule in rules.0.drain(..) {
        match rule {
            CssRule::Style(style) => take_apart(style, &mut all),
            ref mut other => {
                if let Some(inner) = inner_rules(other) {
                    give_selectors(inner);
                }
                all.push(rule);
            }
        }
    }
    rules.0 = all;
}

fn take_apart<'i>(mut style: StyleRule<'i>, all: &mut Vec<CssRule<'i>>) {
    if style.rules.0.is_empty() {
        all.push(CssRule::Style(style));
        return;
    }
    let inner = std::mem::take(&mut style.rules.0);
    let bare = selectors_alone(&style);
    let mut current = style;
    for mut rule in inner {
        match rule {
            CssRule::NestedDeclarations(nested) => {
                let next = StyleRule {
                    declarations: nested.declarations,
                    loc: nested.loc,
                    ..bare.clone()
                };
                push(std::mem::replace(&mut current, next), all);
            }
            CssRule::Style(style) => take_apart(style, &mut current.rules.0),
            _ if has_declarations(&rule) => {
                push(std::mem::replace(&mut current, bare.clone()), all);
                if let Some(inner) = inner_rules(&mut rule) {
                    let rules = CssRuleList(std::mem::take(&mut inner.0));
                    take_apart(
                        StyleRule {
                            rules,
                            ..bare.clone()
                        },
                        &mut inner.0,
                    );
                }
                all.push(rule);
            }
            _ => {
                if let Some(inner) = inner_rules(&mut rule) {
                    give_selectors(inner);
                }
                current.rules.0.push(rule);
            }
        }
    }
    push(current, all);
}

fn push<'i>(style: StyleRule<'i>, all: &mut Vec<CssRule<'i>>) {
    if !(style.declarations.is_empty() && style.rules.0.is_empty()) {
        all.push(CssRule::Style(style));
    }
}

/// Whether declarations are under a condition, without a rule around them.
fn has_declarations(rule: &CssRule<'_>) -> bool {
    let is_bare =
        |inner: &CssRule<'_>| matches!(inner, CssRule::NestedDeclarations(_)) || has_declarations(inner);
    rules_under(rule).is_some_and(|rules| rules.0.iter().any(is_bare))
}

#[cfg(test)]
mod tests {
    use lightningcss::printer::PrinterOptions;
    use lightningcss::stylesheet::{ParserOptions, StyleSheet};

    use super::give_selectors;

    fn with_selectors(text: &str) -> String {
        let mut sheet = StyleSheet::parse(text, ParserOptions::default()).expect("the text is a style sheet");
        give_selectors(&mut sheet.rules);
        let options = PrinterOptions {
            minify: true,
            ..PrinterOptions::default()
        };
        sheet.to_css(options).expect("it can be printed").code
    }

    #[test]
    fn declarations_behind_rules_and_under_conditions_have_rules_of_their_own() {
        assert_eq!(
            with_selectors(".a,.b{x:y;&.c{x:y}z:w;&.d{x:y}}"),
            ".a,.b{x:y;&.c{x:y}}.a,.b{z:w;&.d{x:y}}"
        );
        assert_eq!(
            with_selectors(".a{x:y;@media print{z:w;&.b{x:y}v:w}u:w}"),
            ".a{x:y}@media print{.a{z:w;&.b{x:y}}.a{v:w}}.a{u:w}"
        );
        assert_eq!(
            with_selectors("@layer l{.a{.b{@media print{@supports (x:y){x:y}}}}}"),
            "@layer l{.a{@media print{@supports (x:y){& .b{x:y}}}}}"
        );
    }

    #[test]
    fn what_has_selectors_stays() {
        let text = ".a{x:y;&.b{x:y}@media print{&.c{x:y}}}.d{x:y}";
        assert_eq!(with_selectors(text), text);
    }
}

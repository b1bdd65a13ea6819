//! Rules inside of a rule with several selectors, for browsers without `:is()`.
//!
//! ```text
//! .a, .b { color: red; .c { x: y } }      .a, .b { color: red } .a { .c { x: y } } .b { .c { x: y } }
//! ```
//!
//! Without it, nesting would be written as `:is(.a, .b) .c`, which such browsers ignore. One rule comes after the other, so that
//! the order of declarations for one element stays. Where a rule asks for the one around it several times, or for what it
//! is not, one selector alone says something else: those stay, and browsers that do not read them ignore them.

use lightningcss::rules::style::StyleRule;
use lightningcss::rules::{CssRule, CssRuleList};

use super::nested_parents::mentions;
use super::rule_parts::{inner_rules, rules_under, selectors_alone};

/// Gives each selector of a list its own rules.
pub fn distribute(rules: &mut CssRuleList<'_>) {
    let mut all = Vec::with_capacity(rules.0.len());
    for mut rule in rules.0.drain(..) {
        if let Some(inner) = inner_rules(&mut rule) {
            distribute(inner);
        }
        match rule {
            CssRule::Style(style)
                if style.selectors.0.len() > 1
                    && has_rules(&style.rules)
                    && style.rules.0.iter().all(asks_for_one) =>
            {
                take_apart(style, &mut all);
            }
            other => all.push(other),
        }
    }
    rules.0 = all;
}

fn take_apart<'i>(mut style: StyleRule<'i>, all: &mut Vec<CssRule<'i>>) {
    let inner = std::mem::take(&mut style.rules.0);
    let bare = selectors_alone(&style);
    if !style.declarations.is_empty() {
        all.push(CssRule::Style(style));
    }
    for rule in inner {
        if !is_rule(&rule) {
            let rules = CssRuleList(vec![rule]);
            all.push(CssRule::Style(StyleRule {
                rules,
                ..bare.clone()
            }));
            continue;
        }
        for selector in &bare.selectors.0 {
            all.push(CssRule::Style(StyleRule {
                selectors: selector.clone().into(),
                rules: CssRuleList(vec![rule.clone()]),
                ..bare.clone()
            }));
        }
    }
}

/// Whether one selector of the rule around a rule is all that counts for an element.
fn asks_for_one(rule: &CssRule<'_>) -> bool {
    let (is_own, inner) = match rule {
        CssRule::Style(style) => (
            style.selectors.0.iter().all(|own| mentions(own) <= 1),
            Some(&style.rules),
        ),
        other => (true, rules_under(other)),
    };
    is_own && inner.is_none_or(|inner| inner.0.iter().all(asks_for_one))
}

/// Whether selectors are among rules.
fn has_rules(rules: &CssRuleList<'_>) -> bool {
    rules.0.iter().any(is_rule)
}

fn is_rule(rule: &CssRule<'_>) -> bool {
    matches!(rule, CssRule::Style(_)) || rules_under(rule).is_some_and(has_rules)
}

#[cfg(test)]
mod tests {
    use lightningcss::printer::PrinterOptions;
    use lightningcss::stylesheet::{ParserOptions, StyleSheet};

    use super::distribute;

    fn distributed(text: &str) -> String {
        let mut sheet = StyleSheet::parse(text, ParserOptions::default()).expect("the text is a style sheet");
        distribute(&mut sheet.rules);
        let options = PrinterOptions {
            minify: true,
            ..PrinterOptions::default()
        };
        sheet.to_css(options).expect("it can be printed").code
    }

    #[test]
    fn each_selector_has_its_own_rules_in_the_order_of_the_source() {
        assert_eq!(
            distributed(".a,.b{x:y;.c{x:y}&:hover{z:w}}"),
            ".a,.b{x:y}.a{& .c{x:y}}.b{& .c{x:y}}.a{&:hover{z:w}}.b{&:hover{z:w}}"
        );
        assert_eq!(
            distributed("@media print{.a,.b{.c,.d{&.e{x:y}}}}"),
            "@media print{.a{& .c{&.e{x:y}}}.b{& .c{&.e{x:y}}}.a{& .d{&.e{x:y}}}.b{& .d{&.e{x:y}}}}"
        );
    }

    #[test]
    fn what_needs_no_selectors_of_its_own_stays_together() {
        assert_eq!(
            distributed(".a,.b{x:y}.c{.d{x:y}}.e,.f{@media print{x:y}z:w}"),
            ".a,.b{x:y}.c{& .d{x:y}}.e,.f{@media print{x:y}z:w}"
        );
        for text in [".a,.b{& &{x:y}}", ".a,.b{:not(&){x:y}}", ".a,.b{& .c{& &{x:y}}}"] {
            assert_eq!(distributed(text), text);
        }
    }
}

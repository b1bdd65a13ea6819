//! What rules have inside, and what is left of a rule without that.

use lightningcss::declaration::DeclarationBlock;
use lightningcss::rules::style::StyleRule;
use lightningcss::rules::{CssRule, CssRuleList};

/// A rule with the selectors of another one, and nothing inside.
pub fn selectors_alone<'i>(style: &StyleRule<'i>) -> StyleRule<'i> {
    StyleRule {
        selectors: style.selectors.clone(),
        vendor_prefix: style.vendor_prefix,
        declarations: DeclarationBlock::default(),
        rules: CssRuleList(Vec::new()),
        loc: style.loc,
    }
}

/// The rules under a condition, or in a layer.
pub fn rules_under<'r, 'i>(rule: &'r CssRule<'i>) -> Option<&'r CssRuleList<'i>> {
    match rule {
        CssRule::Media(media) => Some(&media.rules),
        CssRule::Supports(supports) => Some(&supports.rules),
        CssRule::LayerBlock(layer) => Some(&layer.rules),
        CssRule::Container(container) => Some(&container.rules),
        CssRule::StartingStyle(starting) => Some(&starting.rules),
        _ => None,
    }
}

/// The rules inside of a rule.
pub fn inner_rules<'r, 'i>(rule: &'r mut CssRule<'i>) -> Option<&'r mut CssRuleList<'i>> {
    match rule {
        CssRule::Style(style) => Some(&mut style.rules),
        CssRule::Media(media) => Some(&mut media.rules),
        CssRule::Supports(supports) => Some(&mut supports.rules),
        CssRule::LayerBlock(layer) => Some(&mut layer.rules),
        CssRule::Container(container) => Some(&mut container.rules),
        CssRule::StartingStyle(starting) => Some(&mut starting.rules),
        _ => None,
    }
}

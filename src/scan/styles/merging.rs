//! Declarations that the minifier must not bring together.
//!
//! It collects what belongs to a shorthand and writes that after everything else of a rule. Where the rule also has a
//! property that the shorthand resets and that the minifier does not count to it (`font-variant` after `font`), that gets
//! lost; and it takes `translate`, `rotate` and `scale` for parts of `transform`, which they are not (CSS Transforms
//! Level 2, section 5).

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use lightningcss::declaration::DeclarationBlock;
use lightningcss::printer::PrinterOptions;
use lightningcss::properties::Property;
use lightningcss::properties::custom::{CustomPropertyName, TokenList};
use lightningcss::rules::CssRule;
use lightningcss::rules::style::StyleRule;
use lightningcss::rules::unknown::UnknownAtRule;
use lightningcss::stylesheet::StyleSheet as Parsed;
use lightningcss::traits::ToCss as _;
use lightningcss::values::string::CowArcStr;
use lightningcss::visit_types;
use lightningcss::visitor::{Visit as _, VisitTypes, Visitor};

const HELD: &str = "esmx-build-held-";

/// Takes rules out of a sheet, so that they stay as they are: those for the same elements whose declarations do not bear
/// being put together. What is in their places brings them back with [`put_back`].
pub fn hold_back<'i>(sheet: &mut Parsed<'i>) -> Vec<CssRule<'i>> {
    let mut seldom = Seldom::default();
    let Ok(()) = sheet.visit(&mut seldom);
    if seldom.names.is_empty() {
        return Vec::new();
    }
    let mut rules = Rules {
        seldom: &seldom.names,
        of_selectors: BTreeMap::new(),
    };
    let Ok(()) = sheet.visit(&mut rules);
    let mut of_selectors = rules.of_selectors;
    of_selectors.retain(|_, names| {
        let mut pairs = names
            .iter()
            .flat_map(|one| names.iter().map(move |other| (one, other)));
        pairs.any(|(shorthand, name)| seldom.names.contains(name) && is_reset_by(name, shorthand))
    });
    let mut holding = Holding {
        selectors: of_selectors.into_keys().collect(),
        held: Vec::new(),
    };
    if !holding.selectors.is_empty() {
        let Ok(()) = sheet.visit(&mut holding);
    }
    holding.held
}

/// Puts rules back where they were.
pub fn put_back<'i>(sheet: &mut Parsed<'i>, held: Vec<CssRule<'i>>) {
    if !held.is_empty() {
        let mut held = PuttingBack(held.into_iter().map(Some).collect());
        let Ok(()) = sheet.visit(&mut held);
    }
}

/// Whether `shorthand` sets `name` to its initial value, or the minifier believes that.
fn is_reset_by(name: &str, shorthand: &str) -> bool {
    match name {
        "translate" | "rotate" | "scale" => shorthand == "transform",
        _ => name
            .strip_prefix(shorthand)
            .is_some_and(|rest| rest.starts_with('-')),
    }
}

/// Properties with which the minifier goes wrong, if they are there.
#[derive(Default)]
struct Seldom {
    names: BTreeSet<String>,
}

impl<'i> Visitor<'i> for Seldom {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(RULES | PROPERTIES)
    }

    fn visit_declaration_block(&mut self, block: &mut DeclarationBlock<'i>) -> Result<(), Infallible> {
        for (property, _) in block.iter() {
            let is_seldom = match property {
                Property::Custom(custom) => matches!(custom.name, CustomPropertyName::Unknown(_)),
                // It is written as a percentage, which `font` does not take.
                Property::FontStretch(_) => true,
                property => matches!(property.property_id().name(), "translate" | "rotate" | "scale"),
            };
            if is_seldom {
                self.names.insert(property.property_id().name().to_owned());
            }
        }
        Ok(())
    }
}

/// The properties for the same elements, those of interest.
struct Rules<'a> {
    seldom: &'a BTreeSet<String>,
    of_selectors: BTreeMap<String, BTreeSet<String>>,
}

impl<'i> Visitor<'i> for Rules<'_> {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(RULES)
    }

    fn visit_rule(&mut self, rule: &mut CssRule<'i>) -> Result<(), Infallible> {
        if let CssRule::Style(style) = rule {
            let names = style.declarations.iter();
            let names: BTreeSet<String> = names
                .map(|(property, _)| property.property_id().name().to_owned())
                .filter(|name| {
                    self.seldom.contains(name) || self.seldom.iter().any(|seldom| is_reset_by(seldom, name))
                })
                .collect();
            if !names.is_empty() {
                let known = self.of_selectors.entry(selectors_of(style));
                known.or_default().extend(names);
            }
        }
        rule.visit_children(self)
    }
}

fn selectors_of(style: &StyleRule<'_>) -> String {
    let selectors = style.selectors.to_css_string(PrinterOptions::default());
    selectors.unwrap_or_default()
}

/// Takes rules with these selectors out.
struct Holding<'i> {
    selectors: BTreeSet<String>,
    held: Vec<CssRule<'i>>,
}

impl<'i> Visitor<'i> for Holding<'i> {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(RULES)
    }

    fn visit_rule(&mut self, rule: &mut CssRule<'i>) -> Result<(), Infallible> {
        let place = match rule {
            CssRule::Style(style) if self.selectors.contains(&selectors_of(style)) => {
                CssRule::Unknown(UnknownAtRule {
                    name: CowArcStr::from(format!("{HELD}{}", self.held.len())),
                    prelude: TokenList(Vec::new()),
                    block: None,
                    loc: style.loc,
                })
            }
            _ => return rule.visit_children(self),
        };
        self.held.push(std::mem::replace(rule, place));
        Ok(())
    }
}

struct PuttingBack<'i>(Vec<Option<CssRule<'i>>>);

impl<'i> Visitor<'i> for PuttingBack<'i> {
    type Error = Infallible;

    fn visit_types(&self) -> VisitTypes {
        visit_types!(RULES)
    }

    fn visit_rule(&mut self, rule: &mut CssRule<'i>) -> Result<(), Infallible> {
        let held = match rule {
            CssRule::Unknown(unknown) => unknown
                .name
                .strip_prefix(HELD)
                .and_then(|number| self.0.get_mut(number.parse::<usize>().ok()?)?.take()),
            _ => None,
        };
        match held {
            Some(held) => *rule = held,
            None => rule.visit_children(self)?,
        }
        Ok(())
    }
}

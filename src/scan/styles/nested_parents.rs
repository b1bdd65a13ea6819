//! What `&` stands for, in its place, for browsers that do not nest.
//!
//! ```text
//! .a .b { &:hover { .c & { x: y } } }          .c :is(.a .b:hover) { x: y }
//! ```
//!
//! Lowering does that too, but only asks the innermost rule whether its selector can stand without `:is()`: above it wrote
//! `.c .a .b:hover`, and `.cdiv` for a `.c&` inside of `div { & {} }`.

use lightningcss::rules::{CssRule, CssRuleList};
use lightningcss::selector::{Component, Selector};

use super::rule_parts::inner_rules;

/// Writes the selectors of the rules around rules into the selectors of these.
pub fn write_parents(rules: &mut CssRuleList<'_>) {
    write_inside(rules, None);
}

/// How often a selector asks for the rule around it: more than once where what it says is the opposite.
pub fn mentions(selector: &Selector<'_>) -> usize {
    let of_list = |list: &[Selector<'_>]| list.iter().map(mentions).max().unwrap_or(0);
    let of_component = |component: &Component<'_>| match component {
        Component::Nesting => 1,
        Component::Is(list) | Component::Where(list) | Component::Has(list) | Component::Any(_, list) => {
            of_list(list)
        }
        Component::Negation(list) => 2 * of_list(list),
        Component::NthOf(nth) => 2 * of_list(nth.selectors()),
        Component::Slotted(inner) | Component::Host(Some(inner)) => 2 * mentions(inner),
        _ => 0,
    };
    selector.iter_raw_match_order().map(of_component).sum()
}

fn write_inside<'i>(rules: &mut CssRuleList<'i>, parent: Option<&[Selector<'i>]>) {
    for rule in &mut rules.0 {
        let CssRule::Style(style) = rule else {
            if let Some(inner) = inner_rules(rule) {
                write_inside(inner, parent);
            }
            continue;
        };
        if let Some(parent) = parent {
            let written = style.selectors.0.iter().map(|own| written(own, parent));
            if let Some(written) = written.collect::<Option<Vec<_>>>() {
                style.selectors.0 = written.into();
            }
        }
        if !style.rules.0.is_empty() {
            let is_known = style.selectors.0.iter().all(|own| mentions(own) == 0);
            let around = style.selectors.0.clone();
            write_inside(&mut style.rules, is_known.then_some(&around));
        }
    }
}

/// A selector without `&`; none where it is in a place that cannot be written anew.
fn written<'i>(selector: &Selector<'i>, parent: &[Selector<'i>]) -> Option<Selector<'i>> {
    let mut all = Vec::new();
    for (compound, combinator) in compounds(selector) {
        let (kinds, rest): (Vec<_>, Vec<_>) = compound.iter().partition(|one| is_kind(one));
        // Where nothing is in front, the selector itself can stand there.
        let alone = match (parent, rest.first()) {
            ([parent], Some(Component::Nesting)) if kinds.is_empty() && all.is_empty() => Some(parent),
            _ => None,
        };
        if let Some(parent) = alone {
            for (compound, combinator) in compounds(parent) {
                all.extend(compound.iter().cloned());
                all.extend(combinator.cloned());
            }
        }
        all.extend(kinds.into_iter().cloned());
        for component in rest.into_iter().skip(usize::from(alone.is_some())) {
            all.push(component_written(component, parent)?);
        }
        all.extend(combinator.cloned());
    }
    Some(Selector::from(all))
}

fn component_written<'i>(component: &Component<'i>, parent: &[Selector<'i>]) -> Option<Component<'i>> {
    let list = |list: &[Selector<'i>]| -> Option<Box<[Selector<'i>]>> {
        list.iter().map(|one| written(one, parent)).collect()
    };
    Some(match component {
        Component::Nesting => Component::Is(parent.into()),
        Component::Is(inner) => Component::Is(list(inner)?),
        Component::Where(inner) => Component::Where(list(inner)?),
        Component::Has(inner) => Component::Has(list(inner)?),
        Component::Negation(inner) => Component::Negation(list(inner)?),
        Component::Any(prefix, inner) => Component::Any(*prefix, list(inner)?),
        Component::NthOf(nth) if nth.selectors().iter().any(|one| mentions(one) > 0) => return None,
        Component::Slotted(inner) | Component::Host(Some(inner)) if mentions(inner) > 0 => return None,
        other => other.clone(),
    })
}

/// What is said of one element each, as it is written, and what is between that and the next.
fn compounds<'s, 'i>(
    selector: &'s Selector<'i>,
) -> impl Iterator<Item = (&'s [Component<'i>], Option<&'s Component<'i>>)> {
    let components = selector.iter_raw_match_order().as_slice();
    let combinators = components.iter().rev().filter(|one| one.is_combinator());
    let compounds = components.split(Component::is_combinator).rev();
    compounds.zip(combinators.map(Some).chain(std::iter::repeat(None)))
}

/// Whether it names the kind of an element, which is said first.
fn is_kind(component: &Component<'_>) -> bool {
    matches!(
        component,
        Component::LocalName(_)
            | Component::ExplicitUniversalType
            | Component::ExplicitAnyNamespace
            | Component::ExplicitNoNamespace
            | Component::Namespace(..)
            | Component::DefaultNamespace(_)
    )
}

#[cfg(test)]
mod tests {
    use lightningcss::printer::PrinterOptions;
    use lightningcss::stylesheet::{ParserOptions, StyleSheet};
    use lightningcss::targets::{Browsers, Targets};

    use super::write_parents;

    fn flat(text: &str) -> String {
        let mut sheet = StyleSheet::parse(text, ParserOptions::default()).expect("the text is a style sheet");
        write_parents(&mut sheet.rules);
        let options = PrinterOptions {
            minify: true,
            targets: Targets::from(Browsers {
                chrome: Some(90 << 16),
                ..Browsers::default()
            }),
            ..PrinterOptions::default()
        };
        sheet.to_css(options).expect("it can be printed").code
    }

    #[test]
    fn rules_around_rules_are_asked_for_as_a_whole() {
        for (nested, meant) in [
            (".a .b{&:hover{.c &{x:y}}}", ".c :is(.a .b:hover){x:y}"),
            (".a .b{&:hover{& &{x:y}}}", ".a .b:hover :is(.a .b:hover){x:y}"),
            (".a{.b{&:hover{.c &{x:y}}}}", ".c :is(.a .b:hover){x:y}"),
            (".a .b{&{.c &{x:y}}}", ".c :is(.a .b){x:y}"),
            (".a .b{.c :is(&){x:y}}", ".c :is(.a .b){x:y}"),
            ("div{&:hover{.c&{x:y}}}", ".c:is(div:hover){x:y}"),
            (".a{.c &div{x:y}}", ".c div.a{x:y}"),
            (".a,.b{&:hover{.c &{x:y}}}", ".c :is(.a,.b):hover{x:y}"),
            (
                ".a .b{@media print{&:hover{.c &{x:y}}}}",
                "@media print{.c :is(.a .b:hover){x:y}}",
            ),
        ] {
            assert_eq!(flat(nested), meant, "{nested}");
        }
    }

    #[test]
    fn what_can_stand_alone_does() {
        for (nested, meant) in [
            (".a{&:hover{.c &{x:y}}}", ".c .a:hover{x:y}"),
            (
                ".a .b{&:hover{&.c{x:y}.d{x:y}}}",
                ".a .b:hover.c{x:y}.a .b:hover .d{x:y}",
            ),
            (
                "div{&.b{x:y}&div{x:y}>p{x:y}}",
                "div.b{x:y}div:is(div){x:y}div>p{x:y}",
            ),
            (
                ".a,.b{:not(&){x:y}&::before{x:y}}",
                ":not(:is(.a,.b)){x:y}:is(.a,.b):before{x:y}",
            ),
            (".a{:has(> &){x:y}}", ":has(>.a){x:y}"),
        ] {
            assert_eq!(flat(nested), meant, "{nested}");
        }
    }
}

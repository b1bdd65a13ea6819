//! `--filter`: which modules of a workspace are built. The form is pnpm's:
//!
//! | | selects |
//! |---|---|
//! | `shop`, `@acme/*` | the modules with that name |
//! | `shop...` | those and everything they use |
//! | `...ui` | those and everything that uses them |
//! | `...ui...` | those, everything that uses them, and what all of these use |
//! | `shop^...`, `...^ui` | the same without the named modules |
//! | `!docs` | all but those; any form may follow the `!` |

use std::str::FromStr;

use fixedbitset::FixedBitSet;

use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::link::BuildUnit;

/// One selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleFilter {
    /// As it was written.
    text: String,
    effect: Effect,
    /// A name or a pattern of names.
    pattern: String,
    /// Whether the modules that are named are among those that are meant.
    named: Named,
    used: Followed,
    users: Followed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Selects,
    LeavesOut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Meant,
    Starting,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Followed {
    Yes,
    No,
}

impl FromStr for ModuleFilter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (effect, rest) = match text.strip_prefix('!') {
            Some(rest) => (Effect::LeavesOut, rest),
            None => (Effect::Selects, text),
        };
        let mut named = Named::Meant;
        let mut without_circumflex = |rest: Option<&str>| {
            named = if rest.is_some() { Named::Starting } else { named };
        };
        let (users, rest) = match rest.strip_prefix("...") {
            Some(rest) => {
                let bare = rest.strip_prefix('^');
                without_circumflex(bare);
                (Followed::Yes, bare.unwrap_or(rest))
            }
            None => (Followed::No, rest),
        };
        let (used, pattern) = match rest.strip_suffix("...") {
            Some(rest) => {
                let bare = rest.strip_suffix('^');
                without_circumflex(bare);
                (Followed::Yes, bare.unwrap_or(rest))
            }
            None => (Followed::No, rest),
        };
        let is_name = |character: char| !character.is_whitespace() && !"^!\"'\\".contains(character);
        if pattern.is_empty() || !pattern.chars().all(is_name) || pattern.starts_with("./") {
            return Err("write the name of a module, with `...` behind it for what it uses".to_owned());
        }
        Ok(Self {
            text: text.to_owned(),
            effect,
            pattern: pattern.to_owned(),
            named,
            used,
            users,
        })
    }
}

impl ModuleFilter {
    fn names(&self, unit: &BuildUnit) -> bool {
        fast_glob::glob_match(&self.pattern, &unit.record.name)
    }

    /// The places of the modules that are meant.
    fn meant(&self, units: &[BuildUnit]) -> FixedBitSet {
        let named = |place: &usize| self.names(&units[*place]);
        let start: FixedBitSet = (0..units.len()).filter(named).collect();
        let mut meant = start.clone();
        meant.grow(units.len());
        // Each unit stands behind all that it needs, so one way through them is enough.
        if self.users == Followed::Yes {
            for (place, unit) in units.iter().enumerate() {
                if unit.needs.iter().any(|need| meant.contains(*need)) {
                    meant.insert(place);
                }
            }
        }
        if self.used == Followed::Yes {
            meant = with_needs(units, &meant);
        }
        if self.named == Named::Starting {
            meant.difference_with(&start);
        }
        meant
    }
}

/// Units and all that they need.
pub(super) fn with_needs(units: &[BuildUnit], places: &FixedBitSet) -> FixedBitSet {
    let mut all = places.clone();
    for (place, unit) in units.iter().enumerate().rev() {
        if all.contains(place) {
            all.extend(unit.needs.iter().copied());
        }
    }
    all
}

/// The places of the units that the filters select: all, if none says which.
///
/// # Errors
/// When a filter names no module.
pub(super) fn select(units: &[BuildUnit], filters: &[ModuleFilter]) -> Result<FixedBitSet, CommandError> {
    let mut selected = FixedBitSet::with_capacity(units.len());
    if filters.iter().all(|filter| filter.effect == Effect::LeavesOut) {
        selected.insert_range(..);
    }
    for filter in filters {
        if !units.iter().any(|unit| filter.names(unit)) {
            return Err(CommandError::Unusable(Box::new(names_nothing(filter, units))));
        }
        if filter.effect == Effect::Selects {
            selected.union_with(&filter.meant(units));
        }
    }
    for filter in filters {
        if filter.effect == Effect::LeavesOut {
            selected.difference_with(&filter.meant(units));
        }
    }
    Ok(selected)
}

fn names_nothing(filter: &ModuleFilter, units: &[BuildUnit]) -> Diagnostic {
    let names = || units.iter().map(|unit| unit.record.name.as_str());
    let fix = match nearest(&filter.pattern, names()) {
        Some(name) => format!("Write `{name}`."),
        None => format!("Write one of: {}.", names().collect::<Vec<_>>().join(", ")),
    };
    let message = format!("`{}` names no module that is built here.", filter.text);
    Diagnostic::new(Code::Config, "--filter", message, fix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::build::test_unit::unit;

    /// `ui` is used by `shop` and `docs`, `base` by `ui`; `app` uses `shop`.
    fn units() -> Vec<BuildUnit> {
        vec![
            unit("@acme/base", &[]),
            unit("@acme/ui", &[0]),
            unit("shop", &[1]),
            unit("docs", &[1]),
            unit("app", &[2]),
        ]
    }

    fn selected(filters: &[&str]) -> String {
        let filters: Vec<ModuleFilter> = filters.iter().map(|text| text.parse().unwrap()).collect();
        let units = units();
        let selected = select(&units, &filters).unwrap();
        let names = selected.ones().map(|place| units[place].record.name.as_str());
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn filters_select_as_those_of_pnpm() {
        assert_eq!(selected(&["shop"]), "shop");
        assert_eq!(selected(&["@acme/*"]), "@acme/base @acme/ui");
        assert_eq!(selected(&["shop..."]), "@acme/base @acme/ui shop");
        assert_eq!(selected(&["shop^..."]), "@acme/base @acme/ui");
        assert_eq!(selected(&["...@acme/ui"]), "@acme/ui shop docs app");
        assert_eq!(selected(&["...^@acme/ui"]), "shop docs app");
        assert_eq!(selected(&["...shop..."]), "@acme/base @acme/ui shop app");
        assert_eq!(selected(&["!docs"]), "@acme/base @acme/ui shop app");
        assert_eq!(selected(&["app...", "!@acme/*"]), "shop app");
        assert_eq!(selected(&["!...shop"]), "@acme/base @acme/ui docs");
        assert_eq!(selected(&["docs", "app"]), "docs app");
    }

    #[test]
    fn what_names_nothing_is_refused() {
        let filter: ModuleFilter = "shopp...".parse().unwrap();
        let Err(CommandError::Unusable(diagnostic)) = select(&units(), &[filter]) else {
            panic!("selected something");
        };
        assert_eq!(diagnostic.fix, "Write `shop`.");
        for text in ["", "...", "!", "a b", "./packages/*", "^shop..."] {
            assert!(text.parse::<ModuleFilter>().is_err(), "{text}");
        }
    }
}

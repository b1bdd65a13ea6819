//! Parts of the exports that another module can make its own: `default` and the result of a call.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;

use super::super::context::{ContextId, NO_CONTEXT};
use super::super::facts::PlaceId;
use super::super::read::Search;
use super::super::site::Site;
use super::super::syntax::literal_value;
use super::{Part, Reach};
use crate::graph::CommonJsExports;

/// What `exports.default` has.
pub(super) fn default_part<'a>(
    search: &mut Search<'_, 'a>,
    whole: &[(Site<'a>, ContextId)],
    places: FxHashSet<PlaceId>,
) -> Option<Box<CommonJsExports>> {
    let default = Atom::from("default");
    let facts = search.facts;
    let mut properties: Vec<PlaceId> = places
        .into_iter()
        .filter_map(|place| facts.property(place, &default))
        .collect();
    properties.sort();
    let mut reach = Reach::new(search);
    for property in properties {
        let reading = reach.search.read_from(property, NO_CONTEXT);
        reach.reading(reading, Part::Whole);
    }
    for (site, context) in whole {
        if let Site::Object(object) = site
            && let Some(value) = literal_value(object, &default)
        {
            reach.value(value, *context, Part::Whole);
        }
    }
    reach.part()
}

/// What calling `module.exports` returns.
pub(super) fn result_part<'a>(
    search: &mut Search<'_, 'a>,
    whole: &[(Site<'a>, ContextId)],
) -> Option<Box<CommonJsExports>> {
    let mut reach = Reach::new(search);
    for (site, context) in whole {
        if let Site::Function(function) = site {
            for value in &reach.search.facts.functions[*function].returns {
                reach.value(value, *context, Part::Whole);
            }
        }
    }
    reach.part()
}

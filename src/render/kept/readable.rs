//! A module of a readable file, as it is written.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ModuleKey;
use crate::graph::ModuleId;
use crate::render::Delivered;
use crate::render::chunk::is_written;
use crate::render::lowering::{LoweringHelper, Place};
use crate::render::module::render_module;
use crate::render::outer_text::LegalComments;
use crate::render::print::{PositionTracking, PrintOptions};
use crate::render::runtime::Helper;
use crate::render::source_map::{EncodedModule, Positions};
use crate::render::surroundings::Surroundings;

/// The text of a module and what it asks of its file.
pub struct ReadableModule {
    /// What the text depends on, where that is known.
    pub key: Option<ModuleKey>,
    /// The text, which may be empty.
    pub code: String,
    /// How many lines it has.
    pub lines: u32,
    /// Where it comes from, if that is asked for.
    pub positions: Option<Positions>,
    /// Licences that are not part of the text.
    pub legal_comments: Vec<String>,
    /// Helpers it calls.
    pub helpers: BTreeSet<Helper>,
    /// Helpers that its lowered code calls.
    pub lowering_helpers: BTreeSet<LoweringHelper>,
    /// Delivered modules it names.
    pub delivered: Vec<Delivered>,
}

impl ReadableModule {
    /// Renders a module.
    pub fn of(
        surroundings: &Surroundings<'_>,
        id: ModuleId,
        place: &Place<'_>,
        print: (&PrintOptions<'_>, LegalComments),
        key: Option<ModuleKey>,
    ) -> Self {
        let (options, legal_place) = print;
        let rendered = render_module(surroundings, id, place, options, legal_place);
        let code = rendered.printed.code;
        let is_tracked = options.position_tracking == PositionTracking::On
            && is_written(&surroundings.graph.bound, id)
            && !code.is_empty();
        let positions = is_tracked.then(|| {
            let mappings = rendered.printed.mappings;
            // What has a map of its own is looked up there, token by token.
            match surroundings.options.input_maps.of(id) {
                Some(_) => Positions::Tokens(mappings),
                None => Positions::Encoded(Arc::new(EncodedModule::new(&mappings))),
            }
        });
        let lines = memchr::memchr_iter(b'\n', code.as_bytes()).count() + 1;
        Self {
            // Numbers of modules mean nothing in another graph.
            key: key.filter(|_| rendered.delivered.is_empty()),
            lines: u32::try_from(lines).unwrap_or(u32::MAX),
            code,
            positions,
            legal_comments: rendered.printed.legal_comments,
            helpers: rendered.helpers,
            lowering_helpers: rendered.lowering_helpers,
            delivered: rendered.delivered,
        }
    }
}

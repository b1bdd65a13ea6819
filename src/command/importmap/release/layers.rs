//! The files of a site as `check` reads them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::history::Record;
use super::layout;
use super::storage::Storage;
use super::store::There;
use crate::command::importmap::files::Layer;

/// What is served.
pub(super) fn as_it_is(storage: &Arc<dyn Storage>) -> Layer {
    let storage = Arc::clone(storage);
    Layer::Read(Box::new(move |path| match storage.read(path) {
        Ok(stored) => Ok(stored.map(|stored| (stored.bytes, stored.media_type))),
        Err(error) => Err(error.to_string()),
    }))
}

/// What was served when a release was live, where that is not what is served.
pub(super) fn as_it_was(storage: &Arc<dyn Storage>, record: &Record, there: &There) -> Layer {
    let changed = record.files.iter();
    let changed: BTreeMap<String, String> = changed
        .filter(|(path, wanted)| there[path.as_str()].as_ref() != Some(*wanted))
        .map(|(path, wanted)| (path.clone(), layout::object(wanted)))
        .collect();
    let storage = Arc::clone(storage);
    Layer::Read(Box::new(move |path| {
        let Some(object) = changed.get(path) else {
            return Ok(None);
        };
        match storage.read(object) {
            Ok(stored) => Ok(stored.map(|stored| (stored.bytes, None))),
            Err(error) => Err(error.to_string()),
        }
    }))
}

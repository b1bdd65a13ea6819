//! Which files may go: those that only releases need which are neither among the last ones nor were live lately. A
//! page that was opened while such a release was live has been open for longer than anybody promised.

use std::collections::BTreeSet;

use super::Retention;
use super::history::{self, Clearing, Record};
use super::store::{Overtaken, State, Store};
use crate::command::CommandError;

/// Removes what nobody keeps; returns the paths. Files that no release brought are never touched.
pub(super) fn prune(
    store: &Store,
    state: &mut State,
    retention: Retention,
) -> Result<Vec<String>, CommandError> {
    let history = &mut state.history;
    let expired = expired(&history.records, retention, history::seconds_now());
    if expired.is_empty() {
        return Ok(Vec::new());
    }
    let kept = |(index, record): (usize, &Record)| {
        (!record.pruned && !expired.contains(&index)).then(|| record.clone())
    };
    let kept: Vec<Record> = history.records.iter().enumerate().filter_map(kept).collect();
    let needed_paths: BTreeSet<&String> = kept.iter().flat_map(|record| record.files.keys()).collect();
    let needed_objects: BTreeSet<&String> = kept
        .iter()
        .flat_map(|record| record.files.values().chain([&record.map]))
        .collect();

    let mut clearing = Clearing::default();
    for &index in &expired {
        let record = &mut history.records[index];
        let map = record.map.clone();
        for (path, hash) in std::mem::take(&mut record.files) {
            let objects = &mut clearing.objects;
            objects.extend((!needed_objects.contains(&hash)).then_some(hash));
            let paths = &mut clearing.paths;
            paths.extend((!needed_paths.contains(&path)).then_some(path));
        }
        let objects = &mut clearing.objects;
        objects.extend((!needed_objects.contains(&map)).then_some(map));
        record.pruned = true;
    }
    // The record is first: whoever releases next waits until this has ended, or ends it.
    history.clearing = Some(clearing);
    match store.write_history(state)? {
        Ok(()) => store.clear(state),
        Err(Overtaken) => Ok(Vec::new()),
    }
}

/// The indexes of the records that neither rule keeps. One that was never live kept nothing alive and replaced nothing.
fn expired(records: &[Record], retention: Retention, now: u64) -> BTreeSet<usize> {
    let horizon = now.saturating_sub(retention.days.saturating_mul(86_400));
    let live = |record: &&Record| !record.unfinished;
    let candidates = (0..records.len()).filter(|&index| {
        let newer = &records[index + 1..];
        if newer.iter().filter(live).count() < retention.releases.max(1) {
            return false;
        }
        let end = if records[index].unfinished {
            Some(&records[index])
        } else {
            newer.iter().find(live)
        };
        let end = end.and_then(|record| history::seconds_of(&record.time));
        // A time that cannot be read keeps the record.
        !records[index].pruned && end.is_some_and(|end| end <= horizon)
    });
    candidates.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::command::importmap::release::history::Action;

    fn record(number: u64, time: &str) -> Record {
        Record {
            number,
            action: Action::Release,
            of: None,
            time: time.to_owned(),
            forced: false,
            map: String::new(),
            replaces: None,
            unfinished: false,
            modules: Vec::new(),
            files: BTreeMap::new(),
            pruned: false,
        }
    }

    #[test]
    fn what_was_live_lately_stays() {
        let records = [
            record(1, "2026-01-01T00:00:00Z"),
            record(2, "2026-01-02T00:00:00Z"),
            record(3, "2026-02-20T00:00:00Z"),
            record(4, "2026-02-28T00:00:00Z"),
        ];
        let now = history::seconds_of("2026-03-01T00:00:00Z").unwrap();
        let expired = |releases, days| {
            let retention = Retention { releases, days };
            super::expired(&records, retention, now)
                .into_iter()
                .collect::<Vec<_>>()
        };
        // Release 2 was live until the 20th of February.
        assert_eq!(expired(1, 30), [0]);
        assert_eq!(expired(1, 5), [0, 1]);
        assert_eq!(expired(3, 5), [0]);
        assert_eq!(expired(1, 0), [0, 1, 2]);
        assert_eq!(expired(0, 0), [0, 1, 2]);
        assert!(expired(4, 0).is_empty());
    }

    #[test]
    fn what_was_never_live_counts_for_nothing() {
        let mut records = [
            record(1, "2026-01-01T00:00:00Z"),
            record(2, "2026-01-02T00:00:00Z"),
            record(3, "2026-02-20T00:00:00Z"),
        ];
        records[1].unfinished = true;
        let now = history::seconds_of("2026-03-01T00:00:00Z").unwrap();
        let retention = |releases| Retention { releases, days: 30 };
        assert_eq!(super::expired(&records, retention(1), now), BTreeSet::from([1]));
        assert!(super::expired(&records, retention(2), now).is_empty());
    }
}

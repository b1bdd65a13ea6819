//! What was promoted when.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// All records of a directory, oldest first.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct History {
    pub records: Vec<Record>,
    /// What is being removed; it was cut off when it is still there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clearing: Option<Clearing>,
}

/// What nobody needs any more.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Clearing {
    /// Files that are served.
    pub paths: BTreeSet<String>,
    /// Copies that are kept by their hash.
    pub objects: BTreeSet<String>,
    /// How often somebody has taken over from somebody who was cut off.
    #[serde(default)]
    pub attempts: u64,
}

impl Clearing {
    /// Takes out so many paths, and copies when there are no more of those.
    pub(super) fn take(&mut self, count: usize) -> (Vec<String>, Vec<String>) {
        let paths = take_first(&mut self.paths, count);
        let objects = take_first(&mut self.objects, count - paths.len());
        (paths, objects)
    }
}

fn take_first(set: &mut BTreeSet<String>, count: usize) -> Vec<String> {
    (0..count).map_while(|_| set.pop_first()).collect()
}

/// One promotion.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Record {
    /// From 1.
    pub number: u64,
    pub action: Action,
    /// The release that a rollback went back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// UTC, `2026-01-31T12:00:00Z`.
    pub time: String,
    pub forced: bool,
    /// SHA-256 of the map.
    pub map: String,
    /// SHA-256 of the map that was live until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// It was cut off before its map was live.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unfinished: bool,
    pub modules: Vec<ReleasedModule>,
    /// Path → SHA-256 of every file that the release needs.
    pub files: BTreeMap<String, String>,
    /// Whether its files may be gone.
    #[serde(default)]
    pub pruned: bool,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// A new map.
    Release,
    /// An old one again.
    Rollback,
}

/// A module of a release, where it has a manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReleasedModule {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Record {
    /// The release whose map and files it has.
    pub(super) fn origin(&self) -> u64 {
        self.of.unwrap_or(self.number)
    }
}

impl History {
    pub(super) fn next_number(&self) -> u64 {
        self.records.last().map_or(1, |record| record.number + 1)
    }

    /// The records that were live once.
    pub(super) fn finished(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.records.iter().filter(|record| !record.unfinished)
    }

    /// The newest record with the map of this hash: none where somebody wrote a map by hand.
    pub(super) fn live(&self, live_map: Option<&str>) -> Option<&Record> {
        let mut newest = self.finished().rev();
        newest.find(|record| live_map == Some(record.map.as_str()))
    }

    /// Whether the last record is not live yet: the map is the one that it is going to replace.
    pub(super) fn is_unfinished(&self, live_map: Option<&str>) -> bool {
        self.records.last().is_some_and(|last| {
            !last.unfinished && live_map == last.replaces.as_deref() && live_map != Some(last.map.as_str())
        })
    }

    /// The record to go back to from the live one: the named one, or the newest with another map.
    pub(super) fn target_of_rollback(
        &self,
        live: Option<&Record>,
        number: Option<u64>,
    ) -> Result<&Record, String> {
        let (Some(live), Some(last)) = (live, self.records.last()) else {
            return Err("Nothing has been released here, so there is nothing to go back to.".to_owned());
        };
        let target = match number {
            Some(number) => self
                .records
                .iter()
                .find(|record| record.number == number)
                .ok_or_else(|| format!("There is no release {number}; the last one is {}.", last.number))?,
            None => self.before(live).ok_or_else(|| {
                format!(
                    "No other map was live before release {}, so there is none to go back to.",
                    live.number
                )
            })?,
        };
        if target.pruned {
            return Err(format!(
                "The files of release {} are not kept any more.",
                target.number
            ));
        }
        Ok(target)
    }

    /// What was live before one. After a rollback that is what was live before the restored release: going back
    /// twice goes back two releases, not to and fro.
    fn before(&self, live: &Record) -> Option<&Record> {
        let mut older = self.finished().rev();
        older.find(|record| record.origin() < live.origin() && !record.pruned)
    }
}

/// The current second.
pub(super) fn now() -> String {
    utc(seconds_now())
}

pub(super) fn seconds_now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

/// A second as text.
fn utc(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date_of(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The second that a text of [`utc`] names.
pub(super) fn seconds_of(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let numbers = |text: &str, separator| -> Option<Vec<u64>> {
        text.split(separator).map(|part| part.parse().ok()).collect()
    };
    let (date, time) = (numbers(date, '-')?, numbers(time, ':')?);
    let ([year, month, day], [hour, minute, second]) = (date.as_slice(), time.as_slice()) else {
        return None;
    };
    let days = days_until(*year, *month, *day)?;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Days of a year start in March here, so that the leap day is its last one; 400 years have 146 097 days.
fn date_of(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year_of_era;
    if month < 10 {
        (year, month + 3, day)
    } else {
        (year + 1, month - 9, day)
    }
}

fn days_until(year: u64, month: u64, day: u64) -> Option<u64> {
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let (era, year_of_era) = (year / 400, year % 400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_told_in_utc() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_827_696, "2000-02-29T12:34:56Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"),
            (1_767_225_600, "2026-01-01T00:00:00Z"),
        ] {
            assert_eq!(utc(seconds), text);
            assert_eq!(seconds_of(text), Some(seconds));
        }
        assert_eq!(seconds_of("yesterday"), None);
    }

    fn record(number: u64, of: Option<u64>) -> Record {
        Record {
            number,
            action: if of.is_some() {
                Action::Rollback
            } else {
                Action::Release
            },
            of,
            time: utc(number),
            forced: false,
            map: number.to_string(),
            replaces: None,
            unfinished: false,
            modules: Vec::new(),
            files: BTreeMap::new(),
            pruned: false,
        }
    }

    #[test]
    fn going_back_twice_goes_back_two_releases() {
        let mut history = History {
            records: vec![record(1, None), record(2, None), record(3, None)],
            clearing: None,
        };
        let target = |history: &History| {
            let found = history.target_of_rollback(history.records.last(), None);
            found.map(|record| record.number)
        };
        assert_eq!(target(&history), Ok(2));
        history.records.push(record(4, Some(2)));
        assert_eq!(target(&history), Ok(1));
        history.records.push(record(5, Some(1)));
        assert!(target(&history).is_err());
        history.records.push(record(6, None));
        assert_eq!(target(&history), Ok(5));
        assert!(
            history
                .target_of_rollback(history.records.last(), Some(9))
                .is_err()
        );
    }

    #[test]
    fn what_was_never_live_is_nothing_to_go_back_to() {
        let mut history = History {
            records: vec![record(1, None), record(2, None)],
            clearing: None,
        };
        history.records[1].replaces = Some("1".to_owned());
        assert!(history.is_unfinished(Some("1")));
        assert!(!history.is_unfinished(Some("2")));
        assert!(!history.is_unfinished(Some("written by hand")));
        history.records[1].unfinished = true;
        assert!(!history.is_unfinished(Some("1")));
        history.records.push(record(3, None));
        let target = history.target_of_rollback(history.live(Some("3")), None);
        assert_eq!(target.map(|record| record.number), Ok(1));
        assert_eq!(history.live(Some("2")).map(|record| record.number), None);
    }
}

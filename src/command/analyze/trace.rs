//! Where the time went: the trace events that `--profile` writes, `B` at the begin of a span and `E` at its end.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

/// Time of a stage or a module.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Spent {
    /// A stage, or the file of a module.
    pub name: String,
    /// How often it was done.
    pub count: usize,
    /// Without what was done inside it under another name, in all threads together.
    pub milliseconds: f64,
}

/// Where the time went.
#[derive(Debug, Serialize)]
pub struct Times {
    /// The slowest first.
    pub stages: Vec<Spent>,
    /// Reading, parsing and rewriting of each file, the slowest first.
    pub modules: Vec<Spent>,
}

struct Open<'a> {
    name: &'a str,
    path: Option<String>,
    begin: f64,
    /// Time in spans inside this one.
    inside: f64,
    /// Time in other modules inside this one: a thread that waits helps with them.
    others: f64,
}

/// The name of the spans that are for one module each.
const MODULE: &str = "scan_file";

/// Sums up; nothing when it is not a list of events.
pub(super) fn times(trace: &Value) -> Option<Times> {
    let events = trace.as_array().or_else(|| trace["traceEvents"].as_array())?;
    let mut open: IndexMap<u64, Vec<Open<'_>>> = IndexMap::new();
    let mut stages: IndexMap<String, (usize, f64)> = IndexMap::new();
    let mut modules: IndexMap<String, (usize, f64)> = IndexMap::new();
    for event in events {
        let (Some(phase), Some(name), Some(time)) =
            (event["ph"].as_str(), event["name"].as_str(), event["ts"].as_f64())
        else {
            continue;
        };
        let stack = open.entry(event["tid"].as_u64().unwrap_or(0)).or_default();
        match phase {
            "B" => stack.push(Open {
                name,
                path: event["args"]["path"].as_str().map(str::to_owned),
                begin: time,
                inside: 0.0,
                others: 0.0,
            }),
            "E" if stack.last().is_some_and(|span| span.name == name) => {
                let Some(span) = stack.pop() else { continue };
                let whole = time - span.begin;
                let stage = stages.entry(name.to_owned()).or_default();
                *stage = (stage.0 + 1, stage.1 + whole - span.inside);
                let is_module = name == MODULE;
                if let Some(path) = span.path.filter(|_| is_module) {
                    let module = modules.entry(path).or_default();
                    *module = (module.0 + 1, module.1 + whole - span.others);
                }
                if let Some(around) = stack.last_mut() {
                    around.inside += whole;
                    around.others += if is_module { whole } else { span.others };
                }
            }
            _ => {}
        }
    }
    Some(Times {
        stages: slowest(stages),
        modules: slowest(modules),
    })
}

fn slowest(sums: IndexMap<String, (usize, f64)>) -> Vec<Spent> {
    let mut spent: Vec<Spent> = sums
        .into_iter()
        .map(|(name, (count, microseconds))| Spent {
            name,
            count,
            milliseconds: microseconds / 1e3,
        })
        .collect();
    spent.sort_by(|left, right| {
        let by_time = right.milliseconds.total_cmp(&left.milliseconds);
        by_time.then_with(|| left.name.cmp(&right.name))
    });
    spent
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_module_inside_another_counts_for_itself() {
        let event = |phase: &str, name: &str, time: u64, path: &str| json!({ "ph": phase, "name": name, "ts": time, "tid": 1, "args": { "path": path } });
        let trace = json!([
            event("B", "scan_file", 0, "a.js"),
            event("B", "parse_module", 1000, ""),
            event("B", "scan_file", 2000, "b.js"),
            event("E", "scan_file", 5000, ""),
            event("E", "parse_module", 6000, ""),
            event("E", "scan_file", 7000, "")
        ]);
        let times = times(&trace).unwrap();
        let told = |spent: &[Spent]| -> Vec<(String, f64)> {
            spent
                .iter()
                .map(|one| (one.name.clone(), one.milliseconds))
                .collect()
        };
        assert_eq!(
            told(&times.modules),
            [("a.js".to_owned(), 4.0), ("b.js".to_owned(), 3.0)]
        );
        assert_eq!(
            told(&times.stages),
            [("scan_file".to_owned(), 5.0), ("parse_module".to_owned(), 2.0)]
        );
    }
}

//! What a pattern begins with is no match of it (Node's `PACKAGE_IMPORTS_EXPORTS_RESOLVE`, step 3.5):
//!
//! ```json
//! { "exports": { "./a*": "./dist/*.js" } }        // `pkg/ab`, but not `pkg/a`
//! ```
//!
//! The resolver takes it for one. So what it reads says what such a path is: what the next best pattern makes of it, or nothing.

use serde_json::{Map, Value};

/// Adds the paths that patterns begin with; whether there are any.
pub(super) fn say_what_they_are(targets: &mut Map<String, Value>) -> bool {
    let added: Vec<(String, Value)> = targets
        .keys()
        .filter_map(|key| key.strip_suffix('*'))
        .filter(|base| !base.contains('*') && !base.ends_with(['/', '#']) && !targets.contains_key(*base))
        .map(|base| (base.to_owned(), matched(targets, base)))
        .collect();
    let is_changed = !added.is_empty();
    targets.extend(added);
    is_changed
}

/// What the best pattern for a path, other than the one that it begins, makes of it.
fn matched(targets: &Map<String, Value>, path: &str) -> Value {
    let best = targets
        .iter()
        .filter_map(|(key, target)| {
            let (base, trailer) = key.split_once('*')?;
            let rest = path.strip_prefix(base).filter(|rest| !rest.is_empty())?;
            let found = rest.strip_suffix(trailer)?;
            let is_match = !trailer.contains('*') && (trailer.is_empty() || !found.is_empty());
            // Node's `PATTERN_KEY_COMPARE`: the longest beginning, then the longest pattern.
            is_match.then_some(((base.len(), key.len()), found, target))
        })
        .max_by_key(|(rank, ..)| *rank);
    best.map_or(Value::Null, |(_, found, target)| with_match(target, found))
}

fn with_match(target: &Value, found: &str) -> Value {
    match target {
        Value::String(text) => Value::String(text.replace('*', found)),
        Value::Array(targets) => targets.iter().map(|target| with_match(target, found)).collect(),
        Value::Object(targets) => targets
            .iter()
            .map(|(condition, target)| (condition.clone(), with_match(target, found)))
            .collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::say_what_they_are;

    #[test]
    fn the_next_best_pattern_counts() {
        let mut package =
            json!({ "./a*": "./dist/*.js", "./*": { "import": "./lib/*.js" }, "./dir/*": "./*" });
        let targets = package.as_object_mut().expect("an object");
        assert!(say_what_they_are(targets));
        assert_eq!(targets["./a"], json!({ "import": "./lib/a.js" }));
        assert_eq!(targets.len(), 4);
    }

    #[test]
    fn without_one_there_is_nothing() {
        let mut package = json!({ "./a*": "./dist/*.js", "./ab": "./b.js", "./ab*": "./c/*" });
        let targets = package.as_object_mut().expect("an object");
        assert!(say_what_they_are(targets));
        assert_eq!(
            (&targets["./a"], &targets["./ab"]),
            (&json!(null), &json!("./b.js"))
        );
    }
}

//! `null` in the `exports` and `imports` of a package ends the search (Node's `PACKAGE_TARGET_RESOLVE`), where a condition
//! that has nothing for us lets it go on:
//!
//! ```json
//! { "exports": { "import": null, "default": "./common.js" } }        // not for `import`
//! { "exports": { "import": { "deno": "./deno.js" }, "default": "./common.js" } }
//! ```
//!
//! The resolver takes both for the second. What it reads says `null` in a way that ends its search: as a target that is not
//! valid. An array goes on behind those, as it does behind `null`. `"exports": null` is no `exports` at all.

use oxc_resolver::ResolveError;
use serde_json::Value;

use super::pattern_bases;

/// No target: it does not start with `./`.
const NO_TARGET: &str = "null";

/// The text of a `package.json` as the resolver must read it, where that is another one.
pub(super) fn spelled_out(text: &[u8]) -> Option<Vec<u8>> {
    let mentions = |word: &[u8]| memchr::memmem::find(text, word).is_some();
    if !mentions(b"null") && !mentions(b"*\"") {
        return None;
    }
    let mut package: Value = serde_json::from_slice(text).ok()?;
    let fields = package.as_object_mut()?;
    let mut is_changed = false;
    for field in ["exports", "imports"] {
        match fields.get_mut(field) {
            None => {}
            Some(Value::Null) => {
                fields.shift_remove(field);
                is_changed = true;
            }
            Some(Value::Object(targets)) => {
                let has_paths = targets.keys().any(|key| key.starts_with(['.', '#']));
                is_changed |= has_paths && pattern_bases::say_what_they_are(targets);
                for target in targets.values_mut() {
                    // Of a path that is `null` itself the resolver knows that there is nothing.
                    if !(has_paths && target.is_null()) {
                        spell_out(target, &mut is_changed);
                    }
                }
            }
            Some(targets) => spell_out(targets, &mut is_changed),
        }
    }
    is_changed.then(|| package.to_string().into_bytes())
}

/// What it means that the resolver has met the target that is none.
pub(super) fn explained(error: &ResolveError) -> Option<String> {
    match error {
        ResolveError::InvalidPackageTarget(target, key, file) if target == NO_TARGET => Some(format!(
            "{} says `null` for '{key}' under the conditions that hold here, which means that it offers nothing",
            file.display()
        )),
        _ => None,
    }
}

fn spell_out(target: &mut Value, is_changed: &mut bool) {
    match target {
        Value::Null => {
            *target = Value::String(NO_TARGET.to_owned());
            *is_changed = true;
        }
        Value::Array(targets) => {
            for target in targets {
                spell_out(target, is_changed);
            }
        }
        Value::Object(targets) => {
            for target in targets.values_mut() {
                spell_out(target, is_changed);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::spelled_out;

    fn read(text: &str) -> Option<String> {
        spelled_out(text.as_bytes()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn null_below_a_condition_ends_the_search() {
        assert_eq!(
            read(r#"{"exports":{"import":null,"default":"./a.js"}}"#).as_deref(),
            Some(r#"{"exports":{"import":"null","default":"./a.js"}}"#)
        );
        assert_eq!(
            read(r##"{"imports":{"#a":{"node":[null]},"#b":null}}"##).as_deref(),
            Some(r##"{"imports":{"#a":{"node":["null"]},"#b":null}}"##)
        );
    }

    #[test]
    fn a_path_that_is_null_stays() {
        assert_eq!(read(r#"{"exports":{"./*":"./*.js","./private/*":null}}"#), None);
        assert_eq!(read(r#"{"main":"null.js"}"#), None);
    }

    #[test]
    fn exports_that_are_null_are_none() {
        assert_eq!(
            read(r#"{"main":"a.js","exports":null}"#).as_deref(),
            Some(r#"{"main":"a.js"}"#)
        );
    }
}

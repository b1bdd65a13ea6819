//! `--define:K=V`, as esbuild's command line has it, means `--define=K=V`: who comes from there types it without
//! thinking, and scripts are full of it.

use std::ffi::OsString;

/// The options that have a key of their own.
const OPTIONS: [&str; 11] = [
    "alias",
    "banner",
    "conditions",
    "define",
    "drop",
    "drop-labels",
    "external",
    "footer",
    "inject",
    "loader",
    "pure",
];

/// The argument with an equals sign where it has a colon.
pub(super) fn with_equals_sign(argument: OsString) -> OsString {
    let rewritten = argument.to_str().and_then(|text| {
        let (option, value) = text.strip_prefix("--")?.split_once(':')?;
        let value = match option {
            // Text of other kinds of files is nothing that could be asked for here.
            "banner" | "footer" => value.strip_prefix("js=")?,
            _ => value,
        };
        OPTIONS.contains(&option).then(|| format!("--{option}={value}"))
    });
    rewritten.map_or(argument, OsString::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_options_with_a_key_have_the_form() {
        let of = |text: &str| with_equals_sign(text.into());
        assert_eq!(of("--define:A=1"), "--define=A=1");
        assert_eq!(of("--loader:.svg=text"), "--loader=.svg=text");
        assert_eq!(of("--banner:js=a:b"), "--banner=a:b");
        assert_eq!(of("--banner:css=a"), "--banner:css=a");
        assert_eq!(of("--define=a:b"), "--define=a:b");
        assert_eq!(of("--minify"), "--minify");
        assert_eq!(of("a:b"), "a:b");
    }
}

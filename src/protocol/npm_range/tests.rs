use super::*;

#[test]
fn appendix_a() {
    for (version, range, expected) in [
        ("3.4.21", "^3.4.0", Satisfaction::Satisfied),
        ("0.3.0", "^0.2.1", Satisfaction::Violated),
        ("0.0.4", "^0.0.3", Satisfaction::Violated),
        ("3.6.0-beta.2", "^3.6.0-beta.1", Satisfaction::Satisfied),
        ("3.0.0-rc.5", "^3.0.0", Satisfaction::Violated),
        ("4.0.0-alpha.1", "^3.4.0", Satisfaction::Violated),
        ("3.1.0-rc.2", "*", Satisfaction::Satisfied),
        ("3.1.0-rc.2", "", Satisfaction::Satisfied),
        ("3.1.0-rc.2", "x", Satisfaction::Satisfied),
        ("2.7.16", "2.6.0 - 2.7.99", Satisfaction::Satisfied),
        ("3.5.0", "latest", Satisfaction::Undecidable),
        ("not a version", "^1.0.0", Satisfaction::Undecidable),
    ] {
        assert_eq!(satisfies(version, range), expected, "{version} in {range:?}");
    }
}

/// The fixture holds one line of JSON strings with versions, then per range its JSON string and npm's
/// verdict for every version: `1`, `0`, or `-` for "no such version"; `invalid` when npm refuses the
/// range.
#[test]
fn every_recorded_verdict_of_npm_is_repeated() {
    let recorded = include_str!("../../../fixtures/link/npm-ranges.txt");
    let mut lines = recorded.lines().filter(|line| !line.starts_with('#'));
    let versions: Vec<String> = serde_json::from_str(lines.next().expect("the versions")).expect("JSON");
    let mut differences = Vec::new();
    for line in lines {
        let (range, expected) = line.rsplit_once(' ').expect("range and verdicts");
        let range: String = serde_json::from_str(range).expect("JSON");
        let verdicts = match NpmRange::parse(&range) {
            None => "invalid".to_owned(),
            Some(parsed) => versions
                .iter()
                .map(|version| match parse_version(version) {
                    None => '-',
                    Some(version) if parsed.accepts(&version) => '1',
                    Some(_) => '0',
                })
                .collect(),
        };
        if verdicts != expected {
            differences.push(format!("{range:?}\n  npm  {expected}\n  here {verdicts}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

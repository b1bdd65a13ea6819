//! What the program printed, without what differs from run to run.

use crate::program::Answer;
use crate::workspace::Workspace;

/// Both streams and the exit code, as a console shows them.
pub fn of(answer: &Answer, workspace: &Workspace) -> String {
    let exit = answer
        .exit
        .map_or_else(|| "signal".to_owned(), |exit| exit.to_string());
    let text = format!("{}{}exit {exit}\n", answer.stdout, answer.stderr);
    let root = workspace.root().to_string_lossy();
    let text = text.replace(&*root, "/workspace");
    text.lines().map(|line| without_duration(line) + "\n").collect()
}

/// `Build failed after 12 ms. What …` → `Build failed after 0 ms. What …`
fn without_duration(line: &str) -> String {
    for lead in [" failed after ", " in "] {
        let Some((before, rest)) = line.split_once(lead) else {
            continue;
        };
        let Some((duration, after)) = rest
            .split_once('.')
            .filter(|_| rest.starts_with(|c: char| c.is_ascii_digit()))
        else {
            continue;
        };
        // `1.05 s.` has a point of its own.
        let after = if duration.ends_with('s') {
            after
        } else {
            after.split_once('.').map_or("", |(_, after)| after)
        };
        return format!("{before}{lead}0 ms.{after}");
    }
    line.to_owned()
}

#[test]
fn durations_are_hidden() {
    assert_eq!(
        without_duration("Build failed after 12 ms. Good."),
        "Build failed after 0 ms. Good."
    );
    assert_eq!(
        without_duration("Build failed after 1.05 s. Good."),
        "Build failed after 0 ms. Good."
    );
    assert_eq!(
        without_duration("✓ Built 2 modules in 3 min 1 s."),
        "✓ Built 2 modules in 0 ms."
    );
    assert_eq!(
        without_duration("  1 | for (a in b.c) {}"),
        "  1 | for (a in b.c) {}"
    );
}

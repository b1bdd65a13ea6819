//! Which modules are built: every file in `fixtures/front_door/builds` lays out a workspace and shows what building it, or some
//! of it, tells, word for word. The blocks are those of [`markdown`]; commands run in the directory of the files, one after
//! the other, so that a later one sees what an earlier one wrote.
//!
//! `UPDATE_FRONT_DOOR=1` rewrites what is told; read the difference before keeping it.

use crate::cases::check_every;
use crate::markdown::{self, Case};
use crate::transcript;
use crate::workspace::Workspace;

#[test]
fn every_build_is_told_about() {
    check_every("builds", |text| {
        let case = Case::parse(text);
        assert!(!case.runs.is_empty(), "a case runs something");
        let workspace = Workspace::empty();
        workspace.lay_out(&case);
        let run = |words: &Vec<String>| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            transcript::of(&workspace.run(".", &words), &workspace)
        };
        let transcripts: Vec<String> = case.runs.iter().map(run).collect();
        markdown::with_transcripts(text, &transcripts)
    });
}

//! Answers as text: for people ([`of_build`], …) and as one JSON document ([`json_of_build`], …).

mod analysis;
mod bundle;
mod explanation;
mod files;
mod github;
mod graph;
mod importmap;
mod json;
mod migration;
mod rebuild;
mod sarif;
mod size;
mod validation;
mod why;

use std::path::Path;
use std::time::Duration;

use super::console::Look;
use super::{Exit, Reporter};
use crate::base::relative_posix;
use crate::command::report::{BuildReport, ComposeReport, ElectionReport};
use crate::diagnostic::human::{self, Palette, printable};
use crate::diagnostic::{Diagnostic, Notice};

pub(super) use self::analysis::{json_of_analysis, of_analysis};
pub(super) use self::bundle::{json_of_bundle, json_of_refused_bundle, of_bundle};
pub(super) use self::explanation::{json_of_explain, of_explain, of_schema};
pub(super) use self::graph::of_graph;
pub(super) use self::importmap::{json_of_importmap, of_importmap};
pub(super) use self::json::{
    json_of_build, json_of_compose, json_of_refusal, json_of_refused_validate, json_of_validate,
};
pub(super) use self::migration::{json_of_migrate, of_migrate};
pub(super) use self::rebuild::{json_of_rebuild, of_rebuild};
pub(super) use self::validation::{conclusion_of_validate, of_validate};
pub(super) use self::why::{json_of_why, of_why};

/// A log with thousands of findings hides the first ones, which usually cause the others.
const SHOWN_FINDINGS: usize = 50;

/// What the texts depend on besides the report.
pub(super) struct View<'a> {
    /// Where the user is.
    pub directory: &'a Path,
    /// How standard output looks.
    pub answer: Look,
    /// How standard error looks.
    pub talk: Look,
}

/// What is printed, and how the program ends.
pub(super) struct Shown {
    /// To standard output.
    pub answer: String,
    /// To standard error, after the answer.
    pub talk: String,
    /// The last line; to standard output if all went well.
    pub end: String,
    pub exit: Exit,
}

/// Files, findings, total time.
pub(super) fn of_build(report: &BuildReport, view: &View<'_>) -> Shown {
    let sections: Vec<_> = report
        .modules
        .iter()
        .flat_map(files::sections_of_module)
        .collect();
    let time = duration_text(report.duration);
    let built = report
        .modules
        .iter()
        .filter(|module| !module.sides.is_empty())
        .count();
    let (exit, end) = if report.has_errors() {
        let end = format!("Build failed after {time}. What failed keeps its last good dist.");
        (Exit::ProjectErrors, closing(Exit::ProjectErrors, &end, view))
    } else {
        let what = match report.modules.as_slice() {
            [module] => printable(&module.name),
            _ => format!("{built} modules"),
        };
        (
            Exit::Done,
            closing(Exit::Done, &format!("Built {what} in {time}."), view),
        )
    };
    Shown {
        answer: files::listing(&sections, view.directory, view.answer),
        talk: notices(&report.notices, view.directory, view.talk.palette())
            + &findings(&report.all_diagnostics(), view),
        end,
        exit,
    }
}

/// Elections, files, findings, total time.
pub(super) fn of_compose(report: &ComposeReport, view: &View<'_>) -> Shown {
    let time = duration_text(report.duration);
    let name = printable(&report.name);
    let (exit, end) = if report.has_errors() {
        let end = format!("Composing {name} failed after {time}. What was composed before is as it was.");
        (Exit::ProjectErrors, closing(Exit::ProjectErrors, &end, view))
    } else {
        let others = report.modules.len().saturating_sub(1);
        let plural = if others == 1 { "module" } else { "modules" };
        let end = format!("Composed {name} with {others} other {plural} in {time}.");
        (Exit::Done, closing(Exit::Done, &end, view))
    };
    let files = files::listing(
        &files::sections_of_composition(report),
        view.directory,
        view.answer,
    );
    Shown {
        answer: if report.has_errors() {
            String::new()
        } else {
            elections(&report.elections, view.answer) + &files
        },
        talk: notices(&report.notices, view.directory, view.talk.palette())
            + &findings(&report.all_diagnostics(), view),
        end,
        exit,
    }
}

/// The findings as another program wants them; of what people would be shown, the last line and the exit code stay.
/// Files are told as seen from `base`, the root of the checkout.
pub(super) fn of_findings(
    reporter: Reporter,
    diagnostics: &[&Diagnostic],
    base: &Path,
    for_people: &Shown,
) -> Shown {
    let exit = for_people.exit;
    let (answer, end) = match reporter {
        Reporter::Github => (github::annotations(diagnostics, base), for_people.end.clone()),
        Reporter::Sarif => (sarif::log(diagnostics, base, exit), String::new()),
    };
    Shown {
        answer,
        talk: String::new(),
        end,
        exit,
    }
}

/// Why nothing was tried, and where to learn more.
pub(super) fn of_refusal(diagnostic: &Diagnostic, view: &View<'_>) -> Shown {
    let talk = human::render(diagnostic, view.directory, view.talk.palette());
    let end = "\n`esmx-build --help` says how the program is used.\n".to_owned();
    Shown {
        answer: String::new(),
        talk,
        end,
        exit: Exit::Usage,
    }
}

/// What is no finding, before the findings; nothing when there is nothing to say.
pub(super) fn notices(notices: &[Notice], directory: &Path, palette: &Palette) -> String {
    labelled_notices("note", notices, directory, palette)
}

/// The same under another word.
fn labelled_notices(kind: &str, notices: &[Notice], directory: &Path, palette: &Palette) -> String {
    notices
        .iter()
        .map(|notice| human::render_notice(kind, notice, directory, palette) + "\n")
        .collect()
}

/// All diagnostics and their count; nothing when there are none.
fn findings(diagnostics: &[&Diagnostic], view: &View<'_>) -> String {
    let palette = view.talk.palette();
    if diagnostics.is_empty() {
        return String::new();
    }
    let mut paragraphs: Vec<String> = diagnostics
        .iter()
        .take(SHOWN_FINDINGS)
        .map(|diagnostic| human::render(diagnostic, view.directory, palette))
        .collect();
    if diagnostics.len() > SHOWN_FINDINGS {
        let hidden = diagnostics.len() - SHOWN_FINDINGS;
        paragraphs.push(format!("… {hidden} more; `--json` tells all.\n"));
    }
    paragraphs.push(human::count_line(diagnostics.iter().copied(), palette) + "\n");
    paragraphs.join("\n")
}

/// `react → acme-next@19.1.0 (major 19)`: which copy of each package everyone gets (PROTOCOL §13).
fn elections(elections: &[ElectionReport], look: Look) -> String {
    let line = |election: &ElectionReport| {
        let groups = elections
            .iter()
            .filter(|other| other.package == election.package)
            .count();
        election_line(election, groups, look.palette())
    };
    let lines: String = elections.iter().map(line).collect();
    if lines.is_empty() { lines } else { lines + "\n" }
}

/// `groups` is how many majors of the package there are; a single one needs no telling.
fn election_line(election: &ElectionReport, groups: usize, palette: &Palette) -> String {
    let Palette { strong, quiet, .. } = *palette;
    let version = election.version.as_deref().unwrap_or("unresolved");
    let major = match election.major {
        _ if groups == 1 => String::new(),
        Some(major) => format!(" (major {major})"),
        None => " (major unknown)".to_owned(),
    };
    let losers = match election.losers.as_slice() {
        [] => String::new(),
        losers => format!(" {quiet}instead of {}{quiet:#}", printable(&losers.join(", "))),
    };
    let (package, winner) = (printable(&election.package), printable(&election.winner));
    format!("{strong}{package}{strong:#} → {winner}@{version}{major}{losers}\n")
}

fn closing(exit: Exit, text: &str, view: &View<'_>) -> String {
    let (look, mark) = match exit {
        Exit::Done => (view.answer, "✓"),
        Exit::ProjectErrors | Exit::Usage => (view.talk, "✗"),
    };
    let Palette { success, error, .. } = *look.palette();
    let style = if exit == Exit::Done { success } else { error };
    match look {
        Look::Plain => format!("{text}\n"),
        Look::Rich { .. } => format!("{style}{mark}{style:#} {text}\n"),
    }
}

/// `1 file`, `2 files`.
fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn duration_text(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 1.0 {
        format!("{} ms", duration.as_millis())
    } else if seconds < 60.0 {
        format!("{seconds:.2} s")
    } else {
        format!("{} min {} s", duration.as_secs() / 60, duration.as_secs() % 60)
    }
}

fn shown_directory(from: &Path, directory: &Path) -> String {
    let relative = relative_posix(from, directory);
    printable(if relative.is_empty() { "." } else { &relative })
}

#[cfg(test)]
mod tests;

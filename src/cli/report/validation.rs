//! The answer of `validate` for people (PROTOCOL §13). All of it is the answer, so all of it goes to standard
//! output:
//!
//! ```text
//! [W_MULTI_MAJOR] acme-host → react
//!   …
//!
//! 0 error(s), 1 warning(s).
//!
//! Supply
//!   react → acme-next@19.1.0 (major 19)
//!   react → acme-platform@18.3.1 (major 18)
//!
//! Mounts
//!   acme-next → /work/next/dist (built)
//! ```

use std::fmt::Write as _;

use super::{Shown, View, notices};
use crate::base::to_posix;
use crate::cli::Exit;
use crate::command::report::{Configuration, ElectionReport, MountReport, ValidateReport};
use crate::diagnostic::human::{self, Palette, printable};

/// Findings, their count, supply, mounts.
pub(in crate::cli) fn of_validate(report: &ValidateReport, view: &View<'_>) -> Shown {
    let palette = view.answer.palette();
    let answer = match report.configuration {
        Configuration::Legacy => legacy(report, palette),
        Configuration::Declared => {
            let supply: String = report
                .supply
                .iter()
                .flat_map(|(package, groups)| {
                    groups
                        .iter()
                        .map(|group| supply_line(package, group, groups.len(), palette))
                })
                .collect();
            let mounts: String = report
                .mounts
                .iter()
                .map(|mount| mount_line(mount, palette))
                .collect();
            findings(report, view)
                + &section("Supply", &supply, "(empty: nobody provides a package)", palette)
                + &section("Mounts", &mounts, "(none: no other module is used)", palette)
        }
    };
    Shown {
        answer,
        talk: notices(&report.notices, view.directory, view.talk.palette()),
        end: String::new(),
        exit: if report.has_failed() {
            Exit::ProjectErrors
        } else {
            Exit::Done
        },
    }
}

/// What is left to say when the findings are told by others.
pub(in crate::cli) fn conclusion_of_validate(report: &ValidateReport, view: &View<'_>) -> Shown {
    let palette = view.answer.palette();
    let end = match report.configuration {
        Configuration::Legacy => legacy(report, palette),
        Configuration::Declared if report.diagnostics.is_empty() => findings(report, view),
        Configuration::Declared => String::new(),
    };
    Shown {
        end,
        answer: String::new(),
        ..of_validate(report, view)
    }
}

/// Nothing to judge, but something to offer.
fn legacy(report: &ValidateReport, palette: &Palette) -> String {
    let Palette { strong, advice, .. } = *palette;
    let name = printable(&report.name);
    format!(
        "{strong}{name}{strong:#} has no `esmx` field in its package.json: it uses the legacy configuration, the \
         `modules` of\nits entry.node file, and there is no declaration to validate.\n\n\
         {advice}To adopt the declaration{advice:#}, let `esmx-build migrate` show the edit, and `esmx-build migrate --write` \
         make it. By hand,\nmove what `modules` says into package.json:\n\n  \
         \"esmx\": {{\n    \
         \"entry\": {{ \"client\": \"./src/entry.client.ts\", \"server\": \"./src/entry.server.ts\" }},\n    \
         \"exports\": {{ \"./name\": \"./src/file.ts\" }},\n    \
         \"provides\": [\"packages that others get from this module\"],\n    \
         \"uses\": [\"modules this one imports from\"]\n  \
         }}\n\n\
         Only `modules.links` stays in the entry.node file. A module that others use moves before they do.\n\
         `esmx-build migrate` shows the edit, and `esmx-build migrate --write` makes it.\n"
    )
}

fn findings(report: &ValidateReport, view: &View<'_>) -> String {
    let palette = view.answer.palette();
    if report.diagnostics.is_empty() {
        let Palette { success, .. } = *palette;
        return format!("{success}{}{success:#} is valid.\n", printable(&report.name));
    }
    let mut text = String::new();
    for diagnostic in &report.diagnostics {
        text.push_str(&human::render(diagnostic, view.directory, palette));
        text.push('\n');
    }
    text.push_str(&human::count_line(&report.diagnostics, palette));
    text.push('\n');
    if report.has_denied_warnings() {
        text.push_str("`--deny-warnings` makes warnings fail the check.\n");
    }
    text
}

fn section(title: &str, lines: &str, nothing: &str, palette: &Palette) -> String {
    let Palette { strong, quiet, .. } = *palette;
    let mut text = format!("\n{strong}{title}{strong:#}\n");
    if lines.is_empty() {
        let _ = writeln!(text, "  {quiet}{nothing}{quiet:#}");
    } else {
        text.push_str(lines);
    }
    text
}

/// `groups` is how many majors of the package there are; a single one needs no telling.
fn supply_line(package: &str, group: &ElectionReport, groups: usize, palette: &Palette) -> String {
    let Palette { strong, .. } = *palette;
    let major = match group.major {
        _ if groups == 1 => String::new(),
        Some(major) => format!(" (major {major})"),
        None => " (major unknown)".to_owned(),
    };
    format!(
        "  {strong}{}{strong:#} → {}@{}{major}\n",
        printable(package),
        printable(&group.winner),
        printable(group.version.as_deref().unwrap_or("unresolved")),
    )
}

fn mount_line(mount: &MountReport, palette: &Palette) -> String {
    let Palette {
        strong,
        accent,
        success,
        error,
        ..
    } = *palette;
    let (style, built) = if mount.is_built {
        (success, "built")
    } else {
        (error, "not built")
    };
    format!(
        "  {strong}{}{strong:#} → {accent}{}{accent:#} ({style}{built}{style:#})\n",
        printable(&mount.name),
        printable(&to_posix(&mount.artifact_dir)),
    )
}

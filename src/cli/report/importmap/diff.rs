//! `importmap diff` in words.

use std::fmt::Write as _;

use crate::cli::report::View;
use crate::command::importmap::{Change, DiffReport};
use crate::diagnostic::human::{Palette, printable};

/// Packages, specifiers, exports, files, in paragraphs; what breaks is told as findings.
pub(super) fn text(report: &DiffReport, view: &View<'_>) -> (String, String) {
    if report.is_empty() {
        let same = if report.diagnostics.is_empty() {
            "Both maps mean the same.\n"
        } else {
            ""
        };
        return (same.to_owned(), String::new());
    }
    let paragraphs = [
        ("Packages", packages(report)),
        ("Imports that lead elsewhere", resolutions(report)),
        ("Exports", exports(report)),
        ("Files", files(report)),
    ];
    let Palette { strong, .. } = *view.answer.palette();
    let mut text = String::new();
    for (title, lines) in paragraphs.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        let _ = writeln!(text, "{strong}{title}{strong:#}");
        for line in lines {
            let _ = writeln!(text, "  {}", printable(&line));
        }
        text.push('\n');
    }
    (text, String::new())
}

fn packages(report: &DiffReport) -> Vec<String> {
    let lines = report.packages.iter().map(|change| {
        let package = &change.package;
        let (from, to) = (
            change.from.as_deref().unwrap_or_default(),
            change.to.as_deref().unwrap_or_default(),
        );
        match change.change {
            Change::Up => format!("{package} {from} → {to}"),
            Change::Down => format!("{package} {from} → {to}, which is older"),
            Change::Major => format!("{package} {from} → {to}, another major"),
            Change::Added => format!("{package} {to} is new"),
            Change::Removed => format!("{package} {from} is gone"),
        }
    });
    lines.collect()
}

fn resolutions(report: &DiffReport) -> Vec<String> {
    let lines = report.resolutions.iter().map(|change| {
        let whom = match &change.scope {
            Some(scope) => format!(" for {scope}"),
            None => String::new(),
        };
        let [from, to] = [&change.from, &change.to].map(|url| url.as_deref().unwrap_or("nothing"));
        format!("{}{whom}: {from} → {to}", change.specifier)
    });
    lines.collect()
}

fn exports(report: &DiffReport) -> Vec<String> {
    let lines = report.exports.iter().map(|change| {
        let mut parts = Vec::new();
        if !change.removed.is_empty() {
            parts.push(format!("without {}", change.removed.join(", ")));
        }
        if !change.added.is_empty() {
            parts.push(format!("with {}", change.added.join(", ")));
        }
        format!("{}: {}", change.specifier, parts.join(", "))
    });
    lines.collect()
}

fn files(report: &DiffReport) -> Vec<String> {
    let added = report.files.added.iter().map(|file| format!("+ {file}"));
    let dropped = report.files.dropped.iter().map(|file| format!("- {file}"));
    let changed = report.files.changed.iter().map(|file| format!("~ {file}"));
    added.chain(dropped).chain(changed).collect()
}

//! The picture on standard output, or one line that says where it is.

use super::{Shown, View, closing, notices, shown_directory};
use crate::cli::Exit;
use crate::command::GraphReport;
use crate::diagnostic::human::{self, printable};

/// The picture, or its place.
pub(in crate::cli) fn of_graph(report: &GraphReport, view: &View<'_>) -> Shown {
    let talk = notices(&report.notices, view.directory, view.talk.palette());
    let Some(path) = &report.written else {
        return Shown {
            answer: report.text.clone(),
            talk,
            end: String::new(),
            exit: Exit::Done,
        };
    };
    let count = |number: usize, noun: &str| match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    };
    let told = format!(
        "Drew {}: {} and {}, with {} {}",
        printable(&report.root),
        count(report.modules, "module"),
        count(report.packages, "package"),
        human::count_line(&report.diagnostics, view.answer.palette()),
        shown_directory(view.directory, path)
    );
    Shown {
        answer: String::new(),
        talk,
        end: closing(Exit::Done, &told, view),
        exit: Exit::Done,
    }
}

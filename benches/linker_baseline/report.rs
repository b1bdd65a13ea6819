//! The tables, for a terminal and as Markdown for the README.

use std::env;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use crate::build::{Linker, esmx_build};
use crate::timing::{self, Time};
use crate::verdict::{Difference, Row, RowResult, Verdict};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Terminal,
    Markdown,
}

/// The programs, the totals, and on a terminal what is wrong where.
pub fn programs(rows: &[Row], format: Format) -> String {
    let mut table = Table::new(["program", "shows", Linker::Ours.name(), Linker::SwcBundler.name()]);
    let mut notes = String::new();
    let mut right = [0; 2];
    let mut total = 0;
    for Row { program, result } in rows {
        let cells = match result {
            RowResult::Judged(verdicts) => {
                total += 1;
                for ((verdict, linker), right) in verdicts.iter().zip(Linker::BOTH).zip(&mut right) {
                    *right += usize::from(verdict.is_right());
                    note(&mut notes, &program.name, linker, verdict);
                }
                [short(&verdicts[0]).to_owned(), short(&verdicts[1]).to_owned()]
            }
            RowResult::NotInstalled(reason) => {
                let _ = writeln!(notes, "{}: {reason}", program.name);
                ["not installed".to_owned(), "not installed".to_owned()]
            }
        };
        let [ours, baseline] = cells;
        table.add([program.name.clone(), program.description.clone(), ours, baseline]);
    }
    let [ours, baseline] = right.map(|right| format!("{right} of {total} right"));
    table.add([String::new(), String::new(), ours, baseline]);
    match format {
        Format::Markdown => format!("{}\n", table.render(format)),
        Format::Terminal => format!("{}\n{notes}\n", table.render(format)),
    }
}

/// The graphs: times and how many times as long the baseline takes.
pub fn graphs(rows: &[timing::Row], format: Format) -> String {
    let mut table = Table::new(["graph", Linker::Ours.name(), Linker::SwcBundler.name(), "ratio"]);
    for timing::Row { shape, times } in rows {
        let [ours, baseline] = times;
        table.add([
            shape.description(),
            time(ours),
            time(baseline),
            ratio(ours, baseline),
        ]);
    }
    let profiles = [esmx_build(), env::current_exe().unwrap_or_default()].map(|program| profile(&program));
    let [ours, baseline] = profiles;
    format!(
        "{}\nBuilt by cargo: esmx-build `{ours}`, swc_bundler `{baseline}`.\n",
        table.render(format)
    )
}

/// The directory that cargo put a program into is named after its profile.
fn profile(program: &Path) -> String {
    let directory = program.parent().and_then(Path::file_name).unwrap_or_default();
    directory.to_string_lossy().into_owned()
}

fn short(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "right",
        Verdict::DifferentOutput(_) => "different output",
        Verdict::FailsToBuild(_) => "fails to build",
        Verdict::Crashes(_) => "panics",
        Verdict::TimesOut => "times out",
    }
}

fn note(notes: &mut String, program: &str, linker: Linker, verdict: &Verdict) {
    let name = linker.name();
    let _ = match verdict {
        Verdict::Right => Ok(()),
        Verdict::TimesOut => writeln!(notes, "{program}, {name}: times out"),
        Verdict::FailsToBuild(message) | Verdict::Crashes(message) => {
            writeln!(notes, "{program}, {name}: {}", cut(message))
        }
        Verdict::DifferentOutput(Difference { expected, found }) => writeln!(
            notes,
            "{program}, {name}:\n    expected {}\n    found    {}",
            expected.as_deref().map_or("the end", cut),
            found.as_deref().map_or("the end", cut),
        ),
    };
}

/// The start of a line that may be as long as a module.
fn cut(text: &str) -> &str {
    let end = text.char_indices().nth(160).map_or(text.len(), |(end, _)| end);
    &text[..end]
}

fn time(time: &Time) -> String {
    match time {
        Time::Median(median, Verdict::Right) => seconds(*median),
        Time::Median(median, wrong) => format!("{} ({})", seconds(*median), short(wrong)),
        Time::Failed(message) => format!("fails: {}", cut(message)),
        Time::LongerThan(limit) => format!("more than {} s", limit.as_secs()),
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.3} s", duration.as_secs_f64())
}

fn ratio(ours: &Time, baseline: &Time) -> String {
    match (ours, baseline) {
        (Time::Median(ours, _), Time::Median(baseline, _)) => rounded(divide(*baseline, *ours)),
        (Time::Median(ours, _), Time::LongerThan(limit)) => {
            format!("more than {}", rounded(divide(*limit, *ours)))
        }
        _ => "none".to_owned(),
    }
}

/// Two digits are more than the noise of a machine leaves.
fn rounded(ratio: f64) -> String {
    if ratio < 10.0 {
        format!("{ratio:.1}")
    } else {
        format!("{ratio:.0}")
    }
}

fn divide(dividend: Duration, divisor: Duration) -> f64 {
    dividend.as_secs_f64() / divisor.as_secs_f64()
}

struct Table<const COLUMNS: usize> {
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    fn new(heads: [&str; COLUMNS]) -> Self {
        Self {
            rows: vec![heads.map(str::to_owned)],
        }
    }

    fn add(&mut self, row: [String; COLUMNS]) {
        self.rows.push(row);
    }

    fn render(&self, format: Format) -> String {
        let mut widths = [0; COLUMNS];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        let mut text = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            let padded: Vec<String> = row
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            match format {
                Format::Terminal => text.push_str(padded.join("  ").trim_end()),
                Format::Markdown => {
                    let _ = write!(text, "| {} |", padded.join(" | "));
                }
            }
            text.push('\n');
            if index == 0 {
                text.push_str(&rule(&widths, format));
            }
        }
        text
    }
}

fn rule(widths: &[usize], format: Format) -> String {
    match format {
        Format::Terminal => format!(
            "{}\n",
            "─".repeat(widths.iter().map(|width| width + 2).sum::<usize>() - 2)
        ),
        Format::Markdown => {
            let cells: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            format!("| {} |\n", cells.join(" | "))
        }
    }
}

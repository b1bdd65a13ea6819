//! Where bytes and time go: columns for a terminal, tables for Markdown, one JSON document.

use std::fmt::Write as _;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::json::shown;
use super::size::size_text;
use super::{Shown, View, notices, shown_directory};
use crate::cli::{AnalysisText, Exit};
use crate::command::{Analysis, AnalyzeReport, Duplicate, Output, Part, Spent};
use crate::diagnostic::human::{Palette, printable};
use crate::diagnostic::json::Record;

/// The largest are what anyone can act on; `--json` has all.
const SHOWN: usize = 10;

/// The answer for people.
pub(in crate::cli) fn of_analysis(report: &AnalyzeReport, text: AnalysisText, view: &View<'_>) -> Shown {
    let written = report.written.as_deref().map_or_else(String::new, |path| {
        format!("Drew {}.\n", shown_directory(view.directory, path))
    });
    let (answer, talk, end) = match text {
        AnalysisText::Plain => (
            plain(&report.analysis, view.answer.palette()),
            String::new(),
            written,
        ),
        // What is kept as a page has nothing else in it.
        AnalysisText::Markdown => (markdown(&report.analysis), written, String::new()),
    };
    Shown {
        answer,
        talk: notices(&report.notices, view.directory, view.talk.palette()) + &talk,
        end,
        exit: Exit::Done,
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    analysis: &'a Analysis,
    diagnostics: Vec<Record<'a>>,
}

/// The answer for tools.
pub(in crate::cli) fn json_of_analysis(report: &AnalyzeReport, view: &View<'_>) -> Shown {
    let document = Document {
        analysis: &report.analysis,
        diagnostics: Vec::new(),
    };
    Shown {
        talk: notices(&report.notices, view.directory, &Palette::PLAIN),
        ..shown(&document, Exit::Done)
    }
}

/// Rows of cells below heads; all columns but the first are numbers.
struct Table {
    title: String,
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    /// How many rows are not shown.
    hidden: usize,
}

fn tables_of_output(output: &Output) -> [Table; 2] {
    let table = |head: &'static str, parts: &[Part]| Table {
        title: String::new(),
        heads: vec![head, "size"],
        rows: parts
            .iter()
            .take(SHOWN)
            .map(|part| {
                vec![
                    labelled(&part.name, part.version.as_deref()),
                    size_text(part.bytes),
                ]
            })
            .collect(),
        hidden: parts.len().saturating_sub(SHOWN),
    };
    [
        table("package", &output.packages),
        table("module", &output.modules),
    ]
}

fn table_of_outputs(outputs: &[Output]) -> Table {
    let size = |size: Option<u64>| size.map_or_else(String::new, size_text);
    Table {
        title: "Outputs".to_owned(),
        heads: vec!["file", "size", "gzip", "brotli"],
        rows: outputs
            .iter()
            .map(|output| {
                vec![
                    output.path.clone(),
                    size_text(output.bytes),
                    size(output.gzip),
                    size(output.brotli),
                ]
            })
            .collect(),
        hidden: 0,
    }
}

fn table_of_times(title: &str, head: &'static str, spent: &[Spent]) -> Table {
    Table {
        title: title.to_owned(),
        heads: vec![head, "times", "ms"],
        rows: spent
            .iter()
            .take(SHOWN)
            .map(|one| {
                vec![
                    one.name.clone(),
                    one.count.to_string(),
                    format!("{:.2}", one.milliseconds),
                ]
            })
            .collect(),
        hidden: spent.len().saturating_sub(SHOWN),
    }
}

fn tables_of_times(analysis: &Analysis) -> Vec<Table> {
    analysis
        .times
        .iter()
        .flat_map(|times| {
            [
                table_of_times("Slowest stages", "stage", &times.stages),
                table_of_times("Slowest modules", "module", &times.modules),
            ]
        })
        .collect()
}

fn labelled(name: &str, version: Option<&str>) -> String {
    version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
}

/// `src/main.js → node_modules/b/index.js → …`, and who asks for which versions.
fn lines_of_copies(duplicate: &Duplicate) -> impl Iterator<Item = [String; 3]> {
    duplicate.copies.iter().map(|copy| {
        let version = copy.version.as_deref().unwrap_or("(version unknown)");
        let asked = match (&copy.asked_by, &copy.range) {
            (Some(package), Some(range)) => format!("{package} asks for {range}"),
            (Some(package), None) => format!("asked for by {package}"),
            (None, _) => "an entry of its own".to_owned(),
        };
        let chain: Vec<&str> = copy.chain.iter().map(|step| step.path.as_str()).collect();
        [
            format!("{version}  {}  {}", copy.dir, size_text(copy.bytes)),
            asked,
            chain.join(" → "),
        ]
    })
}

fn plain(analysis: &Analysis, palette: &Palette) -> String {
    let Palette { strong, quiet, .. } = *palette;
    let mut text = plain_table(&table_of_outputs(&analysis.outputs), palette);
    for output in analysis
        .outputs
        .iter()
        .filter(|output| !output.modules.is_empty())
    {
        let _ = writeln!(text, "\n{strong}{}{strong:#}", printable(&output.path));
        for table in tables_of_output(output) {
            text += &plain_table(&table, palette);
        }
    }
    text.push('\n');
    if analysis.duplicates.is_empty() {
        text += "No package is there twice.\n";
    }
    for duplicate in &analysis.duplicates {
        let (name, count) = (printable(&duplicate.name), duplicate.copies.len());
        let wasted = size_text(duplicate.wasted);
        let _ = writeln!(
            text,
            "{strong}{name}{strong:#} is there {count} times, {wasted} too many. {}",
            duplicate.reason
        );
        for [copy, asked, chain] in lines_of_copies(duplicate) {
            let (copy, asked, chain) = (printable(&copy), printable(&asked), printable(&chain));
            let _ = writeln!(text, "  {copy}\n    {asked}\n    {quiet}{chain}{quiet:#}");
        }
    }
    for table in tables_of_times(analysis) {
        let _ = writeln!(text, "\n{strong}{}{strong:#}", table.title);
        text += &plain_table(&table, palette);
    }
    text
}

fn plain_table(table: &Table, palette: &Palette) -> String {
    const NUMBER: usize = 11;
    let quiet = palette.quiet;
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| printable(cell)).collect())
        .collect();
    let width = rows.iter().map(|row| row[0].width()).max().unwrap_or(0).max(24);
    let line = |cells: &[String]| {
        let padding = width.saturating_sub(cells[0].width());
        let mut numbers = String::new();
        for cell in &cells[1..] {
            let _ = write!(numbers, "{cell:>NUMBER$}");
        }
        format!("  {}{:padding$}{numbers}", cells[0], "")
            .trim_end()
            .to_owned()
    };
    let heads: Vec<String> = table.heads.iter().map(|head| (*head).to_owned()).collect();
    let mut text = format!("{quiet}{}{quiet:#}\n", line(&heads));
    for row in &rows {
        text += &line(row);
        text.push('\n');
    }
    if table.hidden > 0 {
        let _ = writeln!(text, "  {quiet}… {} more{quiet:#}", table.hidden);
    }
    text
}

fn markdown(analysis: &Analysis) -> String {
    let mut text = markdown_table(&table_of_outputs(&analysis.outputs));
    for output in analysis
        .outputs
        .iter()
        .filter(|output| !output.modules.is_empty())
    {
        let _ = write!(text, "\n## {}\n", escaped(&output.path));
        for table in tables_of_output(output) {
            text += &markdown_table(&table);
        }
    }
    text += "\n## Packages that are there more than once\n\n";
    if analysis.duplicates.is_empty() {
        text += "None.\n";
    }
    for duplicate in &analysis.duplicates {
        let (name, count) = (escaped(&duplicate.name), duplicate.copies.len());
        let wasted = size_text(duplicate.wasted);
        let _ = writeln!(
            text,
            "- **{name}**: {count} copies, {wasted} too many. {}",
            duplicate.reason
        );
        for [copy, asked, chain] in lines_of_copies(duplicate) {
            let (copy, asked, chain) = (escaped(&copy), escaped(&asked), escaped(&chain));
            let _ = writeln!(text, "  - {copy}; {asked}; {chain}");
        }
    }
    for table in tables_of_times(analysis) {
        text += &markdown_table(&table);
    }
    text
}

fn markdown_table(table: &Table) -> String {
    let mut text = String::new();
    if !table.title.is_empty() {
        let _ = writeln!(
            text,
            "{}## {}",
            if table.title == "Outputs" { "" } else { "\n" },
            table.title
        );
    }
    let rule = "---:|".repeat(table.heads.len() - 1);
    let _ = write!(text, "\n| {} |\n|---|{rule}\n", table.heads.join(" | "));
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    if table.hidden > 0 {
        let _ = write!(text, "\n… {} more\n", table.hidden);
    }
    text
}

/// What Markdown would read as its own.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in printable(text).chars() {
        if "\\`*_[]<>|#&".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

//! The table of written files: one for the whole run, grouped by module and side, largest files first.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use rayon::prelude::*;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::shown_directory;
use super::size::{gzip_size, size_text};
use crate::cli::console::Look;
use crate::command::report::{BundleReport, ComposeReport, FileKind, FileReport, ModuleReport, SideReport};
use crate::diagnostic::human::{Palette, printable};

/// More files than this per side are summed up: the largest ones are what anyone can act on.
const SHOWN_FILES: usize = 20;

/// A group of rows.
pub(super) struct Section {
    /// The paragraph it belongs to.
    title: String,
    /// Where the paragraph's files are.
    dist: PathBuf,
    /// Directory below `dist` the rows are relative to; empty for `dist` itself.
    group: &'static str,
    rows: Vec<Row>,
    hidden: Hidden,
}

struct Row {
    path: String,
    bytes: u64,
    gzip: Option<u64>,
    kind: FileKind,
}

/// What is not listed one by one.
#[derive(Default)]
struct Hidden {
    count: usize,
    bytes: u64,
}

/// The sections of a built module, one per side and one for what starts it. Compressing is the slow part of a report, so only what is
/// shown is compressed.
pub(super) fn sections_of_module(module: &ModuleReport) -> Vec<Section> {
    let section =
        |side: &SideReport| Section::new(&module.name, &module.dist, side.side.as_str(), &side.files);
    let mut sections: Vec<_> = module.sides.iter().map(section).collect();
    if !module.application.is_empty() {
        sections.push(Section::new(&module.name, &module.dist, "", &module.application));
    }
    sections
}

/// What `bundle` wrote.
pub(super) fn section_of_bundle(report: &BundleReport) -> Section {
    Section::new(&report.name, &report.output_dir, "", &report.outputs)
}

/// What `compose` wrote.
pub(super) fn sections_of_composition(report: &ComposeReport) -> Vec<Section> {
    vec![Section::new(&report.name, &report.dist, "", &report.files)]
}

impl Section {
    fn new(title: &str, dist: &Path, group: &'static str, files: &[FileReport]) -> Self {
        let mut files: Vec<&FileReport> = files
            .iter()
            .filter(|file| file.kind != FileKind::Record)
            .collect();
        files.sort_by_key(|file| (Reverse(file.bytes), file.path.as_str()));
        // A last line that stands for a single file would hide it for nothing.
        let shown = if files.len() <= SHOWN_FILES + 1 {
            files.len()
        } else {
            SHOWN_FILES
        };
        let (shown, hidden) = files.split_at(shown);
        let rows = shown.par_iter().map(|file| Row {
            path: printable(&file.path),
            bytes: file.bytes,
            gzip: match file.kind {
                FileKind::SourceMap => None,
                _ => gzip_size(&dist.join(group).join(&file.path)),
            },
            kind: file.kind,
        });
        Self {
            title: printable(title),
            dist: dist.to_path_buf(),
            group,
            rows: rows.collect(),
            hidden: Hidden {
                count: hidden.len(),
                bytes: hidden.iter().map(|file| file.bytes).sum(),
            },
        }
    }
}

/// All sections as text; nothing when there is nothing to list.
pub(super) fn listing(sections: &[Section], directory: &Path, look: Look) -> String {
    let lines = match look {
        Look::Plain => plain_lines(sections, directory),
        Look::Rich { columns } => Table::new(sections, columns, look.palette()).lines(sections, directory),
    };
    lines
        .iter()
        .map(|line| line.trim_end())
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// One line per file that means the same wherever it is read: the path as seen from the user's directory.
fn plain_lines(sections: &[Section], directory: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    for section in sections {
        let prefix = shown_directory(directory, &section.dist.join(section.group));
        for row in &section.rows {
            let gzip = row
                .gzip
                .map_or_else(String::new, |bytes| format!("  gzip {}", size_text(bytes)));
            lines.push(format!("{prefix}/{}  {}{gzip}", row.path, size_text(row.bytes)));
        }
        if section.hidden.count > 0 {
            let (count, bytes) = (section.hidden.count, size_text(section.hidden.bytes));
            lines.push(format!("{prefix}: {count} more files  {bytes}"));
        }
    }
    lines
}

/// The measures of the table.
struct Table<'a> {
    palette: &'a Palette,
    /// Cells for the path column.
    path_width: usize,
}

impl<'a> Table<'a> {
    const INDENT: usize = 4;
    const SIZE_WIDTH: usize = 11;
    const SHORTEST_PATH: usize = 24;

    fn new(sections: &[Section], columns: usize, palette: &'a Palette) -> Self {
        let longest = sections
            .iter()
            .flat_map(|section| &section.rows)
            .map(|row| row.path.width())
            .max();
        let room = columns.saturating_sub(Self::INDENT + 2 * Self::SIZE_WIDTH + 1);
        let path_width = longest
            .unwrap_or(0)
            .max(Self::SHORTEST_PATH)
            .min(room.max(Self::SHORTEST_PATH));
        Self { palette, path_width }
    }

    fn lines(&self, sections: &[Section], directory: &Path) -> Vec<String> {
        let mut lines = Vec::new();
        let mut title = None;
        for section in sections {
            if title != Some(&section.title) {
                let heads = if title.is_none() {
                    self.heads()
                } else {
                    String::new()
                };
                lines.push(self.title(section, directory, &heads));
                title = Some(&section.title);
            }
            if !section.group.is_empty() {
                lines.push(format!("  {}", section.group));
            }
            lines.extend(section.rows.iter().map(|row| self.row(row)));
            if section.hidden.count > 0 {
                lines.push(self.rest(&section.hidden));
            }
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    /// Heads of the size columns.
    fn heads(&self) -> String {
        let (quiet, size) = (self.palette.quiet, Self::SIZE_WIDTH);
        format!("{quiet}{:>size$}{:>size$}{quiet:#}", "size", "gzip")
    }

    /// Name and directory of a paragraph, `heads` above the columns if there is room.
    fn title(&self, section: &Section, directory: &Path, heads: &str) -> String {
        let Palette { strong, quiet, .. } = *self.palette;
        let place = shown_directory(directory, &section.dist);
        let title = &section.title;
        let taken = title.width() + 1 + place.width();
        let heads = match (Self::INDENT + self.path_width).checked_sub(taken) {
            Some(padding) => format!("{:padding$}{heads}", ""),
            None => String::new(),
        };
        format!("{strong}{title}{strong:#} {quiet}{place}{quiet:#}{heads}")
    }

    fn row(&self, row: &Row) -> String {
        let path = shortened(&row.path, self.path_width);
        let padding = self.path_width.saturating_sub(path.width());
        let gzip = row.gzip.map_or_else(String::new, size_text);
        let (indent, size) = (Self::INDENT, Self::SIZE_WIDTH);
        let styled = styled_path(&path, row.kind, self.palette);
        format!(
            "{:indent$}{styled}{:padding$}{:>size$}{gzip:>size$}",
            "",
            "",
            size_text(row.bytes)
        )
    }

    fn rest(&self, hidden: &Hidden) -> String {
        let (quiet, indent, size) = (self.palette.quiet, Self::INDENT, Self::SIZE_WIDTH);
        let path = self.path_width;
        let what = format!("… {} more files", hidden.count);
        format!(
            "{:indent$}{quiet}{what:path$}{:>size$}{quiet:#}",
            "",
            size_text(hidden.bytes)
        )
    }
}

/// `chunks/` and `.1a2b3c4d.final` step back, so that the eye finds the name.
fn styled_path(path: &str, kind: FileKind, palette: &Palette) -> String {
    let quiet = palette.quiet;
    let name_start = path.rfind('/').map_or(0, |slash| slash + 1);
    let (directory, name) = path.split_at(name_start);
    let style = match kind {
        FileKind::Export | FileKind::Document => palette.accent,
        FileKind::Stylesheet => AnsiColor::Magenta.on_default(),
        FileKind::Asset => AnsiColor::Green.on_default(),
        FileKind::Chunk => Style::new(),
        FileKind::SourceMap | FileKind::Record => quiet,
    };
    let hash = hash_range(name).unwrap_or(name.len()..name.len());
    let (stem, hash, extension) = (&name[..hash.start], &name[hash.clone()], &name[hash.end..]);
    let (directory, hash) = (painted(quiet, directory), painted(quiet, hash));
    let (stem, extension) = (painted(style, stem), painted(style, extension));
    format!("{directory}{stem}{hash}{extension}")
}

fn painted(style: Style, text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("{style}{text}{style:#}")
    }
}

/// Where `.1a2b3c4d.final` is in `vue.1a2b3c4d.final.mjs` (PROTOCOL §10.1).
fn hash_range(name: &str) -> Option<std::ops::Range<usize>> {
    let end = name.rfind(".final.")? + ".final".len();
    let hash_end = end - ".final".len();
    let start = name[..hash_end].rfind('.')?;
    let hash = &name[start + 1..hash_end];
    (hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(start..end)
}

/// The end of a path that does not fit; its beginning tells less than its name.
fn shortened(path: &str, room: usize) -> String {
    if path.width() <= room {
        return path.to_owned();
    }
    let mut width = 1;
    let mut start = path.len();
    for (index, character) in path.char_indices().rev() {
        width += character.width().unwrap_or(0);
        if width > room {
            break;
        }
        start = index;
    }
    format!("…{}", &path[start..])
}

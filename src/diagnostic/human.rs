//! Diagnostics for people (PROTOCOL §13): readable without colour, so that colour only helps the eye.
//!
//! ```text
//! [E_UNRESOLVED] acme-shop → lodahs
//!   found: lodahs / required: —
//!   `lodahs` is not installed and no module supplies it.
//!   src/cart.ts:3:17
//!     3 | import sum from 'lodahs';
//!       |                 ^^^^^^^^
//!   fix: write `lodash`, which is a dependency of acme-shop.
//! ```

mod excerpt;

use std::path::Path;

use anstyle::{AnsiColor, Style};

use self::excerpt::Excerpt;
use super::{Diagnostic, Location, Notice, Severity};
use crate::base::relative_posix;

/// The styles of everything the program prints; whoever knows the terminal decides which palette it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Codes and counts of errors, and the line under the place to blame.
    pub error: Style,
    /// Codes and counts of warnings.
    pub warning: Style,
    /// Work that is done.
    pub success: Style,
    /// The name a paragraph is about.
    pub strong: Style,
    /// What the eye may skip.
    pub quiet: Style,
    /// Paths and what the reader may want to copy.
    pub accent: Style,
    /// The edit that helps.
    pub advice: Style,
}

impl Palette {
    /// No escape codes at all.
    pub const PLAIN: Self = Self {
        error: Style::new(),
        warning: Style::new(),
        success: Style::new(),
        strong: Style::new(),
        quiet: Style::new(),
        accent: Style::new(),
        advice: Style::new(),
    };

    /// The sixteen colours every terminal has, so that the reader's own theme decides how they look.
    pub const COLORED: Self = Self {
        error: AnsiColor::Red.on_default().bold(),
        warning: AnsiColor::Yellow.on_default().bold(),
        success: AnsiColor::Green.on_default().bold(),
        strong: Style::new().bold(),
        quiet: Style::new().dimmed(),
        accent: AnsiColor::Cyan.on_default(),
        advice: AnsiColor::Green.on_default(),
    };

    fn of(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
        }
    }
}

/// One diagnostic as lines, each with its line break. Paths are told as seen from `directory`.
pub fn render(diagnostic: &Diagnostic, directory: &Path, palette: &Palette) -> String {
    let mut lines = vec![header(diagnostic, palette)];
    if let Some(check) = diagnostic.check {
        lines.push(format!("  check: {check}"));
    }
    if diagnostic.found.is_some() || diagnostic.required.is_some() {
        lines.push(format!(
            "  found: {} / required: {}",
            side_of_comparison(diagnostic.found.as_deref()),
            side_of_comparison(diagnostic.required.as_deref())
        ));
    }
    lines.extend(
        diagnostic
            .message
            .lines()
            .map(|line| format!("  {}", printable(line))),
    );
    if let Some(location) = &diagnostic.location {
        lines.extend(place(
            location,
            directory,
            palette.of(diagnostic.severity()),
            palette,
        ));
    }
    lines.extend(advice(&diagnostic.fix, palette));
    lines.join("\n") + "\n"
}

/// One notice as lines, `kind` before its message; it has no code and is not counted.
pub fn render_notice(kind: &str, notice: &Notice, directory: &Path, palette: &Palette) -> String {
    let Palette { warning, .. } = *palette;
    let mut lines = vec![format!(
        "{warning}{kind}{warning:#}: {}",
        printable(&notice.message)
    )];
    if let Some(location) = &notice.location {
        lines.extend(place(location, directory, warning, palette));
    }
    lines.extend(advice(&notice.fix, palette));
    lines.join("\n") + "\n"
}

/// `N error(s), M warning(s).`
pub fn count_line<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>, palette: &Palette) -> String {
    let (mut errors, mut warnings) = (0_usize, 0_usize);
    for diagnostic in diagnostics {
        match diagnostic.severity() {
            Severity::Error => errors += 1,
            Severity::Warning => warnings += 1,
        }
    }
    let error = if errors > 0 { palette.error } else { Style::new() };
    let warning = if warnings > 0 {
        palette.warning
    } else {
        Style::new()
    };
    format!("{error}{errors} error(s){error:#}, {warning}{warnings} warning(s){warning:#}.")
}

/// The text with every character that could move the cursor, change colours or reverse the reading
/// direction made visible: messages quote files that nobody has vouched for.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            if is_harmless(character) {
                character
            } else {
                '\u{fffd}'
            }
        })
        .collect()
}

fn is_harmless(character: char) -> bool {
    let reverses = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !reverses && (character == '\t' || !character.is_control())
}

fn header(diagnostic: &Diagnostic, palette: &Palette) -> String {
    let (code, strong) = (palette.of(diagnostic.severity()), palette.strong);
    let module = printable(&diagnostic.module);
    let arrow = match &diagnostic.package {
        Some(package) => format!(" → {strong}{}{strong:#}", printable(package)),
        None => String::new(),
    };
    format!(
        "{code}[{}]{code:#} {strong}{module}{strong:#}{arrow}",
        diagnostic.code
    )
}

fn side_of_comparison(side: Option<&str>) -> String {
    side.map_or_else(|| "—".to_owned(), printable)
}

fn advice(fix: &str, palette: &Palette) -> Vec<String> {
    let style = palette.advice;
    let mut lines = fix.lines();
    let first = printable(lines.next().unwrap_or_default());
    let mut advice = vec![format!("  {style}fix:{style:#} {first}")];
    advice.extend(lines.map(|line| format!("       {}", printable(line))));
    advice
}

fn place(location: &Location, directory: &Path, underline: Style, palette: &Palette) -> [String; 3] {
    let (accent, quiet) = (palette.accent, palette.quiet);
    let file = printable(&relative_posix(directory, &location.file));
    let number = location.line.to_string();
    let gutter = " ".repeat(number.len());
    let excerpt = Excerpt::around(location);
    let (blank, carets) = (" ".repeat(excerpt.before), "^".repeat(excerpt.underlined));
    [
        format!("  {accent}{file}:{}:{}{accent:#}", location.line, location.column),
        format!("    {quiet}{number} |{quiet:#} {}", excerpt.text)
            .trim_end()
            .to_owned(),
        format!("    {quiet}{gutter} |{quiet:#} {blank}{underline}{carets}{underline:#}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn located(source: &str, start: usize, end: usize) -> Diagnostic {
        let location = Location::of_range(Path::new("/work/shop/src/cart.ts"), source, start, end);
        Diagnostic::new(Code::Unresolved, "acme-shop", "Nothing is there.", "Install it.").at(Some(location))
    }

    fn plain(diagnostic: &Diagnostic) -> String {
        render(diagnostic, Path::new("/work/shop"), &Palette::PLAIN)
    }

    #[test]
    fn every_part_has_its_line() {
        let diagnostic = Diagnostic::new(
            Code::Version,
            "acme-shop",
            "React 18 will run.",
            "Raise the range.",
        )
        .with_package("react")
        .with_check("intent")
        .with_found("18.3.1")
        .with_required("^19.0.0");
        assert_eq!(
            plain(&diagnostic),
            "[E_VERSION] acme-shop → react\n  check: intent\n  found: 18.3.1 / required: ^19.0.0\n  \
             React 18 will run.\n  fix: Raise the range.\n"
        );
    }

    #[test]
    fn a_missing_side_is_a_dash_and_an_absent_package_has_no_arrow() {
        let diagnostic = Diagnostic::new(
            Code::TargetMissing,
            "acme-shop",
            "No file.",
            "Create it.\nOr drop it.",
        )
        .with_found("./src/a.ts");
        assert_eq!(
            plain(&diagnostic),
            "[E_TARGET_MISSING] acme-shop\n  found: ./src/a.ts / required: —\n  No file.\n  \
             fix: Create it.\n       Or drop it.\n"
        );
    }

    #[test]
    fn the_place_is_underlined() {
        assert_eq!(
            plain(&located("\n\nimport sum from 'lodahs';\n", 18, 26)),
            "[E_UNRESOLVED] acme-shop\n  Nothing is there.\n  src/cart.ts:3:17\n    \
             3 | import sum from 'lodahs';\n      |                 ^^^^^^^^\n  fix: Install it.\n"
        );
    }

    fn snippet(diagnostic: &Diagnostic) -> Vec<String> {
        plain(diagnostic)
            .lines()
            .skip(3)
            .take(2)
            .map(|line| line[4..].to_owned())
            .collect()
    }

    #[test]
    fn tabs_and_wide_characters_keep_the_carets_in_place() {
        let source = "\tlet 名前 = oops;";
        let start = source.find("oops").unwrap();
        assert_eq!(
            snippet(&located(source, start, start + 4)),
            ["1 |     let 名前 = oops;", "  |                ^^^^"]
        );
    }

    #[test]
    fn minified_lines_are_cut_around_the_place() {
        let source = format!("{}oops{}", "a;".repeat(50_000), ";b".repeat(50_000));
        let lines = snippet(&located(&source, 100_000, 100_004));
        let caret = lines[1].chars().position(|character| character == '^').unwrap();
        assert_eq!(lines[0].chars().skip(caret).take(4).collect::<String>(), "oops");
        assert!(lines[0].starts_with("1 | …a;") || lines[0].starts_with("1 | …;a"));
        assert!(lines[0].ends_with('…'));
        assert!(lines[0].chars().count() < 110);
        assert!(lines[1].ends_with(" ^^^^"));
    }

    #[test]
    fn a_place_at_the_end_of_a_long_line_is_shown() {
        let source = "a".repeat(1000);
        let lines = snippet(&located(&source, 1000, 1000));
        assert_eq!(lines[0].trim_end_matches('a'), "1 | …");
        assert_eq!(lines[0].chars().count() + 1, lines[1].chars().count());
    }

    #[test]
    fn an_endless_underline_stops_at_the_cut() {
        let source = format!("x({})", "y".repeat(5000));
        let lines = snippet(&located(&source, 2, 5002));
        assert!(lines[1].chars().count() <= 110, "{}", lines[1]);
    }

    #[test]
    fn hostile_characters_are_made_visible() {
        let source = "let a = '\u{1b}[2J\u{202e}';";
        assert_eq!(
            snippet(&located(source, 0, 3))[0],
            "1 | let a = '\u{fffd}[2J\u{fffd}';"
        );
        assert_eq!(printable("a\u{7}b\r"), "a\u{fffd}b\u{fffd}");
    }

    #[test]
    fn a_location_beyond_the_line_does_not_panic() {
        let mut diagnostic = located("ab", 0, 1);
        if let Some(location) = &mut diagnostic.location {
            (location.column, location.length) = (700, 9000);
        }
        assert_eq!(snippet(&diagnostic).len(), 2);
    }

    #[test]
    fn the_count_line_counts_both() {
        let diagnostics = [
            Diagnostic::new(Code::Cycle, "a", "", ""),
            Diagnostic::new(Code::MultiMajor, "a", "", ""),
        ];
        assert_eq!(
            count_line(&diagnostics, &Palette::PLAIN),
            "1 error(s), 1 warning(s)."
        );
        assert_eq!(count_line(&[], &Palette::COLORED), "0 error(s), 0 warning(s).");
    }

    #[test]
    fn colour_adds_only_escape_codes() {
        let diagnostic = located("let a;", 0, 3).with_package("p");
        let colored = render(&diagnostic, Path::new("/work/shop"), &Palette::COLORED);
        assert_ne!(colored, plain(&diagnostic));
        assert_eq!(
            anstream::adapter::strip_str(&colored).to_string(),
            plain(&diagnostic)
        );
    }
}

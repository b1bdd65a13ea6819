//! The streams a person or a tool reads: the answer on standard output, talk on standard error.

mod reference;

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use anstream::stream::{AsLockedWrite, RawStream};
use anstream::{AutoStream, ColorChoice};
use terminal_size::{Width, terminal_size_of};

use super::progress::{Lines, Spinner};
use super::report::{self, Shown, View};
use super::{AnalysisText, Exit, Format, Reporter};
use crate::command::importmap::ImportMapReport;
use crate::command::report::{BuildReport, BundleReport, ComposeReport, MigrateReport, ValidateReport};
use crate::command::{AnalyzeReport, CommandError, GraphReport, Progress, Silence, WhyReport};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::human::Palette;

/// Shows what a command does and answers.
#[derive(Debug)]
pub struct Console {
    format: Format,
    reporter: Option<Reporter>,
    /// Where the user is; paths are shown relative to it.
    directory: PathBuf,
    answer: Look,
    talk: Look,
}

/// How a stream is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Lines that stand for themselves: for logs, pipes, and whoever said `NO_COLOR`.
    Plain,
    /// Colours and aligned columns, at most this many cells wide.
    Rich {
        /// Width of the terminal.
        columns: usize,
    },
}

impl Look {
    /// Assumed where colours are forced but there is no terminal to ask.
    const COLUMNS: usize = 100;

    fn of(choice: ColorChoice, terminal: Option<(Width, terminal_size::Height)>) -> Self {
        match choice {
            ColorChoice::Never => Self::Plain,
            _ => Self::Rich {
                columns: terminal.map_or(Self::COLUMNS, |(width, _)| width.0.into()),
            },
        }
    }

    pub(super) fn palette(self) -> &'static Palette {
        match self {
            Self::Plain => &Palette::PLAIN,
            Self::Rich { .. } => &Palette::COLORED,
        }
    }
}

impl Console {
    /// The process's own streams. `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and `TERM` decide as usual.
    pub fn new(format: Format, directory: PathBuf) -> Self {
        let (stdout, stderr) = (io::stdout(), io::stderr());
        Self {
            format,
            reporter: None,
            directory,
            answer: Look::of(AutoStream::choice(&stdout), terminal_size_of(&stdout)),
            talk: Look::of(AutoStream::choice(&stderr), terminal_size_of(&stderr)),
        }
    }

    /// The same console, where another program shows the findings.
    #[must_use]
    pub fn reporting_to(self, reporter: Option<Reporter>) -> Self {
        Self { reporter, ..self }
    }

    /// Where a command tells what it is doing; what is shown vanishes when this is dropped.
    pub fn progress(&self) -> Box<dyn Progress> {
        match (self.format, self.talk) {
            (Format::Json, _) => Box::new(Silence),
            (Format::Human, Look::Rich { .. }) if io::stderr().is_terminal() => Box::new(Spinner::new()),
            (Format::Human, _) => Box::new(Lines::default()),
        }
    }

    /// Whether each build of a watch is one line for another program.
    pub(super) fn tells_events(&self) -> bool {
        self.format == Format::Json
    }

    /// As [`Self::progress`], while building again: what takes a moment needs no lines.
    pub(super) fn progress_of_watch(&self) -> Box<dyn Progress> {
        match self.talk {
            Look::Rich { .. } => self.progress(),
            Look::Plain => Box::new(Silence),
        }
    }

    /// Tells of a build of a watch.
    pub(super) fn show_rebuild(&self, diagnostics: &[&Diagnostic], written: usize, duration: Duration) {
        show(&match self.format {
            Format::Human => report::of_rebuild(diagnostics, written, duration, &self.view()),
            Format::Json => report::json_of_rebuild(diagnostics, written, duration, &self.directory),
        });
    }

    /// Shows the answer of `build`.
    pub fn show_build(&self, answer: Result<BuildReport, CommandError>) -> Exit {
        match (answer, self.format) {
            (Ok(report), _) if self.reporter.is_some() => {
                let for_people = report::of_build(&report, &self.view());
                self.show_findings(&report.all_diagnostics(), &for_people)
            }
            (Ok(report), Format::Human) => show(&report::of_build(&report, &self.view())),
            (Ok(report), Format::Json) => show(&report::json_of_build(&report, &self.directory)),
            (Err(error), _) => self.refuse(&error),
        }
    }

    /// Shows the answer of `bundle`.
    pub fn show_bundle(&self, answer: Result<BundleReport, CommandError>) -> Exit {
        match (answer, self.format) {
            (Ok(report), Format::Human) => show(&report::of_bundle(&report, &self.view())),
            (Ok(report), Format::Json) => show(&report::json_of_bundle(&report, &self.directory)),
            (Err(CommandError::Unusable(diagnostic)), Format::Json) => {
                show(&report::json_of_refused_bundle(&diagnostic, &self.directory))
            }
            (Err(error), Format::Human) => self.refuse(&error),
        }
    }

    /// Shows the answer of `compose`.
    pub fn show_compose(&self, answer: Result<ComposeReport, CommandError>) -> Exit {
        match (answer, self.format) {
            (Ok(report), _) if self.reporter.is_some() => {
                let for_people = report::of_compose(&report, &self.view());
                self.show_findings(&report.all_diagnostics(), &for_people)
            }
            (Ok(report), Format::Human) => show(&report::of_compose(&report, &self.view())),
            (Ok(report), Format::Json) => show(&report::json_of_compose(&report, &self.directory)),
            (Err(error), _) => self.refuse(&error),
        }
    }

    /// How a host that was started ended; it has said everything itself.
    pub fn end_of_start(&self, answer: Result<bool, CommandError>) -> Exit {
        match answer {
            Ok(true) => Exit::Done,
            Ok(false) => Exit::ProjectErrors,
            Err(error) => self.refuse(&error),
        }
    }

    /// Shows the answer of `importmap …`.
    pub fn show_importmap(&self, answer: Result<ImportMapReport, CommandError>) -> Exit {
        match (answer, self.format) {
            (Ok(report), Format::Human) => show(&report::of_importmap(&report, &self.view())),
            (Ok(report), Format::Json) => show(&report::json_of_importmap(&report, &self.view())),
            (Err(error), _) => self.refuse(&error),
        }
    }

    /// Shows the answer of `migrate`.
    pub fn show_migrate(&self, answer: Result<MigrateReport, CommandError>) -> Exit {
        match (answer, self.format) {
            (Ok(report), Format::Human) => show(&report::of_migrate(&report, &self.view())),
            (Ok(report), Format::Json) => show(&report::json_of_migrate(&report, &self.directory)),
            (Err(error), _) => self.refuse(&error),
        }
    }

    /// Shows the answer of `validate`.
    pub fn show_validate(&self, answer: Result<ValidateReport, CommandError>) -> Exit {
        match (answer, self.format) {
            (Ok(report), _) if self.reporter.is_some() => {
                let findings: Vec<_> = report.diagnostics.iter().collect();
                self.show_findings(&findings, &report::conclusion_of_validate(&report, &self.view()))
            }
            (Ok(report), Format::Human) => show(&report::of_validate(&report, &self.view())),
            (Ok(report), Format::Json) => show(&report::json_of_validate(&report, &self.directory)),
            (Err(error), Format::Json) => show(&report::json_of_refused_validate(&error, &self.directory)),
            (Err(error), Format::Human) => self.refuse(&error),
        }
    }

    /// Shows the answer of `graph`: the picture itself, or where it was written.
    pub fn show_graph(&self, answer: Result<GraphReport, CommandError>) -> Exit {
        match answer {
            Ok(report) => show(&report::of_graph(&report, &self.view())),
            Err(error) => self.refuse(&error),
        }
    }

    /// Shows the answer of `analyze`.
    pub fn show_analysis(&self, answer: Result<AnalyzeReport, CommandError>, text: AnalysisText) -> Exit {
        match (answer, self.format) {
            (Ok(report), Format::Human) => show(&report::of_analysis(&report, text, &self.view())),
            (Ok(report), Format::Json) => show(&report::json_of_analysis(&report, &self.view())),
            (Err(error), _) => self.refuse(&error),
        }
    }

    /// Shows the answer of `why`.
    pub fn show_why(&self, answer: Result<WhyReport, CommandError>) -> Exit {
        match (answer, self.format) {
            (Ok(report), Format::Human) => show(&report::of_why(&report, &self.view())),
            (Ok(report), Format::Json) => show(&report::json_of_why(&report, &self.directory)),
            (Err(error), _) => self.refuse(&error),
        }
    }

    /// Tells why nothing was tried.
    pub fn refuse(&self, error: &CommandError) -> Exit {
        let CommandError::Unusable(diagnostic) = error;
        match self.format {
            Format::Human if self.reporter.is_some() => {
                self.show_findings(&[diagnostic], &report::of_refusal(diagnostic, &self.view()))
            }
            Format::Human => show(&report::of_refusal(diagnostic, &self.view())),
            Format::Json => show(&report::json_of_refusal(diagnostic, &self.directory)),
        }
    }

    fn show_findings(&self, diagnostics: &[&Diagnostic], for_people: &Shown) -> Exit {
        let Some(reporter) = self.reporter else {
            return show(for_people);
        };
        show(&report::of_findings(
            reporter,
            diagnostics,
            &self.checkout(),
            for_people,
        ))
    }

    /// The directory that annotated files are relative to: a workflow may run in a part of what it has checked out.
    fn checkout(&self) -> PathBuf {
        std::env::var_os("GITHUB_WORKSPACE")
            .map(PathBuf::from)
            .filter(|checkout| self.directory.starts_with(checkout))
            .unwrap_or_else(|| self.directory.clone())
    }

    fn view(&self) -> View<'_> {
        View {
            directory: &self.directory,
            answer: self.answer,
            talk: self.talk,
        }
    }
}

/// Says that something will happen again.
pub(super) fn say_watching() {
    let _ = write(io::stderr(), "Watching for changes.\n");
}

fn show(shown: &Shown) -> Exit {
    let answered = write(io::stdout(), &shown.answer);
    // Whoever cannot be talked to cannot be told so either.
    let _ = write(io::stderr(), &shown.talk);
    let ended = match shown.exit {
        Exit::Done => write(io::stdout(), &shown.end),
        Exit::ProjectErrors | Exit::Usage => write(io::stderr(), &shown.end),
    };
    match answered.and(ended) {
        Err(error) if shown.exit == Exit::Done => {
            let _ = write(
                io::stderr(),
                &format!("The answer could not be written: {error}.\n"),
            );
            Exit::ProjectErrors
        }
        _ => shown.exit,
    }
}

/// Writes all of `text`. Who closes the pipe (`esmx-build | head`) has read enough; that is no failure.
fn write<Stream: RawStream + AsLockedWrite>(stream: Stream, text: &str) -> io::Result<()> {
    let mut stream = AutoStream::auto(stream);
    let written = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

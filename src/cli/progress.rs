//! What is shown while a command works; always on standard error.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::command::{Progress, Stage};
use crate::diagnostic::human::printable;
use crate::protocol::Side;

/// One line that moves: `⠹ [2/4] vue3-app · client · rendering`.
pub(super) struct Spinner {
    bar: ProgressBar,
    plan: Mutex<Vec<String>>,
}

impl Spinner {
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(80));
        Self {
            bar,
            plan: Mutex::default(),
        }
    }
}

impl Progress for Spinner {
    fn plan(&self, modules: &[String]) {
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = modules.to_vec();
    }

    fn stage(&self, module: &str, side: Option<Side>, stage: Stage) {
        let plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        self.bar.set_message(line(&plan, module, side, stage));
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn line(plan: &[String], module: &str, side: Option<Side>, stage: Stage) -> String {
    let position = match plan.iter().position(|planned| planned == module) {
        Some(index) if plan.len() > 1 => format!("[{}/{}] ", index + 1, plan.len()),
        _ => String::new(),
    };
    let side = side.map_or_else(String::new, |side| format!(" · {side}"));
    format!("{position}{}{side} · {}", printable(module), stage.activity())
}

/// One plain line for each module that is begun, so that a log shows where a run is or stopped.
#[derive(Default)]
pub(super) struct Lines {
    begun: Mutex<Vec<String>>,
}

impl Lines {
    /// Whether this is the first that is heard of `module`.
    fn begins(&self, module: &str) -> bool {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = !begun.iter().any(|name| name == module);
        if is_new {
            begun.push(module.to_owned());
        }
        is_new
    }
}

impl Progress for Lines {
    fn plan(&self, _: &[String]) {}

    fn stage(&self, module: &str, _: Option<Side>, stage: Stage) {
        if self.begins(module) {
            let verb = if stage == Stage::Compose {
                "composing"
            } else {
                "building"
            };
            anstream::eprint!("{verb} {}\n", printable(module));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_where_the_work_is() {
        let plan = ["shared".to_owned(), "shop".to_owned()];
        assert_eq!(
            line(&plan, "shop", Some(Side::Server), Stage::Scan),
            "[2/2] shop · server · scanning"
        );
        assert_eq!(line(&plan[..1], "shared", None, Stage::Link), "shared · linking");
    }

    #[test]
    fn a_module_begins_once() {
        let lines = Lines::default();
        assert!(lines.begins("a") && lines.begins("b") && !lines.begins("a"));
    }
}

//! A panic is a bug of ours, and says so.

use std::backtrace::Backtrace;
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};

const BUG: i32 = 101;

/// From here on a panic on any thread ends the program with a short message and exit code 101.
pub fn tell_panics_as_bugs() {
    static IS_TOLD: AtomicBool = AtomicBool::new(false);
    std::panic::set_hook(Box::new(|panic| {
        if crate::base::is_recovering() {
            return;
        }
        // Several threads may run into the same bug at once; one message is enough, and the thread that
        // writes it ends all the others.
        if IS_TOLD.swap(true, Ordering::SeqCst) {
            loop {
                std::thread::park();
            }
        }
        let wants_backtrace = std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
        let mut text = message(panic);
        if wants_backtrace {
            text = format!("{text}\n{}", Backtrace::force_capture());
        }
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
        // Not by unwinding: that would wait for work on other threads which nobody needs any more.
        std::process::exit(BUG);
    }));
}

fn message(panic: &PanicHookInfo<'_>) -> String {
    let what = panic.payload_as_str().unwrap_or("no message");
    let place = panic
        .location()
        .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    format!(
        "\nesmx-build {} stopped because of a bug of its own:\n  {what}\n  at {place}\nIt is not your project's \
         fault. Please report it with these lines and, if you can, the input:\n  {}/issues\n",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_REPOSITORY"),
    )
}

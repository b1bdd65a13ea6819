//! Building again and again: `--watch`. What a build has read is watched; what changed is read again, and the rest
//! is remembered.

mod changes;
mod lookout;

use std::sync::mpsc::Sender;
use std::time::SystemTime;

use rustc_hash::FxHashSet;

pub(super) use self::changes::settings_files;
pub use self::changes::{Changes, Happening, Inputs, Layout, Settings};
use self::lookout::Lookout;
pub use self::lookout::{Noticing, Signal};
use super::{CommandError, Progress};

/// What edits leave behind is little, and looking for it takes milliseconds.
const BUILDS_BETWEEN_CLEANUPS: usize = 50;

/// A build that can be done again.
pub trait Session {
    /// What one build answers.
    type Report;

    /// Builds.
    ///
    /// # Errors
    /// When there is nothing to build.
    fn build(&mut self, progress: &dyn Progress) -> Result<Self::Report, CommandError>;

    /// What the last build has read.
    fn inputs(&self) -> Inputs;

    /// Whether the last build has read the files that the one before it had read, and no others.
    fn has_read_the_same(&self) -> bool {
        false
    }

    /// Forgets what may have changed.
    fn forget(&mut self, changes: &Changes);
}

/// Ends a watch from elsewhere.
#[derive(Clone)]
pub struct Stopper(Sender<Signal>);

impl Stopper {
    /// The build that runs is finished first.
    pub fn stop(&self) {
        // Nobody listens any more when the watch has ended by itself.
        let _ = self.0.send(Signal::Stop);
    }
}

/// Builds, and builds again whenever something changed, until it is told to stop.
///
/// `start` makes a session: at first, and whenever what everything depends on has changed. What it refuses is told,
/// and tried again after the next change.
///
/// # Errors
/// The file system cannot be watched, or the first session cannot start.
pub fn watch<S: Session>(
    noticing: Noticing,
    start: impl Fn() -> Result<S, CommandError>,
    progress: impl Fn() -> Box<dyn Progress>,
    mut tell: impl FnMut(Result<S::Report, CommandError>),
    can_be_stopped: impl FnOnce(Stopper),
) -> Result<(), CommandError> {
    let (mut lookout, stopper) = Lookout::new(noticing).map_err(CommandError::Unusable)?;
    can_be_stopped(Stopper(stopper));
    let mut session = start()?;
    let mut inputs = session.inputs();
    // Before the first build reads anything: what is saved meanwhile must not be missed.
    lookout.follow(&inputs).map_err(CommandError::Unusable)?;
    let mut builds = 0_usize;
    loop {
        let started = SystemTime::now();
        // What progress shows is gone before the answer is told.
        let answer = session.build(&*progress());
        let mut new = FxHashSet::default();
        if !session.has_read_the_same() {
            inputs = session.inputs();
            new = lookout.follow(&inputs).map_err(CommandError::Unusable)?;
        }
        // Nobody looked at these directories while the build read them.
        let mut missed = if new.is_empty() {
            Changes::default()
        } else {
            Changes::since(started, &new, &inputs)
        };
        tell(answer);
        builds += 1;
        if builds.is_multiple_of(BUILDS_BETWEEN_CLEANUPS) {
            forget_unused_texts();
        }
        loop {
            let changes = match std::mem::take(&mut missed) {
                none if none.is_empty() => lookout.wait(&inputs),
                missed => Some(missed),
            };
            let Some(changes) = changes else {
                return Ok(());
            };
            if changes.settings == Settings::Same {
                session.forget(&changes);
                break;
            }
            match start() {
                Ok(fresh) => {
                    session = fresh;
                    break;
                }
                Err(error) => tell(Err(error)),
            }
        }
    }
}

/// Names and literals of sources are kept by each thread, for when they are met again, whether anybody uses them or not.
fn forget_unused_texts() {
    rayon::broadcast(|_| swc_core::atoms::hstr::global_atom_store_gc());
}

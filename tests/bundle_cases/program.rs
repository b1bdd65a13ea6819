//! How the output is asked to be: `bundle` has no modes of its own.

#[derive(Clone, Copy)]
pub enum Mode {}

impl Mode {
    pub fn name(self) -> &'static str {
        match self {}
    }
}

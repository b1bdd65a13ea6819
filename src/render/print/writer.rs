//! Where the code generator writes to.
//!
//! SWC's own writer knows line and column at every moment and keeps a hash set of what it has recorded, which makes
//! printing with positions almost three times as slow as without. This one notes byte offsets of the text; lines and
//! columns are counted once, afterwards.

use std::io::Result;

use swc_core::common::{BytePos, Span};
use swc_core::ecma::codegen::text_writer::WriteJs;

use super::PositionTracking;
use super::positions::part_of;
use super::stencil::{HOLE, Hole, NamePlace, binding_of};

/// Code that nests without end would otherwise be mostly white space: its size would be that of its depth squared.
const DEEPEST_INDENTATION: usize = 100;

/// Text in the making.
pub struct TextWriter {
    /// What has been written.
    pub text: String,
    /// Source positions and the byte offsets of `text` they belong to, ascending.
    pub recorded: Vec<(BytePos, u32)>,
    /// Where names are to be filled in.
    pub holes: Vec<Hole>,
    /// Where the last symbol begins.
    last_symbol: u32,
    tracking: PositionTracking,
    /// Where the positions of each source start: even without tracking, it is recorded where the text goes over from
    /// one to another.
    starts: Vec<u32>,
    part: usize,
    indentation: usize,
    is_at_line_start: bool,
    /// A position that arrived before the indentation of its line, or before a space.
    pending: Option<BytePos>,
    spaces: Spaces,
    /// Whether a space is written as soon as it is known to be needed.
    space_waits: bool,
}

/// Which of the generator's spaces are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spaces {
    /// Each.
    All,
    /// Those without which the text would mean something else, as far as that is told by what stands around them.
    Needed,
}

impl TextWriter {
    /// An empty text.
    pub fn new(capacity: usize, tracking: PositionTracking, starts: Vec<u32>, spaces: Spaces) -> Self {
        Self {
            text: String::with_capacity(capacity),
            recorded: Vec::new(),
            holes: Vec::new(),
            last_symbol: 0,
            tracking,
            starts,
            part: 0,
            indentation: 0,
            is_at_line_start: true,
            pending: None,
            spaces,
            space_waits: false,
        }
    }

    /// Writes the space that waits, unless `next` shows that nobody needs it: `case 0:return-1`.
    fn settle_space(&mut self, next: &str) {
        if !std::mem::take(&mut self.space_waits) {
            return;
        }
        let is_needless = self.text.ends_with(':')
            || (next.starts_with(['-', '+'])
                && self.text.ends_with(|last: char| last.is_ascii_alphanumeric()));
        if !is_needless {
            self.text.push(' ');
        }
        if let Some(position) = self.pending.take() {
            self.record(position);
        }
    }

    fn write(&mut self, span: Option<Span>, text: &str) {
        if text.is_empty() {
            return;
        }
        self.settle_space(text);
        if self.is_at_line_start {
            self.is_at_line_start = false;
            for _ in 0..self.indentation.min(DEEPEST_INDENTATION) {
                self.text.push_str("  ");
            }
            if let Some(position) = self.pending.take() {
                self.record(position);
            }
        }
        if let Some(span) = span {
            self.record(span.lo);
        }
        self.text.push_str(text);
    }

    fn record(&mut self, position: BytePos) {
        // What was generated, and all that SWC writes without a position of its own.
        if position.0 == 0 {
            return;
        }
        let mut is_recorded = self.tracking == PositionTracking::On;
        if !is_recorded && self.starts.len() > 1 {
            let starts = |index: usize| self.starts.get(index).copied();
            let part = part_of(starts, self.starts.len(), position.0, self.part);
            is_recorded = part != self.part;
            self.part = part;
        }
        if is_recorded {
            self.recorded.push((position, self.offset()));
        }
    }
}

impl TextWriter {
    fn offset(&self) -> u32 {
        u32::try_from(self.text.len()).expect("a module's text is shorter than 4 GiB")
    }

    fn write_hole(&mut self, binding: u32, place: NamePlace) {
        self.write(None, HOLE);
        let key = match place {
            NamePlace::Plain => None,
            NamePlace::AfterKey => Some(self.last_symbol),
        };
        let offset = self.offset() - 1;
        self.holes.push(Hole { offset, binding, key });
    }
}

impl WriteJs for TextWriter {
    fn increase_indent(&mut self) -> Result<()> {
        self.indentation += 1;
        Ok(())
    }

    fn decrease_indent(&mut self) -> Result<()> {
        self.indentation -= 1;
        Ok(())
    }

    fn write_semi(&mut self, span: Option<Span>) -> Result<()> {
        self.write(span, ";");
        Ok(())
    }

    fn write_space(&mut self) -> Result<()> {
        if self.spaces == Spaces::All || self.is_at_line_start {
            self.write(None, " ");
        } else {
            self.space_waits = true;
        }
        Ok(())
    }

    fn write_keyword(&mut self, span: Option<Span>, text: &'static str) -> Result<()> {
        self.write(span, text);
        Ok(())
    }

    fn write_operator(&mut self, span: Option<Span>, text: &str) -> Result<()> {
        self.write(span, text);
        Ok(())
    }

    fn write_param(&mut self, text: &str) -> Result<()> {
        self.write(None, text);
        Ok(())
    }

    fn write_property(&mut self, text: &str) -> Result<()> {
        self.write(None, text);
        Ok(())
    }

    fn write_line(&mut self) -> Result<()> {
        self.space_waits = false;
        if !self.is_at_line_start {
            self.text.push('\n');
            self.is_at_line_start = true;
        }
        Ok(())
    }

    fn write_lit(&mut self, span: Span, text: &str) -> Result<()> {
        self.write(Some(span), text);
        Ok(())
    }

    fn write_comment(&mut self, text: &str) -> Result<()> {
        self.write(None, text);
        Ok(())
    }

    fn write_str_lit(&mut self, span: Span, text: &str) -> Result<()> {
        self.write(Some(span), text);
        Ok(())
    }

    fn write_str(&mut self, text: &str) -> Result<()> {
        self.write(None, text);
        Ok(())
    }

    fn write_symbol(&mut self, span: Span, text: &str) -> Result<()> {
        if let Some((binding, place)) = binding_of(text) {
            self.write_hole(binding, place);
        } else {
            self.settle_space(text);
            self.last_symbol = self.offset();
            self.write(Some(span), text);
        }
        Ok(())
    }

    fn write_punct(&mut self, span: Option<Span>, text: &'static str, _: bool) -> Result<()> {
        self.write(span, text);
        Ok(())
    }

    fn care_about_srcmap(&self) -> bool {
        self.tracking == PositionTracking::On
    }

    fn add_srcmap(&mut self, position: BytePos) -> Result<()> {
        if self.is_at_line_start || self.space_waits {
            self.pending = Some(position);
        } else {
            self.record(position);
        }
        Ok(())
    }

    fn commit_pending_semi(&mut self) -> Result<()> {
        Ok(())
    }
}

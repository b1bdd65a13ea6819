//! Tree to text with SWC's code generator.

use std::sync::Arc;

use swc_core::common::comments::{Comment, CommentKind, Comments, SingleThreadedComments};
use swc_core::common::errors::SourceMapper;
use swc_core::common::{BytePos, FileLines, FileName, Loc, Span, SpanLinesError, SpanSnippetError};
use swc_core::ecma::ast::{EsVersion, Module, SourceMapperExt};
use swc_core::ecma::codegen::text_writer::{WriteJs, omit_trailing_semi};
use swc_core::ecma::codegen::{Config, Emitter};

use super::positions::{Mapping, SourceLines, SourcePart, map_positions};
use super::stencil::Stencil;
use super::writer::{Spaces, TextWriter};
use super::{Minification, PositionTracking, PrintOptions};

/// The text of a module and where it comes from. The comments that were printed are taken out of `comments`.
pub fn emit(
    module: &Module,
    comments: Option<&SingleThreadedComments>,
    source: &str,
    options: &PrintOptions<'_>,
) -> (String, Vec<Mapping>) {
    let lines = Arc::new(SourceLines::new(source));
    let spaces = match options.minification {
        Minification::Off => Spaces::All,
        Minification::On => Spaces::Needed,
    };
    let writer = TextWriter::new(source.len(), options.position_tracking, Vec::new(), spaces);
    let (code, recorded) = match options.minification {
        Minification::Off => write_module(module, comments, &lines, writer, options.version),
        Minification::On => finished(write_small(module, &lines, writer, options.version)),
    };
    let part = SourcePart {
        base: 0,
        lines: &lines,
        source,
    };
    let mappings = map_positions(&recorded, &[part], &code).pop();
    (code, mappings.unwrap_or_default())
}

/// The stencil of a unit of several sources: what was added to the positions of each, and about how long its text is.
pub fn emit_stencil(
    module: &Module,
    starts: &[u32],
    size: usize,
    tracking: PositionTracking,
    version: EsVersion,
) -> Stencil {
    let writer = TextWriter::new(size, tracking, starts.to_vec(), Spaces::Needed);
    let mut writer = write_small(module, &Arc::new(SourceLines::default()), writer, version);
    let holes = std::mem::take(&mut writer.holes);
    let (text, recorded) = finished(writer);
    Stencil {
        text,
        holes,
        recorded,
    }
}

fn write_module(
    module: &Module,
    comments: Option<&SingleThreadedComments>,
    lines: &Arc<SourceLines>,
    mut writer: TextWriter,
    version: EsVersion,
) -> (String, Vec<(BytePos, u32)>) {
    emit_with(
        module,
        comments,
        lines,
        Config::default().with_target(version),
        &mut writer,
    );
    finished(writer)
}

fn write_small(
    module: &Module,
    lines: &Arc<SourceLines>,
    mut writer: TextWriter,
    version: EsVersion,
) -> TextWriter {
    let config = Config::default().with_target(version).with_minify(true);
    emit_with(module, None, lines, config, omit_trailing_semi(&mut writer));
    writer
}

fn finished(writer: TextWriter) -> (String, Vec<(BytePos, u32)>) {
    let TextWriter {
        text: mut code,
        recorded,
        ..
    } = writer;
    code.truncate(code.trim_end_matches(['\n', ' ']).len());
    (code, recorded)
}

fn emit_with(
    module: &Module,
    comments: Option<&SingleThreadedComments>,
    lines: &Arc<SourceLines>,
    config: Config,
    writer: impl WriteJs,
) {
    let mut emitter = Emitter {
        cfg: config,
        cm: Arc::new(LinesOnly(Arc::clone(lines))),
        comments: comments.map(|comments| comments as &dyn Comments),
        wr: writer,
    };
    emitter
        .emit_module(module)
        .expect("writing to memory does not fail");
}

/// A comment with its delimiters.
pub fn comment_text(comment: &Comment) -> String {
    match comment.kind {
        CommentKind::Line => format!("//{}", comment.text),
        CommentKind::Block => format!("/*{}*/", comment.text),
    }
}

/// The only question the generator asks about the source: are two positions on one line. Answered here instead
/// of by SWC's source map because positions of generated nodes may lie outside the text.
struct LinesOnly(Arc<SourceLines>);

impl SourceMapperExt for LinesOnly {
    fn get_code_map(&self) -> &dyn SourceMapper {
        self
    }

    fn is_on_same_line(&self, low: BytePos, high: BytePos) -> bool {
        self.0.line_of(low) == self.0.line_of(high)
    }
}

impl SourceMapper for LinesOnly {
    fn lookup_char_pos(&self, _: BytePos) -> Loc {
        unreachable!("the code generator asks for lines only")
    }

    fn span_to_lines(&self, _: Span) -> Result<FileLines, Box<SpanLinesError>> {
        unreachable!("the code generator asks for lines only")
    }

    fn span_to_string(&self, _: Span) -> String {
        String::new()
    }

    fn span_to_filename(&self, _: Span) -> Arc<FileName> {
        Arc::new(FileName::Anon)
    }

    fn merge_spans(&self, _: Span, _: Span) -> Option<Span> {
        None
    }

    fn call_span_if_macro(&self, span: Span) -> Span {
        span
    }

    fn doctest_offset_line(&self, line: usize) -> usize {
        line
    }

    fn span_to_snippet(&self, _: Span) -> Result<String, Box<SpanSnippetError>> {
        // Asked for trailing commas of arrays, which are then not printed.
        Ok(String::new())
    }
}

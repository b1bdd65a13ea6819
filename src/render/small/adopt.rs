//! Takes the statements of a module into a unit: contexts and positions that were the module's own become the unit's.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::{BytePos, Mark, Span, SyntaxContext};
use swc_core::ecma::ast::{Ident, Stmt};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _};

use crate::graph::ModuleComments;
use crate::render::rewrite::Contexts;

/// From here on SWC gives out positions for comments on generated nodes; the last few mean something to it.
const FIRST_RESERVED: u32 = u32::MAX - (1 << 16);
const FIRST_SPECIAL: u32 = u32::MAX - 2;

/// The contexts of a unit.
#[derive(Debug, Clone, Copy)]
pub struct UnitContexts {
    /// Free names.
    pub unresolved: SyntaxContext,
    /// Names of the chunk, wherever they are declared.
    pub chunk: SyntaxContext,
}

/// Gives the nodes of one part the contexts of its unit and positions that are the part's alone.
pub struct Adoption<'a> {
    contexts: FxHashMap<SyntaxContext, SyntaxContext>,
    unresolved: SyntaxContext,
    unit: UnitContexts,
    /// Free names that are names of the chunk: helpers that the scan calls, and those in what linking wrote as text.
    chunk_names: &'a FxHashSet<Atom>,
    /// What is added to positions.
    base: u32,
    /// The length of the source.
    length: u32,
    generated: FxHashMap<u32, u32>,
}

impl<'a> Adoption<'a> {
    /// For a part whose source has `length` bytes; `lowering` is the context of helpers of lowered code. To be used in the globals of the unit.
    pub fn new(
        contexts: &Contexts,
        lowering: Option<SyntaxContext>,
        unit: UnitContexts,
        base: u32,
        length: u32,
        chunk_names: &'a FxHashSet<Atom>,
    ) -> Self {
        let known = [
            (SyntaxContext::empty(), SyntaxContext::empty()),
            (contexts.unresolved, unit.unresolved),
            (contexts.top_level, unit.chunk),
            (contexts.foreign, unit.chunk),
        ];
        let lowering = lowering.map(|context| (context, unit.chunk));
        Self {
            contexts: known.into_iter().chain(lowering).collect(),
            unresolved: contexts.unresolved,
            unit,
            chunk_names,
            base,
            length,
            generated: FxHashMap::default(),
        }
    }

    /// Takes the statements in; returns the first position behind the part.
    pub fn adopt(
        mut self,
        statements: &mut Vec<Stmt>,
        comments: &ModuleComments,
        into: &mut ModuleComments,
    ) -> u32 {
        statements.visit_mut_with(&mut self);
        // What functions promise was for tree shaking: readable code makes the same calls.
        for (position, found) in comments.annotations() {
            let position = self.position(position);
            for comment in found {
                into.add_leading(position, comment.clone());
            }
        }
        let generated = u32::try_from(self.generated.len()).unwrap_or(0);
        self.base + self.length + 2 + generated
    }

    fn position(&mut self, position: BytePos) -> BytePos {
        let BytePos(number) = position;
        match number {
            0 => position,
            _ if number <= self.length + 1 => BytePos(self.base + number),
            FIRST_SPECIAL.. => position,
            FIRST_RESERVED.. => {
                let next = u32::try_from(self.generated.len()).unwrap_or(0);
                let number = *self.generated.entry(number).or_insert(next);
                BytePos(self.base + self.length + 2 + number)
            }
            _ => BytePos(0),
        }
    }
}

impl VisitMut for Adoption<'_> {
    fn visit_mut_ident(&mut self, ident: &mut Ident) {
        if ident.ctxt == self.unresolved && self.chunk_names.contains(&ident.sym) {
            ident.ctxt = self.unit.chunk;
        } else {
            self.visit_mut_syntax_context(&mut ident.ctxt);
        }
        self.visit_mut_span(&mut ident.span);
    }

    fn visit_mut_syntax_context(&mut self, context: &mut SyntaxContext) {
        let known = self.contexts.entry(*context);
        *context = *known.or_insert_with(|| SyntaxContext::empty().apply_mark(Mark::new()));
    }

    fn visit_mut_span(&mut self, span: &mut Span) {
        *span = Span::new(self.position(span.lo), self.position(span.hi));
    }
}

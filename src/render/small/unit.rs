//! A unit: consecutive modules of a chunk that are compressed as one program.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::{BytePos, DUMMY_SP, GLOBALS, Globals, Mark, SyntaxContext};
use swc_core::ecma::ast::{EsVersion, Module, ModuleItem, Stmt};
use swc_core::ecma::parser::{EsSyntax, Parser, StringInput, Syntax, lexer::Lexer};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::visit::VisitMutWith as _;

use super::adopt::{Adoption, UnitContexts};
use super::names::UnitNames;
use super::rename::put_placeholders;
use super::scopes::{BindingKind, Scopes};
use super::slots::allocate;
use super::uninitialised::{MARKER, unmark_uninitialised};
use super::unit_pieces::{decode, encode};
use crate::graph::{ModuleComments, ModuleId};
use crate::render::module::ModuleBody;
use crate::render::print::{
    NameMarks, PositionTracking, PrintedUnit, Stencil, Unsettled, compress_linked, declared_in_vain,
    declared_names, draw_stencil, mentioned,
};
use crate::render::rewrite::Contexts;

/// A module, or code that linking wrote as text.
pub struct Part<'a> {
    /// The module.
    pub module: Option<ModuleId>,
    /// Its statements.
    pub statements: Vec<Stmt>,
    /// What their contexts mean.
    pub contexts: Contexts,
    /// The context of helpers of lowered code.
    pub lowering: Option<SyntaxContext>,
    /// Its annotations.
    pub comments: Option<&'a ModuleComments>,
    /// What positions refer to.
    pub source: Arc<str>,
}

impl<'a> Part<'a> {
    /// A module of the graph.
    pub fn of_module(
        module: ModuleId,
        body: ModuleBody,
        comments: &'a ModuleComments,
        source: Arc<str>,
    ) -> Self {
        Self {
            module: Some(module),
            statements: body.statements,
            contexts: body.contexts,
            lowering: body.lowering_context,
            comments: Some(comments),
            source,
        }
    }

    /// Text that mentions names of the chunk as if they were free.
    pub fn of_text(text: &str) -> Self {
        let globals = Globals::new();
        GLOBALS.set(&globals, || {
            let end = BytePos(1 + u32::try_from(text.len()).unwrap_or(0));
            let input = StringInput::new(text, BytePos(1), end);
            let lexer = Lexer::new(Syntax::Es(EsSyntax::default()), EsVersion::EsNext, input, None);
            let mut module = Parser::new_from(lexer)
                .parse_module()
                .expect("what linking writes is valid JavaScript");
            let (unresolved, top_level) = (Mark::new(), Mark::new());
            module.visit_mut_with(&mut resolver(unresolved, top_level, false));
            let context = |mark| SyntaxContext::empty().apply_mark(mark);
            Self {
                module: None,
                statements: module.body.into_iter().filter_map(ModuleItem::stmt).collect(),
                contexts: Contexts {
                    unresolved: context(unresolved),
                    top_level: context(top_level),
                    foreign: context(top_level),
                    local: context(top_level),
                },
                lowering: None,
                comments: None,
                source: Arc::default(),
            }
        })
    }
}

/// Parts that have become one program.
pub struct Unit {
    globals: Globals,
    module: Module,
    marks: NameMarks,
    contexts: UnitContexts,
    comments: ModuleComments,
    /// What was added to positions, and the source, of each part.
    sources: Vec<(u32, Arc<str>)>,
    /// Names of the chunk that it declares.
    declares: FxHashSet<Atom>,
    /// Names of the chunk that it mentions.
    mentions: FxHashSet<Atom>,
}

impl Unit {
    /// Puts the parts together; says which names of the chunk each of them declares or mentions, ascending. Free names that
    /// are `chunk_names` in text, or `helper_names`, are names of the chunk.
    #[tracing::instrument(skip_all)]
    pub fn of(
        parts: Vec<Part<'_>>,
        chunk_names: &FxHashSet<Atom>,
        helper_names: &FxHashSet<Atom>,
    ) -> (Self, Vec<Vec<Atom>>) {
        // Numbers of marks must not depend on what other threads do.
        let globals = Globals::new();
        let (unit, names) = GLOBALS.set(&globals, || {
            let marks = NameMarks {
                unresolved: Mark::new(),
                top_level: Mark::new(),
            };
            let contexts = UnitContexts {
                unresolved: SyntaxContext::empty().apply_mark(marks.unresolved),
                chunk: SyntaxContext::empty().apply_mark(marks.top_level),
            };
            let mut unit = Self {
                globals: Globals::new(),
                module: empty_module(),
                marks,
                contexts,
                comments: ModuleComments::default(),
                sources: Vec::with_capacity(parts.len()),
                declares: FxHashSet::default(),
                mentions: FxHashSet::default(),
            };
            let mut base = 0;
            let mut names = Vec::with_capacity(parts.len());
            for part in parts {
                let free_names = if part.module.is_none() {
                    chunk_names
                } else {
                    helper_names
                };
                let (after, of_part) = unit.take_in(part, base, free_names);
                base = after;
                names.push(of_part);
            }
            (unit, names)
        });
        (Self { globals, ..unit }, names)
    }

    /// Takes a part in whose positions get `base` added; returns the first position behind it, and its names.
    fn take_in(&mut self, part: Part<'_>, base: u32, free_names: &FxHashSet<Atom>) -> (u32, Vec<Atom>) {
        let mut statements = part.statements;
        let length = u32::try_from(part.source.len()).expect("a source is shorter than 4 GiB");
        let contexts = self.contexts;
        let adoption = Adoption::new(&part.contexts, part.lowering, contexts, base, length, free_names);
        let nothing = ModuleComments::default();
        let comments = part.comments.unwrap_or(&nothing);
        let after = adoption.adopt(&mut statements, comments, &mut self.comments);
        self.sources.push((base, part.source));
        let declares = declared_names(&statements).into_iter().map(|id| id.0);
        let declares: FxHashSet<Atom> = declares.collect();
        let mentions = mentioned(&statements, contexts.chunk);
        let mut names: Vec<Atom> = mentions.union(&declares).cloned().collect();
        names.sort_unstable();
        self.declares.extend(declares);
        self.mentions.extend(mentions);
        self.module
            .body
            .extend(statements.into_iter().map(ModuleItem::Stmt));
        (after, names)
    }

    /// Compresses it, if that is asked for, finds out which names may be alike, and prints it. `None` when the compressor
    /// failed. `others` is what is not settled of the names in it.
    #[tracing::instrument(skip_all)]
    pub fn draw(
        mut self,
        exported: Option<&FxHashSet<Atom>>,
        others: &Unsettled,
        chunk_names: &FxHashSet<Atom>,
        tracking: PositionTracking,
        version: EsVersion,
    ) -> Option<DrawnUnit> {
        let globals = std::mem::replace(&mut self.globals, Globals::new());
        let comments = std::mem::take(&mut self.comments).into_single_threaded();
        let exported = exported.map(|exported| self.own(exported));
        GLOBALS.set(&globals, || {
            if let Some(exported) = &exported {
                let module = std::mem::replace(&mut self.module, empty_module());
                let others = others.filtered(|name| !self.declares.contains(name));
                let given = (exported, &others);
                self.module = compress_linked(module, self.marks, &comments, given, version)?;
                self.declare_lost(exported);
            }
            if self.mentions.contains(&Atom::from(MARKER)) {
                unmark_uninitialised(&mut self.module);
            }
            let scopes = Scopes::of(&self.module, self.contexts, chunk_names);
            if let Some(exported) = &exported
                && !self.has_all(&scopes, exported)
            {
                return None;
            }
            let slots = allocate(&scopes);
            put_placeholders(&mut self.module, &scopes.index, &scopes.bindings);
            let texts = texts_of(&self.sources);
            let stencil = draw_stencil(&mut self.module, &texts, tracking, version);
            Some(DrawnUnit {
                names: UnitNames {
                    bindings: scopes.bindings,
                    slots,
                },
                stencil,
                sources: self.sources,
            })
        })
    }

    /// Those of the names that are in it: every pass would look at all others of the chunk, too.
    fn own(&self, exported: &FxHashSet<Atom>) -> FxHashSet<Atom> {
        let own = self.mentions.union(&self.declares);
        own.filter(|name| exported.contains(*name)).cloned().collect()
    }

    /// What stands behind a `throw` has no value, but others name it, so it is declared.
    fn declare_lost(&mut self, exported: &FxHashSet<Atom>) {
        if !matches!(self.module.body.last(), Some(ModuleItem::Stmt(Stmt::Throw(_)))) {
            return;
        }
        let statements = self.module.body.iter().filter_map(ModuleItem::as_stmt);
        let kept: FxHashSet<Atom> = declared_names(statements).into_iter().map(|id| id.0).collect();
        let mut lost: Vec<&Atom> = exported.intersection(&self.declares).collect();
        lost.retain(|name| !kept.contains(*name));
        lost.sort_unstable();
        let lost = lost
            .into_iter()
            .map(|name| declared_in_vain((name.clone(), self.contexts.chunk)));
        self.module.body.extend(lost);
    }

    /// Whether the compressor left the declarations that are needed.
    fn has_all(&self, scopes: &Scopes, exported: &FxHashSet<Atom>) -> bool {
        let of_chunk = || {
            scopes
                .bindings
                .iter()
                .filter(|one| one.kind == BindingKind::Chunk)
        };
        let declared: FxHashSet<&Atom> = of_chunk()
            .filter(|one| one.is_declared)
            .map(|one| &one.name)
            .collect();
        let is_missing = |name: &Atom| self.declares.contains(name) && !declared.contains(name);
        !exported.iter().any(is_missing) && !of_chunk().any(|one| is_missing(&one.name))
    }
}

fn empty_module() -> Module {
    Module {
        span: DUMMY_SP,
        body: Vec::new(),
        shebang: None,
    }
}

/// A unit that waits for its names.
pub struct DrawnUnit {
    /// What naming must know.
    pub names: UnitNames,
    stencil: Stencil,
    /// What was added to positions, and the source, of each part.
    sources: Vec<(u32, Arc<str>)>,
}

impl DrawnUnit {
    /// One that an earlier build has drawn.
    pub fn known(bytes: &[u8], sources: impl Iterator<Item = Arc<str>>) -> Option<Self> {
        let (bases, stencil, names) = decode(bytes)?;
        Some(Self {
            names,
            stencil,
            sources: bases.into_iter().zip(sources).collect(),
        })
    }

    /// Its bytes, for the next build.
    pub fn encode(&self) -> Option<Vec<u8>> {
        let bases = self.sources.iter().map(|(base, _)| *base).collect();
        encode(bases, &self.stencil, &self.names)
    }

    /// Its text.
    #[tracing::instrument(skip_all)]
    pub fn print(&self, names: &[Option<Atom>], tracking: PositionTracking) -> PrintedUnit {
        let bindings = &self.names.bindings;
        let name = |binding: u32| -> &str {
            let given = names[binding as usize].as_ref();
            given.unwrap_or(&bindings[binding as usize].name)
        };
        self.stencil.print(name, &texts_of(&self.sources), tracking)
    }
}

fn texts_of(sources: &[(u32, Arc<str>)]) -> Vec<(u32, &str)> {
    sources.iter().map(|(base, source)| (*base, &**source)).collect()
}

//! Style sheets whose `composes` lead back to themselves. The names of each would have to be known before those of
//! the other.

use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{ModuleGraph, ModuleId, RecordId, RequestSyntax, Resource, Target};

/// One diagnostic per `composes` that closes a circle of files.
pub fn circles(graph: &ModuleGraph) -> Vec<Diagnostic> {
    let mut state = vec![State::Unseen; graph.modules.len()];
    let mut found = Vec::new();
    for start in graph.modules.indices().filter(|module| is_style(graph, *module)) {
        let mut stack = Vec::new();
        enter(&mut state, &mut stack, start);
        while let Some((module, next)) = stack.last_mut() {
            let (module, record) = (*module, RecordId::from_usize(*next));
            if *next == graph.modules[module].targets.len() {
                state[module.index()] = State::Done;
                stack.pop();
                continue;
            }
            *next += 1;
            let is_composed = graph.modules[module].syntax.records[record].syntax == RequestSyntax::Static;
            let Target::Module(target) = graph.modules[module].targets[record] else {
                continue;
            };
            if !is_composed || !is_style(graph, target) {
                continue;
            }
            match state[target.index()] {
                State::Unseen => enter(&mut state, &mut stack, target),
                State::Open => found.push(circle(graph, module, record)),
                State::Done => {}
            }
        }
    }
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Unseen,
    Open,
    Done,
}

fn enter(state: &mut [State], stack: &mut Vec<(ModuleId, usize)>, module: ModuleId) {
    if state[module.index()] == State::Unseen {
        state[module.index()] = State::Open;
        stack.push((module, 0));
    }
}

/// Whether a module is a style sheet.
pub fn is_style(graph: &ModuleGraph, module: ModuleId) -> bool {
    matches!(graph.modules[module].syntax.resource, Some(Resource::Style(_)))
}

fn circle(graph: &ModuleGraph, module: ModuleId, record: RecordId) -> Diagnostic {
    let module = &graph.modules[module];
    let request = &module.syntax.records[record];
    Diagnostic::new(
        Code::Syntax,
        "",
        format!(
            "The style sheets compose each other in a circle: {} asks for \"{}\", which needs {} first.",
            module.stable_path, request.specifier, module.stable_path
        ),
        "Move what both compose into a third file.",
    )
    .at(Some(Location::of_range(
        &module.path,
        &module.syntax.source,
        request.span.0,
        request.span.1,
    )))
}

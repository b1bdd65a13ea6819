//! Files that `composes` names, but that are no style sheets: nobody knows what a name would be there.

use super::circle::is_style;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{ModuleGraph, RequestSyntax, Target};

/// One diagnostic per request for such a file.
pub fn composed_of_no_sheet(graph: &ModuleGraph) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for id in graph.modules.indices().filter(|module| is_style(graph, *module)) {
        let module = &graph.modules[id];
        for (record, request) in module.syntax.records.iter_enumerated() {
            let Target::Module(target) = module.targets[record] else {
                continue;
            };
            if request.syntax != RequestSyntax::Static || is_style(graph, target) {
                continue;
            }
            let diagnostic = Diagnostic::new(
                Code::Syntax,
                "",
                format!(
                    "`composes` takes names of style sheets, and \"{}\" is none.",
                    request.specifier
                ),
                "Compose names of a `*.module.css` file, or write the name behind `from global` if something else gives it rules.",
            );
            let (start, end) = request.span;
            let place = Location::of_range(&module.path, &module.syntax.source, start, end);
            found.push(diagnostic.at(Some(place)));
        }
    }
    found
}

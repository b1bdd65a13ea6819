//! The exports object of a CommonJS module at the top level has the properties that somebody reads, where all reads are
//! known.

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{Decl, Expr, Prop, PropName, PropOrSpread, Stmt};

use crate::bind::BoundGraph;
use crate::graph::{ModuleId, StatementId};

/// Takes the other properties out of the statement that makes the object.
pub fn leave_asked_properties(bound: &BoundGraph, module: ModuleId, statement: StatementId, node: &mut Stmt) {
    let Some(local) = bound.object_of_some(module) else {
        return;
    };
    if !bound.graph.modules[module].syntax.symbols[local]
        .declared_by
        .contains(&statement)
    {
        return;
    }
    let asked = bound.asked_properties.get(&module);
    let Stmt::Decl(Decl::Var(variables)) = node else {
        return;
    };
    for declarator in &mut variables.decls {
        if let Some(Expr::Object(object)) = declarator.init.as_deref_mut() {
            object.props.retain(|property| match property {
                PropOrSpread::Prop(property) => match &**property {
                    Prop::KeyValue(pair) => match &pair.key {
                        PropName::Str(name) => asked
                            .is_some_and(|asked| asked.contains(&Atom::from(&*name.value.to_string_lossy()))),
                        _ => true,
                    },
                    _ => true,
                },
                PropOrSpread::Spread(_) => true,
            });
        }
    }
}

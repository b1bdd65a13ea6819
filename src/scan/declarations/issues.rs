//! Places where a type must be written, in words of our own.

use std::path::Path;

use swc_core::common::Span;
use swc_core::typescript::diagnostic::DtsIssue;

use crate::diagnostic::{Code, Diagnostic, Location};

pub(super) fn diagnostic_of(issue: &DtsIssue, path: &Path, source: &str) -> Diagnostic {
    let number = issue.message.split_once(':').map_or("", |(number, _)| number);
    finding(number, issue.range.span, path, source)
}

/// The properties of an exported function.
pub(super) const FUNCTION_PROPERTIES: &str = "TS9023";

/// An export that no declaration is made of. TypeScript has no number for it.
pub(super) const LOST_EXPORT: &str = "lost";

/// A finding by its number.
pub(super) fn finding(number: &str, span: Span, path: &Path, source: &str) -> Diagnostic {
    let (what, fix) = words(number);
    let offset = |position: u32| position.saturating_sub(1) as usize;
    let location = Location::of_range(path, source, offset(span.lo.0), offset(span.hi.0));
    let message = format!("{what}; declarations are made of each file alone, and nothing is inferred.");
    let diagnostic = Diagnostic::new(Code::Declaration, "", message, fix).at(Some(location));
    if number.starts_with("TS") {
        diagnostic.with_found(number)
    } else {
        diagnostic
    }
}

/// By the number that TypeScript gives the same finding under `isolatedDeclarations`.
fn words(number: &str) -> (&'static str, &'static str) {
    match number {
        "TS9007" => (
            "An exported function has no return type",
            "Write it behind the parameters: `(…): Type`.",
        ),
        "TS9008" => (
            "A method of an exported class or object has no return type",
            "Write it behind the parameters: `(…): Type`.",
        ),
        "TS9009" => (
            "An exported accessor has no type",
            "Write it at the getter: `get name(): Type`.",
        ),
        "TS9010" => (
            "An exported variable has no type",
            "Write it behind the name: `const name: Type = …`.",
        ),
        "TS9011" => (
            "A parameter of an exported function has no type",
            "Write it behind the name: `(name: Type)`.",
        ),
        "TS9012" => (
            "A property of an exported class has no type",
            "Write it behind the name: `name: Type = …`.",
        ),
        "TS9015" | "TS9016" => (
            "The type of an object with shorthand or spread properties is not written",
            "Write the type of the variable, or give the object one: `{ … } as Type`.",
        ),
        "TS9017" | "TS9018" => (
            "The type of an array is not written",
            "Write the type of the variable, or end a list of constants with `as const`.",
        ),
        "TS9019" => (
            "A variable is exported out of a pattern",
            "Export a variable of its own for each name: `export const name: Type = …`.",
        ),
        "TS9020" => (
            "The value of an enum member is not known here",
            "Write a number or a text as its value.",
        ),
        "TS9021" => (
            "An exported class extends an expression",
            "Give the base a name and a type first: `const Base: Type = …`, then `extends Base`.",
        ),
        "TS9022" => (
            "An exported class is an expression",
            "Write a class declaration: `export class Name { … }`.",
        ),
        FUNCTION_PROPERTIES => (
            "Properties are assigned to an exported function",
            "Declare them in a namespace: `export namespace name { export let property: Type; }`.",
        ),
        "TS9025" => (
            "The type of an optional parameter lacks `undefined`",
            "Add it: `name: Type | undefined`.",
        ),
        "TS9014" | "TS9038" => (
            "The name of a property is computed",
            "Write the name, or the type of what has the property.",
        ),
        "TS9037" => (
            "The default export has no type",
            "Give the value a name and a type: `const value: Type = …; export default value;`.",
        ),
        "TS9039" => (
            "The type of an export names something private",
            "Export the name, too, or write another type.",
        ),
        LOST_EXPORT => (
            "An export has no declaration of its own",
            "Export a declaration with a type, or write the types into a declaration file, and import that.",
        ),
        _ => (
            "The type of an export is not written",
            "Write the type, or say `as Type` behind the expression.",
        ),
    }
}

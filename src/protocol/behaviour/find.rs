//! From the text of a behaviour file to the `modules` of its default export.

use std::ops::Range;
use std::path::Path;

use swc_core::common::{BytePos, Spanned as _};
use swc_core::ecma::ast::{
    Callee, Decl, EsVersion, ExportSpecifier, Expr, Module, ModuleDecl, ModuleExportName, ModuleItem,
    ObjectLit, Pat, Prop, PropOrSpread, Stmt, VarDeclKind,
};
use swc_core::ecma::parser::error::Error;
use swc_core::ecma::parser::{EsSyntax, Lexer, Parser, StringInput, Syntax, TsSyntax};

use super::ModulesField;
use super::literal::{
    Interest, Literal, LiteralValue, Opaque, key_of, literal, properties, range_of, without_types,
};
use crate::base::has_extension;
use crate::diagnostic::{Code, Diagnostic, Location};

/// The keys of `modules` that mean something (PROTOCOL §14.1).
const KEYS: [&str; 5] = ["lib", "links", "imports", "scopes", "exports"];

/// A behaviour file nests a few levels; the parser recurses with each.
const DEEPEST: usize = 500;

/// Ordinary files are smaller by an order of magnitude; see [`modules_field`].
const LARGEST: usize = 64 << 10;

/// A file of this size cannot nest deeper than any thread's stack allows.
const SHALLOW: usize = 512;

/// As many levels as [`LARGEST`] bytes can nest. The space is only reserved.
const STACK_BYTES: usize = 512 << 20;

/// What the default export of the file says under `modules`.
///
/// `!!!!…1` nests with every byte, and the parser recurses with every level: larger files are read on a stack
/// of their own, so that whoever asks needs none.
pub(super) fn modules_field(path: &Path, source: &str) -> Result<ModulesField, Box<Diagnostic>> {
    if source.len() <= SHALLOW {
        return read_modules(path, source);
    }
    if source.len() > LARGEST {
        return Err(Box::new(Diagnostic::new(
            Code::Syntax,
            "",
            format!(
                "{} is larger than {} KB, too large for a behaviour file.",
                path.display(),
                LARGEST >> 10
            ),
            "Move most of it into files that it imports.",
        )));
    }
    std::thread::scope(|scope| {
        let reading = std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || read_modules(path, source));
        match reading.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(field)) => field,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => Err(Box::new(Diagnostic::new(
                Code::Io,
                "",
                format!(
                    "The thread to read {} on could not be started: {error}.",
                    path.display()
                ),
                "Allow the process more threads and memory.",
            ))),
        }
    })
}

fn read_modules(path: &Path, source: &str) -> Result<ModulesField, Box<Diagnostic>> {
    let module = parse(path, source)?;
    let top_level = TopLevel(&module);
    let Some(export) = top_level.default_export() else {
        return Ok(ModulesField::Absent);
    };
    let field = match top_level.value(export) {
        Expr::Object(options) => top_level.modules_of(options),
        Expr::Fn(_) | Expr::Class(_) => Ok(ModulesField::Absent),
        other => Err(Opaque {
            range: range_of(other.span()),
            what: "no object literal",
        }),
    };
    Ok(field.unwrap_or_else(ModulesField::Opaque))
}

/// The statements of a file, in which names can be looked up.
struct TopLevel<'a>(&'a Module);

impl<'a> TopLevel<'a> {
    fn default_export(&self) -> Option<&'a Expr> {
        self.0.body.iter().find_map(|item| {
            let ModuleItem::ModuleDecl(declaration) = item else {
                return None;
            };
            match declaration {
                ModuleDecl::ExportDefaultExpr(export) => Some(&*export.expr),
                ModuleDecl::TsExportAssignment(export) => Some(&*export.expr),
                ModuleDecl::ExportNamed(export) if export.src.is_none() => {
                    export.specifiers.iter().find_map(|specifier| match specifier {
                        ExportSpecifier::Named(named) if named.exported.as_ref().is_some_and(is_default) => {
                            match &named.orig {
                                ModuleExportName::Ident(name) => self.constant(&name.sym),
                                ModuleExportName::Str(_) => None,
                            }
                        }
                        _ => None,
                    })
                }
                _ => None,
            }
        })
    }

    /// What `const name = …` at the top level says.
    fn constant(&self, name: &str) -> Option<&'a Expr> {
        self.0.body.iter().find_map(|item| {
            let declaration = match item {
                ModuleItem::Stmt(Stmt::Decl(Decl::Var(declaration))) => declaration,
                ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => match &export.decl {
                    Decl::Var(declaration) => declaration,
                    _ => return None,
                },
                _ => return None,
            };
            if declaration.kind != VarDeclKind::Const {
                return None;
            }
            declaration
                .decls
                .iter()
                .find_map(|declarator| match &declarator.name {
                    Pat::Ident(binding) if binding.id.sym == *name => declarator.init.as_deref(),
                    _ => None,
                })
        })
    }

    /// The expression that decides: behind types, names of constants, and functions such as `defineConfig` that
    /// return their argument for the sake of its type.
    fn value(&self, expression: &'a Expr) -> &'a Expr {
        let mut expression = without_types(expression);
        // Constants may name each other in a circle.
        for _ in 0..self.0.body.len().saturating_add(8) {
            let next = match expression {
                Expr::Ident(name) => self.constant(&name.sym),
                Expr::Call(call) => match (&call.callee, call.args.as_slice()) {
                    (Callee::Expr(callee), [only]) if only.spread.is_none() => match &**callee {
                        Expr::Ident(function) if function.sym.starts_with("define") => Some(&*only.expr),
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            };
            match next {
                Some(next) => expression = without_types(next),
                None => break,
            }
        }
        expression
    }

    /// Of several the last one counts, and a spread behind it may hold another.
    fn modules_of(&self, options: &'a ObjectLit) -> Result<ModulesField, Opaque> {
        let mut field = Ok(ModulesField::Absent);
        for property in &options.props {
            let opaque = |what| {
                let range = range_of(property.span());
                Err(Opaque { range, what })
            };
            let property = match property {
                PropOrSpread::Spread(_) => {
                    field = opaque("a spread");
                    continue;
                }
                PropOrSpread::Prop(property) => &**property,
            };
            let key = match property {
                Prop::Shorthand(name) => Ok((name.sym.to_string(), Range::default())),
                Prop::KeyValue(pair) => key_of(&pair.key),
                Prop::Method(method) => key_of(&method.key),
                Prop::Getter(getter) => key_of(&getter.key),
                Prop::Setter(setter) => key_of(&setter.key),
                Prop::Assign(_) => continue,
            };
            field = match (key, property) {
                (Err(computed), _) => Err(computed),
                (Ok((key, _)), _) if key != "modules" => continue,
                (Ok(_), Prop::KeyValue(pair)) => self.read(&pair.value),
                (Ok(_), Prop::Shorthand(name)) => match self.constant(&name.sym) {
                    Some(value) => self.read(value),
                    None => opaque("a variable"),
                },
                (Ok(_), _) => opaque("a function"),
            };
        }
        field
    }

    fn read(&self, modules: &'a Expr) -> Result<ModulesField, Opaque> {
        let modules = self.value(modules);
        let read = match modules {
            Expr::Object(object) => Literal {
                range: range_of(object.span),
                value: LiteralValue::Object(properties(object, |key| {
                    if KEYS.contains(&key) {
                        Interest::Value
                    } else {
                        Interest::Ignored
                    }
                })?),
            },
            other => literal(other)?,
        };
        Ok(match read.value {
            LiteralValue::Undefined => ModulesField::Absent,
            _ => ModulesField::Written(read),
        })
    }
}

fn is_default(name: &ModuleExportName) -> bool {
    match name {
        ModuleExportName::Ident(name) => name.sym == *"default",
        ModuleExportName::Str(name) => name.value == *"default",
    }
}

fn parse(path: &Path, source: &str) -> Result<Module, Box<Diagnostic>> {
    if let Some(offset) = too_deep(source) {
        return Err(Box::new(
            Diagnostic::new(
                Code::Syntax,
                "",
                format!("Brackets are nested more than {DEEPEST} deep here."),
                "Break the expression into parts, or move them into files of their own.",
            )
            .at(Some(Location::of_range(path, source, offset, offset + 1))),
        ));
    }
    let end = u32::try_from(source.len()).expect("larger files are refused") + 1;
    let is_typed = path
        .to_str()
        .is_some_and(|path| has_extension(path, &["ts", "mts"]));
    let syntax = if is_typed {
        Syntax::Typescript(TsSyntax {
            decorators: true,
            ..TsSyntax::default()
        })
    } else {
        Syntax::Es(EsSyntax {
            import_attributes: true,
            explicit_resource_management: true,
            ..EsSyntax::default()
        })
    };
    let input = StringInput::new(source, BytePos(1), BytePos(end));
    let mut parser = Parser::new_from(Lexer::new(syntax, EsVersion::EsNext, input, None));
    let parsed = parser.parse_module();
    let first = parsed
        .as_ref()
        .err()
        .cloned()
        .into_iter()
        .chain(parser.take_errors())
        .min_by_key(|error| error.span().lo);
    match (parsed, first) {
        (Ok(module), None) => Ok(module),
        (_, error) => Err(Box::new(syntax_error(path, source, error.as_ref()))),
    }
}

fn syntax_error(path: &Path, source: &str, error: Option<&Error>) -> Diagnostic {
    let (range, reason) = error.map_or((0..0, "it cannot be parsed".into()), |error| {
        (range_of(error.span()), error.kind().msg())
    });
    Diagnostic::new(
        Code::Syntax,
        "",
        format!(
            "The behaviour file cannot be read: {}.",
            reason.trim_end_matches('.')
        ),
        "Correct the code at this place.",
    )
    .at(Some(Location::of_range(path, source, range.start, range.end)))
}

/// Where brackets nest deeper than the parser should follow; what stands in strings and comments counts too,
/// which harms nobody at this depth.
fn too_deep(source: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, byte) in source.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(index);
        }
    }
    None
}

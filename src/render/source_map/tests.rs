//! Maps are decoded again: every token must point home.

use sourcemap::SourceMap;
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::{FileName, GLOBALS, Globals, Mark};
use swc_core::ecma::parser::{EsSyntax, Parser, StringInput, Syntax};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::visit::VisitMutWith as _;

use super::*;
use crate::render::print::{
    Minification, NameMarks, PositionTracking, PrintOptions, PrintedModule, print_module,
};

const SOURCES: [(&str, &str); 3] = [
    (
        "src/plain.js",
        "const greeting = 'hello';\nexport_(greeting);\n\nfunction outer(parameter) {\n  return function inner() {\n    return parameter + greeting;\n  };\n}\n",
    ),
    (
        "src/wide \u{e9}.js",
        "/* \u{1F600}\u{1F600} */ const first = '\u{1F600}\u{e9}\u{4e2d}', second = third(`\u{1F600}${first}`);\r\n\tconst \u{4e2d}\u{6587} = second;\r\n\tif (\u{4e2d}\u{6587}) {\t/* \u{e9} */ fourth('\u{1F600}', \u{4e2d}\u{6587}) }\r\n",
    ),
    ("src/empty.js", "// nothing\n"),
];

fn print(source: &str, minification: Minification) -> PrintedModule {
    let globals = Globals::new();
    let comments = SingleThreadedComments::default();
    let (module, marks) = GLOBALS.set(&globals, || {
        let marks = NameMarks {
            unresolved: Mark::new(),
            top_level: Mark::new(),
        };
        let file =
            swc_core::common::SourceMap::default().new_source_file(FileName::Anon.into(), source.to_owned());
        let mut parser = Parser::new(
            Syntax::Es(EsSyntax::default()),
            StringInput::from(&*file),
            Some(&comments),
        );
        let mut module = parser.parse_module().unwrap();
        module.visit_mut_with(&mut resolver(marks.unresolved, marks.top_level, false));
        (module, marks)
    });
    let options = PrintOptions {
        minification,
        position_tracking: PositionTracking::On,
        reserved: &[],
        version: swc_core::ecma::ast::EsVersion::EsNext,
    };
    print_module(module, &globals, marks, &comments, source, &options)
}

/// A chunk of all sources, each behind a line that belongs to none, and its map.
fn chunk(minification: Minification) -> (String, String) {
    let mut code = String::from("import x from 'y';\n");
    let printed = SOURCES.map(|(_, source)| print(source, minification));
    let mut placed = Vec::new();
    for ((name, source), module) in SOURCES.iter().zip(&printed) {
        code.push_str("/* \u{1F600} */ ");
        let line = u32::try_from(code.matches('\n').count()).unwrap();
        let column = code.rsplit('\n').next().unwrap().encode_utf16().count();
        let column = u32::try_from(column).unwrap();
        placed.push(PlacedModule {
            origin: SourceOrigin::File { name, text: source },
            mappings: &module.mappings,
            line,
            column,
        });
        code.push_str(&module.code);
        code.push('\n');
    }
    let map = join_source_maps("chunk.js", &placed);
    (code, map)
}

/// The text from a place on.
fn text_at(text: &str, line: u32, column: u32) -> &str {
    let line = text.split_inclusive('\n').nth(line as usize).unwrap();
    let mut left = column as usize;
    let offset = line.char_indices().find_map(|(offset, character)| {
        if left == 0 {
            return Some(offset);
        }
        left = left
            .checked_sub(character.len_utf16())
            .expect("a column is between characters");
        None
    });
    &line[offset.unwrap_or(line.len())..]
}

fn identifier(text: &str) -> &str {
    let end = text.find(|character: char| !character.is_alphanumeric() && character != '_');
    &text[..end.unwrap_or(text.len())]
}

#[test]
fn every_token_points_home() {
    for minification in [Minification::Off, Minification::On] {
        let (code, json) = chunk(minification);
        let map = SourceMap::from_slice(json.as_bytes()).unwrap();
        assert_eq!(map.get_file(), Some("chunk.js"));
        let names: Vec<_> = map.sources().collect();
        assert_eq!(names, ["src/plain.js", "src/wide \u{e9}.js", "src/empty.js"]);
        let mut identifiers = 0;
        for token in map.tokens() {
            let source = map.get_source_contents(token.get_src_id()).unwrap();
            assert_eq!(source, SOURCES[token.get_src_id() as usize].1);
            let there = identifier(text_at(source, token.get_src_line(), token.get_src_col()));
            let here = identifier(text_at(&code, token.get_dst_line(), token.get_dst_col()));
            if let Some(name) = token.get_name() {
                assert_eq!(name, there);
                assert_ne!(name, here);
                identifiers += 1;
            } else if !here.is_empty() && here == there {
                identifiers += 1;
            }
        }
        assert!(identifiers > 15, "{identifiers}\n{code}");
    }
}

#[test]
fn tokens_are_found_where_a_debugger_looks() {
    for minification in [Minification::Off, Minification::On] {
        let (code, json) = chunk(minification);
        let map = SourceMap::from_slice(json.as_bytes()).unwrap();
        for needle in [
            "greeting",
            "third",
            "fourth",
            "'hello'",
            "\u{4e2d}\u{6587}",
            "export_",
        ] {
            let printed = if minification == Minification::On {
                needle.replace('\'', "\"")
            } else {
                needle.to_owned()
            };
            let offset = code.find(&printed).unwrap_or_else(|| panic!("{needle}\n{code}"));
            let line = u32::try_from(code[..offset].matches('\n').count()).unwrap();
            let start = code[..offset].rfind('\n').map_or(0, |index| index + 1);
            let column = u32::try_from(code[start..offset].encode_utf16().count()).unwrap();
            let token = map.lookup_token(line, column).unwrap();
            assert_eq!(token.get_dst(), (line, column), "{needle}\n{code}");
            let source = map.get_source_contents(token.get_src_id()).unwrap();
            let there = text_at(source, token.get_src_line(), token.get_src_col());
            assert!(there.starts_with(needle), "{needle}: {there}");
        }
    }
}

#[test]
fn renamed_locals_carry_their_names() {
    let printed = print(SOURCES[0].1, Minification::On);
    let names: Vec<_> = printed
        .mappings
        .iter()
        .filter_map(|mapping| mapping.name.as_deref())
        .collect();
    assert_eq!(names, ["parameter", "parameter"], "{}", printed.code);
}

#[test]
fn the_same_input_gives_the_same_map() {
    assert_eq!(chunk(Minification::On), chunk(Minification::On));
}

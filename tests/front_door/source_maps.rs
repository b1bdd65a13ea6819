//! With `--sourcemap`, a place in the output leads to the place in the source that wrote it.

use percent_encoding::percent_decode_str;
use sourcemap::SourceMap;

use crate::mid_size;
use crate::workspace::{Files, Workspace, has_extension};

/// Words that survive every transformation, each in the file it names.
const MARKS: [(&str, &str); 6] = [
    ("src/widget.ts", "mark-widget"),
    ("src/deep/types.ts", "mark-types"),
    ("src/view.tsx", "mark-view"),
    ("src/legacy.cjs", "mark-legacy"),
    ("node_modules/packed/index.js", "mark-packed"),
    ("src/odd name #1/名前.ts", "mark-odd"),
];

fn module() -> Workspace {
    let workspace = Workspace::empty();
    let files = [
        (
            "package.json",
            r#"{ "name": "acme", "type": "module", "esmx": { "exports": { "./widget": "./src/widget.ts" } } }"#,
        ),
        (
            "src/widget.ts",
            "// The first line says nothing.\nimport { typed } from './deep/types';\nimport { view } from './view';\n\
             import legacy from './legacy.cjs';\nimport packed from 'packed';\nimport { odd } from './odd name #1/名前';\n\n\
             export function widget(name: string): unknown[] {\n    const unused = 1;\n    if (name === 'mark-widget') {\n        \
             return [];\n    }\n    return [typed(name), view(name), legacy(name), packed(name), odd(name), () => import('./lazy')];\n}\n",
        ),
        ("src/lazy.ts", "export const lazy = (): string => 'mark-lazy';\n"),
        (
            "src/deep/types.ts",
            "interface Only {\n    type: string;\n}\n\ntype Alias = Only | undefined;\n\n\
             export function typed(name: Alias | string): string {\n    return `${name as string}, 'mark-types'`;\n}\n",
        ),
        (
            "src/view.tsx",
            "/** @jsx h */\nconst h = (...all: unknown[]): unknown => all;\n\nexport const view = (name: string) => (\n    \
             <div>\n        <span title=\"mark-view\">{name}</span>\n    </div>\n);\n",
        ),
        (
            "src/legacy.cjs",
            "'use strict';\n\nmodule.exports = function (name) {\n\tthrow new Error('mark-legacy' + name);\n};\n",
        ),
        (
            "src/odd name #1/名前.ts",
            "const 名前 = '名前';\n/* 名前 */ export const odd = (name: string) => 名前 + name + 'mark-odd';\n",
        ),
        (
            "node_modules/packed/package.json",
            r#"{ "name": "packed", "version": "1.0.0", "main": "index.js" }"#,
        ),
        (
            "node_modules/packed/index.js",
            "\r\n\r\nexports.__esModule = true;\r\nexports.default = (name) => name + 'mark-packed';\r\n",
        ),
    ];
    for (path, text) in files {
        workspace.write(path, text);
    }
    workspace
}

/// Chunk → its map, read from the file the chunk names.
fn maps(outputs: &Files) -> Vec<(String, String, SourceMap)> {
    let is_chunk = |path: &str| has_extension(path, "mjs") && !path.ends_with("dist/index.mjs");
    let chunks = outputs.iter().filter(|(path, _)| is_chunk(path));
    chunks
        .map(|(path, bytes)| {
            let text = String::from_utf8(bytes.clone()).expect("a chunk is UTF-8");
            let last = text.lines().last().expect("a chunk has lines");
            let url = last
                .strip_prefix("//# sourceMappingURL=")
                .unwrap_or_else(|| panic!("{path} ends in `{last}`"));
            let map = &outputs[&beside(path, &decode(url))];
            let map = SourceMap::from_slice(map).unwrap_or_else(|error| panic!("the map of {path}: {error}"));
            (path.clone(), text, map)
        })
        .collect()
}

/// A URL relative to a file, as a path: `a/../b` is `b`.
fn beside(path: &str, url: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in url.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{url} leaves the workspace"),
            "." => {}
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn decode(url: &str) -> String {
    percent_decode_str(url)
        .decode_utf8()
        .expect("a URL is UTF-8")
        .into_owned()
}

/// Line and UTF-16 column of a byte offset, both from zero: how maps count.
fn position(text: &str, offset: usize) -> (u32, u32) {
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let column = before[before.rfind('\n').map_or(0, |newline| newline + 1)..]
        .encode_utf16()
        .count();
    (
        u32::try_from(line).expect("few lines"),
        u32::try_from(column).expect("short lines"),
    )
}

#[test]
fn marks_lead_to_the_lines_that_wrote_them() {
    for variant in [
        &["--sourcemap"][..],
        &["--sourcemap", "--no-minify"],
        &["--sourcemap", "--mode", "development"],
    ] {
        let workspace = module();
        workspace.run(".", variant).assert_exit(0);
        let maps = maps(&workspace.outputs());
        for (source, mark) in MARKS {
            let mut found = 0;
            for (chunk, text, map) in &maps {
                for (offset, _) in text.match_indices(mark) {
                    assert_leads_to(&workspace, (chunk, text, map), offset, (source, mark));
                    found += 1;
                }
            }
            assert_eq!(found, 2, "{mark} is once in each side, {variant:?}");
        }
    }
}

/// The mapping at or before the offset is in the right file, on the line of the mark, at or before its column.
fn assert_leads_to(
    workspace: &Workspace,
    chunk: (&str, &str, &SourceMap),
    offset: usize,
    mark: (&str, &str),
) {
    let ((chunk, text, map), (source, word)) = (chunk, mark);
    let (line, column) = position(text, offset);
    let token = map
        .lookup_token(line, column)
        .unwrap_or_else(|| panic!("nothing is mapped before {word} in {chunk}"));
    assert_eq!(
        token.get_dst_line(),
        line,
        "{word} in {chunk} has a mapping on its line"
    );
    let told = token
        .get_source()
        .unwrap_or_else(|| panic!("{word} in {chunk} has no source"));
    assert_eq!(beside(chunk, &decode(told)), source, "{word} in {chunk}");
    let original = workspace.read(source);
    let expected = position(&original, original.find(word).expect("the mark is in its source"));
    assert_eq!(token.get_src_line(), expected.0, "the line of {word} in {chunk}");
    let distance = expected.1.checked_sub(token.get_src_col());
    assert!(
        distance.is_some_and(|distance| distance <= 20),
        "the column of {word} in {chunk}: {token:?}"
    );
}

#[test]
fn sources_are_relative_files_with_their_text() {
    for variant in [&["--sourcemap"][..], &["--sourcemap", "--mode", "development"]] {
        let workspace = module();
        mid_size::write(&workspace, "mid");
        workspace.run(".", variant).assert_exit(0);
        workspace.run("mid", variant).assert_exit(0);
        let maps = maps(&workspace.outputs());
        assert!(maps.len() > 20, "many chunks have maps: {}", maps.len());
        for (chunk, _, map) in &maps {
            assert_eq!(map.get_source_root(), None, "{chunk}");
            let name = chunk.rsplit('/').next();
            assert_eq!(map.get_file(), name, "{chunk}");
            for (index, source) in map.sources().enumerate() {
                assert!(source.starts_with("../"), "{source} in {chunk}");
                assert!(
                    !source.contains(['#', '?', ' ']),
                    "a source is a URL: {source} in {chunk}"
                );
                let text = workspace.read(&beside(chunk, &decode(source)));
                let index = u32::try_from(index).expect("few sources");
                assert_eq!(
                    map.get_source_contents(index),
                    Some(text.as_str()),
                    "{source} in {chunk}"
                );
            }
        }
    }
}

#[test]
fn names_and_places_stay_within_the_sources() {
    let workspace = module();
    workspace.run(".", &["--sourcemap"]).assert_exit(0);
    for (chunk, text, map) in maps(&workspace.outputs()) {
        let lines: Vec<usize> = text.split('\n').map(|line| line.encode_utf16().count()).collect();
        for token in map.tokens() {
            let length = lines
                .get(token.get_dst_line() as usize)
                .copied()
                .unwrap_or_default();
            assert!(
                token.get_dst_col() as usize <= length,
                "{token:?} lies behind its line in {chunk}"
            );
            let source = token
                .get_source()
                .and_then(|source| map.sources().position(|other| other == source));
            let Some(source) = source else { continue };
            let source = map
                .get_source_contents(u32::try_from(source).expect("few sources"))
                .expect("the text is there");
            let there = source.split('\n').nth(token.get_src_line() as usize);
            let there = there.unwrap_or_else(|| panic!("{token:?} lies behind its source in {chunk}"));
            assert!(
                token.get_src_col() as usize <= there.encode_utf16().count(),
                "{token:?} in {chunk}"
            );
            if let Some(name) = token.get_name() {
                let rest: Vec<u16> = there.encode_utf16().skip(token.get_src_col() as usize).collect();
                let rest = String::from_utf16_lossy(&rest);
                assert!(
                    rest.starts_with(name),
                    "{name} stands at {token:?} in {chunk}, not `{rest:.20}`"
                );
            }
        }
    }
}

#[test]
fn without_the_flag_nothing_speaks_of_maps() {
    let workspace = module();
    workspace.run(".", &["--sourcemap"]).assert_exit(0);
    workspace.run(".", &[]).assert_exit(0);
    for (path, bytes) in workspace.outputs() {
        assert!(!has_extension(&path, "map"), "{path} is left over");
        assert!(
            !String::from_utf8_lossy(&bytes).contains("sourceMappingURL"),
            "{path}"
        );
    }
}

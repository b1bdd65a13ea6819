import { getLineInfo, isIdentifierStart, parse, Parser, tokenizer, tokTypes } from 'acorn';

const tree = parse('async function* f() { for await (const x of y) yield x?.z ?? 1n }\nexport { f as "g h" }', { ecmaVersion: 'latest', sourceType: 'module', locations: true });
console.log(JSON.stringify(tree.body.map((node) => [node.type, node.loc.end.line])), [...tokenizer('a = /b/', { ecmaVersion: 2020 })].map((token) => token.type.label).join());
try {
    Parser.extend((Base) => class extends Base {}).parse('let x; let x', { ecmaVersion: 6 });
} catch (error) {
    console.log(error.message, error.loc.column, getLineInfo('a\nb', 2).line, isIdentifierStart(97), tokTypes.name.label);
}

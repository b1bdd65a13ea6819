// platforms: node; reads configuration files.
import babel, { parseSync, template, transformSync, traverse, types as t } from '@babel/core';

const options = { configFile: false, babelrc: false };
const rename = ({ types }) => ({ visitor: { Identifier(path) { if (path.node.name === 'a') path.node.name = 'renamed'; }, BinaryExpression(path) { if (path.node.operator === '+') path.replaceWith(types.callExpression(types.identifier('add'), [path.node.left, path.node.right])); } } });
console.log(transformSync('const a = 1; export default () => a + 2;', { ...options, plugins: [rename] }).code);
const tree = parseSync('class A { #x = 1; static { foo(); } }', options);
const seen = [];
traverse(tree, { enter(path) { seen.push(path.type); } });
console.log(seen.join(' '), babel.version === undefined, t.isIdentifier(t.identifier('x')));
console.log(template.default === undefined, transformSync('x', { ...options, ast: true, sourceMaps: true, filename: 'x.js' }).map.mappings);

import postcss, { decl, list, parse, rule } from 'postcss';

const double = () => ({ postcssPlugin: 'double', Declaration: { width: (node) => { if (!node.value.includes('calc')) node.value = `calc(2 * ${node.value})`; } }, OnceExit: (root) => root.append(rule({ selector: '.z' }).append(decl({ prop: 'top', value: '0' }))) });
double.postcss = true;
const result = await postcss([double()]).process('a { width: 1px; &:hover { color: red } }\n@media print { b { width: 2em } }', { from: undefined });
console.log(result.css, list.comma('a, b(c, d)'));
try {
    parse('a {', { from: undefined });
} catch (error) {
    console.log(error.name, error.reason, error.line);
}

// platforms: node; the package leaves source maps out on browsers.
import postcss from 'postcss';

const upper = { postcssPlugin: 'upper', Rule: (node) => { node.selector = node.selector.toUpperCase(); } };
const first = postcss([upper]).process('a { b: c }\np\n{ q: r }', { from: '/x/in.css', to: '/x/out.css', map: { inline: false } });
console.log(first.css, JSON.stringify(first.map.toJSON()));
const second = postcss([]).process(first.css, { from: '/x/out.css', to: '/x/last.css', map: { inline: false, prev: first.map.toJSON() } });
console.log(JSON.stringify(second.map.toJSON()));

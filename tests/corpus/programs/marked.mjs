import { lexer, marked, Marked, Renderer } from 'marked';

console.log(marked.parse('# Hi *you*\n\n- [x] a\n- b\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n```js\nlet x = "<"\n```'));
const own = new Marked({ renderer: { heading({ tokens, depth }) { return `<h${depth} class="x">${this.parser.parseInline(tokens)}</h${depth}>`; } } });
console.log(own.parse('## t `c`'), lexer('a **b**')[0].tokens.map((token) => token.type), typeof Renderer);

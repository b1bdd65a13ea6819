import hljs from 'highlight.js';
import core from 'highlight.js/lib/core';
import rust from 'highlight.js/lib/languages/rust';

console.log(hljs.highlight('const a = `x${1}`; // c', { language: 'javascript' }).value, hljs.listLanguages().length);
console.log(hljs.highlightAuto('<p class="x">hi</p>', ['xml', 'css']).language);
core.registerLanguage('rust', rust);
console.log(core.highlight("fn main<'a>() { println!(\"{}\", 1u8); }", { language: 'rust' }).value);

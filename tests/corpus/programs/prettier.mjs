import * as prettier from 'prettier/standalone';
import * as babel from 'prettier/plugins/babel';
import * as estree from 'prettier/plugins/estree';
import * as html from 'prettier/plugins/html';
import * as markdown from 'prettier/plugins/markdown';
import * as postcss from 'prettier/plugins/postcss';

const plugins = [babel, estree, html, markdown, postcss];
console.log(await prettier.format('const  a = {b:1,c:[1,2,3]} ;function f(x){return x?y:z}', { parser: 'babel', plugins, semi: false, singleQuote: true }));
console.log(await prettier.format('a{color:red;background:blue}', { parser: 'css', plugins }));
console.log(await prettier.format('# hi\n* a\n* b\n\n```js\nlet  x\n```', { parser: 'markdown', plugins }));
console.log(await prettier.format('<div><p>a<script>let  x</script></div>', { parser: 'html', plugins }));

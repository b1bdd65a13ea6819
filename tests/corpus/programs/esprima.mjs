import esprima from 'esprima';
import { parseScript, tokenize } from 'esprima';

console.log(JSON.stringify(parseScript('var x = 42; if (x) { y(x) }')), tokenize('a + /b/g').map((token) => token.type).join(), esprima.version);

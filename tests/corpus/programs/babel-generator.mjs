// platforms: node; reads the environment when it is loaded.
import { parse } from '@babel/parser';
import generate from '@babel/generator';

const tree = parse('const x: number = <T,>(y: T) => y!;\n@dec class A { static #x = 1 }', { sourceType: 'module', plugins: ['typescript', 'decorators'] });
const print = generate.default ?? generate;
console.log(print(tree).code);
console.log(print(tree, { compact: true, sourceMaps: true, sourceFileName: 'a.ts' }, 'x').map.mappings);

import { parse, parseExpression, tokTypes } from '@babel/parser';
import generate from '@babel/generator';

const tree = parse('const x: number = <T,>(y: T) => y!;\n@dec class A {}', { sourceType: 'module', plugins: ['typescript', 'decorators'] });
console.log(tree.program.body.map((node) => node.type).join(), parseExpression('a?.b ?? c').type, tokTypes.name.label);
const print = generate.default ?? generate;
console.log(print(tree).code);
try {
    parse('let a; let a;');
} catch (error) {
    console.log(error.message, error.code);
}

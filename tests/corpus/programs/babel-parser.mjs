import { parse, parseExpression, tokTypes } from '@babel/parser';

const tree = parse('const x: number = <T,>(y: T) => y!;\n@dec class A {}', { sourceType: 'module', plugins: ['typescript', 'decorators'] });
console.log(tree.program.body.map((node) => node.type).join(), parseExpression('a?.b ?? c').type, tokTypes.name.label);
try {
    parse('let a; let a;');
} catch (error) {
    console.log(error.message, error.code);
}

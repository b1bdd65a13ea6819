import ts from 'typescript';

const output = ts.transpileModule('enum Color { Red, Green }\nexport const x: Color = Color.Green; class A { constructor(private readonly b?: string) {} }', { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2020 } });
console.log(output.outputText);
const file = ts.createSourceFile('a.ts', 'const a: number = 1; function f<T>(x: T) { return x; }', ts.ScriptTarget.Latest, true);
const kinds = [];
(function walk(node) { kinds.push(ts.SyntaxKind[node.kind]); ts.forEachChild(node, walk); })(file);
console.log(kinds.join(' '), ts.version);
const host = { getSourceFile: (name) => (name === 'b.ts' ? ts.createSourceFile(name, 'let s: string = 1;', 99) : undefined), writeFile() {}, getCurrentDirectory: () => '/', getDirectories: () => [], fileExists: (name) => name === 'b.ts', readFile: () => '', getCanonicalFileName: (name) => name, useCaseSensitiveFileNames: () => true, getNewLine: () => '\n', getDefaultLibFileName: () => 'lib.d.ts' };
console.log(ts.createProgram(['b.ts'], { noLib: true, noResolve: true }, host).getSemanticDiagnostics().map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n')).slice(0, 3));

import * as yaml from 'js-yaml';

const document = yaml.load('a: &x [1, 2.5, ~, true]\nb: *x\nc: >\n  folded\n  text\nd: 2020-01-02\n');
console.log(JSON.stringify(document), Object.keys(yaml).length > 5);
console.log(yaml.dump({ a: [1, { b: 'x: y' }], c: 'multi\nline', d: null }, { sortKeys: true }));
try {
    yaml.load('a: [1');
} catch (error) {
    console.log(error.name, error.reason);
}

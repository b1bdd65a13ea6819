import * as nodes from './node.js';

log('text', typeof nodes);
let Class;
export function Text(name) {
    Class ??= class extends nodes.Node {
        print() {
            return `'${this.name}'`;
        }
    };
    return new Class(name);
}

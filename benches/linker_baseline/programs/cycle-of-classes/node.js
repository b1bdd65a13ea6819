import { createNode } from './factory.js';

log('node');
export class Node {
    children = [];
    constructor(name) {
        this.name = name;
    }
    add(name) {
        this.children.push(createNode(name));
        return this;
    }
    print() {
        return `${this.name}(${this.children.map((child) => child.print()).join()})`;
    }
}

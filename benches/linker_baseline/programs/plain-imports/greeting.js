import { add } from './arithmetic.js';

export const punctuation = '!'.repeat(add(1, 1));

export class Greeter {
    constructor(name) {
        this.name = name;
    }
    greet() {
        return makeGreeting(this.name) + punctuation;
    }
}

export default function makeGreeting(name) {
    return `Hello, ${name}`;
}

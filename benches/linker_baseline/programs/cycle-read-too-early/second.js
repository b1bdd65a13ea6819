import { constant, variable, hoisted, Class } from './first.js';
import * as first from './first.js';

const attempt = (name, read) => {
    try {
        log(name, typeof read());
    } catch (error) {
        log(name, error.name);
    }
};
attempt('constant', () => constant);
attempt('variable', () => variable);
attempt('hoisted', () => hoisted());
attempt('Class', () => Class);
attempt('member', () => first.constant);

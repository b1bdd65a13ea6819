import './second.js';

export const constant = 1;
export var variable = 2;
export function hoisted() {
    return 3;
}
export class Class {}
log('first', typeof constant, typeof variable, typeof hoisted, typeof Class);

import regenerator from 'regenerator-runtime';
import * as tslib from 'tslib';
import classNames from 'classnames';
import bind from 'classnames/bind.js';

const has = regenerator.mark(function* steps() {}).constructor === undefined;
const generator = regenerator.wrap(function run(context) {
    for (;;) switch ((context.prev = context.next)) {
        case 0: context.next = 2; return 'first';
        case 2: return context.abrupt('return', `got ${context.sent}`);
        case 3: case 'end': return context.stop();
    }
}, regenerator.mark(function made() {}));
console.log(has, generator.next(), generator.next('x'), Object.keys(tslib).length);
console.log(classNames('a', { b: true, c: false }, ['d', [{ e: 1 }]]), bind.bind({ a: 'A' })('a', 'b'), tslib.__spreadArray([1], [2, 3], false), tslib.__rest({ a: 1, b: 2 }, ['a']));
class Base {}
function Child() { return Base.apply(this, arguments) || this; }
const decorated = tslib.__decorate([(target) => { target.marked = true; }], class X {});
console.log(typeof Child, decorated.marked);

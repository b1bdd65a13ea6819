import _ from 'lodash';
import fp from 'lodash/fp.js';
import get from 'lodash/get.js';
import debounce from 'lodash/debounce.js';

console.log(_.chunk([1, 2, 3, 4, 5], 2), _.camelCase('foo-bar baz'), get({ a: [{ b: 1 }] }, 'a[0].b'));
console.log(_([3, 1, 2]).sortBy().map((x) => x * 2).value(), _.template('<%= a %>-<%- b %>')({ a: 1, b: '<' }));
console.log(fp.flow(fp.map((x) => x + 1), fp.filter((x) => x > 2))([1, 2, 3]), fp.curry((a, b) => a + b)(1)(2));
console.log(_.isEqual({ a: new Map([[1, new Set([2])]]) }, { a: new Map([[1, new Set([2])]]) }), _.VERSION, Object.keys(_).length);
console.log(_.merge({ a: { b: 1 } }, { a: { c: /x/g } }), _.cloneDeep({ d: new Date(0), t: new Uint8Array([1]) }));
console.log(typeof debounce(() => {}, 10).cancel);

import 'core-js/actual/array/group-by.js';
import 'core-js/stable/index.js';

console.log([1, [2, [3]]].flat(Infinity), structuredClone(new Map([[1, { a: 2 }]])), Object.groupBy([1, 2, 3], (x) => (x % 2 ? 'odd' : 'even')));
console.log(new URL('?a=1', 'http://x.test').searchParams.get('a'), [3, 1].toSorted(), 'a-b'.replaceAll('-', '+'), typeof queueMicrotask);
console.log(globalThis['__core-js_shared__'].versions.length);

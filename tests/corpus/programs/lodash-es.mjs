import { chunk, debounce, groupBy, isEqual, merge, template, throttle, chain } from 'lodash-es';
import * as all from 'lodash-es';
import lodash from 'lodash-es';

console.log(chunk([1, 2, 3], 2), groupBy(['a', 'bb', 'c'], 'length'), isEqual([1, { a: 2 }], [1, { a: 2 }]));
console.log(merge({ a: [1] }, { a: [2, 3] }), template('x${ y }')({ y: 1 }), chain([1, 2]).map((x) => x * 2).value());
console.log(typeof debounce(() => 1).flush, typeof throttle, Object.keys(all).length, lodash.VERSION === all.default.VERSION);

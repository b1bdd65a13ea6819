import * as R from 'ramda';
import { assocPath, compose, curry, map, pipe, transduce } from 'ramda';

console.log(pipe(R.filter((x) => x > 1), map((x) => x * 2), R.sum)([1, 2, 3]), curry((a, b, c) => a + b + c)(1)(R.__, 3)(2), assocPath(['a', 0], 1, {}));
console.log(compose(R.toUpper, R.trim)(' x '), R.groupBy(R.prop('k'), [{ k: 'a' }, { k: 'b' }]), transduce(map(R.inc), R.flip(R.append), [], [1, 2]), R.view(R.lensPath(['a', 'b']), { a: { b: 3 } }), Object.keys(R).length);

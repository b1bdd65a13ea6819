const _ = require('lodash');
const { merge, pick } = require('lodash');
const isNil = require('lodash/isNil');
const name = ['groupBy'][0];

console.log(merge({ a: 1 }, pick({ b: 2, c: 3 }, ['b'])), isNil(null), _[name]([1.2, 1.8, 2.1], Math.floor));
console.log(_.runInContext({ Date: class extends Date {} }).now() > 0, this === module.exports, typeof require);

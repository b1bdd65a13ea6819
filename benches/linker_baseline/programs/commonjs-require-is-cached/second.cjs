const counter = require('./counter.cjs');
module.exports = () => counter.increment();
log(require('./counter.cjs') === counter);

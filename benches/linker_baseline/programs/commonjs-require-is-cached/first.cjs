module.exports = () => require('./counter.cjs').increment();

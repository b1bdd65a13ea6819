log('counter is created');
let value = 0;
exports.increment = () => ++value;
exports.count = () => value;

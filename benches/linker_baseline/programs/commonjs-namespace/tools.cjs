exports.double = (value) => value * 2;
exports.version = '1.0';

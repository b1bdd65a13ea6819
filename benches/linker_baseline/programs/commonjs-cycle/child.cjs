const parent = require('./parent.cjs');
log(Object.keys(parent));
exports.name = 'child';
exports.parentName = () => parent.name;

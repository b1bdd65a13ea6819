exports.early = 'early';
const child = require('./child.cjs');
exports.name = 'parent';
exports.child = child;

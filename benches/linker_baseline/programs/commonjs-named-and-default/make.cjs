module.exports = function make(name) {
    return `made ${name}`;
};
module.exports.kind = 'function with a property';

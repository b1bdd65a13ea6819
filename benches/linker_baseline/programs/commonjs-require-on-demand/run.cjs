log('run is created');
module.exports = function run(kind) {
    if (kind === 'heavy') return require('./heavy.cjs').name;
    try {
        if (kind === 'missing') require('./throws.cjs');
    } catch (error) {
        return error.message;
    }
    return kind;
};

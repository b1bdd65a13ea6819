module.exports = class {
    kind = 'a class';
};

log('heavy is created');
exports.name = 'heavy work';

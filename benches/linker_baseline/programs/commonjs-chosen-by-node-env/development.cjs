log('development');
exports.name = 'made for development';

log('production');
exports.name = 'made for production';

import './bottom.js';
log('left');

import './bottom.js';
log('right');
export const name = 'right';

export * from './left.js';
export * from './right.js';
export const own = 'own of all';

export * from './inner.js';
export { value as current } from './inner.js';

import { register } from './registry.js';

export const name = 'second';
register(name);

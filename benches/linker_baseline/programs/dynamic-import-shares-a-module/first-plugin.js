import { register } from './registry.js';

export const name = 'first';
register(name);

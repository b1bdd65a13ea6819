import { answer } from './answer.js';

log('main', answer);
export const settled = await Promise.allSettled([answer, Promise.reject(new Error('no'))]);

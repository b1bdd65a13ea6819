log('fast starts');
await null;
export const fast = 'fast';
log('fast ends');

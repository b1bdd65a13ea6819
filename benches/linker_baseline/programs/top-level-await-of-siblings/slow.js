log('slow starts');
await new Promise((resolve) => setTimeout(resolve, 5));
export const slow = 'slow';
log('slow ends');

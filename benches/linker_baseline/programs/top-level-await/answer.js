log('answer starts');
await new Promise((resolve) => setTimeout(resolve, 5));
export const answer = 42;
log('answer ends');

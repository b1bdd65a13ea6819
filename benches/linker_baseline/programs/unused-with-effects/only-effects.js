export const nothing = undefined;
Object.defineProperty(globalThis, 'registered', { enumerable: false });
log('effects', Object.keys(globalThis).includes('registered'));

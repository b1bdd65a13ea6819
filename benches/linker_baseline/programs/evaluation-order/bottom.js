log('bottom');
globalThis.evaluations = (globalThis.evaluations ?? 0) + 1;

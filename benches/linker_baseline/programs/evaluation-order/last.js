log('last', globalThis.evaluations);

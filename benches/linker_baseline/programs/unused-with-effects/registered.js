globalThis.registered = ['first'];
globalThis.registered.push('second');

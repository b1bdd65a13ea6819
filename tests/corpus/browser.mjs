/**
 * Preloaded where a bundle for browsers runs in Node: what browsers do not have is not there, and what keeps Node waiting
 * although nothing will happen does not.
 */
// Node's own `fetch` reads `process` when it is first used.
new Request('http://localhost');
for (const name of ['process', 'Buffer', 'global', 'setImmediate', 'clearImmediate']) delete globalThis[name];

globalThis.MessageChannel = class extends MessageChannel {
    constructor() {
        super();
        // Listening makes a port hold the process again, so it is let go after the code that listens.
        setTimeout(() => {
            this.port1.unref();
            this.port2.unref();
        });
    }
};

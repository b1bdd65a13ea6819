let reads = 0;
Object.defineProperty(exports, 'now', { enumerable: true, get: () => ++reads });
Object.defineProperty(exports, '__esModule', { value: true });

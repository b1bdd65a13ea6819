const attempt = () => import('./broken.js').then(() => 'loaded', (error) => error);
const [first, second] = [await attempt(), await attempt()];
log(first.message, first === second);

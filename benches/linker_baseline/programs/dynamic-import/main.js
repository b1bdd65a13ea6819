log('main');
const load = () => import('./lazy.js');
log('before');
const [first, second] = await Promise.all([load(), load()]);
log(first === second, first.default, first.named(2));
export const names = Object.keys(first);

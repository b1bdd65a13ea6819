export let count = 0;
export function increment() {
    count += 1;
}
export default 'default';
export { count as another };

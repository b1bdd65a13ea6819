export let count = 0;
export var state = 'new';
export function increment() {
    count += 1;
    state = `counted to ${count}`;
}

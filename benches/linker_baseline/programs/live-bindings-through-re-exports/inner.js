export let value = 1;
let sum = value;
export { sum as total };
export function change(next) {
    value = next;
    sum += next;
}

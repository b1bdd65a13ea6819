log('cart is created');
export let items = [];
export function add(item) {
    items = [...items, item];
}

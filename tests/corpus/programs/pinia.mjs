import { createSSRApp, h } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { createPinia, defineStore, mapState, setActivePinia, storeToRefs } from 'pinia';

const useCart = defineStore('cart', { state: () => ({ items: ['a'] }), getters: { count: (state) => state.items.length }, actions: { add(item) { this.items.push(item); return this.count; } } });
const pinia = createPinia();
setActivePinia(pinia);
const cart = useCart();
cart.$onAction(({ name, after }) => after((result) => console.log(name, result)));
cart.add('b');
console.log(storeToRefs(cart).count.value, JSON.stringify(pinia.state.value), Object.keys(mapState(useCart, ['count'])));
console.log(await renderToString(createSSRApp({ setup: () => () => h('p', useCart().count) }).use(pinia)));

import Vue, { computed, reactive, ref } from 'vue2';

Vue.config.productionTip = false;
Vue.config.devtools = false;
const log = [];
const model = new Vue({ data: { items: ['a'], name: 'x' }, computed: { count() { return this.items.length; } }, watch: { count(now, before) { log.push(`${before}->${now}`); } } });
model.items.push('b');
await Vue.nextTick();
const state = reactive({ n: 1 });
const double = computed(() => state.n * 2 + ref(1).value);
state.n = 4;
console.log(log.join(), model.count, double.value, Vue.version, Object.keys(Vue.options.directives).join());

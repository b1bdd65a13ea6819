import { computed, createSSRApp, defineComponent, effectScope, h, nextTick, reactive, ref, Suspense, watch } from 'vue';
import { renderToString } from '@vue/server-renderer';

const state = reactive({ items: ['a', 'b'], seen: new Set() });
const size = computed(() => state.items.length + state.seen.size);
const log = [];
effectScope().run(() => watch(size, (now, before) => log.push(`${before}->${now}`)));
state.items.push('c');
await nextTick();
state.seen.add(1);
await nextTick();
console.log(log.join(' '));

const Child = defineComponent({ props: ['text'], async setup(props, { slots }) { await null; return () => h('li', { class: { on: props.text === 'a' } }, [props.text, slots.default?.()]); } });
const app = createSSRApp({
    setup() {
        const message = ref('<hi>');
        return () => h(Suspense, null, { default: () => h('main', [h('h1', { title: message.value, style: { marginTop: '1px' } }, message.value), h('ul', state.items.map((text) => h(Child, { key: text, text }, () => h('b', '!'))))]) });
    }
});
console.log(await renderToString(app));

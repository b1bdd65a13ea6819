import { computed, createSSRApp, effectScope, h, nextTick, reactive, ref, watch } from 'vue';
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

const Child = { props: ['text'], setup: (props, { slots }) => () => h('li', { class: { on: props.text === 'a' } }, [props.text, slots.default?.()]) };
const app = createSSRApp({
    components: { Child },
    setup: () => ({ items: state.items, message: ref('<hi>') }),
    template: '<h1 :title="message">{{ message }}</h1><ul><Child v-for="item in items" :key="item" :text="item"><b v-if="item !== \'b\'">!</b></Child></ul>'
});
console.log(await renderToString(app));

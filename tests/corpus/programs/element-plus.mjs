// expected: element-plus-require.cjs; Node does not find the names of a CommonJS dependency that bundlers and browsers find.
import { createSSRApp, h } from 'vue';
import { renderToString } from 'vue/server-renderer';
import ElementPlus, { ElButton, ElInput, ElTag, ElRate, ID_INJECTION_KEY, ZINDEX_INJECTION_KEY } from 'element-plus';

const app = createSSRApp({ render: () => h('main', [h(ElButton, { type: 'primary', round: true }, () => 'Press'), h(ElTag, { closable: true }, () => 'tag'), h(ElInput, { modelValue: 'x', clearable: true }), h(ElRate, { modelValue: 2 })]) });
app.use(ElementPlus);
app.provide(ID_INJECTION_KEY, { prefix: 1024, current: 0 });
app.provide(ZINDEX_INJECTION_KEY, { current: 0 });
renderToString(app).then((text) => console.log(text));
console.log(Object.keys(app._context.components).length);

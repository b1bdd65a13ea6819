const { createSSRApp, h } = require('vue');
const { renderToString } = require('vue/server-renderer');
const { default: ElementPlus,  ElButton, ElInput, ElTag, ElRate, ID_INJECTION_KEY, ZINDEX_INJECTION_KEY } = require('element-plus');

const app = createSSRApp({ render: () => h('main', [h(ElButton, { type: 'primary', round: true }, () => 'Press'), h(ElTag, { closable: true }, () => 'tag'), h(ElInput, { modelValue: 'x', clearable: true }), h(ElRate, { modelValue: 2 })]) });
app.use(ElementPlus);
app.provide(ID_INJECTION_KEY, { prefix: 1024, current: 0 });
app.provide(ZINDEX_INJECTION_KEY, { current: 0 });
renderToString(app).then((text) => console.log(text));
console.log(Object.keys(app._context.components).length);

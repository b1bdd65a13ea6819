// platforms: node; renders into streams of Node.
import Vue from 'vue2';
import renderer from 'vue-server-renderer/build.dev.js';

Vue.config.productionTip = false;
Vue.config.devtools = false;
Vue.component('item', { props: ['text'], render(h) { return h('li', { class: ['x', { on: this.text === 'a' }] }, [this.text, this.$slots.default]); } });
const app = new Vue({
    data: { items: ['a', 'b'], shown: true },
    computed: { count() { return this.items.length; } },
    render(h) { return h('ul', { attrs: { 'data-count': this.count } }, this.items.map((text) => h('item', { props: { text } }, [h('b', '!')]))); }
});
app.items.push('c');
console.log(app.count, Vue.version);
console.log(await renderer.createRenderer().renderToString(app));

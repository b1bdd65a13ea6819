// platforms: node; the builds for bundlers leave the compiler of templates out.
import { compile, createSSRApp, version } from 'vue';
import * as Vue from 'vue';
import { renderToString } from '@vue/server-renderer';

console.log(version, typeof compile('<p v-if="ok" @click="go">{{ text }}</p><slot v-else />'), Object.keys(Vue).length);
const Child = { props: ['text'], template: '<li :class="{ on: text === `a` }">{{ text }}<slot /></li>' };
console.log(await renderToString(createSSRApp({ components: { Child }, setup: () => ({ items: ['a', 'b'], message: '<hi>' }), template: '<h1 :title="message">{{ message }}</h1><ul><Child v-for="item in items" :key="item" :text="item"><b v-if="item !== `b`">!</b></Child></ul>' })));

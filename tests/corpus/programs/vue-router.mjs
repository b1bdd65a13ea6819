import { createSSRApp, h } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { createMemoryHistory, createRouter, RouterLink, RouterView, useRoute } from 'vue-router';

// A file that the package says has no effect sets this for Node; no bundler keeps it.
globalThis.__VUE_PROD_DEVTOOLS__ = false;

const User = { setup: () => () => h('p', `user ${useRoute().params.id} ${useRoute().query.q}`) };
const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { render: () => h('b', 'home') } }, { path: '/user/:id(\\d+)', name: 'user', component: () => Promise.resolve(User), meta: { a: 1 } }, { path: '/:rest(.*)*', redirect: '/' }] });
router.beforeEach((to, from) => console.log(from.fullPath, to.fullPath));
const app = createSSRApp({ render: () => h('main', [h(RouterLink, { to: { name: 'user', params: { id: 3 } } }, () => 'link'), h(RouterView)]) }).use(router);
await router.push('/user/7?q=x');
await router.isReady();
console.log(await renderToString(app));
await router.push('/nowhere/at/all');
console.log(router.currentRoute.value.path, router.resolve({ name: 'user', params: { id: 1 }, hash: '#h' }).href);

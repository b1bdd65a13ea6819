/** `esmx-build/browser` in Chromium: slices in plain DOM, in React and in Vue, one of them broken in every way there is. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, openPage } from './browser.mjs';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const REACT = join(CHECKOUT, 'fixtures/demo-react/node_modules');
const VUE = join(CHECKOUT, 'fixtures/demo-vue/node_modules/vue/dist/vue.esm-browser.prod.js');
const SHIMS = fileURLToPath(import.meta.resolve('es-module-shims'));

const PAGE = `
import * as React from 'react';
import { createRoot } from 'react-dom/client';
import * as Vue from 'vue';
import { createModuleLoader, createOutlet, createReactAdapter, createVueAdapter, hasImportMaps, hasMultipleImportMaps, importModule, loadShims } from 'esmx-build/browser';

const loader = createModuleLoader({ mapUrl: null });
const place = () => document.body.appendChild(document.createElement('section'));

window.log = [];
window.outlet = (states) => {
    const element = place();
    element.id = 'outlet';
    return createOutlet(element, loader, { onState: ({ status, specifier, error }) => states.push([status, specifier, error?.message].filter(Boolean).join(' ')) });
};
window.inReact = () => {
    const { Slice } = createReactAdapter(React, loader);
    const element = place();
    element.id = 'react';
    const root = createRoot(element, { onCaughtError: () => {} });
    window.showInReact = (props) => root.render(React.createElement(React.StrictMode, null, React.createElement(Slice, {
        mode: 'mount', loading: 'loading…', ...props,
        failed: (error, retry) => React.createElement('button', { onClick: retry }, 'failed: ' + error.message)
    })));
    window.closeReact = () => root.unmount();
};
window.inVue = () => {
    const { Slice } = createVueAdapter(Vue, loader);
    const element = place();
    element.id = 'vue';
    const props = Vue.shallowRef({ module: 'slice/vue', props: { name: 'one' } });
    window.showInVue = (next) => (props.value = next);
    const application = Vue.createApp({
        render: () => Vue.h(Slice, props.value, {
            loading: () => 'loading…',
            failed: ({ error, retry }) => Vue.h('button', { onClick: retry }, 'failed: ' + error.message)
        })
    });
    application.config.warnHandler = () => {};
    application.mount(element);
};
window.withoutMaps = async () => {
    HTMLScriptElement.supports = () => false;
    const failure = await loadShims('/no-shims.js').catch((error) => error.message);
    const needed = await loadShims('/shims.js', { options: { shimMode: true } });
    const shimmed = createModuleLoader({ mapUrl: null, importModule });
    // Of the two maps of this page, only that of the shims knows the name.
    const { mount } = await shimmed.load('slice/shimmed');
    mount(place(), { name: 'shimmed' });
    return [needed, log, await loader.load('slice/shimmed').catch(({ message }) => message), failure];
};
window.maps = async () => [hasImportMaps(), await hasMultipleImportMaps(), await loadShims('/never-asked-for.js')];
`;

/** A slice that writes down what happens to it. */
const slice = (name) => `
export function mount(element, props) {
    log.push('mount ${name} ' + props.name);
    element.textContent = '${name} ' + props.name;
    return { update(props) { log.push('update ${name} ' + props.name); element.textContent = '${name} ' + props.name; }, unmount() { log.push('unmount ${name}'); } };
}`;

const FILES = {
    '/slice/one.mjs': slice('one'),
    '/slice/two.mjs': slice('two'),
    '/slice/plain.mjs': 'export default (element) => { element.textContent = "plain"; return () => log.push("unmount plain"); };',
    '/slice/throws.mjs': 'export function mount(element) { element.textContent = "half"; throw new Error("no data"); }',
    '/slice/nothing.mjs': 'export const other = 1;',
    '/slice/vue.mjs': `
        import { h } from 'vue';
        export default { props: ['name'], setup: (props) => () => { if (props.name === 'bad') throw new Error('bad name'); return h('p', 'vue ' + props.name); } };`
};

describe('slices in a page', () => {
    let directory;
    let server;
    let browser;
    /** Paths → what holds their answer back. */
    const held = new Map();
    before(async () => {
        directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-adapters-')));
        writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
        writeFileSync(join(directory, 'page.js'), PAGE);
        mkdirSync(join(directory, 'out'));
        const aliases = Object.entries({ react: join(REACT, 'react'), 'react-dom': join(REACT, 'react-dom'), 'esmx-build/browser': join(CHECKOUT, 'runtime/browser/index.mjs') });
        execFileSync(process.env.ESMX_BUILD_BINARY ?? 'esmx-build', [
            'bundle', 'page.js', '--platform', 'browser', '--mode', 'production', '--entry-names', '[name].js', '--out-dir', 'out', '--external', 'vue',
            ...aliases.flatMap(([from, to]) => ['--alias', `${from}=${to}`])
        ], { cwd: directory, stdio: 'pipe' });
        const shimMap = { imports: { 'slice/shimmed': '/slice/one.mjs' } };
        const map = { imports: { vue: '/vue.js', ...Object.fromEntries(Object.keys(FILES).map((path) => [path.slice(1).replace('.mjs', ''), path])), 'slice/gone': '/slice/gone.mjs' } };
        const files = {
            ...FILES,
            '/': `<!doctype html><link rel="icon" href="data:,"><script type="importmap">${JSON.stringify(map)}</script><script type="importmap-shim">${JSON.stringify(shimMap)}</script><body><script type="module" src="/page.js"></script>`,
            '/page.js': readFileSync(join(directory, 'out/page.js'), 'utf8'),
            '/vue.js': readFileSync(VUE, 'utf8'),
            '/shims.js': readFileSync(SHIMS, 'utf8')
        };
        server = createServer(async (request, response) => {
            await held.get(request.url);
            const text = files[request.url];
            response.writeHead(text === undefined ? 404 : 200, { 'content-type': request.url === '/' ? 'text/html' : 'text/javascript' });
            response.end(text ?? '');
        });
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        browser = await launch();
    });
    after(async () => {
        await browser?.close();
        server?.closeAllConnections();
        server?.close();
        rmSync(directory, { recursive: true, force: true });
    });

    const visit = async () => {
        const visited = await openPage(browser);
        await visited.page.goto(`http://127.0.0.1:${server.address().port}/`);
        await visited.page.waitForFunction(() => 'maps' in window);
        return visited;
    };
    const logOf = (page) => page.evaluate(() => log);

    test('an outlet shows what was asked for last, and leaves nothing behind', async () => {
        const { page, complaints, close } = await visit();
        let release;
        held.set('/slice/one.mjs', new Promise((resolve) => (release = resolve)));
        const early = page.evaluate(async () => {
            window.states = [];
            window.slices = outlet(states);
            const one = slices.show('slice/one', { name: 'a' });
            const two = slices.show('slice/two', { name: 'b' });
            return [await two, await one];
        });
        await page.waitForFunction(() => log.length === 1);
        release();
        held.clear();
        assert.deepEqual(await early, [true, false]);
        assert.equal(await page.locator('#outlet').textContent(), 'two b');
        const later = await page.evaluate(async () => {
            await slices.show('slice/two', { name: 'c' });
            await slices.show('slice/plain');
            await slices.show('slice/one', { name: 'd' }, { key: 'one in German' });
            const failures = [];
            for (const specifier of ['slice/throws', 'slice/nothing']) await slices.show(specifier).catch((error) => failures.push(error.message));
            const rest = document.querySelector('#outlet').innerHTML;
            await slices.show('slice/two', { name: 'e' });
            await slices.clear();
            return { failures, rest, end: document.querySelector('#outlet').innerHTML };
        });
        assert.deepEqual(later, { failures: ['no data', 'slice/nothing exports no `mount(element, props)`.'], rest: '', end: '' });
        assert.deepEqual(await logOf(page), ['mount two b', 'update two c', 'unmount two', 'unmount plain', 'mount one d', 'unmount one', 'mount two e', 'unmount two']);
        assert.deepEqual((await page.evaluate(() => states)).slice(-6), [
            'failed slice/throws no data', 'loading slice/nothing', 'failed slice/nothing slice/nothing exports no `mount(element, props)`.',
            'loading slice/two', 'ready slice/two', 'empty'
        ]);
        assert.deepEqual(complaints, []);
        await close();
    });

    test('React mounts, updates, mounts anew by key, and catches what fails', async () => {
        const { page, complaints, see, close } = await visit();
        const react = page.locator('#react');
        await page.evaluate(() => {
            inReact();
            showInReact({ module: 'slice/one', props: { name: 'a' } });
        });
        await see(react.getByText('one a'));
        await page.evaluate(() => showInReact({ module: 'slice/one', props: { name: 'b' } }));
        await see(react.getByText('one b'));
        await page.evaluate(() => showInReact({ module: 'slice/one', moduleKey: 'another', props: { name: 'c' } }));
        await see(react.getByText('one c'));
        await page.evaluate(() => showInReact({ module: 'slice/throws' }));
        await see(react.getByRole('button', { name: 'failed: no data' }));
        await page.evaluate(() => showInReact({ module: 'slice/gone' }));
        await see(react.getByRole('button', { name: /failed: Module "slice\/gone" cannot be loaded/ }));
        await react.getByRole('button').click();
        await see(react.getByRole('button', { name: /failed: Module "slice\/gone"/ }));
        await page.evaluate(() => showInReact({ module: 'slice/plain' }));
        await see(react.getByText('plain'));
        await page.evaluate(() => closeReact());
        await page.waitForFunction(() => log.at(-1) === 'unmount plain');
        const log = await logOf(page);
        assert.equal(log.filter((line) => line.startsWith('mount')).length, log.filter((line) => line === 'unmount one').length, log.join('\n'));
        assert.ok(log.includes('update one b'), log.join('\n'));
        assert.deepEqual(complaints.filter((text) => !text.includes('/slice/gone.mjs')), []);
        await close();
    });

    test('Vue shows components and mounts, and catches what fails', async () => {
        const { page, complaints, see, close } = await visit();
        const vue = page.locator('#vue');
        await page.evaluate(() => inVue());
        await see(vue.getByText('vue one'));
        await page.evaluate(() => showInVue({ module: 'slice/vue', props: { name: 'two' } }));
        await see(vue.getByText('vue two'));
        await page.evaluate(() => showInVue({ module: 'slice/vue', props: { name: 'bad' } }));
        await see(vue.getByRole('button', { name: 'failed: bad name' }));
        await page.evaluate(() => showInVue({ module: 'slice/one', mode: 'mount', props: { name: 'a' } }));
        await see(vue.getByText('one a'));
        await page.evaluate(() => showInVue({ module: 'slice/one', mode: 'mount', props: { name: 'b' } }));
        await see(vue.getByText('one b'));
        await page.evaluate(() => showInVue({ module: 'slice/throws', mode: 'mount' }));
        await see(vue.getByRole('button', { name: 'failed: no data' }));
        await page.evaluate(() => showInVue({ module: 'slice/gone' }));
        await see(vue.getByRole('button', { name: /failed: Module "slice\/gone" cannot be loaded/ }));
        assert.deepEqual(await logOf(page), ['mount one a', 'update one b', 'unmount one']);
        assert.deepEqual(complaints.filter((text) => !text.includes('/slice/gone.mjs')), []);
        await close();
    });

    test('shims are asked for only where they are needed', async () => {
        const { page, complaints, requests, close } = await visit();
        assert.deepEqual(await page.evaluate(() => maps()), [true, true, false]);
        assert.ok(!requests.includes('/never-asked-for.js'));
        assert.deepEqual(complaints, []);
        const [needed, log, unshimmed, failure] = await page.evaluate(() => withoutMaps());
        assert.deepEqual([needed, log, failure], [true, ['mount one shimmed'], 'es-module-shims cannot be loaded from /no-shims.js']);
        assert.match(unshimmed, /^Module "slice\/shimmed" cannot be loaded/);
        await close();
    });
});

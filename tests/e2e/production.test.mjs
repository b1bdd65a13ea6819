/** `esmx-build start` and `postBuild`, as a person uses them: a template of one's own, a base, a behaviour file, a new build without a restart. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { createApplication } from '../../runtime/node/index.mjs';
import { launch, openPage } from './browser.mjs';

const BINARY = process.env.ESMX_BUILD_BINARY ?? 'esmx-build';

const KIT = {
    'kit/package.json': { name: 'kit', version: '1.0.0', type: 'module', esmx: { exports: { './greeting': './greeting.ts', './late': './late.ts' } } },
    'kit/greeting.ts': "import './kit.css';\nexport const greeting: string = 'hello';\n",
    'kit/kit.css': 'body { color: rgb(1, 2, 3) }\n',
    'kit/late.ts': "export const late = 'later';\n"
};
const HOST = {
    'host/package.json': { name: 'host', version: '1.0.0', type: 'module', esmx: { entry: { client: './src/entry.client.ts' }, uses: ['kit'] } },
    'host/src/entry.client.ts': "import { greeting } from 'kit/greeting';\nconst { late } = await import('kit/late');\ndocument.body.dataset.said = `${greeting} ${late}`;\n"
};
const TEMPLATE = `<!doctype html>
<html lang="de">
<head>
    <title>Vorlage</title>
    <link rel="icon" href="data:,">
    <script>document.documentElement.dataset.early = document.querySelectorAll('script[type="importmap"]').length;</script>
</head>
<body>
    <main>Inhalt</main>
</body>
</html>
`;

describe('a host in production', () => {
    let directory;
    /** @type {import('node:child_process').ChildProcess[]} */
    let children;
    beforeEach(() => {
        children = [];
        directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-production-')));
        write({ ...KIT, ...HOST });
        mkdirSync(join(directory, 'host/node_modules'));
        symlinkSync('../../kit', join(directory, 'host/node_modules/kit'), 'junction');
    });
    afterEach(() => {
        for (const child of children) child.kill('SIGKILL');
        rmSync(directory, { recursive: true, force: true });
    });

    /** @param {Record<string, unknown>} files */
    function write(files) {
        for (const [path, content] of Object.entries(files)) {
            mkdirSync(dirname(join(directory, path)), { recursive: true });
            writeFileSync(join(directory, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
        }
    }

    const esmxBuild = (...words) => execFileSync(BINARY, words, { cwd: join(directory, 'host'), stdio: 'pipe', encoding: 'utf8' });
    const build = () => {
        esmxBuild('build', '-r');
        esmxBuild('compose', '--html');
    };

    /** @param {string[]} words */
    async function start(...words) {
        const child = spawn(BINARY, ['start', ...words], { cwd: join(directory, 'host'), stdio: ['ignore', 'pipe', 'pipe'] });
        children.push(child);
        let told = '';
        const listeners = new Set();
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => {
            told += text;
            for (const listener of listeners) listener();
        });
        const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
        /** @param {RegExp} pattern @returns {Promise<RegExpExecArray>} */
        const says = (pattern) => new Promise((resolve, reject) => {
            const look = () => {
                const found = pattern.exec(told);
                if (found) resolve(found);
            };
            listeners.add(look);
            look();
            ended.then((code) => reject(new Error(`ended with ${code}: ${told}`)));
        });
        const [, url] = await says(/is served at (http:\/\/\S+)/);
        return { url, child, says, ended };
    }

    async function withPage(url, use) {
        const browser = await launch();
        try {
            const visited = await openPage(browser);
            await visited.page.goto(url);
            await use(visited);
            assert.deepEqual(visited.complaints, []);
        } finally {
            await browser.close();
        }
    }

    test('has a template of its own, under a base; the file that `compose --html` writes is the same page', async () => {
        write({ 'host/index.html': TEMPLATE });
        build();
        const { url } = await start('--port', '0', '--base', '/docs');
        await withPage(`${url}docs/somewhere`, async ({ page, requests, see }) => {
            await see(page.locator('body[data-said="hello later"]'));
            assert.equal(await page.title(), 'Vorlage');
            assert.equal(await page.locator('html').getAttribute('data-early'), '1', 'the map is there before the first script');
            assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), 'rgb(1, 2, 3)');
            assert.ok(requests.slice(1).every((path) => path.startsWith('/docs/')), requests.join(' '));
        });
        const served = await (await fetch(`${url}docs/`)).text();
        const written = readFileSync(join(directory, 'host/dist/client/index.html'), 'utf8');
        const parts = (page) => {
            const plain = page.replaceAll('/docs/', '/');
            const at = (pattern) => plain.search(pattern);
            const order = [/<script type="importmap">/, /<script>document/, /<link rel="stylesheet"[^>]*kit/, /<\/head>/, /<main>/, /<script type="module">import "host\/src\/entry\.client"/, /<link rel="modulepreload"/, /<\/body>/].map(at);
            return { order, sorted: [...order].sort((left, right) => left - right), map: /<script type="importmap">(.*?)<\/script>/.exec(plain)?.[1] };
        };
        for (const page of [served, written]) {
            const { order, sorted } = parts(page);
            assert.ok(!order.includes(-1), `${order}\n${page}`);
            assert.deepEqual(order, sorted, page);
        }
        assert.deepEqual(JSON.parse(parts(served).map), JSON.parse(parts(written).map));
    });

    test('a template with a map of its own is refused', () => {
        write({ 'host/index.html': '<head><script type="importmap">{}</script></head>' });
        esmxBuild('build', '-r');
        assert.throws(() => esmxBuild('compose', '--html'), (error) => /E_IMPORT_MAP[^]*has an import map already/.test(`${error.stdout}${error.stderr}`));
    });

    test('a new build is taken over at SIGHUP, a broken one is not, and SIGTERM ends it', { skip: process.platform === 'win32' }, async () => {
        write({
            'host/package.json': { ...HOST['host/package.json'], esmx: { entry: { client: './src/entry.client.ts', server: './src/entry.server.ts' }, uses: ['kit'] } },
            'host/src/entry.server.ts': "import { greeting } from 'kit/greeting';\nexport default (context: { html: string }) => { context.html = `<p>${greeting}</p>`; };\n"
        });
        build();
        const { url, child, says, ended } = await start('--port', '0');
        const said = async () => (await fetch(url)).text();
        assert.equal(await said(), '<p>hello</p>');
        write({ 'kit/greeting.ts': "export const greeting = 'good evening';\n" });
        build();
        assert.equal(await said(), '<p>hello</p>');
        child.kill('SIGHUP');
        await says(/goes on with its new build/);
        assert.equal(await said(), '<p>good evening</p>');
        write({ 'kit/greeting.ts': "throw new Error('not today');\nexport const greeting = '';\n" });
        build();
        child.kill('SIGHUP');
        await says(/goes on with its old build: .*not today/);
        assert.equal(await said(), '<p>good evening</p>');
        child.kill('SIGTERM');
        assert.equal(await ended, 0);
    });

    test('the behaviour file serves, and works after a build', async () => {
        write({
            'host/src/entry.server.ts': 'export default async (context: any) => { await context.commit(); context.html = `<main>${context.params.url}</main>${context.importmap()}${context.moduleEntry()}`; };\n',
            'host/package.json': { ...HOST['host/package.json'], esmx: { entry: { client: './src/entry.client.ts', server: './src/entry.server.ts' }, uses: ['kit'] } },
            'host/src/entry.node.ts': `
                import { createServer } from 'node:http';
                export default {
                    server(esmx: any) {
                        const server = createServer((request, response) => esmx.middleware(request, response, async () => {
                            response.setHeader('x-served-by', esmx.name);
                            await (await esmx.render({ params: { url: request.url } })).pipe(response);
                        }));
                        server.listen(Number(process.env.PORT), () => console.log('is served at http://localhost:' + (server.address() as any).port + '/'));
                    },
                    async postBuild(esmx: any) {
                        console.log('rendering once');
                        const { html } = await esmx.render({ params: { url: '/once' } });
                        await esmx.write('dist/client/pages/once.html', html);
                    }
                };`
        });
        const report = JSON.parse(esmxBuild('build', '-r', '--json'));
        assert.equal(report.ok ?? true, true);
        const written = readFileSync(join(directory, 'host/dist/client/pages/once.html'), 'utf8');
        assert.match(written, /<main>\/once<\/main><script type="importmap">/);
        const { url } = await start('--port', '0');
        const response = await fetch(`${url}now`);
        assert.equal(response.headers.get('x-served-by'), 'host');
        assert.match(await response.text(), /<main>\/now<\/main>/);
    });

    test('a watched host does what comes after a build again, when something was written', { timeout: 60_000 }, async () => {
        write({
            'host/src/entry.node.ts': `
                import { readFileSync } from 'node:fs';
                export default {
                    async postBuild(esmx: any) {
                        const count = Number(readFileSync(esmx.resolvePath('count.txt'), 'utf8')) + 1;
                        await esmx.write('count.txt', String(count));
                        if (count === 3) throw new Error('the third time');
                        const { html } = await esmx.render();
                        await esmx.write('dist/client/page.html', html);
                    }
                };`,
            'host/count.txt': '0'
        });
        const child = spawn(BINARY, ['build', '-r', '--watch', '--json'], { cwd: join(directory, 'host'), stdio: ['pipe', 'pipe', 'ignore'] });
        const events = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
        try {
            const next = async () => JSON.parse((await events.next()).value);
            const count = () => Number(readFileSync(join(directory, 'host/count.txt'), 'utf8'));
            const page = () => readFileSync(join(directory, 'host/dist/client/page.html'), 'utf8');
            // What postBuild writes may cause a build of its own, which has nothing to write.
            const nextUntil = async (/** @type {number} */ wanted) => {
                for (;;) {
                    const event = await next();
                    if (count() === wanted) return event;
                    assert.deepEqual([event.event, count()], ['built', wanted - 1]);
                }
            };
            assert.equal((await next()).event, 'built');
            assert.equal(count(), 1);
            const first = page();
            const greet = (greeting) => write({ 'kit/greeting.ts': `export const greeting: string = '${greeting}';\n` });
            greet('good day');
            assert.equal((await nextUntil(2)).event, 'built');
            assert.notEqual(page(), first, 'with the map of the new build');
            greet('good evening');
            const failed = await nextUntil(3);
            assert.deepEqual([failed.event, failed.diagnostics.map(({ code }) => code)], ['failed', ['E_POST_BUILD']]);
            // Nothing to write, but what comes after was not done.
            write({ 'kit/greeting.ts': "export const greeting: string = 'good evening'; // again\n" });
            assert.equal((await nextUntil(4)).event, 'built');
            write({ 'kit/greeting.ts': "export const greeting: string = 'good evening'; // and again\n" });
            assert.equal((await next()).event, 'built');
            assert.equal(count(), 4, 'nothing was written, so nothing is to be done');
        } finally {
            child.kill();
        }
    });

    test('a strict policy by the hash of the map holds under a base, and a flipped byte does not get in', async () => {
        write({
            'host/package.json': { ...HOST['host/package.json'], esmx: { entry: { client: './src/entry.client.ts', server: './src/entry.server.ts' }, uses: ['kit'] } },
            'host/src/entry.server.ts': `export default async (context: any) => {
                await context.commit();
                const name = '</script><script>globalThis.injected = true</script>';
                context.html = '<!doctype html><link rel="icon" href="/favicon.ico">' + context.preload() + context.css() + '<body><p>' + context.escape(name) + '</p>'
                    + context.state('state', { name }) + context.importmap() + context.moduleEntry() + context.modulePreload();
            };\n`,
            'host/src/entry.client.ts': `${HOST['host/src/entry.client.ts']}document.body.dataset.state = JSON.parse(document.getElementById('state')!.textContent!).name;\n`
        });
        build();
        const application = createApplication(join(directory, 'host'), {}, { base: '/docs' });
        const server = createServer((request, response) => {
            application.middleware(request, response, async () => {
                if (request.url === '/favicon.ico') return response.writeHead(204).end();
                const asFile = { importmapMode: 'js', nonce: 'bm9uY2U=' };
                const context = await application.render(request.url.endsWith('?file') ? asFile : { csp: 'strict' });
                response.setHeader('content-security-policy', context.contentSecurityPolicy());
                await context.pipe(response);
            });
        });
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        const url = `http://127.0.0.1:${server.address().port}/docs/`;
        const browser = await launch();
        try {
            const { page, complaints, see } = await openPage(browser);
            await page.goto(url);
            await see(page.locator('body[data-said="hello later"]'));
            assert.equal(await page.locator('body').getAttribute('data-state'), '</script><script>globalThis.injected = true</script>');
            assert.equal(await page.locator('p').textContent(), '</script><script>globalThis.injected = true</script>');
            assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), 'rgb(1, 2, 3)');
            assert.equal(await page.evaluate(() => 'injected' in globalThis), false);
            assert.equal(await page.locator('script:not([src]):not([type="importmap"]):not([type="application/json"])').count(), 0);
            assert.deepEqual(complaints, []);
            const ran = await page.evaluate(() => {
                document.body.insertAdjacentHTML('beforeend', '<img src="/favicon.ico" onerror="globalThis.injected = true">');
                const script = document.body.appendChild(document.createElement('script'));
                script.textContent = 'globalThis.injected = true';
                return 'injected' in globalThis;
            });
            assert.equal(ran, false, 'what was not there when the page was made does not run');

            const withFile = await openPage(browser);
            await withFile.page.goto(`${url}?file`);
            await withFile.see(withFile.page.locator('body[data-said="hello later"]'));
            assert.ok(withFile.requests.some((path) => /^\/docs\/host\/importmap\/[0-9a-f]{12}\.final\.mjs$/.test(path)));
            assert.deepEqual(withFile.complaints, []);

            // A file that only `import()` asks for, long after the page was checked.
            const client = join(directory, 'kit/dist/client');
            const late = join(client, readdirSync(client).find((name) => name.startsWith('late.')));
            const bytes = readFileSync(late);
            bytes[bytes.indexOf('later')] ^= 1;
            writeFileSync(late, bytes);
            const changed = await openPage(browser);
            await changed.page.goto(url);
            await changed.page.waitForLoadState('networkidle');
            assert.equal(await changed.page.locator('body').getAttribute('data-said'), null);
            assert.ok(changed.complaints.some((complaint) => /integrity/i.test(complaint)), changed.complaints.join('\n'));
        } finally {
            await browser.close();
            server.closeAllConnections();
            server.close();
        }
    });

    test('what cannot be started says why', () => {
        const refused = (words, pattern) => assert.throws(() => esmxBuild(...words), (error) => pattern.test(`${error.stdout}${error.stderr}`));
        refused(['start'], /E_NOT_BUILT[^]*esmx-build build -r/);
        esmxBuild('build', '-r');
        assert.ok(existsSync(join(directory, 'host/dist/index.mjs')));
        refused(['start', '--port', '0'], /importmap\.json[^]*esmx-build compose/);
        refused(['start', '--port', '70000'], /70000/);
        refused(['start', '--base', 'docs'], /a base is a path/);
        refused(['start', '../kit'], /E_NOT_BUILT/);
    });
});

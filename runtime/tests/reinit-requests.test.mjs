/** 10,000 requests while the build is exchanged, over HTTP. */

import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { after, before, test } from 'node:test';
import { createApplication, listen } from '../node/index.mjs';
import { createDirectory, putBuild } from './built-host.mjs';

const REQUESTS = 10_000;

let place;
before(() => (place = createDirectory('reinit')));
after(() => place.remove());

function build(name) {
    const chunk = `export const text = ${JSON.stringify(name)};`;
    putBuild(place, {
        server: {
            [`entry.${name}.mjs`]: `
                import { text } from './chunks/text.${name}.mjs';
                export default async function (context) {
                    const early = text;
                    const { text: late } = await import(${JSON.stringify(`./chunks/late.${name}.mjs`)});
                    await context.commit();
                    const body = async function* () { yield early; await new Promise(setImmediate); yield '/' + late; };
                    context.stream({ body: body(), after: '/' + context.moduleEntry() });
                }`,
            [`chunks/text.${name}.mjs`]: chunk,
            [`chunks/late.${name}.mjs`]: chunk
        },
        client: { [`entry.${name}.mjs`]: '' },
        serverImports: { 'host/src/entry.server': `entry.${name}.mjs` },
        clientImports: { 'host/src/entry.client': `/host/entry.${name}.mjs` }
    });
}

test('not one of 10,000 requests fails across a reinit', { timeout: 120_000 }, async () => {
    build('one');
    const application = createApplication(place.directory);
    const dropped = [];
    application.linker.on('drop', (id) => dropped.push(id));
    const server = await listen(application);
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    /** @type {Map<string, number>} */
    const answers = new Map();
    let begun = 0;
    let exchange;
    async function client() {
        while (begun < REQUESTS) {
            begun += 1;
            // In the middle: the files of the first build go away, the second one is put in place and taken over.
            if (begun === REQUESTS / 2) {
                build('two');
                exchange = application.reinit();
            }
            const page = await request(server.url, agent);
            const [, answer, map] = /<body>(\w+\/\w+)\/.*\/host\/entry\.(\w+)\.mjs/.exec(page) ?? [];
            const key = `${answer} ${map}`;
            answers.set(key, (answers.get(key) ?? 0) + 1);
        }
    }
    await Promise.all(Array.from({ length: 50 }, client));
    await exchange;
    agent.destroy();
    await server.close();
    assert.deepEqual([...answers.keys()].sort(), ['one/one one', 'two/two two'], 'every page is of one build, its map included');
    assert.equal([...answers.values()].reduce((sum, count) => sum + count), REQUESTS);
    assert.ok(answers.get('two/two two') > REQUESTS / 4);
    assert.equal(dropped.length, 1, 'the first generation is dropped');
});

/** @returns {Promise<string>} */
function request(url, agent) {
    return new Promise((resolve, reject) => {
        get(url, { agent }, (response) => {
            let text = '';
            response.setEncoding('utf8');
            response.on('data', (piece) => (text += piece));
            response.on('error', reject);
            response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode}: ${text}`))));
        }).on('error', reject);
    });
}

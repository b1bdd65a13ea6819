/** Deployments that leave the old build where it is and turn a link: `current -> releases/2`. */

import assert from 'node:assert/strict';
import { renameSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createApplication } from '../node/index.mjs';
import { createDirectory, putBuild } from './built-host.mjs';

let place;
before(() => (place = createDirectory('deployment')));
after(() => place.remove());

function deploy(name) {
    const directory = join(place.directory, 'releases', name);
    const inside = {
        ...place,
        directory,
        url: (path) => place.url(`releases/${name}/${path}`),
        write: (files) => place.write(Object.fromEntries(Object.entries(files).map(([path, content]) => [`releases/${name}/${path}`, content]))),
        remove: () => {}
    };
    putBuild(inside, {
        server: { 'entry.mjs': `export default async (context) => { await context.commit(); context.html = ${JSON.stringify(name)} + context.importmap(); };` },
        client: { [`entry.${name}.mjs`]: `/* ${name} */`, 'same.mjs': `/* ${name} */` },
        serverImports: { 'host/src/entry.server': 'entry.mjs' },
        clientImports: { 'host/src/entry.client': `/host/entry.${name}.mjs` }
    });
    symlinkSync(directory, join(place.directory, 'next'), 'junction');
    renameSync(join(place.directory, 'next'), join(place.directory, 'current'));
}

test('the link is followed anew, and open pages find the files of the build that rendered them', { skip: process.platform === 'win32' }, async () => {
    deploy('one');
    const application = createApplication(join(place.directory, 'current'));
    const server = createServer((request, response) => {
        application.middleware(request, response, async () => (await application.render()).pipe(response));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const read = async (path) => {
        const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`);
        return `${response.status} ${await response.text()}`;
    };
    try {
        assert.match(await read('/'), /^200 one.*\/host\/entry\.one\.mjs/);
        deploy('two');
        assert.match(await read('/'), /^200 one/);
        await application.reinit();
        assert.match(await read('/'), /^200 two.*\/host\/entry\.two\.mjs/);
        assert.equal(await read('/host/entry.one.mjs'), '200 /* one */');
        assert.equal(await read('/host/entry.two.mjs'), '200 /* two */');
        assert.equal(await read('/host/same.mjs'), '200 /* two */');
        assert.equal(await read('/host/gone.mjs'), '404 Not found');
        for (const name of ['three', 'four', 'five', 'six']) {
            deploy(name);
            await application.reinit();
        }
        assert.equal(await read('/host/entry.one.mjs'), '404 Not found', 'five generations are served');
        assert.equal(await read('/host/entry.two.mjs'), '200 /* two */');
    } finally {
        server.closeAllConnections();
        server.close();
    }
});

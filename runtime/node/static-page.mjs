/**
 * The page of a host that renders nothing on the server: its `index.html`, or an empty page, with the import map, the stylesheets and
 * the module entry in the places where they belong.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RenderContext } from './render-context.mjs';
import { injectImportMap } from './template.mjs';

const EMPTY = '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"></head><body></body></html>';

/**
 * @param {import('./linker.mjs').ServerLinker} linker
 * @param {import('./render-context.mjs').RenderOptions} [options]
 */
export async function renderTemplate(linker, options = {}) {
    const lease = linker.acquire();
    try {
        const context = new RenderContext(lease.application, options);
        await context.commit();
        context.html = injectImportMap(templateOf(linker.root), {
            map: context.importmap(),
            head: context.preload() + context.css(),
            end: context.moduleEntry() + context.modulePreload()
        });
        return context;
    } finally {
        lease.release();
    }
}

/** @param {string} root */
function templateOf(root) {
    const file = join(root, 'index.html');
    return existsSync(file) ? readFileSync(file, 'utf8') : EMPTY;
}

/**
 * The page of a host that renders nothing on the server: its `index.html`, or an empty page, with the import map, the stylesheets and
 * the module entry in the places where they belong.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeHtml } from './html.mjs';
import { RenderContext } from './render-context.mjs';
import { injectImportMap } from './template.mjs';

/**
 * @param {import('./linker.mjs').ServerLinker} linker
 * @param {import('./render-context.mjs').RenderOptions} [options]
 */
export async function renderTemplate(linker, options = {}) {
    const lease = linker.acquire();
    try {
        const context = new RenderContext(lease.application, options);
        await context.commit();
        context.html = injectImportMap(templateOf(linker), {
            map: context.importmap(),
            head: context.preload() + context.css(),
            end: context.moduleEntry() + context.modulePreload()
        });
        return context;
    } finally {
        lease.release();
    }
}

/** The host's own, or the page that `compose --html` writes, too. @param {import('./linker.mjs').ServerLinker} linker */
function templateOf({ root, name }) {
    const file = join(root, 'index.html');
    if (existsSync(file)) return readFileSync(file, 'utf8');
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(name)}</title>
</head>
<body>
<div id="app"></div>
</body>
</html>
`;
}

/** The import map in a page that somebody wrote. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { injectImportMap } from '../node/index.mjs';

const inject = (html) => injectImportMap(html, { map: '[MAP]', head: '[HEAD]', end: '[END]' });

describe('a template', () => {
    test('gets its map at the end of the head', () => {
        assert.equal(inject('<html><head><title>t</title></head><body><p>x</p></body></html>'),
            '<html><head><title>t</title>[MAP][HEAD]</head><body><p>x</p>[END]</body></html>');
    });

    test('gets its map before everything that loads modules or could', () => {
        for (const loader of [
            '<script type="module" src="/a.mjs"></script>', '<script>import("/a.mjs")</script>', "<SCRIPT async src=/a.js></SCRIPT>",
            '<link rel="modulepreload" href="/a.mjs">', '<link rel="preload" as="script" href="/a.mjs">', '<script type="text/javascript"></script>', '<link rel="prefetch" as="worker" href="/a.mjs">'
        ]) assert.equal(inject(`<head>${loader}</head><body></body>`), `<head>[MAP]${loader}[HEAD]</head><body>[END]</body>`);
    });

    test('knows what only looks like a loader', () => {
        for (const text of [
            '<!-- <script src="a.js"></script> -->', '<style>/* <script> */</style>', '<script type="application/json">{"a":"<body>"}</script>',
            '<template><script src="a.js"></script></template>', '<noscript><script></script></noscript>', '<link rel="stylesheet" href="a.css">', '<meta content="</head><script>">', '<title><script></title>'
        ]) assert.equal(inject(`<head>${text}</head><body></body>`), `<head>${text}[MAP][HEAD]</head><body>[END]</body>`);
    });

    test('may lack a head, a body, or their end tags', () => {
        assert.equal(inject('<head></head><p>x</p></html>'), '<head>[MAP][HEAD]</head><p>x</p>[END]</html>');
        assert.equal(inject('<body class="a>b"><p>x'), '<body class="a>b">[MAP][HEAD]<p>x[END]');
        assert.equal(inject('<script src="a.js"></script>'), '[MAP][HEAD]<script src="a.js"></script>[END]');
        assert.throws(() => inject('<p>x</p>'), /no place for the import map/);
    });

    test('cannot have two maps', () => {
        assert.throws(() => inject('<head><script type="importmap">{}</script></head>'), /has an import map already/);
    });
});

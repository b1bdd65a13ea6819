/**
 * An `index.html` that somebody wrote, made a page of the host: a map counts only for what is loaded after it, so it goes before the
 * first element that loads a module or could. The page is read only as far as that needs.
 */

/** One comment, one element whose content is no HTML, or one tag. */
const PIECE = /<!--[^]*?(?:-->|$)|<(script|style|textarea|title|template|noscript|iframe|xmp)\b((?:"[^"]*"|'[^']*'|[^"'>])*)>[^]*?(?:<\/\1\s*>|$)|<(\/?[a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/gi;

/**
 * @param {string} html
 * @param {{ map: string, head?: string, end?: string }} pieces HTML: the map's element; what goes to the end of the head, such as
 *   stylesheets; what goes to the end of the body, such as the module entry.
 * @returns {string}
 */
export function injectImportMap(html, { map, head = '', end = '' }) {
    /** @type {{ loader?: number, headEnd?: number, bodyStart?: number, bodyEnd?: number }} */
    const places = {};
    for (const match of html.matchAll(PIECE)) {
        const name = (match[1] ?? match[3] ?? '').toLowerCase();
        const text = match[2] ?? match[4] ?? '';
        if (name === 'script' && attribute(text, 'type')?.toLowerCase() === 'importmap') {
            throw new Error('index.html has an import map already: there can be one, and the build writes it.');
        }
        if ((name === 'script' && isExecuted(text)) || (name === 'link' && loadsModules(text))) places.loader ??= match.index;
        else if (name === '/head') places.headEnd ??= match.index;
        else if (name === 'body') places.bodyStart ??= match.index + match[0].length;
        else if (name === '/body' || name === '/html') places.bodyEnd ??= match.index;
    }
    const { loader, headEnd, bodyStart } = places;
    const candidates = [loader, headEnd, bodyStart].filter((place) => place !== undefined);
    if (candidates.length === 0) throw new Error('index.html has no head, no body and no script: there is no place for the import map.');
    const insertions = [
        { at: Math.min(...candidates), text: map },
        { at: headEnd ?? bodyStart ?? Math.min(...candidates), text: head },
        { at: places.bodyEnd ?? html.length, text: end }
    ];
    // Sorting is stable, so what goes to one place keeps its order; from behind, places stay where they are.
    let page = html;
    for (const { at, text } of insertions.sort((left, right) => left.at - right.at).reverse()) page = page.slice(0, at) + text + page.slice(at);
    return page;
}

/** @param {string} attributes @param {string} name @returns {string | undefined} */
function attribute(attributes, name) {
    const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(attributes);
    return found === null ? undefined : (found[1] ?? found[2] ?? found[3]);
}

/** Whether a script runs: a classic one may call `import()`. @param {string} attributes */
function isExecuted(attributes) {
    const type = (attribute(attributes, 'type') ?? '').trim().toLowerCase();
    return type === '' || type === 'module' || /(?:java|ecma)script$/.test(type);
}

/** @param {string} attributes */
function loadsModules(attributes) {
    const relations = (attribute(attributes, 'rel') ?? '').toLowerCase().split(/\s+/);
    const isCode = /^(?:script|worker)$/i.test(attribute(attributes, 'as') ?? '');
    return relations.includes('modulepreload') || (isCode && (relations.includes('preload') || relations.includes('prefetch')));
}

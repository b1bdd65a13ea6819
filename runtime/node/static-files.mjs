/** Serves the browser files of mounted modules: every one below `/<module>/`, and nothing else of the disk. */

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

/**
 * @typedef {import('./mounts.mjs').Mount} Mount
 * @typedef {import('node:http').IncomingMessage} IncomingMessage
 * @typedef {import('node:http').ServerResponse} ServerResponse
 *
 * @typedef {object} StaticFile
 * @property {string} path Real path.
 * @property {number} size In bytes.
 * @property {number} modified In milliseconds since 1970.
 * @property {number} changed The same for everything about it, its place on the disk included.
 *
 * @typedef {object} ByteRange Both ends belong to it.
 * @property {number} start
 * @property {number} end
 */

/** @type {Record<string, string>} */
const TYPES = {
    '.mjs': 'text/javascript; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.html': 'text/html; charset=utf-8',
    '.json': 'application/json; charset=utf-8',
    '.map': 'application/json; charset=utf-8',
    '.txt': 'text/plain; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
    '.jpg': 'image/jpeg',
    '.jpeg': 'image/jpeg',
    '.gif': 'image/gif',
    '.webp': 'image/webp',
    '.avif': 'image/avif',
    '.ico': 'image/x-icon',
    '.woff': 'font/woff',
    '.woff2': 'font/woff2',
    '.wasm': 'application/wasm'
};

/** Files that whoever deploys may have put beside a file, smallest first. */
const ENCODINGS = [
    { name: 'br', extension: '.br' },
    { name: 'gzip', extension: '.gz' }
];

/** A name with the content's hash in it never changes its bytes. */
const IMMUTABLE = /\.final\.[A-Za-z0-9]+$/;

/**
 * A Connect-style middleware. It answers everything below `<base>/<module>/`, with `ETag`, ranges and files
 * compressed beforehand (`x.mjs.br`, `x.mjs.gz`); all other paths go to `next`.
 *
 * @param {Mount[] | (() => Mount[][])} mounts Of several generations, the newest that has a file answers.
 * @param {{ base?: string }} [options] What client URLs start with, where the server in front does not take it away.
 * @returns {(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void}
 */
export function createStaticMiddleware(mounts, { base = '' } = {}) {
    const generations = typeof mounts === 'function' ? mounts : () => [mounts];
    const prefix = base.replace(/\/+$/, '');
    return (request, response, next) => {
        const whole = pathOf(request.url ?? '/');
        if (!whole.startsWith(`${prefix}/`)) return next();
        const path = whole.slice(prefix.length);
        const named = generations().flatMap((one) => one.find(({ name }) => path.startsWith(`/${name}/`)) ?? []);
        if (named.length === 0) return next();
        if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Method not allowed', { allow: 'GET, HEAD' });
        for (const mount of named) {
            const file = fileOf(mount, path);
            if (file !== undefined) return sendFile(request, response, file);
        }
        refuse(response, 404, 'Not found');
    };
}

/** @param {ServerResponse} response @param {number} status @param {string} reason @param {Record<string, string>} [headers] */
function refuse(response, status, reason, headers = {}) {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...headers });
    response.end(reason);
}

/** The decoded path; as it is, where it cannot be decoded. @param {string} target The request's target. */
function pathOf(target) {
    try {
        const { pathname } = new URL(target, 'http://localhost');
        return decodeURIComponent(pathname);
    } catch {
        return target;
    }
}

/**
 * The file behind a path, or nothing: it has to be inside the module's browser files, symbolic links followed.
 *
 * @param {Mount} mount
 * @param {string} path Decoded, below `/<module>/`.
 * @returns {StaticFile | undefined}
 */
function fileOf({ name, client }, path) {
    if (path.includes('\0')) return undefined;
    try {
        const root = realpathSync(client);
        return inside(root, join(root, path.slice(name.length + 2)));
    } catch {
        return undefined;
    }
}

/** @param {string} root @param {string} path @returns {StaticFile | undefined} */
function inside(root, path) {
    const real = realpathSync(path);
    const stats = statSync(real);
    if (!real.startsWith(root + sep) || !stats.isFile()) return undefined;
    return { path: real, size: stats.size, modified: stats.mtimeMs, changed: stats.ctimeMs };
}

/** @param {IncomingMessage} request @param {ServerResponse} response @param {StaticFile} file */
function sendFile(request, response, file) {
    const range = request.headers.range;
    // The ranges of a compressed file are ranges of other bytes than the ones people mean.
    const encoding = range === undefined ? acceptedEncoding(request, file) : undefined;
    const sent = encoding?.file ?? file;
    const tag = `"${contentTag(file)}${encoding ? `-${encoding.name}` : ''}"`;
    /** @type {Record<string, string | number>} */
    const headers = {
        'content-type': TYPES[extname(file.path).toLowerCase()] ?? 'application/octet-stream',
        'cache-control': IMMUTABLE.test(file.path) ? 'public, max-age=31536000, immutable' : 'no-cache',
        'x-content-type-options': 'nosniff',
        'accept-ranges': 'bytes',
        vary: 'Accept-Encoding',
        etag: tag
    };
    if (encoding) headers['content-encoding'] = encoding.name;
    if (isFresh(request, tag)) {
        response.writeHead(304, headers);
        response.end();
        return;
    }
    const isConditional = request.headers['if-range'] !== undefined && request.headers['if-range'] !== tag;
    const wanted = range === undefined || isConditional ? undefined : parseRange(range, file.size);
    if (wanted === 'unsatisfiable') {
        response.writeHead(416, { 'content-range': `bytes */${file.size}` });
        response.end();
        return;
    }
    if (wanted !== undefined) headers['content-range'] = `bytes ${wanted.start}-${wanted.end}/${file.size}`;
    headers['content-length'] = wanted === undefined ? sent.size : wanted.end - wanted.start + 1;
    response.writeHead(wanted === undefined ? 200 : 206, headers);
    if (request.method === 'HEAD' || headers['content-length'] === 0) {
        response.end();
        return;
    }
    createReadStream(sent.path, wanted).on('error', () => response.destroy()).pipe(response);
}

/** What has been hashed, as long as nothing about it changes. @type {Map<string, { of: string, tag: string }>} */
const tags = new Map();

/**
 * From the bytes: deployments often give all files one time, and a new import map has the size of the old one. Servers beside each other
 * answer the same. A name with a hash says enough.
 *
 * @param {StaticFile} file
 */
function contentTag({ path, size, modified, changed }) {
    if (IMMUTABLE.test(path)) return size.toString(36);
    const of = `${size} ${modified} ${changed}`;
    const known = tags.get(path);
    if (known?.of === of) return known.tag;
    const tag = createHash('sha256').update(readFileSync(path)).digest('base64url').slice(0, 22);
    tags.set(path, { of, tag });
    return tag;
}

/**
 * @param {IncomingMessage} request
 * @param {StaticFile} file
 * @returns {{ name: string, file: StaticFile } | undefined}
 */
function acceptedEncoding(request, file) {
    const accepted = String(request.headers['accept-encoding'] ?? '')
        .split(',')
        .map((part) => part.trim())
        .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
        .map((part) => part.split(';')[0]);
    for (const { name, extension } of ENCODINGS) {
        const path = file.path + extension;
        if (!accepted.includes(name) || !existsSync(path)) continue;
        const stats = statSync(path);
        // A compressed file older than its source is of an earlier build.
        if (stats.isFile() && stats.mtimeMs >= file.modified) return { name, file: { path, size: stats.size, modified: stats.mtimeMs, changed: stats.ctimeMs } };
    }
    return undefined;
}

/** RFC 9110 §13.1.2, weak comparison. @param {IncomingMessage} request @param {string} tag */
function isFresh(request, tag) {
    const known = request.headers['if-none-match'];
    return known !== undefined && known.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
}

/**
 * RFC 9110 §14.2. Of several ranges none is served: the whole file is a right answer to them, too.
 *
 * @param {string} header
 * @param {number} size
 * @returns {ByteRange | 'unsatisfiable' | undefined}
 */
function parseRange(header, size) {
    const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
    if (match === null || (match[1] === '' && match[2] === '')) return undefined;
    const [, first, last] = match;
    if (first === '') {
        const length = Math.min(Number(last), size);
        return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
    }
    const start = Number(first);
    const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
    if (last !== '' && Number(last) < start) return undefined;
    return start >= size ? 'unsatisfiable' : { start, end };
}

/** The base of a request: what stands before the URLs of all client files. */

/** Server builds write this where the base of the request belongs. */
export const BASE_PLACEHOLDER = '[[[___ESMX_DYNAMIC_BASE___]]]';

/**
 * Empty, `/path`, or an origin with or without a path; never with a final slash. Bases come from requests now and then, so
 * what is none is refused: `//evil.example` would take every script from there.
 *
 * @param {string} base
 * @returns {string}
 */
export function checkedBase(base) {
    const trimmed = base.replace(/\/+$/, '');
    if (trimmed === '') return '';
    const isPath = /^\/(?![/\\])[^\s?#\\"'<>]*$/.test(trimmed);
    const isUrl = /^https?:\/\/[^\s?#\\"'<>]+$/.test(trimmed) && URL.canParse(trimmed);
    if (!isPath && !isUrl) throw new TypeError(`${JSON.stringify(base)} is no base: use '', '/path' or 'https://host/path'.`);
    return trimmed;
}

/**
 * Replaces the placeholder in text that comes in pieces, also where one piece has its beginning and the next its end.
 * UTF-8 is safe to take apart: no byte of another character looks like one of the placeholder.
 *
 * @param {string} base
 */
export function baseReplacer(base) {
    /** The end of what came, as long as it may be a beginning of the placeholder. */
    let held = '';
    return {
        /** @param {string} piece */
        replace(piece) {
            const text = (held + piece).replaceAll(BASE_PLACEHOLDER, base);
            const length = lengthOfBeginning(text);
            held = text.slice(text.length - length);
            return text.slice(0, text.length - length);
        },
        /** What was held, when nothing follows. */
        end() {
            const rest = held;
            held = '';
            return rest;
        }
    };
}

/** How many characters at the end of `text` may go on to be the placeholder. @param {string} text */
function lengthOfBeginning(text) {
    const start = text.lastIndexOf(BASE_PLACEHOLDER[0], text.length - 1);
    if (start === -1) return 0;
    for (let length = Math.min(BASE_PLACEHOLDER.length - 1, text.length); length > 0; length -= 1) {
        if (BASE_PLACEHOLDER.startsWith(text.slice(text.length - length))) return length;
    }
    return 0;
}

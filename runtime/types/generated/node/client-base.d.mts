/**
 * Empty, `/path`, or an origin with or without a path; never with a final slash. Bases come from requests now and then, so
 * what is none is refused: `//evil.example` would take every script from there.
 *
 * @param {string} base
 * @returns {string}
 */
export function checkedBase(base: string): string;
/**
 * Replaces the placeholder in text that comes in pieces, also where one piece has its beginning and the next its end.
 * UTF-8 is safe to take apart: no byte of another character looks like one of the placeholder.
 *
 * @param {string} base
 */
export function baseReplacer(base: string): {
    /** @param {string} piece */
    replace(piece: string): string;
    /** What was held, when nothing follows. */
    end(): string;
};
/** The base of a request: what stands before the URLs of all client files. */
/** Server builds write this where the base of the request belongs. */
export const BASE_PLACEHOLDER: "[[[___ESMX_DYNAMIC_BASE___]]]";

/** What may stand in a page: text, attributes and data, escaped for the place they stand in. */

const JSON_ESCAPES = /[<\u2028\u2029]/g;

/** Text and the value of a quoted attribute. @param {unknown} text */
export function escapeHtml(text) {
    return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * JSON inside of a script element. An end tag, or the `<!--` after which `<script` begins something else, would
 * end it in the middle; U+2028 and U+2029 end a line in scripts before ES2019.
 *
 * @param {unknown} value
 */
export function scriptJson(value) {
    const json = JSON.stringify(value);
    if (json === undefined) throw new TypeError(`A page cannot carry ${typeof value}: it has no JSON.`);
    return json.replace(JSON_ESCAPES, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Attributes with a leading space each: `true` is written as the name alone; what is `undefined`, `null`, `false` or empty is left out.
 *
 * @param {Record<string, string | boolean | null | undefined>} values
 */
export function attributes(values) {
    let text = '';
    for (const [name, value] of Object.entries(values)) {
        if (/[\s"'<>/=\0]/.test(name) || name === '') throw new TypeError(`${JSON.stringify(name)} is no name of an attribute.`);
        if (value === true) text += ` ${name}`;
        else if (typeof value === 'string' && value !== '') text += ` ${name}="${escapeHtml(value)}"`;
    }
    return text;
}

/** Text and the value of a quoted attribute. @param {unknown} text */
export function escapeHtml(text: unknown): string;
/**
 * JSON inside of a script element. An end tag, or the `<!--` after which `<script` begins something else, would
 * end it in the middle; U+2028 and U+2029 end a line in scripts before ES2019.
 *
 * @param {unknown} value
 */
export function scriptJson(value: unknown): string;
/**
 * Attributes with a leading space each: `true` is written as the name alone; what is `undefined`, `null`, `false` or empty is left out.
 *
 * @param {Record<string, string | boolean | null | undefined>} values
 */
export function attributes(values: Record<string, string | boolean | null | undefined>): string;

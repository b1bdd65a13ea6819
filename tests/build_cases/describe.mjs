/**
 * A value as text that does not depend on what a minifier may change: function names and the wording of
 * the engine's own errors, which quote variable names.
 *
 * @param {unknown} value
 * @param {unknown[]} outer The objects around it.
 * @returns {string}
 */
export function describe(value, outer = []) {
    if (typeof value === 'function') return '<function>';
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'symbol') return String(value);
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
    if (value instanceof Error) return value.constructor === Error ? `Error(${value.message})` : value.constructor.name;
    if (outer.includes(value)) return '<circular>';
    const inner = [...outer, value];
    if (value instanceof Map) return `Map ${describe([...value], inner)}`;
    if (value instanceof Set) return `Set ${describe([...value], inner)}`;
    if (value instanceof RegExp || value instanceof Date) return String(value);
    if (Array.isArray(value)) return `[${value.map((item) => describe(item, inner)).join(', ')}]`;
    const entries = Reflect.ownKeys(value)
        .filter((key) => isEnumerable(value, key))
        // Newer versions of Node add it to the namespaces of CommonJS modules.
        .filter((key) => key !== 'module.exports')
        .map((key) => `${typeof key === 'symbol' ? String(key) : key}: ${read(value, key, inner)}`);
    const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
    return `${tag === 'Object' ? '' : `${tag} `}{ ${entries.join(', ')} }`;
}

/** @param {object} value @param {PropertyKey} key */
function isEnumerable(value, key) {
    try {
        return Object.getOwnPropertyDescriptor(value, key).enumerable;
    } catch {
        // An exported binding that was never initialised.
        return true;
    }
}

/** @param {object} value @param {PropertyKey} key @param {unknown[]} outer */
function read(value, key, outer) {
    try {
        return describe(value[key], outer);
    } catch (error) {
        // A binding that was never initialised, or a getter that throws.
        return `<throws ${error instanceof Error ? error.name : typeof error}>`;
    }
}

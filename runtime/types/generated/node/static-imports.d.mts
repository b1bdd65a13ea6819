/**
 * @param {string} source
 * @returns {string[]} Specifiers as written, in order, each once.
 */
export function staticImports(source: string): string[];
export type Token = {
    /**
     * A word, or one character.
     */
    text: string;
    /**
     * The value, where the token is a string.
     */
    string?: string;
    /**
     * How many brackets are open around it.
     */
    depth: number;
    /**
     * Text of the token before.
     */
    previous: string;
};

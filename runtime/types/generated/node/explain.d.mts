/** @param {unknown} error */
export function explain(error: unknown): string;

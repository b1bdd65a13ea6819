const name = 'second';
export const value = `${name} value`;
export function describe(text) {
    return `${name}: ${text}, ${new Map([[name, text]]).size}`;
}

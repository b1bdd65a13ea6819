const name = 'first';
const Map = class Map {
    kind = 'an own Map';
};
export const value = `${name} value`;
export function describe(text) {
    return `${name}: ${text}, ${new Map().kind}`;
}

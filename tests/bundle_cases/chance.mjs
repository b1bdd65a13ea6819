/** Chance that is a function of a seed: the same programs on every machine. */

/** @param {number} seed */
export function chanceOf(seed) {
    let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0;
    return { random, integer, chance, pick };

    /** From 0 to below 1. (Marsaglia, Xorshift RNGs, 2003: 13, 17, 5.) */
    function random() {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        state >>>= 0;
        return state / 2 ** 32;
    }
    /** @param {number} below */
    function integer(below) {
        return Math.floor(random() * below);
    }
    /** @param {number} part */
    function chance(part) {
        return random() < part;
    }
    /** @template T @param {T[]} list @returns {T} */
    function pick(list) {
        return list[integer(list.length)];
    }
}

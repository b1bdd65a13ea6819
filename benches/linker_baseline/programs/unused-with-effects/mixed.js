export const used = 'used';
export const unused = log('unused is computed');
class Base {
    static created = log('static field');
}
export class Unused extends (log('extends'), Base) {
    static [(log('computed key'), 'key')] = 1;
}
const { length } = { get length() { log('getter'); return 1; } };

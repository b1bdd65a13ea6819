import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';

const ajv = new Ajv({ allErrors: true, useDefaults: true });
const validate = ajv.compile({ type: 'object', properties: { a: { type: 'integer', minimum: 2 }, b: { enum: ['x', 'y'] }, c: { default: 3 }, d: { $ref: '#/$defs/e' } }, required: ['a'], additionalProperties: false, $defs: { e: { type: 'array', items: { type: 'string' }, uniqueItems: true } } });
const value = { a: 1, b: 'z', d: ['q', 'q'], f: 1 };
console.log(validate(value), ajv.errorsText(validate.errors), value.c);
const Newer = Ajv2020.default ?? Ajv2020;
console.log(new Newer().compile({ prefixItems: [{ type: 'number' }], items: false })([1, 2]), typeof (standalone.default ?? standalone));

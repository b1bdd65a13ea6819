import { z } from 'zod';
import * as mini from 'zod/mini';

const User = z.object({ name: z.string().min(2), age: z.coerce.number().int().positive(), mail: z.email().optional(), tags: z.array(z.enum(['a', 'b'])).default(['a']) });
console.log(User.parse({ name: 'Ann', age: '42' }));
const result = User.safeParse({ name: 'A', age: -1, mail: 'x', tags: ['c'] });
console.log(result.success, result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
console.log(JSON.stringify(z.toJSONSchema(User)), z.discriminatedUnion('t', [z.object({ t: z.literal('x'), v: z.bigint() })]).parse({ t: 'x', v: 1n }).v === 1n);
console.log(mini.parse(mini.union([mini.string(), mini.number()]), 3), await z.string().transform(async (x) => x.length).parseAsync('four'));
console.log(z.flattenError(result.error).fieldErrors.name, z.config(z.locales.de()) !== undefined, z.string().safeParse(1).error.issues[0].message);

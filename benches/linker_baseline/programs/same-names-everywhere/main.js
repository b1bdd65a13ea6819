import { describe as describeFirst, value as first } from './first.js';
import { describe as describeSecond, value as second } from './second.js';

const value = 'main';
const describe = (text) => `main: ${text}`;

log(describe(value), describeFirst(value), describeSecond(value));
log(first, second);
{
    const first = 'inner';
    log(first, ((second) => second)('parameter'));
}
export { value, describe };

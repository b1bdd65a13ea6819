import { uniqBy } from 'lodash-es';

console.log(uniqBy([{ x: 1 }, { x: 2 }, { x: 1 }], 'x'));

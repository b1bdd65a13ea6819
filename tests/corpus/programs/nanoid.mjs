import { customAlphabet, customRandom, nanoid, urlAlphabet } from 'nanoid';
import { nanoid as insecure } from 'nanoid/non-secure';

console.log(nanoid().length, nanoid(5).length, /^[ab]{8}$/.test(customAlphabet('ab', 8)()), customRandom(urlAlphabet, 4, (size) => new Uint8Array(size).fill(3))(), insecure(3).length);

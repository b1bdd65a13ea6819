import { used } from './mixed.js';
import './registered.js';
import { nothing } from './only-effects.js';

log(used, globalThis.registered);

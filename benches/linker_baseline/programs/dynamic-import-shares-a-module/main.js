import { register, registered } from './registry.js';

register('main');
const first = await import('./first-plugin.js');
const second = await import('./second-plugin.js');
log(registered(), first.name, second.name);
const again = await import('./registry.js');
log(again.register === register);

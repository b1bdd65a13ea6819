import { register, registered } from './registry.js';

register('main');
const plugins = await Promise.all([import('./first-plugin.js'), import('./second-plugin.js')]);
log(registered(), plugins.map((plugin) => plugin.name));
const again = await import('./registry.js');
log(again.register === register);

import tools from './tools.cjs';
import * as namespace from './tools.cjs';

log(namespace.default === tools, namespace.version, typeof namespace.double, 'missing' in namespace);
export { default } from './tools.cjs';

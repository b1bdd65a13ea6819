import { Text } from './text.js';
import { Node } from './node.js';

log('factory');
export const createNode = (name) => (name === 'text' ? new Text(name) : new Node(name));

import { Node } from './node.js';

const tree = new Node('root').add('text').add('branch');
log(tree.print());

import parent from './parent.cjs';

log(parent.name, parent.child.name, parent.child.parentName());

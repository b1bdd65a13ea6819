import tools, { double, version } from './tools.cjs';
import * as namespace from './tools.cjs';
import make from './make.cjs';

log(double(4), version, tools.version, namespace.default === tools);
log(make('thing'), typeof make, make.kind);

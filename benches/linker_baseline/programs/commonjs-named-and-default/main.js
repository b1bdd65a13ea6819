import tools, { double, version } from './tools.cjs';
import make from './make.cjs';

log(double(4), version, tools.version);
log(make('thing'), typeof make, make.kind);

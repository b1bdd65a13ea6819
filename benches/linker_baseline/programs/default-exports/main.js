import snapshot, { setSnapshot } from './snapshot.js';
import live, { setLive } from './live.js';
import hoisted from './hoisted.js';
import Anonymous from './anonymous.js';

setSnapshot('after');
setLive('after');
log(snapshot, live);
log(hoisted(), new Anonymous().kind);

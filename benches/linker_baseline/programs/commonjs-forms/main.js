import fork from './fork.cjs';
import viaThis from './via-this.cjs';
import * as getters from './getters.cjs';

log(fork.name, viaThis.value, typeof viaThis.exportsIsThis);
log(getters.default.now, getters.default.now);

import viaThis from './via-this.cjs';
import getters from './getters.cjs';
import Class from './class.cjs';

log(viaThis.value, typeof viaThis.exportsIsThis);
log(getters.now, getters.now);
log(new Class().kind);

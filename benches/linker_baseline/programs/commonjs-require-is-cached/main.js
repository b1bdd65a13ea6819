import first from './first.cjs';
import second from './second.cjs';
import { count } from './counter.cjs';

log(first(), second(), first(), count());

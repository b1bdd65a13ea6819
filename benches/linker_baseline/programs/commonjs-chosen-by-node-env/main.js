import fork from './fork.cjs';

log(fork.name);

import run from './run.cjs';

log('main');
log(run('light'));
log(run('heavy'));
log(run('missing'));

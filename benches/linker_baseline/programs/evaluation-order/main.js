log('main');
import './left.js';
import { name } from './right.js';
import './last.js';
log('main', name);

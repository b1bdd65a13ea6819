import { derived, get, readable, writable } from 'svelte/store';
import { cubicOut, elasticInOut } from 'svelte/easing';
import { VERSION } from 'svelte/compiler';

const count = writable(1);
const double = derived([count, readable(10)], ([now, ten]) => now * 2 + ten);
const stop = double.subscribe((value) => console.log('double', value));
count.set(2);
count.update((now) => now + 1);
stop();
console.log(get(double), cubicOut(0.5), elasticInOut(0.3).toFixed(4), /^\d/.test(VERSION));

import { compile, version } from 'vue';
import * as Vue from 'vue';

console.log(version);
console.log(compile('<p v-if="ok" @click="go">{{ text }}</p><slot v-else />', { mode: 'function' }).toString().length > 0);
console.log(Object.keys(Vue).length > 100, 'h' in Vue, Vue.Fragment.toString());

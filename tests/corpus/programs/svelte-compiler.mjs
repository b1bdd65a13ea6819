import { compile, parse } from 'svelte/compiler';

const source = '<script>let { name } = $props(); let n = $state(0);</script><h1 onclick={() => n++}>{name} {n}</h1><style>h1 { color: red }</style>';
const client = compile(source, { generate: 'client', filename: 'App.svelte' });
console.log(client.js.code);
console.log(client.css.code);
console.log(compile(source, { generate: 'server', filename: 'App.svelte' }).js.code);
console.log(parse('<p>{#if a}b{/if}</p>', { modern: true }).fragment.nodes.length);

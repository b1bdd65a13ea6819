// platforms: node; the package has another runtime for browsers.
import * as $ from 'svelte/internal/server';
import { render } from 'svelte/server';
import { getContext, setContext } from 'svelte';

function Child($$renderer, $$props) {
    $$renderer.component(($$renderer) => {
        $$renderer.push(`<li>${$.escape($$props.text)}${$.escape(getContext('sign'))}</li>`);
    });
}
function App($$renderer, $$props) {
    $$renderer.component(($$renderer) => {
        setContext('sign', '!');
        $$renderer.push(`<ul${$.attr_class($.clsx(['a', { b: true }]))}>`);
        for (const text of $.ensure_array_like($$props.items)) Child($$renderer, { text });
        $$renderer.push('</ul>');
    });
}
const { body } = render(App, { props: { items: ['a', '<b>'] } });
console.log(body);

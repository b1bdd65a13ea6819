// platforms: node; the package has another renderer for browsers.
import { createComponent, createSignal, For } from 'solid-js';
import { renderToString, ssr, escape } from 'solid-js/web';

function List(props) {
    const [first] = createSignal('<first>');
    return ssr(['<ul><li>', '</li>', '</ul>'], escape(first()), createComponent(For, { get each() { return props.items; }, children: (item) => ssr(['<li>', '</li>'], escape(item)) }));
}
console.log(renderToString(() => createComponent(List, { items: ['a', 'b'] })));

import { createContext, createElement as h, memo, Suspense, useContext, useId, useMemo, useState } from 'react';
import { renderToStaticMarkup, renderToString } from 'react-dom/server';

const Theme = createContext('light');
const Item = memo(function Item({ text }) {
    const id = useId();
    return h('li', { className: useContext(Theme), 'data-id': id }, text);
});
function List({ items }) {
    const [count] = useState(() => items.length);
    const sorted = useMemo(() => [...items].sort(), [items]);
    return h('section', { style: { marginTop: 4, color: 'red' } }, h('h1', null, count), h('ul', null, sorted.map((text) => h(Item, { key: text, text }))));
}
const page = h(Theme.Provider, { value: 'dark' }, h(Suspense, { fallback: 'wait' }, h(List, { items: ['b', 'a', '<c>'] })));
console.log(renderToString(page));
console.log(renderToStaticMarkup(page));

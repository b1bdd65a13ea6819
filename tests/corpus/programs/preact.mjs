import { createContext, Fragment, h, options, toChildArray } from 'preact';
import { useContext, useMemo, useReducer } from 'preact/hooks';
import { render } from 'preact-render-to-string';
import { forwardRef, memo } from 'preact/compat';

const Theme = createContext('light');
const Button = memo(forwardRef((props, ref) => h('button', { ref, class: useContext(Theme), ...props })));
function Counter({ start }) {
    const [count] = useReducer((now, by) => now + by, start);
    const double = useMemo(() => count * 2, [count]);
    return h(Fragment, null, h('p', null, `${count} ${double}`), h(Button, { disabled: true }, '<ok>'));
}
console.log(render(h(Theme.Provider, { value: 'dark' }, h(Counter, { start: 3 }))));
console.log(toChildArray(['a', ['b', null]]).length, typeof options);

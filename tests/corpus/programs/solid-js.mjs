import { createEffect, createMemo, createRoot, createSignal, batch, mergeProps } from 'solid-js/dist/solid.js';
import { createStore, produce } from 'solid-js/store/dist/store.js';

createRoot((dispose) => {
    const [count, setCount] = createSignal(1);
    const double = createMemo(() => count() * 2);
    const [store, setStore] = createStore({ todos: [{ done: false }] });
    createEffect(() => console.log('effect', double(), store.todos[0].done));
    queueMicrotask(() => {
        batch(() => { setCount(2); setCount(3); });
        setStore(produce((draft) => { draft.todos[0].done = true; }));
        console.log(mergeProps({ a: 1 }, { b: count() }).b);
        dispose();
    });
});

import { batch, createEffect, createMemo, createResource, createRoot, createSignal, mapArray, mergeProps, untrack } from 'solid-js/dist/solid.js';

await createRoot(async (dispose) => {
    const [count, setCount] = createSignal(1);
    const [items, setItems] = createSignal(['a', 'b']);
    const double = createMemo(() => count() * 2);
    const shown = createMemo(mapArray(items, (item, index) => `${index()}${item}`));
    const [loaded] = createResource(async () => 'loaded');
    createEffect(() => console.log('effect', double(), shown().join(), loaded(), untrack(count)));
    await null;
    batch(() => { setCount(2); setCount(3); });
    setItems((now) => ['z', ...now]);
    await new Promise((resolve) => setTimeout(resolve, 1));
    console.log(mergeProps({ a: 1 }, { b: count() }).b, double());
    dispose();
});

import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import { create } from 'zustand';
import { combine, devtools, persist, subscribeWithSelector } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import { useShallow } from 'zustand/react/shallow';

const storage = new Map();
const useCount = create(persist(subscribeWithSelector((set) => ({ count: 1, up: () => set((state) => ({ count: state.count + 1 })) })), { name: 'c', storage: { getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => storage.set(key, value), removeItem: (key) => storage.delete(key) } }));
useCount.subscribe((state) => state.count, (now, before) => console.log(before, now));
useCount.getState().up();
console.log(JSON.stringify([...storage]), renderToString(h(() => h('b', null, useCount(useShallow((state) => [state.count])).join()))));
const store = createStore(devtools(combine({ a: 1 }, (set) => ({ set }))));
store.getState().set({ a: 5 });
console.log(store.getState().a);

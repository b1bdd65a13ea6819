/**
 * Slices in a React host. React is the host's own, so it is handed over:
 *
 *     const { Slice } = createReactAdapter(React, loader);
 *     <Slice module={route.specifier} moduleKey={route.key} props={{ path: route.path }} loading={<Skeleton />} failed={(error, retry) => …} />
 *
 * `module` exports a component as `default` or `App`; `mode="mount"` shows one of another framework by its `mount`.
 */

import { mountOf, normalized } from './mount.mjs';

/**
 * @typedef {any} ReactNode
 *
 * @typedef {object} ReactLike The parts of React (16.8 or newer) that are used.
 * @property {any} Component
 * @property {any} Suspense
 * @property {(load: () => Promise<{ default: any }>) => any} lazy
 * @property {(type: any, props?: any, ...children: any[]) => any} createElement
 * @property {<Value>(initial: Value | (() => Value)) => [Value, (next: Value | ((value: Value) => Value)) => void]} useState
 * @property {<Value>(make: () => Value, dependencies: unknown[]) => Value} useMemo
 * @property {(effect: () => void | (() => void), dependencies?: unknown[]) => void} useEffect
 * @property {<Value>(initial: Value) => { current: Value }} useRef
 *
 * @typedef {object} SliceProps
 * @property {string} module Specifier.
 * @property {string} [moduleKey] A new key mounts anew; the specifier by default.
 * @property {() => Promise<any>} [load] Instead of the loader: a local source.
 * @property {Record<string, any>} [props] For the component.
 * @property {ReactNode} [loading]
 * @property {(error: unknown, retry: () => void) => ReactNode} [failed]
 * @property {'component' | 'mount'} [mode]
 */

/**
 * @param {ReactLike} React
 * @param {{ load: (specifier: string) => Promise<any> }} loader
 */
export function createReactAdapter(React, loader) {
    const { createElement, useState, useMemo, useEffect, useRef } = React;

    class Boundary extends React.Component {
        constructor(/** @type {any} */ props) {
            super(props);
            this.state = { error: undefined, hasFailed: false };
        }

        static getDerivedStateFromError(/** @type {unknown} */ error) {
            return { error, hasFailed: true };
        }

        render() {
            const { failed, retry, children } = this.props;
            return this.state.hasFailed ? failed(this.state.error, retry) : children;
        }
    }

    /** What a component is made of: its own, or an element that `mount` fills. @param {() => Promise<any>} load @param {string} name @param {'component' | 'mount'} mode */
    const componentOf = (load, name, mode) =>
        React.lazy(async () => {
            const namespace = await load();
            if (mode === 'mount') {
                const mount = mountOf(namespace, name);
                return { default: (/** @type {any} */ props) => createElement(Place, { mount, props }) };
            }
            const component = namespace.default ?? namespace.App;
            if (component === undefined) throw new TypeError(`${name} exports no component as \`default\` or \`App\`.`);
            return { default: component };
        });

    /** @param {{ mount: import('./mount.mjs').Mount, props: Record<string, any> }} given */
    function Place({ mount, props }) {
        const element = useRef(/** @type {HTMLElement | null} */ (null));
        const mounted = useRef(/** @type {Promise<import('./mount.mjs').Mounted> | null} */ (null));
        const [failure, setFailure] = useState(/** @type {{ error: unknown } | undefined} */ (undefined));
        const last = useRef(props);
        useEffect(() => {
            // A place of its own each time: development mode mounts twice, and frameworks keep what they know in the element.
            const place = document.createElement('div');
            element.current?.append(place);
            const mounting = Promise.resolve().then(() => mount(place, last.current)).then(normalized);
            mounted.current = mounting;
            mounting.catch((error) => setFailure({ error }));
            return () => {
                mounting.then((one) => one.unmount?.()).catch(() => {}).finally(() => place.remove());
            };
        }, [mount]);
        useEffect(() => {
            if (last.current === props) return;
            last.current = props;
            mounted.current?.then((one) => one.update?.(props)).catch((error) => setFailure({ error }));
        }, [props]);
        if (failure !== undefined) throw failure.error;
        return createElement('div', { ref: element });
    }

    /** @param {SliceProps} given */
    function Slice({ module, moduleKey = module, load = () => loader.load(module), props = {}, loading = null, failed = () => null, mode = 'component' }) {
        const [attempt, setAttempt] = useState(0);
        // One lazy component for each key and attempt: `lazy` remembers its failure, and a new key is a new module.
        const Component = useMemo(() => componentOf(load, module, mode), [moduleKey, module, mode, attempt]);
        return createElement(
            Boundary,
            { key: `${moduleKey} ${attempt}`, failed, retry: () => setAttempt((count) => count + 1) },
            createElement(React.Suspense, { fallback: loading }, createElement(Component, props))
        );
    }

    return { Slice };
}

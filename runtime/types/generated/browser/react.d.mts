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
export function createReactAdapter(React: ReactLike, loader: {
    load: (specifier: string) => Promise<any>;
}): {
    Slice: ({ module, moduleKey, load, props, loading, failed, mode }: SliceProps) => any;
};
export type ReactNode = any;
/**
 * The parts of React (16.8 or newer) that are used.
 */
export type ReactLike = {
    Component: any;
    Suspense: any;
    lazy: (load: () => Promise<{
        default: any;
    }>) => any;
    createElement: (type: any, props?: any, ...children: any[]) => any;
    useState: <Value>(initial: Value | (() => Value)) => [Value, (next: Value | ((value: Value) => Value)) => void];
    useMemo: <Value>(make: () => Value, dependencies: unknown[]) => Value;
    useEffect: (effect: () => void | (() => void), dependencies?: unknown[]) => void;
    useRef: <Value>(initial: Value) => {
        current: Value;
    };
};
export type SliceProps = {
    /**
     * Specifier.
     */
    module: string;
    /**
     * A new key mounts anew; the specifier by default.
     */
    moduleKey?: string;
    /**
     * Instead of the loader: a local source.
     */
    load?: () => Promise<any>;
    /**
     * For the component.
     */
    props?: Record<string, any>;
    loading?: ReactNode;
    failed?: (error: unknown, retry: () => void) => ReactNode;
    mode?: "component" | "mount";
};

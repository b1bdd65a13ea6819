/**
 * @typedef {object} VueLike The parts of Vue 3 that are used.
 * @property {(options: any) => any} defineComponent
 * @property {(type: any, props?: any, children?: any) => any} h
 * @property {<Value>(value: Value) => { value: Value }} shallowRef
 * @property {(source: any, effect: (...values: any[]) => any, options?: any) => any} watch
 * @property {(hook: () => void) => void} onMounted
 * @property {(hook: () => void) => void} onBeforeUnmount
 * @property {(hook: (error: unknown) => boolean | void) => void} onErrorCaptured
 */
/**
 * @param {VueLike} Vue
 * @param {{ load: (specifier: string) => Promise<any> }} loader
 */
export function createVueAdapter(Vue: VueLike, loader: {
    load: (specifier: string) => Promise<any>;
}): {
    Slice: any;
};
/**
 * The parts of Vue 3 that are used.
 */
export type VueLike = {
    defineComponent: (options: any) => any;
    h: (type: any, props?: any, children?: any) => any;
    shallowRef: <Value>(value: Value) => {
        value: Value;
    };
    watch: (source: any, effect: (...values: any[]) => any, options?: any) => any;
    onMounted: (hook: () => void) => void;
    onBeforeUnmount: (hook: () => void) => void;
    onErrorCaptured: (hook: (error: unknown) => boolean | void) => void;
};

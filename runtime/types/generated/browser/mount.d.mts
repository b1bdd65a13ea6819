/**
 * The contract between a host and what it shows. A slice exports a function that fills an element, and answers how that is taken back:
 *
 *     export function mount(element, props) {
 *         const root = createRoot(element);
 *         root.render(<App {...props} />);
 *         return { update: (props) => root.render(<App {...props} />), unmount: () => root.unmount() };
 *     }
 *
 * No framework has a part in it, so every slice may have its own.
 */
/**
 * @typedef {Record<string, any>} MountProps
 *
 * @typedef {object} Mounted
 * @property {(props: MountProps) => void | Promise<void>} [update] Without it, new props mount anew.
 * @property {() => void | Promise<void>} [unmount]
 *
 * @typedef {(element: HTMLElement, props: MountProps) => Mounted | (() => void) | void | Promise<Mounted | (() => void) | void>} Mount
 *
 * @typedef {object} Slice What a module exports: `mount`, or `default` that is one or has one.
 * @property {Mount} [mount]
 * @property {Mount | { mount: Mount }} [default]
 */
/**
 * The `mount` of a module.
 *
 * @param {Slice} module
 * @param {string} name For the message.
 * @returns {Mount}
 */
export function mountOf(module: Slice, name: string): Mount;
/**
 * Shows one module at a time in an element, in plain DOM. Calls may come faster than modules: what was asked last is what is shown, and
 * nothing is left behind of what was asked before.
 *
 * @param {HTMLElement} element
 * @param {{ load: (specifier: string) => Promise<any> }} loader
 * @param {{ onState?: (state: OutletState) => void }} [options]
 *
 * @typedef {object} OutletState
 * @property {'empty' | 'loading' | 'ready' | 'failed'} status
 * @property {string} [specifier]
 * @property {unknown} [error]
 */
export function createOutlet(element: HTMLElement, loader: {
    load: (specifier: string) => Promise<any>;
}, { onState }?: {
    onState?: (state: OutletState) => void;
}): {
    /**
     * @param {string} specifier
     * @param {MountProps} [props]
     * @param {{ key?: string, load?: () => Promise<any> }} [options] What is shown stays as long as `key` does; it is the specifier by default.
     * @returns {Promise<boolean>} Whether it is shown; `false` when something else was asked for since.
     */
    show(specifier: string, props?: MountProps, { key, load }?: {
        key?: string;
        load?: () => Promise<any>;
    }): Promise<boolean>;
    clear(): Promise<void>;
};
/** What a `mount` has answered. @param {Mounted | (() => void) | void} answer @returns {Mounted} */
export function normalized(answer: Mounted | (() => void) | void): Mounted;
export type MountProps = Record<string, any>;
export type Mounted = {
    /**
     * Without it, new props mount anew.
     */
    update?: (props: MountProps) => void | Promise<void>;
    unmount?: () => void | Promise<void>;
};
export type Mount = (element: HTMLElement, props: MountProps) => Mounted | (() => void) | void | Promise<Mounted | (() => void) | void>;
/**
 * What a module exports: `mount`, or `default` that is one or has one.
 */
export type Slice = {
    mount?: Mount;
    default?: Mount | {
        mount: Mount;
    };
};
/**
 * Shows one module at a time in an element, in plain DOM. Calls may come faster than modules: what was asked last is what is shown, and
 * nothing is left behind of what was asked before.
 */
export type OutletState = {
    status: "empty" | "loading" | "ready" | "failed";
    specifier?: string;
    error?: unknown;
};

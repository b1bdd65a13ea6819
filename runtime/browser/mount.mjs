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
export function mountOf(module, name) {
    const candidates = [module.mount, module.default, /** @type {{ mount?: Mount } | undefined} */ (module.default)?.mount];
    const mount = candidates.find((candidate) => typeof candidate === 'function');
    if (mount === undefined) throw new TypeError(`${name} exports no \`mount(element, props)\`.`);
    return /** @type {Mount} */ (mount);
}

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
export function createOutlet(element, loader, { onState = () => {} } = {}) {
    /** @type {{ key: string, place: HTMLElement, mount: Mount, mounted: Mounted } | undefined} */
    let shown;
    /** Counted up with every call: an answer that is not the last one is for nobody. */
    let calls = 0;

    async function clear() {
        const last = shown;
        shown = undefined;
        if (last === undefined) return;
        try {
            await last.mounted.unmount?.();
        } finally {
            last.place.remove();
        }
    }

    return {
        /**
         * @param {string} specifier
         * @param {MountProps} [props]
         * @param {{ key?: string, load?: () => Promise<any> }} [options] What is shown stays as long as `key` does; it is the specifier by default.
         * @returns {Promise<boolean>} Whether it is shown; `false` when something else was asked for since.
         */
        async show(specifier, props = {}, { key = specifier, load = () => loader.load(specifier) } = {}) {
            const call = (calls += 1);
            if (shown?.key === key && shown.mounted.update !== undefined) {
                await shown.mounted.update(props);
                return call === calls;
            }
            onState({ status: 'loading', specifier });
            try {
                const mount = mountOf(await load(), specifier);
                if (call !== calls) return false;
                await clear();
                const place = element.ownerDocument.createElement('div');
                place.dataset.module = specifier;
                element.append(place);
                const mounted = normalized(await settled(mount, place, props));
                if (call !== calls) {
                    await mounted.unmount?.();
                    place.remove();
                    return false;
                }
                shown = { key, place, mount, mounted };
                onState({ status: 'ready', specifier });
                return true;
            } catch (error) {
                if (call !== calls) return false;
                await clear();
                onState({ status: 'failed', specifier, error });
                throw error;
            }
        },
        async clear() {
            calls += 1;
            await clear();
            onState({ status: 'empty' });
        }
    };
}

/** What a `mount` has answered. @param {Mounted | (() => void) | void} answer @returns {Mounted} */
export function normalized(answer) {
    if (typeof answer === 'function') return { unmount: answer };
    return answer ?? {};
}

/** A mount that fails leaves no place behind. @param {Mount} mount @param {HTMLElement} place @param {MountProps} props */
async function settled(mount, place, props) {
    try {
        return await mount(place, props);
    } catch (error) {
        place.remove();
        throw error;
    }
}

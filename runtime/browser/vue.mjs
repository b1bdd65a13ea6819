/**
 * Slices in a Vue 3 host. Vue is the host's own, so it is handed over:
 *
 *     const { Slice } = createVueAdapter(Vue, loader);
 *     <Slice :module="route.specifier" :module-key="route.key" :props="{ path: route.path }">
 *         <template #loading>…</template>
 *         <template #failed="{ error, retry }">…</template>
 *     </Slice>
 *
 * `module` exports a component as `default` or `App`; `mode="mount"` shows one of another framework by its `mount`.
 */

import { mountOf, normalized } from './mount.mjs';

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
export function createVueAdapter(Vue, loader) {
    const { defineComponent, h, shallowRef, watch, onMounted, onBeforeUnmount, onErrorCaptured } = Vue;

    const Place = defineComponent({
        name: 'SlicePlace',
        props: { mount: { type: Function, required: true }, given: { type: Object, required: true } },
        emits: ['failed'],
        setup(/** @type {any} */ props, /** @type {any} */ { emit }) {
            const element = shallowRef(/** @type {HTMLElement | null} */ (null));
            /** @type {Promise<import('./mount.mjs').Mounted> | undefined} */
            let mounting;
            const tell = (/** @type {unknown} */ error) => emit('failed', error);
            onMounted(() => {
                mounting = Promise.resolve().then(() => props.mount(element.value, props.given)).then(normalized);
                mounting.catch(tell);
            });
            watch(() => props.given, (/** @type {any} */ given) => mounting?.then((one) => one.update?.(given)).catch(tell));
            onBeforeUnmount(() => mounting?.then((one) => one.unmount?.()).catch(() => {}));
            return () => h('div', { ref: element });
        }
    });

    const Slice = defineComponent({
        name: 'Slice',
        props: {
            module: { type: String, required: true },
            moduleKey: { type: String, default: undefined },
            load: { type: Function, default: undefined },
            props: { type: Object, default: () => ({}) },
            mode: { type: String, default: 'component' }
        },
        setup(/** @type {any} */ props, /** @type {any} */ { slots }) {
            const state = shallowRef(/** @type {{ status: string, shown?: any, error?: unknown }} */ ({ status: 'loading' }));
            let calls = 0;
            const fail = (/** @type {unknown} */ error) => (state.value = { status: 'failed', error });
            async function load() {
                const call = (calls += 1);
                state.value = { status: 'loading' };
                try {
                    const namespace = await (props.load?.() ?? loader.load(props.module));
                    const shown = props.mode === 'mount' ? mountOf(namespace, props.module) : namespace.default ?? namespace.App;
                    if (shown === undefined) throw new TypeError(`${props.module} exports no component as \`default\` or \`App\`.`);
                    if (call === calls) state.value = { status: 'ready', shown };
                } catch (error) {
                    if (call === calls) fail(error);
                }
            }
            watch(() => props.moduleKey ?? props.module, load, { immediate: true });
            onErrorCaptured((error) => {
                fail(error);
                return false;
            });
            return () => {
                const { status, shown, error } = state.value;
                if (status === 'loading') return slots.loading?.();
                if (status === 'failed') return slots.failed?.({ error, retry: load });
                const key = props.moduleKey ?? props.module;
                return props.mode === 'mount' ? h(Place, { key, mount: shown, given: props.props, onFailed: fail }) : h(shown, { key, ...props.props });
            };
        }
    });

    return { Slice };
}

/** `esmx-build/browser`: loading, routing and mounting modules that are deployed on their own. */

export { createModuleLoader, ModuleLoader, ModuleLoadError } from './loader.mjs';
export { createOutlet, mountOf } from './mount.mjs';
export { createReactAdapter } from './react.mjs';
export { watchReleases } from './releases.mjs';
export { createRouteResolver } from './routes.mjs';
export { hasImportMaps, hasMultipleImportMaps, importModule, loadShims } from './shims.mjs';
export { createVueAdapter } from './vue.mjs';

export { createReactAdapter } from "./react.mjs";
export { watchReleases } from "./releases.mjs";
export { createRouteResolver } from "./routes.mjs";
export { createVueAdapter } from "./vue.mjs";
export { createModuleLoader, ModuleLoader, ModuleLoadError } from "./loader.mjs";
export { createOutlet, mountOf } from "./mount.mjs";
export { hasImportMaps, hasMultipleImportMaps, importModule, loadShims } from "./shims.mjs";

export { registerImportMap } from "./hooks.mjs";
export { LinkedImportError } from "./loader.mjs";
export { readMounts } from "./mounts.mjs";
export { createStaticMiddleware } from "./static-files.mjs";
export { injectImportMap } from "./template.mjs";
export { escapeHtml, scriptJson } from "./html.mjs";
export { createServerLinker, ServerLinker } from "./linker.mjs";
export { createRenderer, renderPage, RenderContext } from "./render.mjs";
export { createApplication, listen, start } from "./start.mjs";

/**
 * @param {import('./linker.mjs').ServerLinker} linker
 * @param {import('./render-context.mjs').RenderOptions} [options]
 */
export function renderTemplate(linker: import("./linker.mjs").ServerLinker, options?: import("./render-context.mjs").RenderOptions): Promise<RenderContext>;
import { RenderContext } from './render-context.mjs';

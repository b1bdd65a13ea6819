/**
 * From here on, every import of this process is resolved through the map first. Registering a map twice does
 * nothing; of two maps, the one registered last is asked first.
 *
 * @param {string} file Path of a composed server map, such as `<host>/dist/server/importmap.json`.
 * @returns {{ file: string, text: string }} What is registered: the map as it was when it was registered first.
 */
export function registerImportMap(file: string): {
    file: string;
    text: string;
};

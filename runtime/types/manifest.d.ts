/** `dist/client/manifest.json` and `dist/server/manifest.json`: what one side of a built module contains. */
export interface Manifest {
    protocol: 2;
    /** Module name. */
    name: string;
    version: string;
    /** Export name → the file that serves it. */
    exports: Record<string, ManifestExport>;
    /** Provided package → the copy inside this artifact. */
    provides: Record<string, ManifestProvide>;
    /** The module's `uses`. */
    uses: string[];
    /** Scope name → specifier → identifier or URL. */
    scopes: Record<string, Record<string, string>>;
    /** Every emitted file, relative to the directory of the manifest. */
    files: string[];
    /** Chunk key → the files that belong to it. */
    chunks: Record<string, ManifestChunk>;
    /** File → `sha384-…` over its bytes; production only. */
    integrity?: Record<string, string>;
}

export interface ManifestExport {
    name: string;
    /** Whether it is a provided package. */
    pkg: boolean;
    file: string;
    /** `<module name>/<export name>`. */
    identifier: string;
}

export interface ManifestProvide {
    /** Installed version at build time, `0.0.0` if it could not be found. */
    version: string;
    /** Real package name and subpath; absent in older manifests. */
    package?: string;
    /** Files that exist only because of this copy, its export first. */
    chunks: string[];
}

export interface ManifestChunk {
    name: string;
    js: string;
    css: string[];
    resources: string[];
}

/** The `esmx` field of a `package.json`. */
export interface Declaration {
    /** The entries that start the application. Without `entry` the module is a library. */
    entry?: SideFiles;
    /** What other modules can import: `"./name": "./src/file.ts"` is imported as `<module>/name`. */
    exports?: Record<`./${string}`, SourcePath | SideFiles>;
    /** Packages, or subpaths of packages, that modules which use this one get from it. */
    provides?: string[];
    /** Modules that this one imports from. Of several that provide the same major of a package, the last wins. */
    uses?: string[];
}

/** A path from the directory of the `package.json` to a source file, with its extension. */
export type SourcePath = `./${string}`;

/** A source file per side. A side that is left out, or `false`, is disabled. */
export interface SideFiles {
    client?: SourcePath | false;
    server?: SourcePath | false;
}

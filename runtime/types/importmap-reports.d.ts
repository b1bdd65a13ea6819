import type { Diagnostic } from './diagnostic.d.ts';

/** `esmx-build importmap resolve --json`. */
export interface ResolvedMapDocument {
    /** Only when the text is no import map. */
    error?: string;
    /** The tables in the order of the standard; `null` when the text is no import map. */
    parsed: ParsedImportMap | null;
    /** Specifier → URL, or `null` where the standard throws. */
    results: Record<string, string | null>;
    /** Specifier → why the standard throws. */
    reasons: Record<string, string>;
    /** What a browser tells its console. */
    warnings: string[];
    diagnostics: Diagnostic[];
}

/** The import map of the HTML standard after parsing: keys and addresses are normalised. */
export interface ParsedImportMap {
    imports: Record<string, string | null>;
    scopes: Record<string, Record<string, string | null>>;
    /** Present when the text has it. */
    integrity?: Record<string, string>;
}

/** `esmx-build importmap compose --json` when there is no map; else the answer is the map itself. */
export interface RefusedMapDocument {
    diagnostics: Diagnostic[];
}

/** `esmx-build importmap check --json`. */
export interface CheckedMapDocument {
    ok: boolean;
    /** Everything that can be imported. */
    files: CheckedMapFile[];
    /** The modules whose manifests were found. */
    modules: string[];
    diagnostics: Diagnostic[];
}

export interface CheckedMapFile {
    /** Its URL, or its path in the directory. */
    url: string;
    /** Absent when it does not arrive. */
    bytes?: number;
    /** Whether the map names a hash of it. */
    integrity: boolean;
}

/** `esmx-build importmap diff --json`; what breaks is in `diagnostics`. */
export interface MapDiffDocument {
    packages: { package: string; change: 'up' | 'down' | 'major' | 'added' | 'removed'; from?: string; to?: string }[];
    /** `scope` is absent where the change is for everybody; `null` means that nothing is there. */
    resolutions: { specifier: string; scope?: string; from: string | null; to: string | null }[];
    exports: { specifier: string; added: string[]; removed: string[] }[];
    /** `changed` has the same name and other bytes, or another integrity. */
    files: { added: string[]; dropped: string[]; changed: string[] };
    diagnostics: Diagnostic[];
}

/** `esmx-build importmap gate --json`. */
export interface GateDocument {
    module: string;
    version: string;
    ok: boolean;
    /** The deployed modules that import from it. */
    consumers: string[];
    diagnostics: Diagnostic[];
}

/** `esmx-build importmap inject --json`. */
export interface InjectedPageDocument {
    /** Absent when the page cannot get the map. */
    html?: string;
    /** What a content security policy lists in `script-src` for the map. */
    csp?: string;
    /** Where it was written. */
    file?: string;
    diagnostics: Diagnostic[];
}

/** A module of a release that has a manifest. */
export interface ReleasedModule {
    name: string;
    version: string;
}

/** `esmx-build importmap release --json` and `rollback --json`. */
export interface ReleaseDocument {
    /** Absent when nothing was promoted. */
    number?: number;
    /** The release that is live again, after a rollback. */
    restored?: number;
    forced: boolean;
    modules: ReleasedModule[];
    written: string[];
    removed: string[];
    diagnostics: Diagnostic[];
}

/** `esmx-build importmap history --json`. */
export interface ReleaseHistoryDocument {
    /** The number of the live record; `null` when the live map is none of them. */
    live: number | null;
    /** Newest first. */
    releases: {
        number: number;
        action: 'release' | 'rollback';
        of?: number;
        time: string;
        forced: boolean;
        kept: boolean;
        /** It was cut off before it was live. */
        unfinished: boolean;
        modules: ReleasedModule[];
    }[];
    diagnostics: Diagnostic[];
}

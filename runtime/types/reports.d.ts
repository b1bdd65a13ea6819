import type { Diagnostic } from './diagnostic.d.ts';

/** `esmx-build build --json`. A refused invocation has the same document without modules. */
export interface BuildDocument {
    /** The modules whose build was tried, dependencies first. */
    modules: BuiltModule[];
    diagnostics: Diagnostic[];
    durationMs: number;
}

export interface BuiltModule {
    name: string;
    dir: string;
    dist: string;
    /** Empty when the module has errors. */
    sides: { client?: BuiltSide; server?: BuiltSide };
    durationMs: number;
}

export interface BuiltSide {
    files: BuiltFile[];
}

export interface BuiltFile {
    /** Relative to the directory of its side, or to `dist` in a composition. */
    file: string;
    kind: 'export' | 'chunk' | 'stylesheet' | 'asset' | 'sourceMap' | 'document' | 'record';
    bytes: number;
    /** Compressed size, where compressing makes sense. */
    gzip?: number;
}

/** `esmx-build bundle --json`. */
export interface BundleDocument {
    outputs: BundledFile[];
    warnings: Diagnostic[];
    errors: Diagnostic[];
    durationMs: number;
}

export interface BundledFile {
    file: string;
    /** The source that the file is the entry of. */
    entry?: string;
    kind: 'entry' | 'chunk' | 'stylesheet' | 'asset' | 'sourceMap' | 'document';
    bytes: number;
}

/** The major version of a package, `unknown` when no version could be found. */
export type Major = number | 'unknown';

/** `esmx-build compose --json`. */
export interface ComposeDocument {
    /** The host. */
    name: string;
    dir: string;
    dist: string;
    /** The modules in the maps, the host first. */
    modules: string[];
    files: BuiltFile[];
    elections: ComposedElection[];
    diagnostics: Diagnostic[];
    durationMs: number;
}

export interface ComposedElection extends Election {
    /** The name that the winner provides the package under. */
    name: string;
    version: string | null;
}

/** Which module's copy of one major of a package everyone gets. */
export interface Election {
    package: string;
    major: Major;
    winner: string;
    losers: string[];
}

/** `esmx-build validate --json`. */
export type ValidateDocument = DeclaredDocument | LegacyDocument;

/** A package without an `esmx` field has nothing to validate. */
export interface LegacyDocument {
    protocol: 'legacy';
    diagnostics: [];
}

export interface DeclaredDocument {
    diagnostics: Diagnostic[];
    /** Package → who supplies it, highest major first; empty when modules use each other in a circle. */
    supply: Record<string, { groups: SuppliedGroup[] }>;
    /** The modules of the closure besides the root. */
    mounts: Record<string, Mount>;
    elections: Election[];
    /** Module → specifier → identifier that it is wired to. */
    wiring: Record<string, Record<string, string>>;
}

export interface SuppliedGroup {
    major: Major;
    provider: string;
    /** The name that the provider gives the package. */
    name: string;
    version: string | null;
}

export interface Mount {
    name: string;
    root: string;
    artifactDir: string;
    built: boolean;
}

/** `esmx-build migrate --json`. */
export interface MigrateDocument {
    name: string;
    dir: string;
    migration: 'refused' | 'unneeded' | 'possible' | 'done';
    files: { file: string; diff: string }[];
    /** What a declaration cannot express. */
    obstacles: Notice[];
    notices: Notice[];
    diagnostics: Diagnostic[];
    durationMs: number;
}

/** Something to know that is no finding. */
export interface Notice {
    message: string;
    fix: string;
    location?: { file: string; line: number; column: number };
}

/** `esmx-build explain CODE --json`; without a code, a list of these without `page`. */
export interface Explanation {
    code: Diagnostic['code'];
    severity: Diagnostic['severity'];
    summary: string;
    /** Markdown. */
    page?: string;
}

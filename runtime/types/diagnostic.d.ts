/** What the program can find. `esmx-build explain CODE` says more about each. */
export type Code =
    | 'E_SCHEMA'
    | 'E_PROTOCOL_IN_BEHAVIOR'
    | 'E_TARGET_MISSING'
    | 'E_NOT_LINKED'
    | 'E_NOT_BUILT'
    | 'E_PROTOCOL'
    | 'E_CYCLE'
    | 'E_VERSION'
    | 'E_NOT_USED'
    | 'E_NO_EXPORT'
    | 'W_MULTI_CANDIDATE'
    | 'W_MULTI_MAJOR'
    | 'W_NO_RANGE'
    | 'W_TYPE_DRIFT'
    | 'E_SYNTAX'
    | 'E_UNRESOLVED'
    | 'E_MISSING_EXPORT'
    | 'E_NO_LOADER'
    | 'E_BUILTIN_ON_CLIENT'
    | 'E_IMPORT_ASSIGNED'
    | 'E_TSCONFIG'
    | 'E_CONFIG'
    | 'E_IO'
    | 'E_IMPORT_MAP'
    | 'E_DEPLOYED_FILE'
    | 'E_UNPINNED'
    | 'E_SECOND_COPY'
    | 'E_RELEASE'
    | 'E_POST_BUILD'
    | 'W_TARGET'
    | 'W_CHUNK_GROUP'
    | 'E_TARGET'
    | 'W_SOURCE_MAP'
    | 'E_DECLARATION'
    | 'W_UNTYPED'
    | 'W_FORK_TYPES'
    | 'W_MISSING_MEMBER'
    | 'W_NAMESPACE_ASSIGNED'
    | 'W_THIS'
    | 'W_FILE_NAME'
    | 'W_COMMONJS_EXPORTS'
    | 'W_REQUIRE_ASYNC'
    | 'W_EVAL'
    | 'W_REQUIRE'
    | 'W_OPTIONAL_PACKAGE'
    | 'W_CSS';

/** One finding. */
export interface Diagnostic {
    code: Code;
    severity: 'error' | 'warning';
    /** The module at fault, or its directory when it has no name. */
    module: string;
    /** The package or module concerned. */
    package?: string;
    /** Only with `E_VERSION`. */
    check?: 'intent' | 'substitution-safety';
    found?: string;
    required?: string;
    /** What happened and why. */
    message: string;
    /** The edit that resolves it. */
    fix: string;
    location?: Location;
}

/** A place in one of the user's files. */
export interface Location {
    /** As seen from the directory the program ran in, with `/`. */
    file: string;
    /** From 1. */
    line: number;
    /** From 1, in Unicode code points. */
    column: number;
    /** Left out when it is very long. */
    sourceLine?: string;
}

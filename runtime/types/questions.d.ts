import type { Diagnostic, Location } from './diagnostic.d.ts';
import type { Major } from './reports.d.ts';

/** A place, without its text. */
export type Place = Pick<Location, 'file' | 'line' | 'column'>;

/** Which case of the merge rule decided. */
export type MergeRule = 'onlyCandidate' | 'selfLast' | 'nearerLayer' | 'laterInUses' | 'laterSubtree' | 'broughtBack';

/** `esmx-build why SPECIFIER --json`. Directories and files are absolute; those of places are seen from the working directory. */
export interface WhyDocument {
    specifier: string;
    /** For whose code it was asked. */
    module: string;
    /** In whose closure. */
    root: string;
    answer: 'package' | 'export' | 'ownCopy' | 'builtin' | 'ownFile' | 'path' | 'url' | 'byHand' | 'refused' | 'nothing' | 'cyclic';
    /** What is loaded: the winner's identifier, or the export's. */
    identifier?: string;
    package?: WhyPackage;
    export?: WhyExport;
    ownCopy?: WhyOwnCopy;
    nothing?: WhyNothing;
    /** With `builtin`: the installed package of that name that browsers get. */
    client?: InstalledCopy;
    /** With `ownFile`. */
    path?: string;
    byHand?: Partial<Record<'client' | 'server', { means: 'external' | 'bundled' | 'builtin' | 'url'; target?: string }>>;
    files?: Partial<Record<'client' | 'server', LoadedFile>>;
    /** What a build would bundle; `null` where the package replaces it by nothing. */
    bundled?: Partial<Record<'client' | 'server', { file: string | null } | { error: string }>>;
    diagnostics: Diagnostic[];
}

export interface LoadedFile {
    state: 'built' | 'missing' | 'notInManifest' | 'notBuilt' | 'disabled';
    file?: string;
}

export interface WhyPackage {
    form: 'bare' | 'identifier';
    /** The offer that an identifier names. */
    asked?: Offer;
    /** How the major was chosen; not for identifiers. */
    selection?: WhySelection;
    election: TracedElection;
    /** Other copies of the same package. */
    otherElections: TracedElection[];
    /** What the module would get if it were built alone, where that is another copy. */
    alone?: Offer;
    modules: WhyInstance[];
}

export interface Offer {
    identifier: string;
    provider: string;
    name: string;
    package: string;
    version: string | null;
}

export interface WhySelection {
    reason: 'ownOffer' | 'satisfied' | 'unchecked' | 'nothingSatisfies' | 'highestMajor';
    dependency?: WhyDependency;
    provides?: Place;
    candidates: { package: string; major: Major; version: string | null }[];
}

export interface WhyDependency {
    map: 'dependencies' | 'peerDependencies' | 'devDependencies';
    key: string;
    value: string;
    location?: Place;
}

export interface TracedElection {
    package: string;
    major: Major;
    /** A second copy of a package and major that only its own name selects. */
    isIsland: boolean;
    winner: Offer;
    candidates: Offer[];
    rule: MergeRule;
    /** From the root to the winner's module. */
    route: string[];
    defeats: {
        loser: Offer;
        by: Offer;
        /** The module whose merge decided. */
        at: string;
        rule: MergeRule;
        earlier?: string;
        later?: string;
        sentence: string;
        location?: Place;
    }[];
}

export interface WhyInstance {
    module: string;
    specifier: string;
    instance: 'same' | 'other' | 'own';
    identifier?: string;
    major?: Major;
}

export interface WhyExport {
    module: string;
    name: string;
    isIndexAlias: boolean;
    route: string[];
    sources: Partial<Record<'client' | 'server', string | null>>;
    location?: Place;
}

export interface WhyOwnCopy {
    name: string;
    version?: string;
    dir: string;
    why: 'usesNobody' | 'nobodyProvides' | 'onlyThePackage' | 'notInItsUses' | 'aliasToAnother';
    suppliedBy: Offer[];
    dependency?: WhyDependency;
    wouldProvide: WouldProvide[];
}

export interface WhyNothing {
    /** Names that are much like it. */
    near: string[];
    dependency?: WhyDependency;
    wouldProvide: WouldProvide[];
}

export interface WouldProvide {
    module: string;
    dir: string;
    provides: string;
    version: string | null;
}

export interface InstalledCopy {
    name: string;
    version: string | null;
    dir: string;
}

/** `esmx-build graph --json`. */
export interface GraphDocument {
    root: string;
    /** Modules use each other in a circle, so nothing is elected. */
    isCyclic: boolean;
    nodes: GraphNode[];
    edges: { from: string; to: string; position: number }[];
    elections: GraphElection[];
    diagnostics: Diagnostic[];
}

/** A source per side; `null` is a disabled side. */
export interface GraphSides {
    client: string | null;
    server: string | null;
}

export interface GraphNode {
    name: string;
    version: string;
    kind: 'root' | 'module' | 'legacy';
    isBuilt: boolean;
    dir: string;
    entry?: GraphSides;
    exports: Record<string, GraphSides>;
    provides: { name: string; version: string | null; election: string; isElected: boolean }[];
    uses: string[];
    gets: { specifier: string; identifier: string; election: string | null; isDeclared: boolean }[];
}

export interface GraphElection {
    /** `vue@3`: what `provides` and `gets` refer to. */
    id: string;
    package: string;
    major: string;
    isIsland: boolean;
    winner: GraphCandidate;
    candidates: GraphCandidate[];
    rule: MergeRule;
    losses: { module: string; at: string; rule: MergeRule; sentence: string }[];
    modules: string[];
    undeclared: string[];
}

export interface GraphCandidate {
    identifier: string;
    module: string;
    name: string;
    package: string;
    version: string | null;
}

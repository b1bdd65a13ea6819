/** The files and documents of `esmx-build`, for programs that read them. */
export type * from './declaration.d.ts';
export type * from './diagnostic.d.ts';
export type * from './import-map.d.ts';
export type * from './importmap-reports.d.ts';
export type * from './manifest.d.ts';
export type * from './questions.d.ts';
export type * from './reports.d.ts';

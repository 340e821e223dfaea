/**
 * Everything the core needs of the world, as plain values and functions. Adapters and vendors implement these; the
 * core imports nothing else, so the engine runs in plain Node, on virtual time, against a simulated vendor.
 */
export type * from './ports/machine.ts'
export type * from './ports/http.ts'
export type * from './ports/vendor.ts'
export type * from './ports/calls.ts'
export type * from './ports/database.ts'
export type * from './ports/csv.ts'

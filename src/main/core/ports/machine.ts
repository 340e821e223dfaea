/** What the machine gives: time, chance, a log, the keychain, the history's folder, signatures. */
import type { Result } from '../../../shared/failure.ts'
import type { SigningSettings } from '../../../shared/model/connection.ts'
import type { Timestamp } from '../../../shared/model/ids.ts'

/** Owns time and every timer. */
export interface Clock {
  /** Milliseconds since 1970. May jump when the machine sleeps or the operator sets it. */
  readonly now: () => Timestamp
  /** Whole milliseconds since some moment of this process: nobody sets them. May stand still while the machine sleeps. */
  readonly steady: () => number
  /** Milliseconds since the machine started, its sleep included; null or absent: not known. */
  readonly uptime?: () => number | null
  /** Settles after `milliseconds`, or as soon as `signal` aborts; never rejects. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

/**
 * One moment on every clock, read together: where the date jumps, `steady` says how much time really passed, and
 * `uptime`, where it is known, also across two processes.
 */
export type Moment = Readonly<{ now: Timestamp; steady: number; uptime?: number | null }>

export interface Random {
  readonly uuid: () => string
  readonly bytes: (count: number) => Uint8Array
  /** From 0 up to, not including, 1. */
  readonly fraction: () => number
}

/** Codes, numbers and row ids only: no identifier, no secret, no token, no URL query. */
export interface Log {
  readonly info: (event: string, facts?: Readonly<Record<string, string | number | boolean | null>>) => void
  readonly problem: (event: string, facts?: Readonly<Record<string, string | number | boolean | null>>) => void
}

/** The operating system's keychain. Fails with `keychain-missing` or `keychain-locked`; never falls back to a file. */
export interface SecretStore {
  /** Writes, reads back and removes a probe: whether the keychain really works now. */
  readonly check: () => Promise<Result<null>>
  readonly read: (name: string) => Promise<Result<string | null>>
  readonly write: (name: string, secret: string) => Promise<Result<null>>
  readonly remove: (name: string) => Promise<Result<null>>
}

/** The folder of the history. Which key of the keychain opens it is written there as an id; the key never is. */
export interface HistoryFolder {
  /** Absolute. */
  readonly path: string
  /** The id in force; null: the folder has none yet. */
  readonly readId: () => Promise<Result<string | null>>
  /**
   * Puts `id` into force and gives it back; where another instance was first, gives its id instead. `replaced` is the
   * id that may be overwritten; null: none.
   */
  readonly claimId: (id: string, replaced: string | null) => Promise<Result<string>>
  /** Whether anything of a history lies there already. */
  readonly holdsHistory: () => Promise<Result<boolean>>
}

export interface Signer {
  /** A fresh token for one call (RFC 7519, HS256 by default): `appId`, `sub`, `iat`, `exp`, `jti`. */
  readonly sign: (
    claims: Readonly<{ appId: string; jti: string; now: Timestamp }>,
    settings: SigningSettings,
    secret: string,
  ) => Promise<Result<string>>
}

/** Calls and downloads. */
import type { Timestamp } from '../../../shared/model/ids.ts'
import type { CallStage } from '../../../shared/model/request.ts'

export type HttpCall = Readonly<{
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body: string | null
  timeoutMilliseconds: number
  /** Longer answers are cut off here. */
  maximumBodyBytes: number
}>

/** Why no answer came. `before first byte` certain-no causes are told by `stage` alone. */
export type HttpTrouble = Readonly<{
  kind: 'dns' | 'refused' | 'tls' | 'proxy' | 'reset' | 'timeout' | 'invalid answer' | 'offline' | 'other'
  /** For the operator; no URL, no header, no body. */
  words: string
  /** For 'tls': a certificate nobody on this machine vouches for. */
  unknownAuthority?: boolean
  /** For 'proxy': it asks for a password. */
  proxyAuthentication?: boolean
}>

export type HttpReport = Readonly<{
  /** How far the call got. Up to and including `connected`, not one byte of the request reached the vendor. */
  stage: CallStage
  startedAt: Timestamp
  endedAt: Timestamp
  answer: Readonly<{
    status: number
    headers: Readonly<Record<string, string>>
    body: string
    cut: boolean
  }> | null
  trouble: HttpTrouble | null
}>

/**
 * One transmission on a connection of its own: no retry, no redirect, no cookie, no cache. Never rejects. `mayLeave` is
 * asked once there is a connection, right before the first byte: where it says no, nothing of the call leaves, and the
 * report's stage is `connected`.
 */
export interface Http {
  readonly send: (
    call: HttpCall,
    onStage?: (stage: CallStage) => void,
    mayLeave?: () => Promise<boolean>,
  ) => Promise<HttpReport>
}

/** What became of a file that was to be fetched. Nothing of its address is in it. */
export type DownloadReport =
  | Readonly<{ kind: 'saved'; bytes: number; sha256: string }>
  /** The host answered with another status than 200. */
  | Readonly<{ kind: 'refused'; httpStatus: number }>
  /** It sent on to another host or scheme, which is not followed. */
  | Readonly<{ kind: 'led elsewhere' }>
  | Readonly<{ kind: 'trouble'; words: string }>
  /** The disk did not take it; `code` as the operating system names it. */
  | Readonly<{ kind: 'disk'; code: string }>
  | Readonly<{ kind: 'cancelled' }>

/** Fetches files to disk. Never rejects; where it does not save, nothing of the file is left. */
export interface Downloads {
  /** `url`: checked before; `file`: absolute, overwritten once the new one is whole. `total` is null where nobody says. */
  readonly save: (
    input: Readonly<{
      url: string
      file: string
      signal: AbortSignal
      onProgress: (bytes: number, total: number | null) => void
    }>,
  ) => Promise<DownloadReport>
}

import type { LedgerCall } from '../ledger.ts'

/** A deletion or a retrieval, as the vendor's paths tell them apart. */
export type TaskKind = 'deletion' | 'retrieval'

/** A path of the vendor, and whether it takes the method. */
export type Route =
  | { readonly call: Extract<LedgerCall, 'erase' | 'retrieve'>; readonly kind: TaskKind; readonly allowed: boolean }
  | {
      readonly call: Extract<LedgerCall, 'status' | 'cancel' | 'retrieval-status'>
      readonly kind: TaskKind
      readonly trackingId: string
      readonly allowed: boolean
    }
  | { readonly call: 'download'; readonly trackingId: string; readonly allowed: boolean }

const base = '/api/app/'
const filesBase = '/mixpanel-exports/'
const taskPath = /^\/api\/app\/data-(deletion|retrieval)s\/v3\.0(?:\/([^/]+))?\/?$/
const filePath = /^\/mixpanel-exports\/([^/]+)\.zip$/

/** Whether a path is one that Mixpanel answers for, known or not. */
export function isMixpanelPath(pathname: string): boolean {
  return pathname.startsWith(base) || pathname.startsWith(filesBase)
}

/** Where a retrieval's file is, without its signature. */
export function fileOf(trackingId: string): string {
  return `${filesBase}${encodeURIComponent(trackingId)}.zip`
}

/** The route of a call; null for a path the simulator does not have. */
export function routeOf(method: string, pathname: string): Route | null {
  const file = filePath.exec(pathname)?.[1]
  if (file !== undefined) return { call: 'download', trackingId: decodeSegment(file), allowed: method === 'GET' }
  const [, name, segment] = taskPath.exec(pathname) ?? []
  if (name === undefined) return null
  const kind: TaskKind = name === 'deletion' ? 'deletion' : 'retrieval'
  if (segment === undefined)
    return { call: kind === 'deletion' ? 'erase' : 'retrieve', kind, allowed: method === 'POST' }
  const trackingId = decodeSegment(segment)
  if (kind === 'retrieval') return { call: 'retrieval-status', kind, trackingId, allowed: method === 'GET' }
  if (method === 'DELETE') return { call: 'cancel', kind, trackingId, allowed: true }
  return { call: 'status', kind, trackingId, allowed: method === 'GET' }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

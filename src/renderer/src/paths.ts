/** Every address within the window, in one place; features link to each other through these alone. */
import type { CaseId, ConnectionId, RequestId } from '../../shared/model/ids.ts'

export const paths = {
  overview: () => '/',
  requests: () => '/requests',
  /** The requests that wait for a person. */
  waiting: () => '/requests/waiting',
  /** The requests that were begun and not sent. */
  drafts: () => '/requests/drafts',
  request: (id: RequestId) => `/requests/${id}`,
  /** The copies of its people's data, of a draft too. */
  copies: (id: RequestId) => `/requests/${id}/retrievals`,
  newRequest: () => '/drafts/new',
  draft: (id: RequestId) => `/drafts/${id}`,
  draftCopies: (id: RequestId) => `/drafts/${id}/retrievals`,
  cases: () => '/cases',
  case: (id: CaseId) => `/cases/${id}`,
  newCase: () => '/cases/new',
  connections: () => '/connections',
  newConnection: () => '/connections/new',
  connection: (id: ConnectionId) => `/connections/${id}`,
  editConnection: (id: ConnectionId) => `/connections/${id}/edit`,
  settings: () => '/settings',
} as const

/** The row id in an address, or null where it is not one. */
export function readId(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}

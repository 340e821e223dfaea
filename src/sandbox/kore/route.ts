import type { SandboxScope } from '../config.ts'

/** A public path of the vendor: the scope it needs, the one method it takes, and the request id where it has one. */
export type Route = {
  readonly call: SandboxScope
  readonly method: 'DELETE' | 'GET' | 'POST'
  readonly requestId: string | null
}

const base = '/api/public'
const statusPath = /^\/api\/public\/bot\/eraseUsersData\/status\/([^/]+)$/

/** The route of a path, whatever the method; null for a path the simulator does not have. */
export function routeOf(pathname: string): Route | null {
  if (pathname === `${base}/bot/eraseUsersData`) return { call: 'erase', method: 'DELETE', requestId: null }
  if (pathname === `${base}/bots`) return { call: 'bots', method: 'GET', requestId: null }
  if (pathname === `${base}/usersInfo`) return { call: 'users-info', method: 'POST', requestId: null }
  const requestId = statusPath.exec(pathname)?.[1]
  return requestId === undefined ? null : { call: 'status', method: 'GET', requestId: decodeSegment(requestId) }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

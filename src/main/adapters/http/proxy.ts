import type { HttpTrouble } from '../../core/ports.ts'
import type { Route } from './connect.ts'
import { proxyTrouble } from './trouble.ts'

/**
 * Reads the system's answer for a URL, `DIRECT` or `PROXY host:port; DIRECT` as PAC files write it. The first entry
 * that can be used counts; a list with SOCKS proxies alone cannot be used.
 */
export function parseProxy(list: string): Route | Readonly<{ trouble: HttpTrouble }> {
  const entries = list
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (entries.length === 0) return { kind: 'direct' }
  for (const entry of entries) {
    if (/^DIRECT$/i.test(entry)) return { kind: 'direct' }
    const match = /^(PROXY|HTTP|HTTPS)\s+(\[[0-9a-f:.]+\]|[^\s:]+):(\d{1,5})$/i.exec(entry)
    const [, kind = '', host = '', port = ''] = match ?? []
    if (match !== null)
      return {
        kind: 'proxy',
        secure: kind.toUpperCase() === 'HTTPS',
        host: host.startsWith('[') ? host.slice(1, -1) : host,
        port: Number(port),
      }
  }
  return { trouble: proxyTrouble('The system asks for a kind of proxy that cannot be used here (SOCKS).') }
}

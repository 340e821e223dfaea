import { succeed, type Result } from '../../../shared/failure.ts'
import { readOrigin } from '../common/origin.ts'

/** Hosts of Kore.ai that serve other products; no erase call is documented there. */
const otherProducts: Readonly<Record<string, string>> = {
  'agents.kore.ai': 'Agent Platform',
  'agent-platform.kore.ai': 'Agent Platform',
}

/** The other product of the vendor's that a host serves; null: none that is known. */
export function otherProductOf(origin: string): string | null {
  const host = URL.canParse(origin) ? new URL(origin).hostname : ''
  return Object.hasOwn(otherProducts, host) ? (otherProducts[host] ?? null) : null
}

/** Normalises what an operator typed: any https origin, since customers have hosts of their own; `readOrigin` has the rest. */
export function checkOrigin(typed: string): Result<Readonly<{ origin: string; warning: string | null }>> {
  const read = readOrigin(typed, 'https://platform.kore.ai')
  if (!read.ok) return read
  const url = read.value
  const product = otherProductOf(url.origin)
  const warning =
    product === null
      ? null
      : `${url.hostname} serves Kore.ai's ${product}, another product. The erase call is documented for https://platform.kore.ai and its regional hosts.`
  return succeed({ origin: url.origin, warning })
}

/** Links that the operator is being asked about: the window knows them by tokens, and they are gone after ten minutes. */
import type { RetrievalId } from '../../../shared/model/ids.ts'
import type { Clock, Random } from '../ports.ts'
import type { CheckedLink } from './link.ts'

const heldMilliseconds = 600_000

export type HeldLinks = Readonly<{
  give: (retrievalId: RetrievalId, link: CheckedLink) => string
  /** Null where it is none of this copy's, or its time is over. */
  find: (token: string, retrievalId: RetrievalId) => CheckedLink | null
}>

export function createHeldLinks(random: Random, clock: Clock): HeldLinks {
  const links = new Map<string, Readonly<{ retrievalId: RetrievalId; link: CheckedLink; until: number }>>()
  const forget = () => {
    for (const [token, { until }] of links) if (until <= clock.steady()) links.delete(token)
  }
  return {
    give: (retrievalId, link) => {
      forget()
      const token = random.uuid()
      links.set(token, { retrievalId, link, until: clock.steady() + heldMilliseconds })
      return token
    },
    find: (token, retrievalId) => {
      forget()
      const held = links.get(token)
      return held?.retrievalId === retrievalId ? held.link : null
    },
  }
}

/** How each state looks: one order, one colour, one icon, one class, everywhere. */
import {
  Ban,
  Check,
  Circle,
  CircleQuestionMark,
  CircleSlash,
  Clock,
  Pause,
  Send,
  TriangleAlert,
  Undo2,
  X,
  type LucideIcon,
} from 'lucide-react'
import type { IdentifierState, StateCounts } from '../../../shared/model/state.ts'

export type StateLook = Readonly<{ icon: LucideIcon; className: string; meaning: string }>

export const stateLooks: Readonly<Record<IdentifierState, StateLook>> = {
  erased: { icon: Check, className: 's-erased', meaning: 'The vendor says it is erased, and the basis is recorded.' },
  accepted: {
    icon: Clock,
    className: 's-accepted',
    meaning: 'The vendor took the call and is working on it. Accepted is not erased.',
  },
  sending: { icon: Send, className: 's-sending', meaning: 'The call that carries it is under way.' },
  queued: { icon: Circle, className: 's-queued', meaning: 'Waits for its turn; nothing has been sent.' },
  'outcome unknown': {
    icon: CircleQuestionMark,
    className: 's-unknown',
    meaning: 'The call was cut off, or its answer says neither yes nor no; it may or may not have taken effect.',
  },
  unconfirmed: {
    icon: TriangleAlert,
    className: 's-unconfirmed',
    meaning: 'The vendor has finished and does not name it.',
  },
  refused: { icon: Ban, className: 's-refused', meaning: 'The vendor rejected the call because of it.' },
  failed: { icon: X, className: 's-failed', meaning: 'The vendor says it could not be erased.' },
  held: { icon: Pause, className: 's-held', meaning: 'Kept back; a person decides.' },
  revoked: { icon: Undo2, className: 's-revoked', meaning: 'Cancelled at the vendor before it began.' },
  cancelled: { icon: CircleSlash, className: 's-cancelled', meaning: 'Taken back before it was sent.' },
}

/** The states that come and go while identifiers are being sent: their counts stay in their places, at zero too. */
export const movingStates: readonly IdentifierState[] = ['erased', 'accepted', 'sending', 'queued']

/** True while anything is unsent or with the vendor. */
export function isMoving({ counts }: { readonly counts: StateCounts }): boolean {
  return (counts.queued ?? 0) + (counts.sending ?? 0) + (counts.accepted ?? 0) > 0
}

/** Faults that meet call after call of one connection until its line stops: one rule, whatever the fault. */
import { answered, faults, pageOf, vendorSays, type Fault } from '../../support/faults.ts'
import type { Notice } from './outcomes.ts'

export type RepeatedCase = Readonly<{
  /** In an operator's words. */
  what: string
  call: 'erase' | 'status'
  faults: readonly Fault[]
  /** How the last of the calls ended, as the notice says it; where the operating system decides, there is more than one. */
  words: readonly string[]
  /** Whether the notice speaks of the time-out. */
  mayBeSlow: boolean
}>

const neither = ['was answered with {status}, which says neither yes nor no']
/** The operating system takes a small call whole, whatever the other side reads of it. */
const unanswered = ['was sent whole and got no answer', 'was cut off after its first byte']

/** In the order of the guide. */
export const repeatedCases: readonly RepeatedCase[] = [
  {
    what: 'No answer comes in time',
    call: 'erase',
    faults: [faults.silentBeforeAnswer],
    words: unanswered,
    mayBeSlow: true,
  },
  {
    what: 'The connection is cut before the answer',
    call: 'erase',
    faults: [faults.cutBeforeAnswer],
    words: unanswered,
    mayBeSlow: true,
  },
  {
    what: 'The connection is cut in the body of the answer',
    call: 'erase',
    faults: [faults.cutInBody],
    words: ['got an answer (200) that was cut off'],
    mayBeSlow: true,
  },
  {
    what: '500, 502, 503 or 504, in the vendor’s shape or with a web page',
    call: 'erase',
    faults: [vendorSays(500, 'Error'), pageOf(502, 'Error')],
    words: neither,
    mayBeSlow: false,
  },
  {
    what: '2xx without a request id',
    call: 'erase',
    faults: [answered(200, '{"status":"in-progress"}', '200 without a request id')],
    words: neither,
    mayBeSlow: false,
  },
  {
    what: 'A status call gets no answer in time, or is cut',
    call: 'status',
    faults: [faults.silentBeforeAnswer, faults.cutBeforeAnswer],
    words: unanswered,
    mayBeSlow: true,
  },
  {
    what: 'A status call is answered with a server error or a web page',
    call: 'status',
    faults: [vendorSays(500, 'Error'), pageOf(503, 'Error')],
    words: neither,
    mayBeSlow: false,
  },
]

/** The notice of the line that stops, after so many calls in a row; the last one ended as `words` say. */
export function repeatedNotice(one: RepeatedCase, inARow: number, words: string): Notice {
  const goingOn =
    one.call === 'erase'
      ? 'An erase call that ends so leaves its batch waiting for a decision, since it may have taken effect all the same; to go on would only make more of them.'
      : 'They asked about batches, which stay accepted; to go on would only spend the limits.'
  return {
    title: `${inARow} calls in a row got no yes or no from the vendor`,
    explanation: `They ended so over more than 30 s; the last one ${words}. ${goingOn}`,
    steps: [
      'See whether the vendor, or a proxy or firewall on the way, has an outage, and wait until it is over.',
      ...(one.mayBeSlow ? ['Where the vendor is only slow, raise the time-out in the connection’s settings.'] : []),
      'Then resume the connection here: one call is tried first, and the queue goes on once one has gone through.',
    ],
  }
}

import type { RefusalName } from './config.ts'
import { createFinder } from './recognisable.ts'

/** How an identifier is named in the status answer: by the id that was sent, by a `u-…` id, or by somebody else's. */
export type NamedAs = 'itself' | 'u-id' | 'stranger'

/** How the simulator breaks an answer. */
export type Fault =
  | { readonly answer: 'cut' | 'cut-mid-body' | 'silence' | 'html' | 'redirect' | 'no-request-id' }
  | { readonly answer: 'error'; readonly status: 500 | 502 | 503 }

/** What a recognisable id changes. */
export type Effect =
  | { readonly at: 'erase'; readonly does: 'refuse'; readonly refusal: RefusalName }
  | { readonly at: 'erase'; readonly does: 'fault'; readonly recorded: boolean; readonly fault: Fault }
  | { readonly at: 'erase'; readonly does: 'slow' }
  | {
      readonly at: 'naming'
      readonly names: readonly { readonly as: NamedAs; readonly status: string }[]
      readonly late?: true
    }
  | { readonly at: 'status'; readonly does: 'fault'; readonly fault: Fault }
  | { readonly at: 'status'; readonly does: 'slow' | 'vanish' }
  | { readonly at: 'look-up'; readonly does: 'fault'; readonly fault: Fault }
  | { readonly at: 'look-up'; readonly does: 'slow' | 'not-found' }

/** One recognisable id: `sandbox-<name>` anywhere inside an email, a `u-…` id or a channel user id asks for it. */
export type Behaviour = { readonly name: string; readonly what: string; readonly effect: Effect }

const refuse = (name: string, refusal: RefusalName, what: string): Behaviour => ({
  name,
  what: `The whole call is rejected: ${what}. The answer does not say which id is meant.`,
  effect: { at: 'erase', does: 'refuse', refusal },
})

const fault = (name: string, recorded: boolean, how: Fault, what: string): Behaviour => ({
  name,
  what: `${what} The call ${recorded ? 'took effect' : 'had no effect'}.`,
  effect: { at: 'erase', does: 'fault', recorded, fault: how },
})

const named = (name: string, status: string, what: string): Behaviour => ({
  name,
  what,
  effect: { at: 'naming', names: [{ as: 'itself', status }] },
})

const statusFault = (name: string, how: Fault, what: string): Behaviour => ({
  name,
  what,
  effect: { at: 'status', does: 'fault', fault: how },
})

/**
 * Every recognisable id, in the order in which they win over one another within a call. The guide's table is held
 * against this one by a test. A fault strikes as often as `faults.times` says for each identifier; all else is lasting.
 */
export const behaviours: readonly Behaviour[] = [
  refuse('account-owner-rejected', 'accountOwner', 'the user owns an account'),
  refuse('account-member-rejected', 'accountMember', 'the user belongs to an account'),
  refuse('bot-owner-rejected', 'botOwner', 'the user owns a bot'),
  refuse('co-developer-rejected', 'coDeveloper', 'the user is co-developer of a bot'),
  refuse('invalid-rejected', 'invalidArguments', 'an argument is invalid (412)'),

  fault('cut-before-recorded', false, { answer: 'cut' }, 'The connection is cut without an answer.'),
  fault('cut-after-recorded', true, { answer: 'cut' }, 'The connection is cut without an answer.'),
  fault('cut-mid-body', true, { answer: 'cut-mid-body' }, 'The connection is cut in the middle of the answer.'),
  fault('no-answer', true, { answer: 'silence' }, 'No answer ever comes; the connection stays open.'),
  fault('500-before', false, { answer: 'error', status: 500 }, 'Answered with 500.'),
  fault('500-after', true, { answer: 'error', status: 500 }, 'Answered with 500.'),
  fault('502-before', false, { answer: 'error', status: 502 }, 'Answered with 502 by a proxy, as HTML.'),
  fault('502-after', true, { answer: 'error', status: 502 }, 'Answered with 502 by a proxy, as HTML.'),
  fault('503-before', false, { answer: 'error', status: 503 }, 'Answered with 503 by a proxy, as HTML.'),
  fault('503-after', true, { answer: 'error', status: 503 }, 'Answered with 503 by a proxy, as HTML.'),
  fault('html-before', false, { answer: 'html' }, 'Answered with 200 and an HTML page.'),
  fault('html-after', true, { answer: 'html' }, 'Answered with 200 and an HTML page.'),
  fault('no-request-id', true, { answer: 'no-request-id' }, 'Answered with 200 and no request id.'),
  fault('redirect', false, { answer: 'redirect' }, 'Answered with a redirect (302) to another path of the sandbox.'),
  { name: 'slow', what: 'The call takes effect; the answer comes late.', effect: { at: 'erase', does: 'slow' } },

  named('account-owner-failed', 'FAILED', 'Account owner: `FAILED` for this id alone.'),
  named('account-member-failed', 'FAILED', 'Member of an account: `FAILED` for this id alone.'),
  named('bot-owner-failed', 'FAILED', 'Bot owner: `FAILED` for this id alone.'),
  named('co-developer-failed', 'FAILED', 'Co-developer of a bot: `FAILED` for this id alone.'),
  named('failed', 'FAILED', '`FAILED` for this id.'),
  named('failed-lower-case', 'failed', '`failed` for this id, in lower case.'),
  named('failure', 'FAILURE', '`FAILURE` for this id.'),
  named('error', 'ERROR', '`ERROR` for this id.'),
  named('rejected', 'REJECTED', '`REJECTED` for this id.'),
  named('on-hold', 'ON_HOLD', 'A status value nobody documents: `ON_HOLD`, for ever.'),
  {
    name: 'unknown-user',
    what: 'A user the vendor does not know: never named in the answer.',
    effect: { at: 'naming', names: [] },
  },
  {
    name: 'renamed',
    what: 'Erased, and named by a `u-…` id instead of the id that was sent.',
    effect: { at: 'naming', names: [{ as: 'u-id', status: 'SUCCESS' }] },
  },
  {
    name: 'named-twice',
    what: 'Named twice: `SUCCESS` and `FAILED`.',
    effect: {
      at: 'naming',
      names: [
        { as: 'itself', status: 'SUCCESS' },
        { as: 'itself', status: 'FAILED' },
      ],
    },
  },
  {
    name: 'strangers',
    what: 'Erased; the answer also names an id that nobody submitted.',
    effect: {
      at: 'naming',
      names: [
        { as: 'itself', status: 'SUCCESS' },
        { as: 'stranger', status: 'SUCCESS' },
      ],
    },
  },
  {
    name: 'late',
    what: 'Erased, and named only long after all others, when the answer has been quiet for a while.',
    effect: { at: 'naming', names: [{ as: 'itself', status: 'SUCCESS' }], late: true },
  },

  statusFault('status-cut', { answer: 'cut' }, 'The status call is cut without an answer.'),
  statusFault('status-cut-mid-body', { answer: 'cut-mid-body' }, 'The status call is cut in the middle of the answer.'),
  statusFault('status-500', { answer: 'error', status: 500 }, 'The status call is answered with 500.'),
  statusFault('status-503', { answer: 'error', status: 503 }, 'The status call is answered with 503, as HTML.'),
  statusFault('status-html', { answer: 'html' }, 'The status call is answered with 200 and an HTML page.'),
  {
    name: 'status-slow',
    what: 'Every answer to the status call comes late.',
    effect: { at: 'status', does: 'slow' },
  },
  {
    name: 'vanished',
    what: 'The vendor forgets the request id at the moment it would have been finished.',
    effect: { at: 'status', does: 'vanish' },
  },

  {
    name: 'look-up-cut',
    what: 'The look-up is cut without an answer.',
    effect: { at: 'look-up', does: 'fault', fault: { answer: 'cut' } },
  },
  {
    name: 'look-up-500',
    what: 'The look-up is answered with 500.',
    effect: { at: 'look-up', does: 'fault', fault: { answer: 'error', status: 500 } },
  },
  { name: 'look-up-slow', what: 'The look-up is answered late.', effect: { at: 'look-up', does: 'slow' } },
  {
    name: 'look-up-not-found',
    what: 'The look-up finds no user with this email.',
    effect: { at: 'look-up', does: 'not-found' },
  },
]

/**
 * The behaviours an id asks for, in the table's order, in any letter case.
 *
 * @example findBehaviours('u-sandbox-slow-0007').map(({ name }) => name) // ['slow']
 */
export const findBehaviours = createFinder(behaviours)

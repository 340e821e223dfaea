import { createFinder } from '../recognisable.ts'
import type { LinkPlace } from './config.ts'

/** How the simulator breaks an answer. */
export type Fault =
  | { readonly answer: 'cut' | 'cut-mid-body' | 'silence' | 'html' | 'redirect' | 'no-task-id' }
  | { readonly answer: 'error'; readonly status: 500 | 502 | 503 }

/** How a task ends, unless its caller cancels it. */
export type Ending = 'SUCCESS' | 'FAILURE' | 'REVOKED' | 'NOT_FOUND'

/** What a recognisable id changes: a call that creates a task, the task itself, the calls about it, or its link. */
type Effect =
  | { readonly at: 'create'; readonly does: 'refuse' }
  | { readonly at: 'create'; readonly does: 'slow' }
  | { readonly at: 'create'; readonly does: 'conflict'; readonly ends: 'SUCCESS' | 'REVOKED' }
  | { readonly at: 'create'; readonly does: 'fault'; readonly recorded: boolean; readonly fault: Fault }
  | { readonly at: 'task'; readonly does: 'end'; readonly as: Ending; readonly lasting: boolean }
  | { readonly at: 'task'; readonly does: 'hide' }
  | { readonly at: 'task'; readonly does: 'leave-out' }
  | { readonly at: 'task'; readonly does: 'add-stranger' }
  | { readonly at: 'status'; readonly does: 'slow' }
  | { readonly at: 'status'; readonly does: 'fault'; readonly fault: Fault }
  | { readonly at: 'cancel'; readonly does: 'fault'; readonly recorded: boolean; readonly fault: Fault }
  | { readonly at: 'link'; readonly does: 'place'; readonly place: LinkPlace }
  | { readonly at: 'link'; readonly does: 'expire' }

/** One recognisable id: `sandbox-<name>` anywhere inside a distinct id asks for it. */
export type MixpanelBehaviour = { readonly name: string; readonly what: string; readonly effect: Effect }

type BehaviourAt<At extends Effect['at'], Does extends string> = MixpanelBehaviour & {
  readonly effect: Extract<Effect, { readonly at: At; readonly does: Does }>
}

const conflict = (name: string, ends: 'SUCCESS' | 'REVOKED', what: string): MixpanelBehaviour => ({
  name,
  what: `Somebody else's running task has this id: the whole call is refused (409). That task ends ${what}.`,
  effect: { at: 'create', does: 'conflict', ends },
})

const fault = (name: string, recorded: boolean, how: Fault, what: string): MixpanelBehaviour => ({
  name,
  what: `${what} The task was ${recorded ? '' : 'not '}created.`,
  effect: { at: 'create', does: 'fault', recorded, fault: how },
})

const ending = (name: string, as: Ending, lasting: boolean, what: string): MixpanelBehaviour => ({
  name,
  what,
  effect: { at: 'task', does: 'end', as, lasting },
})

const statusFault = (name: string, how: Fault, what: string): MixpanelBehaviour => ({
  name,
  what,
  effect: { at: 'status', does: 'fault', fault: how },
})

const cancelFault = (name: string, recorded: boolean, how: Fault, what: string): MixpanelBehaviour => ({
  name,
  what: `${what} The task was ${recorded ? '' : 'not '}cancelled.`,
  effect: { at: 'cancel', does: 'fault', recorded, fault: how },
})

const linkAt = (name: string, place: LinkPlace): MixpanelBehaviour => ({
  name,
  what: `The link of a retrieval stands in \`${place === 'destination_url' ? place : `results.${place}`}\`.`,
  effect: { at: 'link', does: 'place', place },
})

/**
 * Every recognisable id, in the order in which they win over one another within a call. The guide's table is held
 * against this one by a test. A fault strikes as often as `faults.times` says for each id or task; all else is lasting
 * where it does not say otherwise.
 */
export const mixpanelBehaviours: readonly MixpanelBehaviour[] = [
  {
    name: 'invalid-rejected',
    what: 'The whole call is rejected (400). The answer does not say which id is meant.',
    effect: { at: 'create', does: 'refuse' },
  },
  conflict('in-running-task', 'SUCCESS', 'with `SUCCESS`'),
  conflict('in-running-task-revoked', 'REVOKED', 'with `REVOKED`, and nobody in it is erased'),

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
  fault('no-task-id', true, { answer: 'no-task-id' }, 'Answered with 201 and no id of a task.'),
  fault('redirect', false, { answer: 'redirect' }, 'Answered with a redirect (302) to another path of the sandbox.'),
  {
    name: 'slow',
    what: 'The task was created; the answer comes late.',
    effect: { at: 'create', does: 'slow' },
  },

  ending('failure', 'FAILURE', true, 'The task ends with `FAILURE`, and so does every new one with this id.'),
  ending('failure-once', 'FAILURE', false, 'The task ends with `FAILURE`; a new one with this id succeeds.'),
  ending('not-found', 'NOT_FOUND', true, 'The task is `NOT_FOUND` from the moment it would have ended.'),
  ending('revoked', 'REVOKED', true, 'Somebody else revokes the task just before it starts.'),
  {
    name: 'unknown',
    what: 'The look-up of the task fails for a while: `UNKNOWN`.',
    effect: { at: 'task', does: 'hide' },
  },
  {
    name: 'left-out',
    what: 'The task goes on without this id, and its status does not name it.',
    effect: { at: 'task', does: 'leave-out' },
  },
  {
    name: 'strangers',
    what: 'The status of the task names an id that nobody submitted.',
    effect: { at: 'task', does: 'add-stranger' },
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

  cancelFault('cancel-cut-before', false, { answer: 'cut' }, 'The call that cancels is cut without an answer.'),
  cancelFault('cancel-cut-after', true, { answer: 'cut' }, 'The call that cancels is cut without an answer.'),
  cancelFault('cancel-500-before', false, { answer: 'error', status: 500 }, 'The call that cancels gets a 500.'),
  cancelFault('cancel-500-after', true, { answer: 'error', status: 500 }, 'The call that cancels gets a 500.'),

  linkAt('link-in-results', 'results'),
  linkAt('link-in-result', 'result'),
  linkAt('link-in-destination-url', 'destination_url'),
  {
    name: 'link-expired',
    what: 'The link of a retrieval has expired when it is given.',
    effect: { at: 'link', does: 'expire' },
  },
]

/** The behaviours a distinct id asks for, in the table's order, in any letter case. */
export const findMixpanelBehaviours = createFinder(mixpanelBehaviours)

/** The behaviours that any of the ids asks for, each once, in the table's order. */
export function behavioursAmong(distinctIds: readonly string[]): readonly MixpanelBehaviour[] {
  const asked = new Set(distinctIds.flatMap(findMixpanelBehaviours))
  return mixpanelBehaviours.filter((behaviour) => asked.has(behaviour))
}

/** Those whose effect is of this kind. */
export function having<At extends Effect['at'], Does extends Extract<Effect, { readonly at: At }>['does']>(
  behaviours: readonly MixpanelBehaviour[],
  at: At,
  does: Does,
): readonly BehaviourAt<At, Does>[] {
  return behaviours.filter(
    (behaviour): behaviour is BehaviourAt<At, Does> => behaviour.effect.at === at && behaviour.effect.does === does,
  )
}

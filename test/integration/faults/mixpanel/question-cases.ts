/** What may be answered to a call that asks Mixpanel about a task, whichever it is of: a deletion, or a copy. */
import type { CallStage } from '../../../../src/shared/model/request.ts'
import { answered, bare, page, pageOf, redirect } from '../../../support/faults.ts'
import { interrupted } from '../common-cases.ts'
import type { CallCase } from '../outcomes.ts'
import { mixpanelSays, rateText, taskSays } from './answers.ts'
import { notices } from './notices.ts'

const whole: readonly CallStage[] = ['body']

/** The outcomes of such a call by name. */
type Names<Name extends string> = Readonly<{
  notSent: Name
  noAnswer: Name
  limited: Name
  lineStopped: Name
  /** The vendor does not know the task. */
  unknown: Name
  /** It says so a second time. */
  vanished: Name
}>

/** Everything but an answer that can be used. */
export function questionCases<Name extends string>(names: Names<Name>): readonly CallCase<Name>[] {
  return [
    ...interrupted(names),
    {
      what: '2xx that holds no status: nothing, invalid JSON, JSON of another shape',
      faults: [
        bare(204),
        answered(200, '{"status":"ok","results":{"status":"SUC', '200 with half JSON'),
        answered(200, '{"tasks":["SUCCESS"]}', '200 with JSON of another shape'),
        taskSays({ tracking_id: '7a0f' }, '200 without a status'),
      ],
      outcome: names.noAnswer,
      stages: whole,
      says: 'Answered {status}, but not with a status.',
    },
    {
      what: 'UNKNOWN: the vendor could not look the task up',
      faults: [taskSays({ status: 'UNKNOWN' }, 'UNKNOWN')],
      outcome: names.noAnswer,
      stages: whole,
      says: 'The vendor could not look the task up (UNKNOWN).',
    },
    {
      what: '500, 502, 503 or 504, with words or a web page',
      faults: [mixpanelSays(500, 'Error'), pageOf(502, 'Error'), pageOf(503, 'Error')],
      outcome: names.noAnswer,
      stages: whole,
      says: [
        'Answered 500. “Error”',
        'Answered with a web page (502) instead of the vendor’s answer. “Error”',
        'Answered with a web page (503) instead of the vendor’s answer. “Error”',
      ],
    },
    {
      what: 'Any other status without a body (400, 404, 409, 410, 413, 504)',
      faults: [400, 404, 409, 410, 413, 504].map(bare),
      outcome: names.noAnswer,
      stages: whole,
      says: 'Answered {status} without a body.',
    },
    {
      what: 'A redirect: it is not followed',
      faults: [redirect(302)],
      outcome: names.noAnswer,
      stages: whole,
      says: 'Answered with a redirect (302), which is not followed.',
      todo: 'Sign in to the network.',
    },
    {
      what: '429 with a time to wait, or the vendor’s words for it under any status',
      faults: [
        answered(429, '', '429 without a body', { 'retry-after': '1' }),
        answered(503, rateText, 'the rate text under 503', { 'retry-after': '1' }),
      ],
      outcome: names.limited,
      stages: whole,
      says: [rateText, ''],
      hold: 1000,
    },
    {
      what: 'NOT_FOUND, or 404 or 410 in the vendor’s shape: the task is not known',
      faults: [
        taskSays({ status: 'NOT_FOUND' }, 'NOT_FOUND'),
        mixpanelSays(404, 'Not Found: no such task'),
        mixpanelSays(410, 'Not Found: no such task'),
      ],
      outcome: names.unknown,
      stages: whole,
      says: ['NOT_FOUND', 'Not Found: no such task ({status})'],
    },
    {
      what: 'The same twice',
      faults: [taskSays({ status: 'NOT_FOUND' }, 'NOT_FOUND')],
      times: 2,
      outcome: names.vanished,
      stages: whole,
      says: 'NOT_FOUND',
    },
    {
      what: '401 in the vendor’s shape: the token is not accepted',
      faults: [mixpanelSays(401, 'Unauthorized: a valid OAuth token is required')],
      outcome: names.lineStopped,
      stages: whole,
      says: 'Unauthorized: a valid OAuth token is required',
      notice: notices.token,
    },
    {
      what: '403 in the vendor’s shape: the token does not open the project',
      faults: [mixpanelSays(403, 'Forbidden: no access to this project')],
      outcome: names.lineStopped,
      stages: whole,
      says: 'Forbidden: no access to this project',
      notice: notices.project,
    },
    {
      what: '401 or 403 with a web page',
      faults: [pageOf(401, 'Sign in'), pageOf(403, 'Sign in')],
      outcome: names.lineStopped,
      stages: whole,
      says: 'Sign in',
      notice: notices.page,
    },
    {
      what: '405, whoever wrote it',
      faults: [mixpanelSays(405, 'Method Not Allowed'), bare(405)],
      outcome: names.lineStopped,
      stages: whole,
      says: ['Method Not Allowed', ''],
      notice: notices.method,
    },
  ]
}

/** A web page under 200; what is written of it differs. */
export const pages = [pageOf(200, 'Sign in'), answered(200, page('Sign in'), '200 with a page typed as JSON')] as const

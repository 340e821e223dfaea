/** Every fault that may meet a call that takes a deletion back at Mixpanel, and what it comes to. */
import type { CallStage } from '../../../../src/shared/model/request.ts'
import { afterVendor, answered, bare, faults, pageOf, redirect } from '../../../support/faults.ts'
import { interrupted } from '../common-cases.ts'
import type { CallCase } from '../outcomes.ts'
import { mixpanelSays, rateText } from './answers.ts'
import { notices } from './notices.ts'
import type { CancelOutcomeName } from './outcomes.ts'

const whole: readonly CallStage[] = ['body']

/** In the order of the guide. */
export const cancelCases: readonly CallCase<CancelOutcomeName>[] = [
  // The vendor's yes is 204, which has no body that could be cut.
  ...interrupted<CancelOutcomeName>({ notSent: 'made again', noAnswer: 'in doubt' }).filter(
    ({ stages }) => !stages.includes('headers'),
  ),
  {
    what: '429, whoever wrote it, with a time to wait, or the vendor’s words for it under any status',
    faults: [
      answered(429, '', '429 without a body', { 'retry-after': '1' }),
      answered(503, rateText, 'the rate text under 503', { 'retry-after': '1' }),
    ],
    outcome: 'made after a pause',
    stages: whole,
    says: [rateText, ''],
    hold: 1000,
  },
  {
    what: '401 in the vendor’s shape: the token is not accepted',
    faults: [mixpanelSays(401, 'Unauthorized: a valid OAuth token is required')],
    outcome: 'line stopped',
    stages: whole,
    says: 'Unauthorized: a valid OAuth token is required',
    notice: notices.token,
  },
  {
    what: '403 in the vendor’s shape: the token does not open the project',
    faults: [mixpanelSays(403, 'Forbidden: no access to this project')],
    outcome: 'line stopped',
    stages: whole,
    says: 'Forbidden: no access to this project',
    notice: notices.project,
  },
  {
    what: '401 or 403 with a web page',
    faults: [pageOf(401, 'Sign in'), pageOf(403, 'Sign in')],
    outcome: 'line stopped',
    stages: whole,
    says: 'Sign in',
    notice: notices.page,
  },
  {
    what: '405 in the vendor’s shape, or without a body: the task has started',
    faults: [mixpanelSays(405, 'Method Not Allowed'), bare(405)],
    outcome: 'too late',
    stages: whole,
    says: ['Method Not Allowed', 'Too late to cancel: the task has started (405).'],
  },
  {
    what: '405 with a web page: something on the way lets no DELETE through',
    faults: [pageOf(405, 'Not allowed')],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered with a web page (405) instead of the vendor’s answer. “Not allowed”',
  },
  {
    what: '2xx other than 204 that does not say ok',
    faults: [bare(200), bare(202), answered(200, '{"results":{}}', '200 with JSON of another shape')],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered {status} without a word that it was cancelled.',
  },
  {
    what: '500, 502, 503 or 504, with words or a web page',
    faults: [
      mixpanelSays(500, 'Error'),
      afterVendor(mixpanelSays(500, 'Error')),
      pageOf(502, 'Error'),
      afterVendor(pageOf(503, 'Error')),
    ],
    outcome: 'in doubt',
    stages: whole,
    says: ['Answered 500. “Error”', 'Answered with a web page ({status}) instead of the vendor’s answer. “Error”'],
  },
  {
    what: 'Any other status without a body (400, 404, 409, 410, 504)',
    faults: [400, 404, 409, 410, 504].map(bare),
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered {status} without a body.',
  },
  {
    what: '404 in the vendor’s shape: it does not know the task',
    faults: [mixpanelSays(404, 'Not Found: no such task')],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered 404. “Not Found: no such task”',
  },
  {
    what: 'A web page under 200, or a redirect: it is not followed',
    faults: [pageOf(200, 'Sign in'), redirect(302)],
    outcome: 'in doubt',
    stages: whole,
    says: [
      'Answered with a web page (200) instead of the vendor’s answer. “Sign in”',
      'Answered with a redirect (302), which is not followed.',
    ],
    todo: 'Sign in to the network; then look at the batch.',
  },
  {
    what: 'The vendor’s yes (204), before the connection is cut too',
    faults: [faults.cutAfterAnswer, faults.typedAsText],
    outcome: 'taken back',
    stages: whole,
    says: null,
  },
]

/** Every fault that may meet the two calls about a copy of people's data: the one that asks for it, and those about it. */
import type { CallStage } from '../../../../src/shared/model/request.ts'
import { afterVendor, answered, bare, faults, pageOf, redirect } from '../../../support/faults.ts'
import { interrupted } from '../common-cases.ts'
import type { CallCase } from '../outcomes.ts'
import { conflictWith, mixpanelSays, rateText, taskSays } from './answers.ts'
import { notices } from './notices.ts'
import type { CopyOutcomeName, CopyStatusOutcomeName } from './outcomes.ts'
import { pages, questionCases } from './question-cases.ts'

const whole: readonly CallStage[] = ['body']

/** A call that asks for a copy, in the order of the guide. */
export const copyCases: readonly CallCase<CopyOutcomeName>[] = [
  ...interrupted<CopyOutcomeName>({ notSent: 'asked for again', noAnswer: 'in doubt' }),
  {
    what: '429, whoever wrote it, with a time to wait, or the vendor’s words for it under any status',
    faults: [
      answered(429, '', '429 without a body', { 'retry-after': '1' }),
      answered(503, rateText, 'the rate text under 503', { 'retry-after': '1' }),
    ],
    outcome: 'asked for after a pause',
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
    what: '404, whoever wrote it',
    faults: [mixpanelSays(404, 'Not Found'), bare(404)],
    outcome: 'line stopped',
    stages: whole,
    says: ['Not Found', ''],
    notice: notices.notFound,
  },
  {
    what: '400, 412 or 422 in the vendor’s shape, or 409 that names identifiers and tasks',
    faults: [
      ...[400, 412, 422].map((status) => mixpanelSays(status, 'Some distinct_ids are in conflict')),
      conflictWith(['somebody-else'], ['7a0f'], '409'),
    ],
    outcome: 'refused',
    stages: whole,
    says: 'Some distinct_ids are in conflict',
  },
  {
    what: '413, whoever wrote it',
    faults: [bare(413)],
    outcome: 'refused as too large',
    stages: whole,
    says: 'The call was too large for the vendor (413).',
  },
  {
    what: '2xx without a task id, with invalid JSON, or with JSON of another shape',
    faults: [
      bare(201),
      bare(204),
      taskSays({}, '201 without a task id', 201),
      afterVendor(answered(201, '{"status":"ok","results":[{"tracking_id":"7a', '201 with half JSON')),
    ],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered {status} without a task id.',
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
    what: 'Any other status without a body (400, 408, 409, 410, 504)',
    faults: [400, 408, 409, 410, 504].map(bare),
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered {status} without a body.',
  },
  {
    what: 'A web page of a captive portal or another product',
    faults: pages,
    outcome: 'in doubt, line stopped',
    stages: whole,
    says: 'Answered with a web page (200) instead of the vendor’s answer. “Sign in”',
    notice: notices.page,
  },
  {
    what: 'A redirect: it is not followed',
    faults: [redirect(302)],
    outcome: 'in doubt, line stopped',
    stages: whole,
    says: 'Answered with a redirect (302), which is not followed.',
    notice: notices.redirect,
  },
  {
    what: 'A task, under a wrong content type, or whole before the connection is cut',
    faults: [faults.typedAsPage, faults.cutAfterAnswer],
    outcome: 'accepted',
    stages: whole,
    says: 'PENDING',
  },
]

/** A call that asks about a copy, in the order of the guide. */
export const copyStatusCases: readonly CallCase<CopyStatusOutcomeName>[] = [
  ...questionCases<CopyStatusOutcomeName>({
    notSent: 'asked again, not sent',
    noAnswer: 'asked again',
    limited: 'asked after a pause',
    lineStopped: 'line stopped',
    unknown: 'asked once more',
    vanished: 'vanished',
  }),
  {
    what: 'A web page of a captive portal or another product',
    faults: pages,
    outcome: 'asked again',
    stages: whole,
    says: 'Answered 200, but not with a status.',
    todo: 'Sign in to the network.',
  },
  {
    what: 'An answer about another task, as a cache between may give it',
    faults: [taskSays({ tracking_id: 'another', status: 'SUCCESS' }, 'a status of another task')],
    outcome: 'asked again',
    stages: whole,
    says: 'The answer was about another task.',
  },
  {
    what: 'SUCCESS without a link',
    faults: [taskSays({ status: 'SUCCESS' }, 'SUCCESS without a link')],
    outcome: 'runs on',
    stages: whole,
    says: 'SUCCESS, without a link yet',
  },
  {
    what: 'FAILURE or REVOKED',
    faults: [taskSays({ status: 'FAILURE' }, 'FAILURE'), taskSays({ status: 'REVOKED' }, 'REVOKED')],
    outcome: 'failed',
    stages: whole,
    says: ['FAILURE', 'REVOKED'],
  },
  {
    what: 'A status under a wrong content type, or one that is whole before the connection is cut',
    faults: [faults.typedAsPage, faults.cutAfterAnswer],
    outcome: 'ready',
    stages: whole,
    says: 'SUCCESS',
  },
]

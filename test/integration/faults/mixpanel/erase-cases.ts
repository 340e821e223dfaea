/** What Mixpanel, or somebody in its place, may answer to a call that creates a deletion, and what it comes to: product rule 4. */
import type { CallStage } from '../../../../src/shared/model/request.ts'
import { afterVendor, answered, bare, faults, pageOf, type Fault } from '../../../support/faults.ts'
import { hugePage, strangers } from '../common-cases.ts'
import type { EraseCase } from '../outcomes.ts'
import { conflictWith, mixpanelError, mixpanelSays, rateText, taskSays } from './answers.ts'
import { notices } from './notices.ts'

const text = { 'content-type': 'text/plain' }
const whole: readonly CallStage[] = ['body']
/** The vendor's own answer, whole. */
const untouched: Fault = {
  name: 'the vendor’s own answer',
  kind: 'answer',
  reachesVendor: true,
  answer: { headers: {} },
  part: 'all',
  ends: 'close',
}

const certain: readonly EraseCase[] = [
  {
    what: '429 with a time to wait, whoever wrote it',
    faults: [answered(429, mixpanelError(rateText), '429 in the vendor’s shape', { 'retry-after': '1' })],
    outcome: 'sent after a pause',
    stages: whole,
    says: rateText,
    hold: 1000,
  },
  {
    what: '429 without a body, with a time to wait',
    faults: [answered(429, '', '429 without a body', { 'retry-after': '1' })],
    outcome: 'sent after a pause',
    stages: whole,
    says: null,
    hold: 1000,
  },
  {
    what: 'The vendor’s words for too many calls under another status (503), as text',
    faults: [answered(503, rateText, 'the rate text under 503', { ...text, 'retry-after': '2' })],
    outcome: 'sent after a pause',
    stages: whole,
    says: rateText,
    hold: 2000,
  },
  {
    what: '429 that does not say how long to wait',
    faults: [mixpanelSays(429, rateText), bare(429)],
    outcome: 'sent after a pause',
    stages: whole,
    says: [rateText, ''],
    hold: 60_000,
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
    what: '401, the token has expired',
    faults: [mixpanelSays(401, 'Unauthorized: the OAuth token has expired')],
    outcome: 'line stopped',
    stages: whole,
    says: 'Unauthorized: the OAuth token has expired',
    notice: notices.expired,
  },
  {
    what: '403 in the vendor’s shape, or words about the project: the token does not open it',
    faults: [mixpanelSays(403, 'Not today'), mixpanelSays(401, 'Forbidden: no access to this project')],
    outcome: 'line stopped',
    stages: whole,
    says: ['Not today', 'Forbidden: no access to this project'],
    notice: notices.project,
  },
  {
    what: 'Words about the token under 400',
    faults: [mixpanelSays(400, 'Invalid token')],
    outcome: 'line stopped',
    stages: whole,
    says: 'Invalid token',
    notice: notices.token,
  },
  {
    what: '401 or 403 without a body',
    faults: [bare(401), bare(403)],
    outcome: 'line stopped',
    stages: whole,
    says: null,
    notice: notices.notTheVendor,
  },
  {
    what: '401 or 403 with a web page, of any length',
    faults: [pageOf(401, 'Sign in'), pageOf(403, 'Sign in'), { ...hugePage(403), name: '403 with a page of 400 KB' }],
    outcome: 'line stopped',
    stages: whole,
    says: 'Sign in',
    notice: notices.page,
  },
  {
    what: '404, whoever wrote it',
    faults: [mixpanelSays(404, 'Not Found'), bare(404), pageOf(404, 'Not Found')],
    outcome: 'line stopped',
    stages: whole,
    says: ['Not Found', ''],
    notice: notices.notFound,
  },
  {
    what: '405, whoever wrote it: something on the way lets no POST through',
    faults: [mixpanelSays(405, 'Method Not Allowed'), bare(405), pageOf(405, 'Method Not Allowed')],
    outcome: 'line stopped',
    stages: whole,
    says: ['Method Not Allowed', ''],
    notice: notices.method,
  },
  {
    what: '409 that names identifiers of the call and the tasks that have them',
    faults: [untouched],
    inConflict: true,
    outcome: 'follows the running task',
    stages: whole,
    says: 'Some distinct_ids are already in a running deletion task',
  },
  {
    what: '409 that names nobody of the call, or no task',
    faults: [
      conflictWith(['somebody-else'], ['7a0f'], '409 that names somebody else'),
      conflictWith([], ['7a0f'], '409 that names nobody'),
      conflictWith(['somebody-else'], [], '409 without a task'),
    ],
    outcome: 'rejected as a whole',
    stages: whole,
    says: 'Some distinct_ids are in conflict',
  },
  {
    what: '400, 412 or 422 in the vendor’s shape',
    faults: [
      mixpanelSays(400, 'Bad Request: invalid distinct_id'),
      mixpanelSays(412, 'Bad Request: invalid distinct_id'),
      mixpanelSays(422, 'Bad Request: invalid distinct_id'),
      answered(
        400,
        mixpanelError({ message: 'Bad Request: invalid distinct_id' }),
        '400 whose error is an object, typed as a web page',
        { 'content-type': 'text/html' },
      ),
    ],
    outcome: 'rejected as a whole',
    stages: whole,
    says: 'Bad Request: invalid distinct_id',
  },
  {
    what: '400, 412 or 422 in the vendor’s shape, or 409 that names nobody of the call, to a call with one identifier',
    faults: [
      ...[400, 412, 422].map((status) => mixpanelSays(status, 'Some distinct_ids are in conflict')),
      conflictWith(['somebody-else'], ['7a0f'], '409 that names somebody else'),
    ],
    identifiers: 1,
    outcome: 'refused alone',
    stages: whole,
    says: 'Some distinct_ids are in conflict',
  },
  {
    what: '413, whoever wrote it, or the vendor’s words for too many identifiers under 400',
    faults: [
      mixpanelSays(413, 'Bad Request: too many distinct_ids'),
      mixpanelSays(400, 'Bad Request: too many distinct_ids'),
      bare(413),
    ],
    outcome: 'too large',
    stages: whole,
    says: ['Bad Request: too many distinct_ids', 'The call was too large for the vendor (413).'],
  },
  {
    what: '413 to a call with one identifier',
    faults: [bare(413)],
    identifiers: 1,
    outcome: 'too large alone',
    stages: whole,
    says: 'The call was too large for the vendor (413).',
  },
  {
    what: 'A task, under a wrong content type, byte by byte, or before the connection is cut',
    faults: [faults.typedAsPage, faults.typedAsText, faults.dripsToTheEnd, faults.cutAfterAnswer],
    outcome: 'accepted',
    stages: whole,
    says: 'PENDING',
  },
]

const doubtful: readonly EraseCase[] = [
  {
    what: '2xx without a task id, with invalid JSON, or with JSON of another shape',
    faults: [
      bare(200),
      bare(201),
      bare(204),
      taskSays({}, '201 without a task id', 201),
      afterVendor(answered(201, '{"status":"ok","results":[{"tracking_id":"7a', '201 with half JSON')),
      answered(202, '[1]', '202 with a list'),
    ],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered {status} without a task id.',
  },
  {
    what: '2xx with several tasks where one was asked for',
    faults: [taskSays([{ tracking_id: '7a0f' }, { tracking_id: '7a10' }], '201 with two tasks', 201)],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered 201 with several task ids where one was asked for: 7a0f, 7a10',
  },
  {
    what: '2xx with an error of the vendor’s',
    faults: [mixpanelSays(200, 'Try later')],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered 200 without a task id. “Try later”',
  },
  {
    what: 'An answer of more than 256 KB, even if it begins with a task id',
    faults: [
      answered(201, `{"status":"ok","results":{"task_id":"7a0f","more":"${'x'.repeat(400_000)}"}}`, '201 with 400 KB'),
    ],
    outcome: 'in doubt',
    stages: whole,
    says: 'The answer (201) was longer than Erasure Desk reads, and was cut off.',
  },
  {
    what: '409 in another shape: it names no identifiers',
    faults: [mixpanelSays(409, 'Conflict')],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered 409. “Conflict”',
  },
  {
    what: '400, 412 or 422 without the vendor’s body',
    faults: [400, 412, 422].map(bare),
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered {status} without a body.',
  },
  {
    what: '400, 412 or 422 with JSON of another shape',
    faults: [400, 412, 422].map((status) => answered(status, '{"errors":[]}', `${status} with JSON of another shape`)),
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered {status}, in a shape that the vendor does not document.',
  },
  {
    what: '500, 502, 503 or 504 in the vendor’s shape',
    faults: [
      afterVendor(mixpanelSays(500, 'Internal Server Error')),
      ...[502, 503, 504].map((status) => mixpanelSays(status, 'Internal Server Error')),
    ],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered {status}. “Internal Server Error”',
  },
  ...strangers(notices),
]

/** In the order of the guide. */
export const eraseCases: readonly Readonly<{ title: string; cases: readonly EraseCase[] }>[] = [
  { title: 'An answer that is certain', cases: certain },
  { title: 'A doubt', cases: doubtful },
]

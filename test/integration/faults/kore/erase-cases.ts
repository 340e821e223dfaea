/** What Kore.ai, or somebody in its place, may answer to an erase call, and what it comes to: product rule 4, as data. */
import type { CallStage } from '../../../../src/shared/model/request.ts'
import { afterVendor, answered, bare, faults, pageOf, vendorError, vendorSays } from '../../../support/faults.ts'
import { hugePage, strangers } from '../common-cases.ts'
import type { EraseCase } from '../outcomes.ts'
import { notices } from './notices.ts'

export const rateText = 'Rate limit for this API has been reached. Please try again after some time.'

const text = { 'content-type': 'text/plain' }
const whole: readonly CallStage[] = ['body']

const certain: readonly EraseCase[] = [
  {
    what: '429, whoever wrote it, with a time to wait',
    faults: [answered(429, vendorError(rateText, 429), '429 in the vendor’s shape', { 'retry-after': '1' })],
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
    what: 'The vendor’s words for too many calls under another status (503)',
    faults: [answered(503, rateText, 'the rate text under 503', { ...text, 'retry-after': '2' })],
    outcome: 'sent after a pause',
    stages: whole,
    says: rateText,
    hold: 2000,
  },
  {
    what: '429 that does not say how long to wait',
    faults: [vendorSays(429, rateText), bare(429)],
    outcome: 'sent after a pause',
    stages: whole,
    says: [rateText, ''],
    hold: 60_000,
  },
  {
    what: '401, the signature is not accepted',
    faults: [vendorSays(401, 'Invalid JWT token', 4002)],
    outcome: 'line stopped',
    stages: whole,
    says: 'Invalid JWT token (4002)',
    notice: notices.signature,
  },
  {
    what: '401, the client id is not known',
    faults: [vendorSays(401, 'Invalid SDK credentials', 4002)],
    outcome: 'line stopped',
    stages: whole,
    says: 'Invalid SDK credentials (4002)',
    notice: notices.clientId,
  },
  {
    what: '401, the app may not erase',
    faults: [vendorSays(401, 'Permission denied. Scope is incorrect!', 4002)],
    outcome: 'line stopped',
    stages: whole,
    says: 'Permission denied. Scope is incorrect! (4002)',
    notice: notices.scope,
  },
  {
    what: '401, the token was used before: a copy of this very call arrived first',
    faults: [vendorSays(401, 'error verifying the jwt: possibly a replay')],
    outcome: 'in doubt, line stopped',
    stages: whole,
    says: 'error verifying the jwt: possibly a replay (401)',
    notice: notices.replay,
  },
  {
    what: '401 or 403 in the vendor’s shape, in words that are not known',
    faults: [vendorSays(401, 'Not today'), vendorSays(403, 'Not today')],
    outcome: 'line stopped',
    stages: whole,
    says: 'Not today ({status})',
    notice: notices.refused,
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
    faults: [vendorSays(404, 'Sign in', 1), bare(404), pageOf(404, 'Sign in')],
    outcome: 'line stopped',
    stages: whole,
    says: ['Sign in', 'Sign in (1)', ''],
    notice: notices.notFound,
  },
  {
    what: '405, whoever wrote it: something on the way lets no DELETE through',
    faults: [vendorSays(405, 'Method Not Allowed'), bare(405), pageOf(405, 'Method Not Allowed')],
    outcome: 'line stopped',
    stages: whole,
    says: ['Method Not Allowed', 'Method Not Allowed (405)', ''],
    notice: notices.method,
  },
  {
    what: '400, 412 or 422 in the vendor’s shape',
    faults: [
      vendorSays(400, 'Bad Request'),
      vendorSays(412, 'Validation errors/ Invalid arguments'),
      vendorSays(422, 'Unprocessable'),
      answered(400, vendorError('Bad Request', 400), '400 in the vendor’s shape, typed as a web page', {
        'content-type': 'text/html',
      }),
    ],
    outcome: 'rejected as a whole',
    stages: whole,
    says: ['Bad Request (400)', 'Validation errors/ Invalid arguments (412)', 'Unprocessable (422)'],
  },
  {
    what: '400, 412 or 422 in the vendor’s shape, to a call with one identifier',
    faults: [vendorSays(400, 'Bad Request'), vendorSays(412, 'Bad Request'), vendorSays(422, 'Bad Request')],
    identifiers: 1,
    outcome: 'refused alone',
    stages: whole,
    says: 'Bad Request ({status})',
  },
  {
    what: '413, whoever wrote it',
    faults: [vendorSays(413, 'request entity too large'), bare(413), pageOf(413, 'request entity too large')],
    outcome: 'too large',
    stages: whole,
    says: [
      'request entity too large (413)',
      'request entity too large',
      'The call was too large for the vendor (413).',
    ],
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
    what: 'An answer in the vendor’s shape under a wrong content type',
    faults: [faults.typedAsPage, faults.typedAsText],
    outcome: 'accepted',
    stages: whole,
    says: 'in-progress',
  },
  {
    what: 'An answer that drips in byte by byte, and comes to its end in time',
    faults: [faults.dripsToTheEnd],
    outcome: 'accepted',
    stages: whole,
    says: 'in-progress',
  },
  {
    what: 'The connection is cut right after the whole answer',
    faults: [faults.cutAfterAnswer],
    outcome: 'accepted',
    stages: whole,
    says: 'in-progress',
  },
]

const doubtful: readonly EraseCase[] = [
  {
    what: '2xx without a request id, with invalid JSON, or with JSON of another shape',
    faults: [
      bare(200),
      bare(201),
      bare(204),
      answered(200, '{"status":"in-progress"}', '200 without a request id'),
      afterVendor(answered(200, '{"requestId":"eud-1","sta', '200 with half JSON')),
      answered(202, '[1]', '202 with a list'),
    ],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered {status} without a request id.',
  },
  {
    what: '2xx with an error of the vendor’s',
    faults: [vendorSays(200, 'Try later', 1)],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered 200 without a request id. “Try later (1)”',
  },
  {
    what: 'An answer of more than 256 KB, even if it begins with a request id',
    faults: [answered(200, `{"requestId":"eud-1","more":"${'x'.repeat(400_000)}"}`, '200 with 400 KB')],
    outcome: 'in doubt',
    stages: whole,
    says: 'The answer (200) was longer than Erasure Desk reads, and was cut off.',
  },
  {
    what: '400, 412 or 422 without the vendor’s body',
    faults: [bare(400), bare(412), bare(422)],
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
    faults: [afterVendor(vendorSays(500, 'Error')), ...[502, 503, 504].map((status) => vendorSays(status, 'Error'))],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered {status}. “Error ({status})”',
  },
  ...strangers(notices),
]

/** In the order of the guide. */
export const eraseCases: readonly Readonly<{ title: string; cases: readonly EraseCase[] }>[] = [
  { title: 'An answer that is certain', cases: certain },
  { title: 'A doubt', cases: doubtful },
]

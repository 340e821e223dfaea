/** Every fault that may meet a status call, and what it comes to. No doubt is left by one: it is asked again. */
import type { CallStage } from '../../../../src/shared/model/request.ts'
import { answered, bare, faults, page, pageOf, redirect, vendorError, vendorSays } from '../../../support/faults.ts'
import { interrupted } from '../common-cases.ts'
import { rateText } from './erase-cases.ts'
import { notices } from './notices.ts'
import type { CallCase, StatusOutcomeName } from '../outcomes.ts'

const whole: readonly CallStage[] = ['body']

/** In the order of the guide. */
export const statusCases: readonly CallCase<StatusOutcomeName>[] = [
  ...interrupted({ notSent: 'asked again, not sent', noAnswer: 'asked again' }),
  {
    what: '2xx that holds no status: nothing, invalid JSON, JSON of another shape',
    faults: [
      bare(204),
      answered(200, '{"response":[{"userId":"somebody@exam', '200 with half JSON'),
      answered(200, '{"users":["somebody@example.org"]}', '200 with JSON of another shape'),
    ],
    outcome: 'asked again',
    stages: whole,
    says: 'Answered {status}, but not with a status.',
  },
  {
    what: 'An answer about another request, as a cache between may give it',
    faults: [answered(200, '{"_id":"eud-another","response":[]}', 'a status of another request')],
    outcome: 'asked again',
    stages: whole,
    says: 'The answer was about another request.',
  },
  {
    what: 'A web page of a captive portal or another product',
    faults: [pageOf(200, 'Sign in'), answered(200, page('Sign in'), '200 with a page typed as JSON')],
    outcome: 'asked again',
    stages: whole,
    says: 'Answered with a web page (200) instead of the vendor’s answer. “Sign in”',
    todo: 'Sign in to the network.',
  },
  {
    what: 'A redirect: it is not followed',
    faults: [redirect(302)],
    outcome: 'asked again',
    stages: whole,
    says: 'Answered with a redirect (302), which is not followed.',
    todo: 'Sign in to the network.',
  },
  {
    what: 'An answer of more than 16 MB',
    faults: [answered(200, `{"_id":"${'x'.repeat(16_800_000)}"}`, '200 with 16.8 MB')],
    outcome: 'asked again',
    stages: whole,
    says: 'The answer (200) was longer than Erasure Desk reads, and was cut off.',
  },
  {
    what: '500, 502, 503 or 504, with words or a web page',
    faults: [vendorSays(500, 'Error'), pageOf(502, 'Error'), pageOf(503, 'Error')],
    outcome: 'asked again',
    stages: whole,
    says: [
      'Answered 500. “Error (500)”',
      'Answered with a web page (502) instead of the vendor’s answer. “Error”',
      'Answered with a web page (503) instead of the vendor’s answer. “Error”',
    ],
  },
  {
    what: 'Any other status without a body (400, 404, 409, 410, 413, 504)',
    faults: [400, 404, 409, 410, 413, 504].map(bare),
    outcome: 'asked again',
    stages: whole,
    says: 'Answered {status} without a body.',
  },
  {
    what: '429 with a time to wait, or the vendor’s words for it under any status',
    faults: [
      answered(429, '', '429 without a body', { 'retry-after': '1' }),
      answered(503, rateText, 'the rate text under 503', { 'retry-after': '1' }),
    ],
    outcome: 'asked after a pause',
    stages: whole,
    says: [rateText, ''],
    hold: 1000,
  },
  {
    what: '404, 410 or a rejection in the vendor’s shape: the request id is not known',
    faults: [
      vendorSays(404, 'Invalid request id'),
      vendorSays(410, 'Invalid request id'),
      vendorSays(400, 'Invalid request id'),
    ],
    outcome: 'asked once more',
    stages: whole,
    says: 'Invalid request id ({status})',
  },
  {
    what: 'The same twice',
    faults: [vendorSays(404, 'Invalid request id')],
    times: 2,
    outcome: 'vanished',
    stages: whole,
    says: 'Invalid request id (404)',
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
    what: '401 or 403 with a web page',
    faults: [pageOf(401, 'Sign in'), pageOf(403, 'Sign in')],
    outcome: 'line stopped',
    stages: whole,
    says: 'Sign in',
    notice: notices.page,
  },
  {
    what: '405, whoever wrote it',
    faults: [answered(405, vendorError('Method Not Allowed', 405), '405'), bare(405)],
    outcome: 'line stopped',
    stages: whole,
    says: ['Method Not Allowed (405)', ''],
    notice: notices.method,
  },
  {
    what: 'A status under a wrong content type, or one that is whole before the connection is cut',
    faults: [faults.typedAsPage, faults.cutAfterAnswer],
    outcome: 'answered',
    stages: whole,
    says: null,
  },
]

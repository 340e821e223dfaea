/** Every fault that may meet a look-up before sending, and what it comes to. Nobody is erased by one, so no doubt is left. */
import type { CallStage } from '../../../../src/shared/model/request.ts'
import { answered, bare, faults, page, pageOf, redirect, vendorSays } from '../../../support/faults.ts'
import { interrupted } from '../common-cases.ts'
import { rateText } from './erase-cases.ts'
import { notices } from './notices.ts'
import type { CallCase, LookUpOutcomeName } from '../outcomes.ts'

const whole: readonly CallStage[] = ['body']
const onTheWay: readonly CallStage[] = ['first byte', 'sent']

/** In the order of the guide. */
export const lookUpCases: readonly CallCase<LookUpOutcomeName>[] = [
  ...interrupted({ notSent: 'asked again, not sent', noAnswer: 'asked again' }),
  {
    what: '2xx that holds no users: nothing, invalid JSON, JSON of another shape',
    faults: [
      bare(204),
      answered(200, '[{"userInfo":{"emailId":"somebody@exam', '200 with half JSON'),
      answered(200, '{"users":["somebody@example.org"]}', '200 with JSON of another shape'),
    ],
    outcome: 'asked again',
    stages: whole,
    says: 'Answered {status}, but not with users.',
  },
  {
    what: 'An answer of more than 16 MB',
    faults: [answered(200, `[{"userInfo":"${'x'.repeat(16_800_000)}"}]`, '200 with 16.8 MB')],
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
    what: 'Three times no answer that can be used',
    faults: [vendorSays(500, 'Error'), faults.cutBeforeAnswer],
    times: 3,
    outcome: 'goes without at last',
    stages: ['body', ...onTheWay],
    says: ['Answered 500. “Error (500)”', 'The connection was cut.'],
  },
  {
    what: '400, 412 or 422 in the vendor’s shape, or 413',
    faults: [
      vendorSays(400, 'Bad Request'),
      vendorSays(412, 'Bad Request'),
      vendorSays(422, 'Bad Request'),
      vendorSays(413, 'Bad Request'),
    ],
    outcome: 'goes without',
    stages: whole,
    says: 'Bad Request ({status})',
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
    what: '401, the app has no scope for it',
    faults: [vendorSays(401, 'Permission denied. Scope is incorrect!', 4002)],
    outcome: 'line stopped',
    stages: whole,
    says: 'Permission denied. Scope is incorrect! (4002)',
    notice: notices.lookUpScope,
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
    what: '404 or 405, whoever wrote it',
    faults: [vendorSays(404, 'Not there'), bare(404), vendorSays(405, 'Not there'), bare(405)],
    outcome: 'line stopped',
    stages: whole,
    says: ['Not there ({status})', ''],
    notice: notices.lookUpUnknown,
  },
  {
    what: 'A web page of a captive portal or another product',
    faults: [pageOf(200, 'Sign in'), answered(200, page('Sign in'), '200 with a page typed as JSON')],
    outcome: 'line stopped',
    stages: whole,
    says: 'Sign in',
    notice: notices.page,
  },
  {
    what: 'A redirect: it is not followed',
    faults: [redirect(302)],
    outcome: 'line stopped',
    stages: whole,
    says: 'Moved',
    notice: notices.redirect,
  },
  {
    what: 'Users under a wrong content type, or an answer that is whole before the connection is cut',
    faults: [faults.typedAsPage, faults.cutAfterAnswer],
    outcome: 'answered',
    stages: whole,
    says: null,
  },
]

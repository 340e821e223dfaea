/** Every fault that may meet a status call, and what it comes to. No doubt is left by one: it is asked again. */
import type { CallStage } from '../../../src/shared/model/request.ts'
import { answered, bare, faults, page, pageOf, redirect, vendorError, vendorSays } from '../../support/faults.ts'
import { rateText } from './erase-cases.ts'
import { notices } from './notices.ts'
import type { FaultCase, StatusOutcomeName } from './outcomes.ts'

export type StatusCase = FaultCase<StatusOutcomeName> &
  Readonly<{
    /** How often the fault strikes; once unless given. */
    times?: number
    /** Milliseconds for which the account then waits. */
    hold?: number
  }>

const whole: readonly CallStage[] = ['body']
const onTheWay: readonly CallStage[] = ['first byte', 'sent']

/** In the order of the guide. */
export const statusCases: readonly StatusCase[] = [
  {
    what: 'The host’s name cannot be looked up (DNS)',
    faults: [faults.noSuchHost],
    outcome: 'asked again, not sent',
    stages: ['none'],
    says: ['No such host is known.', 'The name of the host could not be looked up.'],
  },
  {
    what: 'The host refuses the connection',
    faults: [faults.nobodyListens],
    outcome: 'asked again, not sent',
    stages: ['none'],
    says: 'The host refused the connection.',
  },
  {
    what: 'The certificate does not verify',
    faults: [faults.unknownAuthority],
    outcome: 'asked again, not sent',
    stages: ['none'],
    says: 'The host’s certificate comes from an authority that is not known here.',
  },
  {
    what: 'The proxy asks for a password',
    faults: [faults.proxyPassword],
    outcome: 'asked again, not sent',
    stages: ['resolved'],
    says: 'The proxy asks for a user name and password (407).',
  },
  {
    what: 'The connection is cut before the answer',
    faults: [faults.cutAtFirstBytes, faults.cutBeforeAnswer, faults.cutInHeaders],
    outcome: 'asked again',
    stages: onTheWay,
    says: ['The connection was cut.', 'The connection was closed without an answer.'],
  },
  {
    what: 'The connection is cut in the answer',
    faults: [faults.cutAfterHeaders, faults.cutInBody, faults.cutBetweenChunks],
    outcome: 'asked again',
    stages: ['headers'],
    says: 'The connection was cut in the middle of the answer.',
  },
  {
    what: 'No answer ever comes',
    faults: [faults.silentBeforeAnswer],
    outcome: 'asked again',
    stages: onTheWay,
    says: 'No answer came within {limit}.',
  },
  {
    what: 'The answer drips on without an end',
    faults: [faults.dripsForEver],
    outcome: 'asked again',
    stages: ['headers'],
    says: 'The answer did not come to its end within {limit}.',
  },
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

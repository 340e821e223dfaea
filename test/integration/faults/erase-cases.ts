/** Every fault that may meet an erase call, and what it comes to: product rule 4, as data. */
import type { CallStage } from '../../../src/shared/model/request.ts'
import {
  afterVendor,
  answered,
  bare,
  faults,
  page,
  pageOf,
  redirect,
  vendorError,
  vendorSays,
  type Fault,
} from '../../support/faults.ts'
import { notices } from './notices.ts'
import type { EraseOutcomeName, FaultCase } from './outcomes.ts'

export type EraseCase = FaultCase<EraseOutcomeName> &
  Readonly<{
    /** How many identifiers are in the call; 2 unless given. */
    identifiers?: 1 | 2
    /** Milliseconds for which the account then waits. */
    hold?: number
  }>

export const rateText = 'Rate limit for this API has been reached. Please try again after some time.'

const text = { 'content-type': 'text/plain' }
const whole: readonly CallStage[] = ['body']
const never: readonly CallStage[] = ['none']
/** The operating system takes a small call whole, whatever the other side reads of it. */
const onTheWay: readonly CallStage[] = ['first byte', 'sent']
const cutWords = [
  'The connection was cut.',
  'The connection was closed without an answer.',
  'The connection was closed while the call was being sent.',
]

const notSent: readonly EraseCase[] = [
  {
    what: 'This machine has no network',
    faults: [faults.offline],
    outcome: 'sent again',
    stages: never,
    says: 'This machine is not connected to a network.',
    todo: 'Connect to the network.',
  },
  {
    what: 'The host’s name cannot be looked up (DNS)',
    faults: [faults.noSuchHost],
    outcome: 'sent again',
    stages: never,
    says: ['No such host is known.', 'The name of the host could not be looked up.'],
    todo: 'Check the network, or the VPN that this host needs; then the origin.',
  },
  {
    what: 'The host refuses the connection',
    faults: [faults.nobodyListens],
    outcome: 'sent again',
    stages: never,
    says: 'The host refused the connection.',
    todo: 'Check the network and the firewall.',
  },
  {
    what: 'The certificate comes from an authority that this machine does not know: a network that inspects traffic, a captive portal',
    faults: [faults.unknownAuthority],
    outcome: 'sent again',
    stages: never,
    says: 'The host’s certificate comes from an authority that is not known here.',
    todo: 'Sign in to the network; or have the company’s authority added to this machine’s trusted certificates.',
  },
  {
    what: 'The certificate belongs to another host, as that of a captive portal does',
    faults: [faults.anotherHost],
    outcome: 'sent again',
    stages: never,
    says: 'The certificate belongs to another host.',
    todo: 'Sign in to the network; then check the origin.',
  },
  {
    what: 'The certificate has expired',
    faults: [faults.expired],
    outcome: 'sent again',
    stages: never,
    says: 'The host’s certificate has expired.',
    todo: 'Check this machine’s clock; then tell whoever runs the host.',
  },
  {
    what: 'The host speaks no TLS',
    faults: [faults.noProtection],
    outcome: 'sent again',
    stages: never,
    says: 'No protected connection could be agreed on with the host.',
    todo: 'Check the origin.',
  },
  {
    what: 'The connection is cut in the TLS handshake',
    faults: [faults.handshakeCut],
    outcome: 'sent again',
    stages: never,
    says: 'The host closed the connection while it was being protected.',
  },
  {
    what: 'The TLS handshake never ends',
    faults: [faults.handshakeSilent],
    outcome: 'sent again',
    stages: never,
    says: 'No connection came about within {limit}.',
  },
  {
    what: 'The proxy cannot be reached',
    faults: [faults.proxyGone],
    outcome: 'sent again',
    stages: never,
    says: 'The proxy cannot be reached.',
    todo: 'Check the proxy in the system’s network settings.',
  },
  {
    what: 'The system’s proxy script fails',
    faults: [faults.proxyUnnamed],
    outcome: 'sent again',
    stages: never,
    says: 'The system did not say which proxy to use.',
    todo: 'Check the proxy in the system’s network settings.',
  },
  {
    what: 'The system names a SOCKS proxy',
    faults: [faults.proxySocks],
    outcome: 'sent again',
    stages: never,
    says: 'The system asks for a kind of proxy that cannot be used here (SOCKS).',
    todo: 'Have this host reached directly, or through an HTTP proxy.',
  },
  {
    what: 'The proxy asks for a password',
    faults: [faults.proxyPassword],
    outcome: 'sent again',
    stages: ['resolved'],
    says: 'The proxy asks for a user name and password (407).',
    todo: 'Have the proxy let this host through without a password.',
  },
  {
    what: 'The proxy refuses to connect',
    faults: [faults.proxyRefuses],
    outcome: 'sent again',
    stages: ['resolved'],
    says: 'The proxy refused to connect to the host (403).',
    todo: 'Have the proxy let this host through.',
  },
  {
    what: 'The proxy sends to a sign-in page (captive portal)',
    faults: [faults.proxyRedirects],
    outcome: 'sent again',
    stages: ['resolved'],
    says: 'The proxy answered with a redirect (302) instead of connecting, as a sign-in page does.',
    todo: 'Sign in to the network.',
  },
  {
    what: 'The proxy speaks no HTTP',
    faults: [faults.proxyNoHttp],
    outcome: 'sent again',
    stages: ['resolved'],
    says: 'The proxy’s answer does not follow HTTP.',
    todo: 'Check the proxy in the system’s network settings.',
  },
  {
    what: 'The proxy hangs up',
    faults: [faults.proxyCloses],
    outcome: 'sent again',
    stages: ['resolved'],
    says: 'The proxy closed the connection without an answer.',
  },
  {
    what: 'The proxy never answers',
    faults: [faults.proxySilent],
    outcome: 'sent again',
    stages: ['resolved'],
    says: 'The proxy did not answer in time.',
  },
]

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
    what: 'The connection is closed as soon as it is made, or cut at the first bytes of the call',
    faults: [faults.closedAtOnce, faults.cutAtFirstBytes],
    outcome: 'in doubt',
    stages: onTheWay,
    says: cutWords,
  },
  {
    what: 'The connection is cut when the call has arrived; the vendor acted on it',
    faults: [faults.cutBeforeAnswer, faults.closedBeforeAnswer, faults.cutInFirstLine, faults.cutInHeaders],
    outcome: 'in doubt',
    stages: onTheWay,
    says: cutWords,
  },
  {
    what: 'The connection is cut in the body of the answer',
    faults: [faults.cutAfterHeaders, faults.cutInBody, faults.cutBetweenChunks],
    outcome: 'in doubt',
    stages: ['headers'],
    says: 'The connection was cut in the middle of the answer.',
  },
  {
    what: 'No answer ever comes',
    faults: [faults.silentAtFirstBytes, faults.silentBeforeAnswer, faults.silentInHeaders],
    outcome: 'in doubt',
    stages: onTheWay,
    says: 'No answer came within {limit}.',
  },
  {
    what: 'The answer stops in its middle, or drips on without an end',
    faults: [faults.silentInBody, faults.dripsForEver],
    outcome: 'in doubt',
    stages: ['headers'],
    says: 'The answer did not come to its end within {limit}.',
  },
  {
    what: 'The answer is no HTTP',
    faults: [faults.noHttp],
    outcome: 'in doubt',
    stages: onTheWay,
    says: 'The answer does not follow HTTP.',
  },
  {
    what: 'The answer changes to another protocol (101)',
    faults: [faults.otherProtocol],
    outcome: 'in doubt',
    stages: onTheWay,
    says: 'The connection was closed without an answer.',
  },
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
  {
    what: '500, 502, 503 or 504 with a web page of the gateway before the vendor',
    faults: [pageOf(500, 'Error'), afterVendor(pageOf(502, 'Error')), pageOf(503, 'Error'), pageOf(504, 'Error')],
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered with a web page ({status}) instead of the vendor’s answer. “Error”',
  },
  {
    what: 'Any other status without a body (408, 409, 410, 418, 500, 502, 503, 504)',
    faults: [408, 409, 410, 418, 500, 502, 503, 504].map(bare),
    outcome: 'in doubt',
    stages: whole,
    says: 'Answered {status} without a body.',
  },
  {
    what: 'A web page of a captive portal or another product, under 2xx or 4xx',
    faults: [
      pageOf(200, 'Sign in'),
      afterVendor(pageOf(200, 'Sign in')),
      pageOf(400, 'Sign in'),
      pageOf(422, 'Sign in'),
    ],
    outcome: 'in doubt, line stopped',
    stages: whole,
    says: 'Answered with a web page ({status}) instead of the vendor’s answer. “Sign in”',
    notice: notices.page,
  },
  {
    what: 'A web page that calls itself JSON, or of more than 256 KB',
    faults: [answered(200, page('Sign in'), '200 with a page typed as JSON'), hugePage(200)],
    outcome: 'in doubt, line stopped',
    stages: whole,
    says: 'Answered with a web page (200) instead of the vendor’s answer. “Sign in”',
    notice: notices.page,
  },
  {
    what: 'A redirect (301, 302, 303, 307, 308): it is not followed',
    faults: [301, 302, 303, 307, 308].map(redirect),
    outcome: 'in doubt, line stopped',
    stages: whole,
    says: 'Answered with a redirect ({status}), which is not followed.',
    notice: notices.redirect,
  },
  {
    what: 'A network that wants a login says so (511)',
    faults: [bare(511)],
    outcome: 'in doubt, line stopped',
    stages: whole,
    says: 'Answered 511 without a body.',
    notice: notices.networkLogin,
  },
  {
    what: 'A proxy answers the call itself and asks for a password (407)',
    faults: [bare(407), pageOf(407, 'Sign in')],
    outcome: 'in doubt, line stopped',
    stages: whole,
    says: 'A proxy answered and asks for a user name and password (407).',
    notice: notices.proxyPassword,
  },
]

function hugePage(status: number): Fault {
  return answered(status, `${page('Sign in')}${' '.repeat(400_000)}`, `${status} with a page of 400 KB`)
}

/** In the order of the guide. */
export const eraseCases: readonly Readonly<{ title: string; cases: readonly EraseCase[] }>[] = [
  { title: 'Nothing left this machine', cases: notSent },
  { title: 'An answer that is certain', cases: certain },
  { title: 'A doubt', cases: doubtful },
]

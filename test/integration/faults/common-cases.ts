/** Faults that meet a call whichever vendor it goes to: what lies between, and who answers in the vendor's place. */
import type { CallStage } from '../../../src/shared/model/request.ts'
import { afterVendor, answered, bare, faults, page, pageOf, redirect, type Fault } from '../../support/faults.ts'
import type { strangerNotices } from './notices.ts'
import type { EraseCase, FaultCase } from './outcomes.ts'

const whole: readonly CallStage[] = ['body']
const never: readonly CallStage[] = ['none']
/** The operating system takes a small call whole, whatever the other side reads of it. */
const onTheWay: readonly CallStage[] = ['first byte', 'sent']
const cutWords = [
  'The connection was cut.',
  'The connection was closed without an answer.',
  'The connection was closed while the call was being sent.',
]

/** An erase call that did not leave this machine. */
export const notSent: readonly EraseCase[] = [
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

/** An erase call that left, and got no whole answer. */
export const cutOff: readonly EraseCase[] = [
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
]

/** An erase call that somebody answered who is not, or need not be, the vendor; the notices name the vendor. */
export function strangers(notices: ReturnType<typeof strangerNotices>): readonly EraseCase[] {
  return [
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
}

/** A web page that is longer than what is read of an answer. */
export function hugePage(status: number): Fault {
  return answered(status, `${page('Sign in')}${' '.repeat(400_000)}`, `${status} with a page of 400 KB`)
}

/** Any other call that did not leave, or got no whole answer: what it then comes to, by the names of its outcomes. */
export function interrupted<Name extends string>({
  notSent: missed,
  noAnswer,
}: Readonly<{ notSent: Name; noAnswer: Name }>): readonly FaultCase<Name>[] {
  return [
    {
      what: 'The host’s name cannot be looked up (DNS)',
      faults: [faults.noSuchHost],
      outcome: missed,
      stages: ['none'],
      says: ['No such host is known.', 'The name of the host could not be looked up.'],
    },
    {
      what: 'The host refuses the connection',
      faults: [faults.nobodyListens],
      outcome: missed,
      stages: ['none'],
      says: 'The host refused the connection.',
    },
    {
      what: 'The certificate does not verify',
      faults: [faults.unknownAuthority],
      outcome: missed,
      stages: ['none'],
      says: 'The host’s certificate comes from an authority that is not known here.',
    },
    {
      what: 'The proxy asks for a password',
      faults: [faults.proxyPassword],
      outcome: missed,
      stages: ['resolved'],
      says: 'The proxy asks for a user name and password (407).',
    },
    {
      what: 'The connection is cut before the answer',
      faults: [faults.cutAtFirstBytes, faults.cutBeforeAnswer, faults.cutInHeaders],
      outcome: noAnswer,
      stages: onTheWay,
      says: ['The connection was cut.', 'The connection was closed without an answer.'],
    },
    {
      what: 'The connection is cut in the answer',
      faults: [faults.cutAfterHeaders, faults.cutInBody, faults.cutBetweenChunks],
      outcome: noAnswer,
      stages: ['headers'],
      says: 'The connection was cut in the middle of the answer.',
    },
    {
      what: 'No answer ever comes',
      faults: [faults.silentBeforeAnswer],
      outcome: noAnswer,
      stages: onTheWay,
      says: 'No answer came within {limit}.',
    },
    {
      what: 'The answer drips on without an end',
      faults: [faults.dripsForEver],
      outcome: noAnswer,
      stages: ['headers'],
      says: 'The answer did not come to its end within {limit}.',
    },
  ]
}

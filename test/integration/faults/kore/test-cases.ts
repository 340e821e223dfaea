/** Every fault that may meet a connection test, and what it says. */
import { answered, bare, faults, pageOf, redirect, vendorSays } from '../../../support/faults.ts'
import { rateText } from './erase-cases.ts'
import { tested } from '../notices.ts'
import { notices } from './notices.ts'
import type { TestCase } from '../outcomes.ts'

const whoAnswers = {
  title: 'A web page answered, not the vendor’s API',
  explanation:
    'Nothing is known about the credentials. A login page of the network, a proxy or another product answered.',
  steps: [
    'Open the origin in a browser on this machine and see who answers.',
    'Sign in to the network, then test again.',
  ],
}
const saysNothing = {
  title: 'An answer that says nothing about the credentials ({status})',
  explanation: 'It says neither yes nor no, so nothing is concluded from it.',
  steps: ['Test again in a while.', 'Check the origin.'],
}
const cutSteps = ['Try again.', 'A firewall that cuts connections may be the cause.']
const lateSteps = ['Try again.', 'Where the vendor is slow, raise the time-out in the connection’s settings.']
const proxySteps = ['Check the proxy in the system’s network settings.']
const accepted = {
  title: 'Credentials accepted',
  explanation:
    'Kore.ai accepted a signed call that asked about a made-up request. Erase and status calls share one scope, so erase calls should be accepted too; the first one shows it.',
  steps: [],
}

const unreachable = { verdict: 'unreachable', ending: 'not sent' } as const
const cutOff = { verdict: 'unreachable', ending: 'no answer' } as const
const refused = { verdict: 'refused', ending: 'answered' } as const
const unclear = { verdict: 'unclear', ending: 'answered' } as const

/** In the order of the guide. */
export const testCases: readonly TestCase[] = [
  {
    ...unreachable,
    what: 'This machine has no network',
    faults: [faults.offline],
    notice: {
      title: 'This machine has no network',
      explanation: 'This machine is not connected to a network.',
      steps: ['Connect to the network and try again.'],
    },
  },
  {
    ...unreachable,
    what: 'The host’s name cannot be looked up (DNS)',
    faults: [faults.noSuchHost],
    notice: {
      title: 'The host was not found',
      explanation: ['No such host is known.', 'The name of the host could not be looked up.'],
      steps: ['Look for a typing mistake in the origin.', 'Check the network, or the VPN that this host needs.'],
    },
  },
  {
    ...unreachable,
    what: 'The host refuses the connection',
    faults: [faults.nobodyListens],
    notice: {
      title: 'No connection to the host',
      explanation: 'The host refused the connection.',
      steps: ['Check the network and the firewall; the host’s port must be open from here.'],
    },
  },
  {
    ...unreachable,
    what: 'The certificate comes from an authority that this machine does not know',
    faults: [faults.unknownAuthority],
    notice: {
      title: 'Nobody on this machine vouches for the certificate',
      explanation:
        'The host’s certificate comes from an authority that is not known here. A company network that inspects traffic has a certificate authority of its own.',
      steps: [
        'Have it added to this machine’s trusted certificates and start Erasure Desk again.',
        'Certificates are always checked: there is no switch to turn that off.',
      ],
    },
  },
  {
    ...unreachable,
    what: 'The certificate is another host’s, has expired, or there is no TLS',
    faults: [faults.anotherHost, faults.expired, faults.noProtection, faults.handshakeCut],
    notice: {
      title: 'No protected connection to the host',
      explanation: [
        'The certificate belongs to another host.',
        'The host’s certificate has expired.',
        'No protected connection could be agreed on with the host.',
        'The host closed the connection while it was being protected.',
      ],
      steps: [
        'Check the origin and this machine’s clock.',
        'Certificates are always checked: there is no switch to turn that off.',
      ],
    },
  },
  {
    ...unreachable,
    what: 'The TLS handshake never ends',
    faults: [faults.handshakeSilent],
    notice: { title: 'No answer in time', explanation: 'No connection came about within {limit}.', steps: lateSteps },
  },
  {
    ...unreachable,
    what: 'The proxy asks for a password',
    faults: [faults.proxyPassword],
    notice: {
      title: 'The proxy asks for a password',
      explanation: 'The proxy asks for a user name and password (407).',
      steps: ['Have the proxy let this host through without a password, or set one without sign-in in the system.'],
    },
  },
  {
    ...unreachable,
    what: 'The proxy refuses, sends to a sign-in page, hangs up, stays silent, or cannot be reached or used',
    faults: [
      faults.proxyRefuses,
      faults.proxyRedirects,
      faults.proxyCloses,
      faults.proxyNoHttp,
      faults.proxySilent,
      faults.proxyGone,
      faults.proxyUnnamed,
      faults.proxySocks,
    ],
    notice: {
      title: 'The proxy did not let the call through',
      explanation: [
        'The proxy refused to connect to the host (403).',
        'The proxy answered with a redirect (302) instead of connecting, as a sign-in page does.',
        'The proxy closed the connection without an answer.',
        'The proxy’s answer does not follow HTTP.',
        'The proxy did not answer in time.',
        'The proxy cannot be reached.',
        'The system did not say which proxy to use.',
        'The system asks for a kind of proxy that cannot be used here (SOCKS).',
      ],
      steps: proxySteps,
    },
  },
  {
    ...cutOff,
    what: 'The connection is cut before the answer',
    faults: [faults.cutAtFirstBytes, faults.cutBeforeAnswer, faults.cutInHeaders],
    notice: {
      title: 'The connection broke off',
      explanation: ['The connection was cut.', 'The connection was closed without an answer.'],
      steps: cutSteps,
    },
  },
  {
    verdict: 'unreachable',
    ending: 'answered',
    what: 'The connection is cut in the answer',
    faults: [faults.cutInBody],
    notice: {
      title: 'The connection broke off',
      explanation: 'The connection was cut in the middle of the answer.',
      steps: cutSteps,
    },
  },
  {
    ...cutOff,
    what: 'No answer ever comes',
    faults: [faults.silentBeforeAnswer],
    notice: { title: 'No answer in time', explanation: 'No answer came within {limit}.', steps: lateSteps },
  },
  {
    verdict: 'unreachable',
    ending: 'answered',
    what: 'The answer drips on without an end',
    faults: [faults.dripsForEver],
    notice: {
      title: 'No answer in time',
      explanation: 'The answer did not come to its end within {limit}.',
      steps: lateSteps,
    },
  },
  {
    ...cutOff,
    what: 'The answer is no HTTP',
    faults: [faults.noHttp],
    notice: {
      title: 'The answer was no HTTP',
      explanation: 'The answer does not follow HTTP.',
      steps: ['Check the origin: something else seems to listen there.'],
    },
  },
  {
    ...unclear,
    what: 'A web page of a captive portal or another product, or a redirect',
    faults: [pageOf(200, 'Sign in'), pageOf(400, 'Sign in'), redirect(302), bare(511)],
    notice: whoAnswers,
  },
  {
    verdict: 'unreachable',
    ending: 'answered',
    what: 'A proxy answers the call itself and asks for a password (407)',
    faults: [bare(407)],
    notice: tested(notices.proxyPassword),
  },
  {
    ...unclear,
    what: 'Nothing, invalid JSON, or JSON of another shape; an answer of more than 1 MB',
    faults: [
      bare(204),
      answered(200, '{"_id":"eud-', '200 with half JSON'),
      answered(200, '{"ok":true}', '200 with JSON of another shape'),
      answered(200, `{"_id":"${'x'.repeat(1_100_000)}"}`, '200 with 1.1 MB'),
    ],
    notice: saysNothing,
  },
  {
    ...unclear,
    what: '500, 502, 503 or 504, whoever wrote it',
    faults: [vendorSays(500, 'Error'), pageOf(502, 'Error'), bare(503), bare(504)],
    notice: saysNothing,
  },
  {
    ...unclear,
    what: '400, 412, 413 or 422 without the vendor’s body',
    faults: [400, 412, 413, 422].map(bare),
    notice: saysNothing,
  },
  {
    ...unclear,
    what: '429, or the vendor’s words for it under any status',
    faults: [bare(429), vendorSays(429, rateText), answered(503, rateText, 'the rate text under 503', {})],
    notice: {
      title: 'The account’s limit is reached',
      explanation:
        'Kore.ai counted too many calls, so nothing is known about the credentials. Another tool may be using the account.',
      steps: ['Wait a minute and test again.'],
    },
  },
  {
    ...refused,
    what: '401, the signature is not accepted',
    faults: [vendorSays(401, 'Invalid JWT token', 4002)],
    notice: tested(notices.signature),
  },
  {
    ...refused,
    what: '401, the client id is not known',
    faults: [vendorSays(401, 'Invalid SDK credentials', 4002)],
    notice: tested(notices.clientId),
  },
  {
    ...refused,
    what: '401, the app may not erase',
    faults: [vendorSays(401, 'Permission denied. Scope is incorrect!', 4002)],
    notice: tested(notices.scope),
  },
  {
    ...refused,
    what: '401, the token was used before',
    faults: [vendorSays(401, 'error verifying the jwt: possibly a replay')],
    notice: tested(notices.replay),
  },
  {
    ...refused,
    what: '401 or 403 with a web page',
    faults: [401, 403].map((status) => pageOf(status, 'Sign in')),
    notice: tested(notices.page),
  },
  { ...refused, what: '401 or 403 without a body', faults: [401, 403].map(bare), notice: tested(notices.notTheVendor) },
  {
    ...refused,
    what: '404 without the vendor’s body',
    faults: [bare(404), pageOf(404, 'Not found')],
    notice: tested(notices.notFound),
  },
  {
    ...refused,
    what: '405, whoever wrote it',
    faults: [vendorSays(405, 'Method Not Allowed'), bare(405)],
    notice: tested(notices.method),
  },
  {
    verdict: 'accepted',
    ending: 'answered',
    what: 'The vendor’s own words, under 400, 404, 410, 412 or 422, for a request that it does not know; under a wrong content type too',
    faults: [
      ...[400, 404, 410, 412, 422].map((status) => vendorSays(status, 'Invalid request id')),
      faults.typedAsPage,
      faults.cutAfterAnswer,
      faults.dripsToTheEnd,
    ],
    notice: accepted,
  },
]

/** What Mixpanel, or somebody in its place, may answer to a connection test; what lies between is said at Kore.ai. */
import { answered, bare, pageOf, redirect } from '../../../support/faults.ts'
import { tested } from '../notices.ts'
import type { TestCase } from '../outcomes.ts'
import { mixpanelError, mixpanelSays, rateText, taskSays } from './answers.ts'
import { notices } from './notices.ts'

const accepted = {
  title: 'Credentials accepted',
  explanation:
    'Mixpanel let the token in and answered for this project about a made-up task. What no test can show without erasing somebody: whether the project’s data is at this residency (a host of another one may answer the same and then do nothing), and whether a deletion is accepted; the first one shows that.',
  steps: ['In Mixpanel, open the project’s settings. Compare its data residency with the one of this connection.'],
}
const refused = { verdict: 'refused', ending: 'answered' } as const
const unclear = { verdict: 'unclear', ending: 'answered' } as const

/** In the order of the guide. */
export const testCases: readonly TestCase[] = [
  {
    ...refused,
    what: '401 in the vendor’s shape: the token is not accepted',
    faults: [mixpanelSays(401, 'Unauthorized: a valid OAuth token is required')],
    notice: tested(notices.token),
  },
  {
    ...refused,
    what: '401, the token has expired',
    faults: [mixpanelSays(401, 'Unauthorized: the OAuth token has expired')],
    notice: tested(notices.expired),
  },
  {
    ...refused,
    what: '403 in the vendor’s shape, or words about the project',
    faults: [mixpanelSays(403, 'Not today'), mixpanelSays(401, 'Forbidden: no access to this project')],
    notice: tested(notices.project),
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
    faults: [mixpanelSays(405, 'Method Not Allowed'), bare(405)],
    notice: tested(notices.method),
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
    what: '429, or the vendor’s words for it under any status',
    faults: [bare(429), mixpanelSays(429, rateText), answered(503, rateText, 'the rate text under 503', {})],
    notice: {
      title: 'The limit of one call a second is reached',
      explanation:
        'Mixpanel counted too many calls, so nothing is known about the credentials. Another program may be using its GDPR API.',
      steps: ['Wait a minute and test again.'],
    },
  },
  {
    ...unclear,
    what: 'A web page of a captive portal or another product, or a redirect',
    faults: [pageOf(200, 'Sign in'), pageOf(400, 'Sign in'), redirect(302), bare(511)],
    notice: {
      title: 'A web page answered, not the vendor’s API',
      explanation:
        'Nothing is known about the credentials. A login page of the network, a proxy or another product answered.',
      steps: [
        'Open the origin in a browser on this machine and see who answers.',
        'Sign in to the network, then test again.',
      ],
    },
  },
  {
    ...unclear,
    what: 'Nothing, JSON of another shape, a server error, or 400, 412, 413 or 422 without the vendor’s body',
    faults: [
      bare(204),
      answered(200, '{"ok":true}', '200 with JSON of another shape'),
      mixpanelSays(500, 'Error'),
      bare(503),
      ...[400, 412, 413, 422].map(bare),
    ],
    notice: {
      title: 'An answer that says nothing about the credentials ({status})',
      explanation: 'It says neither yes nor no, so nothing is concluded from it.',
      steps: ['Test again in a while.', 'Check the origin.'],
    },
  },
  {
    verdict: 'accepted',
    ending: 'answered',
    what: 'The status of the made-up task, or the vendor’s own words, under 400, 404, 410, 412 or 422, for a task that it does not know',
    faults: [
      taskSays({ status: 'NOT_FOUND' }, 'NOT_FOUND'),
      ...[400, 404, 410, 412, 422].map((status) => mixpanelSays(status, 'Not Found: no such task')),
      answered(404, mixpanelError('Not Found'), '404 typed as a web page', { 'content-type': 'text/html' }),
    ],
    notice: accepted,
  },
]

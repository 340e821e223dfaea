/** The notices of a line to Kore.ai that stops, word for word. */
import { resume, strangerNotices } from '../notices.ts'
import type { Notice } from '../outcomes.ts'

const openApp = 'In Kore.ai, open Admin Console → Security & Control → API Scopes → Manage Apps and open the app.'
const turnOff = 'Or turn off the look-up in the settings of this connection: what is queued then leaves without.'
export const notices = {
  signature: {
    title: 'Kore.ai does not accept the signature',
    explanation: 'The client secret is wrong, or the app enforces something that this connection does not do.',
    steps: [
      openApp,
      'Copy the Client Secret once more and save it in the connection.',
      'Compare the signing algorithm there with the one in the connection’s settings.',
      'Where JWE encryption is enforced, turn it off: Erasure Desk signs and does not encrypt.',
      'Where JTI is enforced, keep the token’s lifetime at an hour or less.',
      resume,
    ],
  },
  clientId: {
    title: 'Kore.ai does not know this client id',
    explanation: 'No app of the Admin Console at this host has the client id, or it belongs to another region.',
    steps: [
      openApp,
      'Compare its Client ID (it begins with cs-) and the region of the host with this connection.',
      'Where they differ, add a new connection: a client id stays fixed once it was used.',
      resume,
    ],
  },
  scope: {
    title: 'The app may not delete users’ data',
    explanation: 'The credentials are right; the app lacks the scope for this call.',
    steps: [
      openApp,
      'Tick Profile Management → Delete Users Data (older consoles: Bot Analytics → Delete Users Data) and save.',
      'An app made in the App Builder is not accepted: it has to be one of the Admin Console.',
      resume,
    ],
  },
  replay: {
    title: 'Kore.ai takes the token for one used before',
    explanation:
      'Every call carries a token of its own with an id that is never used twice. The vendor, or something between, saw this id already: usually a proxy that repeats calls.',
    steps: ['Look for a proxy or gateway that repeats calls, and have it leave this host alone.', resume],
  },
  refused: {
    title: 'Kore.ai refuses the call ({status})',
    explanation: 'The vendor answered in its own shape and did not let the call in. Its words stand below.',
    steps: ['Compare the words with the app’s settings in the Admin Console.', resume],
  },
  ...strangerNotices('Kore.ai'),
  notFound: {
    title: 'The host does not know this call',
    explanation: 'The host answered that there is nothing at the address of the call.',
    steps: [
      'The documented hosts are https://platform.kore.ai and its regional ones (jp-, de-, eu-platform).',
      'Where this is another host, add a connection with the right one; an origin stays fixed once it was used.',
      'Where it is the right host, open it in a browser on this machine and see who answers.',
      resume,
    ],
  },
  method: {
    title: 'The vendor does not take this method',
    explanation:
      'Something between here and Kore.ai, or the host itself, does not let this kind of call through; an erase call is a DELETE.',
    steps: ['Turn on “POST with method override” in the connection’s settings, or choose the right host.', resume],
  },
  lookUpScope: {
    title: 'The app may not look up users',
    explanation:
      'This connection asks for the vendor’s own id of every email before it is erased. The app lacks the scope for that call; erase calls need another one.',
    steps: [openApp, 'Tick User Management → User Management and save.', turnOff, resume],
  },
  lookUpUnknown: {
    title: 'The host does not know the look-up',
    explanation:
      'The host answered the look-up of users with {status}. Older hosts of the vendor’s, and proxies before it, may not have this call.',
    steps: ['Open the origin in a browser on this machine and see who answers.', turnOff, resume],
  },
} as const satisfies Readonly<Record<string, Notice>>

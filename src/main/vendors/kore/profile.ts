import type { VendorProfile } from '../../../shared/model/vendor.ts'
import { koreWindows } from './limits.ts'

/** What screens and engine need to know of Kore.ai. */
export const koreProfile: VendorProfile = {
  id: 'kore',
  name: 'Kore.ai',
  origins: [
    { origin: 'https://platform.kore.ai', label: 'platform.kore.ai' },
    { origin: 'https://jp-platform.kore.ai', label: 'jp-platform.kore.ai (Japan)' },
    { origin: 'https://de-platform.kore.ai', label: 'de-platform.kore.ai (Germany)' },
    { origin: 'https://eu-platform.kore.ai', label: 'eu-platform.kore.ai (Europe)' },
    { origin: 'https://bots.kore.ai', label: 'bots.kore.ai (older)' },
    { origin: 'https://jp-bots.kore.ai', label: 'jp-bots.kore.ai (older, Japan)' },
    { origin: 'https://de-bots.kore.ai', label: 'de-bots.kore.ai (older, Germany)' },
    { origin: 'https://eu-bots.kore.ai', label: 'eu-bots.kore.ai (older, Europe)' },
  ],
  originLabel: 'Origin',
  originHint: 'Where you open the Admin Console. The region is part of it.',
  otherOrigin: 'https://kore.example.com',
  clientId: {
    label: 'Client id',
    placeholder: 'cs-…',
    missing: 'The client id is needed; in Kore.ai it begins with cs-.',
  },
  secret: {
    label: 'Client secret',
    hint: '',
    missing: 'The client secret is needed. It goes to the keychain of this computer and nowhere else.',
    expires: false,
  },
  windows: [...koreWindows],
  windowsWords: 'Kore.ai allows 60 a minute and 1,800 an hour for an account, erase and status calls together.',
  accountWords:
    'Kore.ai counts calls for each account, not for each app. Connections of one account share their limits here too.',
  callSize: {
    follows: false,
    most: 2000,
    initial: 100,
    hint: 'Kore.ai documents no limit. A call it rejects holds back all of its identifiers.',
  },
  settingsParts: ['signing', 'channel pairs', 'method override', 'quiet time', 'more failure words'],
  lookUpWords:
    'Kore.ai may name an email by an id of its own (u-…) when it has erased it. Asked beforehand, such an answer is paired by itself; else it waits for you as unconfirmed. One more call for each erase call with emails, in the account’s limits. At Kore.ai the app also needs the scope User Management → User Management.',
  ownSettings: [],
  scope: { kind: 'bots' },
  columns: ['user id', 'channel id', 'channel user id', 'bot ids', 'case reference'],
  columnTitles: { 'user id': ['Kora user id', 'Kore user id'] },
  capabilities: { cancel: false, resultForEach: true, marksEnd: false },
  vendorTime:
    'Kore.ai documents no time for an erasure and no mark of its end. Each batch is asked about until every identifier is named or the answer stays the same for the quiet time.',
  doesNotReach: [
    'account owners and members, bot owners and co-developers',
    'copies outside Kore.ai (exports, warehouses, the systems behind the channels)',
    'what a person creates after the call',
  ],
  setUp: {
    title: 'Set up at Kore.ai',
    steps: [
      'Open the **Admin Console**, then **Security & Control** and **API Scopes**.',
      '**New**, then **Manage Apps** and **New App**. An app made in the App Builder is not accepted.',
      'Copy the **Client ID** and the **Client Secret** into this form.',
      'Under **Profile Management** tick **Delete Users Data**. Older consoles have it under Bot Analytics. For the look-up before sending, tick **User Management** as well.',
      '**Save** there, then **Save and test** here.',
    ],
    note: 'The app signs with a shared secret. Where the console offers JWE, leave it off: an app that enforces it cannot be used.',
  },
  documentation: 'https://docs.kore.ai/',
  documentationHosts: ['docs.kore.ai', 'developer.kore.ai', 'koreai.mintlify.app'],
}

import type { VendorProfile } from '../../../shared/model/vendor.ts'
import { residencies } from './origin.ts'

/** What Mixpanel's maintainers give as the size of a task: this, divided by the data groups and one. */
export const mostIdentifiers = 2000

/** Keys in `ConnectionSettings.own`. */
export const ownKeys = { dataGroups: 'dataGroups', mostPerTask: 'mostPerTask' } as const

/**
 * What screens and engine need to know of Mixpanel: its GDPR API v3.0. One call a second, by the vendor's overview of that
 * API. How many identifiers a task takes its own pages put at 1999, 2000 and 500; its maintainers give the formula.
 */
export const mixpanelProfile: VendorProfile = {
  id: 'mixpanel',
  name: 'Mixpanel',
  origins: residencies.map(({ origin, name }) => ({ origin, label: `${name} (${new URL(origin).hostname})` })),
  originLabel: 'Residency',
  originHint:
    'Where the project’s data is kept; the project’s settings in Mixpanel say it. A host of another residency may answer as if it worked and erase nobody.',
  otherOrigin: null,
  clientId: {
    label: 'Project token',
    placeholder: '32 letters and digits',
    missing: 'The project token is needed; in Mixpanel it stands in the project’s settings under Access Keys.',
  },
  secret: {
    label: 'GDPR OAuth token',
    hint: 'As Mixpanel shows it, without the word Bearer.',
    missing: 'The GDPR OAuth token is needed. It goes to the keychain of this computer and nowhere else.',
    expires: true,
  },
  windows: [{ milliseconds: 1000, calls: 1 }],
  windowsWords: 'Mixpanel allows one call a second: deletions, retrievals, status calls and cancellations together.',
  accountWords:
    'Mixpanel does not say whether it counts calls for each project or for each token. Connections that may be counted together belong to one account here: they share its limit.',
  callSize: {
    follows: true,
    most: mostIdentifiers,
    initial: 500,
    hint: `That is ${mostIdentifiers.toLocaleString('en')} divided by the data groups and one, and no more than the cap.`,
  },
  settingsParts: [],
  lookUpWords: null,
  ownSettings: [
    {
      kind: 'number',
      key: ownKeys.dataGroups,
      label: 'Data groups',
      hint: 'How many data groups the project has; 0 where it has none. Each makes a task smaller.',
      unit: '',
      least: 0,
      most: mostIdentifiers - 1,
      initial: 0,
    },
    {
      kind: 'number',
      key: ownKeys.mostPerTask,
      label: 'Cap on identifiers per task',
      hint: 'Mixpanel’s own pages say 500, 1,999 and 2,000.',
      unit: '',
      least: 1,
      most: mostIdentifiers,
      initial: 500,
    },
  ],
  scope: {
    kind: 'choice',
    label: 'Compliance type',
    choices: [
      { value: 'GDPR', label: 'GDPR', hint: 'The person asks under the General Data Protection Regulation.' },
      { value: 'CCPA', label: 'CCPA', hint: 'The person asks under the California Consumer Privacy Act.' },
    ],
  },
  columns: ['distinct id', 'case reference'],
  columnTitles: { 'distinct id': ['Mixpanel distinct id', 'Mixpanel id', 'Mixpanel user id', 'mpid'] },
  capabilities: { cancel: true, resultForEach: false, marksEnd: true },
  retrieval: {
    words:
      'Mixpanel collects what the project has about the people of a request into a file and gives a link to it; that may take days. Ask before you erase: afterwards there is nothing left to copy. The link opens for whoever has it, and for a time that Mixpanel does not document.',
    disclosures: [
      {
        scope: 'CCPA',
        label: 'Disclosure type',
        choices: [
          { value: 'Data', label: 'Data', hint: 'What is stored about each person: events and profile.' },
          { value: 'Categories', label: 'Categories', hint: 'Which kinds of data are stored about each person.' },
          { value: 'Sources', label: 'Sources', hint: 'Where the data about each person came from.' },
        ],
      },
    ],
  },
  vendorTime:
    'Mixpanel takes up to 30 days to finish a deletion. Each task has one result for all of its identifiers, and until it has started it can be cancelled.',
  doesNotReach: [
    'what is tracked after the deletion: tracking goes on until it is stopped in your own products',
    'data that was exported from Mixpanel, to a warehouse or anywhere else',
    'other projects of the organisation: a task erases in one project alone',
  ],
  setUp: {
    title: 'Set up at Mixpanel',
    steps: [
      'As owner of the organisation, or as owner or admin of the project, open **Profile & Preferences** by your initials, then **Data & Privacy**.',
      'Make a **GDPR OAuth token** and copy it into this form. It lives one year: enter its last day.',
      'Open the **project’s settings** and copy the **Project Token** under **Access Keys**.',
      'Look there for the project’s **data residency** and choose the same one here.',
      '**Save and test** here.',
    ],
    note: 'The token serves Mixpanel’s calls for deletion and retrieval alone. A test cannot show a wrong residency for certain: compare it.',
  },
  documentation: 'https://docs.mixpanel.com/docs/privacy/end-user-data-management',
  documentationHosts: ['docs.mixpanel.com', 'developer.mixpanel.com'],
}

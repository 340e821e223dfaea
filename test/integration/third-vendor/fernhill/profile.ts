import type { VendorProfile } from '../../../../src/shared/model/vendor.ts'

/** Keys in `ConnectionSettings.own`. */
export const ownKeys = { copies: 'copies', thorough: 'thorough' } as const

/** What screens and engine need to know of Fernhill, a vendor that was made up for this test. */
export const fernhillProfile: VendorProfile = {
  id: 'fernhill',
  name: 'Fernhill',
  origins: [{ origin: 'https://api.fernhill.example', label: 'api.fernhill.example' }],
  originLabel: 'Address',
  originHint: 'Where your workspace answers.',
  otherOrigin: 'https://fernhill.example.com',
  clientId: { label: 'Workspace', placeholder: 'ws-…', missing: 'The workspace is needed; it begins with ws-.' },
  secret: { label: 'API key', hint: '', missing: 'The API key is needed.', expires: false },
  windows: [{ milliseconds: 1000, calls: 5 }],
  windowsWords: 'Fernhill allows five calls a second for a workspace, of whatever kind.',
  accountWords: 'Fernhill counts calls for each workspace.',
  callSize: { follows: false, most: 10, initial: 4, hint: 'Fernhill takes ten subjects at a time.' },
  settingsParts: [],
  lookUpWords: null,
  ownSettings: [
    {
      kind: 'choice',
      key: ownKeys.copies,
      label: 'Copies',
      hint: 'What becomes of copies that other workspaces took.',
      choices: [
        { value: 'keep', label: 'Keep them', hint: '' },
        { value: 'drop', label: 'Drop them', hint: '' },
      ],
      initial: 'keep',
    },
    { kind: 'switch', key: ownKeys.thorough, label: 'Search archives too', hint: '', initial: false },
  ],
  scope: { kind: 'everything' },
  columns: ['distinct id', 'case reference'],
  columnTitles: { 'distinct id': ['Fernhill subject'] },
  capabilities: { cancel: true, resultForEach: true, marksEnd: true },
  vendorTime: 'Fernhill erases within an hour and says when it is over.',
  doesNotReach: ['invoices'],
  setUp: {
    title: 'Set up at Fernhill',
    steps: ['Open **Keys** and make one for erasures.', '**Save and test** here.'],
    note: 'A key is shown once.',
  },
  documentation: 'https://docs.fernhill.example/erasures',
  documentationHosts: ['docs.fernhill.example'],
}

/**
 * The connection form's values and their way to the contract's input and back.
 * Values are what a field can hold (text and numbers in an operator's units); the contract's schema judges them.
 */
import {
  connectionSettingsSchema,
  connectionInputSchema,
  type Connection,
  type ConnectionInput,
  type Environment,
  type PairForm,
  type RateWindow,
  type SigningSettings,
} from '../../../../shared/model/connection.ts'
import { accountIdSchema } from '../../../../shared/model/ids.ts'
import type { OwnSetting, VendorProfile } from '../../../../shared/model/vendor.ts'

export const windowUnits = ['second', 'minute', 'hour', 'day'] as const
export type WindowUnit = (typeof windowUnits)[number]

const unitMilliseconds: Readonly<Record<WindowUnit, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

/** One rolling window as it is typed: at most `calls` in any `length` of `unit`. */
export type WindowValues = { calls: number; length: number; unit: WindowUnit }

export type ConnectionFormValues = {
  vendor: string
  name: string
  environment: Environment
  origin: string
  clientId: string
  /** Empty: keep what the keychain has. Never filled from anywhere. */
  secret: string
  /** The secret's last day, YYYY-MM-DD; empty: none. */
  secretExpiresOn: string
  /** The vendor's own settings, by their keys. */
  own: Record<string, string | number | boolean>
  /** `own`, or the id of the account whose limits are shared. */
  account: string
  windows: WindowValues[]
  marginPercent: number
  identifiersPerCall: number
  algorithm: SigningSettings['algorithm']
  lifetimeSeconds: number
  subject: string
  pairForm: PairForm['kind']
  pairTemplate: string
  methodOverride: boolean
  lookUpFirst: boolean
  callTimeoutSeconds: number
  quietHours: number
  firstPollSeconds: number
  longestPollMinutes: number
  jitterPercent: number
  /** One word a line. */
  failureWords: string
}

/** A window in the largest unit that gives a whole length: 3,600,000 ms is "1 hour". */
export function windowToValues(window: RateWindow): WindowValues {
  const unit = windowUnits.findLast((candidate) => window.milliseconds % unitMilliseconds[candidate] === 0) ?? 'second'
  return { calls: window.calls, length: window.milliseconds / unitMilliseconds[unit], unit }
}

/** The window that the typed values mean. */
export function windowFromValues(values: WindowValues): RateWindow {
  return { calls: values.calls, milliseconds: Math.round(values.length * unitMilliseconds[values.unit]) }
}

/** What a new connection's form begins with: production, the vendor's own limits, every other default of the contract. */
export function emptyFormValues(vendor: VendorProfile): ConnectionFormValues {
  const defaults = connectionInputSchema.parse({ vendor: vendor.id, name: '-', origin: '-', clientId: '-' })
  const own = Object.fromEntries(vendor.ownSettings.map(({ key, initial }) => [key, initial]))
  const settings = connectionSettingsSchema.parse({ identifiersPerCall: vendor.callSize.initial, own })
  return {
    ...settingsValues(settings),
    vendor: vendor.id,
    name: '',
    environment: defaults.environment,
    origin: vendor.origins[0]?.origin ?? '',
    clientId: '',
    secret: '',
    account: 'own',
    windows: vendor.windows.map(windowToValues),
    marginPercent: toPercent(defaults.margin),
  }
}

/** The form's values for a connection that exists. The secret stays empty: nothing reads it back. */
export function formValuesOf(connection: Connection): ConnectionFormValues {
  return {
    ...settingsValues(connection.settings),
    vendor: connection.vendor,
    name: connection.name,
    environment: connection.environment,
    origin: connection.origin,
    clientId: connection.clientId,
    secret: '',
    account: String(connection.accountId),
    windows: connection.windows.map(windowToValues),
    marginPercent: toPercent(connection.margin),
  }
}

function settingsValues(settings: Connection['settings']) {
  return {
    identifiersPerCall: settings.identifiersPerCall,
    algorithm: settings.signing.algorithm,
    lifetimeSeconds: settings.signing.lifetimeSeconds,
    subject: settings.signing.subject,
    pairForm: settings.pairForm.kind,
    pairTemplate: settings.pairForm.kind === 'template' ? settings.pairForm.template : '',
    methodOverride: settings.methodOverride,
    lookUpFirst: settings.lookUpFirst,
    callTimeoutSeconds: settings.callTimeoutMilliseconds / 1000,
    quietHours: settings.quietMilliseconds / 3_600_000,
    firstPollSeconds: settings.firstPollMilliseconds / 1000,
    longestPollMinutes: settings.longestPollMilliseconds / 60_000,
    jitterPercent: toPercent(settings.jitter),
    failureWords: settings.failureWords.join('\n'),
    secretExpiresOn: settings.secretExpiresOn ?? '',
    own: { ...settings.own },
  }
}

function toPercent(share: number): number {
  return Math.round(share * 1000) / 10
}

/** The words of a text with one word a line; blank lines count for nothing. */
export function readWords(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function pairFormOf(values: ConnectionFormValues): PairForm {
  return values.pairForm === 'template'
    ? { kind: 'template', template: values.pairTemplate }
    : { kind: values.pairForm }
}

/** The contract's input for these values, not yet judged. `id` is the connection being edited, null for a new one. */
export function toConnectionInput(values: ConnectionFormValues, id: Connection['id'] | null): ConnectionInput {
  return {
    ...(id === null ? {} : { id }),
    vendor: values.vendor,
    name: values.name,
    environment: values.environment,
    origin: values.origin,
    clientId: values.clientId,
    ...(values.secret === '' ? {} : { secret: values.secret }),
    ...(values.account === 'own' ? {} : { accountId: accountIdSchema.parse(Number(values.account)) }),
    settings: {
      signing: { algorithm: values.algorithm, lifetimeSeconds: values.lifetimeSeconds, subject: values.subject.trim() },
      identifiersPerCall: values.identifiersPerCall,
      pairForm: pairFormOf(values),
      methodOverride: values.methodOverride,
      lookUpFirst: values.lookUpFirst,
      callTimeoutMilliseconds: Math.round(values.callTimeoutSeconds * 1000),
      quietMilliseconds: Math.round(values.quietHours * 3_600_000),
      firstPollMilliseconds: Math.round(values.firstPollSeconds * 1000),
      longestPollMilliseconds: Math.round(values.longestPollMinutes * 60_000),
      jitter: values.jitterPercent / 100,
      failureWords: readWords(values.failureWords),
      secretExpiresOn: values.secretExpiresOn === '' ? null : values.secretExpiresOn,
      own: values.own,
    },
    windows: values.windows.map(windowFromValues),
    margin: values.marginPercent / 100,
  }
}

export type FormField = keyof ConnectionFormValues
export type FormMistakes = Readonly<Partial<Record<FormField, string>>>

/** The field and the words for a place in the contract's input that its schema does not accept. */
const mistakeWords: readonly (readonly [path: string, field: FormField, words: string])[] = [
  ['name', 'name', 'A connection needs a name of 1 to 80 characters.'],
  ['origin', 'origin', 'An address is needed, such as https://example.com.'],
  ['secret', 'secret', 'At most 2,000 characters.'],
  ['settings.secretExpiresOn', 'secretExpiresOn', 'A day of the calendar.'],
  ['windows', 'windows', 'Each limit needs whole numbers above 0; one to six limits.'],
  ['margin', 'marginPercent', 'A number from 0 to 90.'],
  ['settings.signing.lifetimeSeconds', 'lifetimeSeconds', 'A whole number from 10 to 3,600.'],
  ['settings.signing.subject', 'subject', 'At most 200 characters.'],
  ['settings.identifiersPerCall', 'identifiersPerCall', 'A whole number from 1 to 2,000.'],
  ['settings.pairForm', 'pairTemplate', 'The template needs 1 to 200 characters.'],
  ['settings.callTimeoutMilliseconds', 'callTimeoutSeconds', 'A number from 1 to 600.'],
  ['settings.quietMilliseconds', 'quietHours', 'A time of at least one second.'],
  ['settings.firstPollMilliseconds', 'firstPollSeconds', 'At least half a second.'],
  ['settings.longestPollMilliseconds', 'longestPollMinutes', 'A time of at least one second.'],
  ['settings.jitter', 'jitterPercent', 'A number from 0 to 50.'],
  ['settings.failureWords', 'failureWords', 'At most 50 words, each of at most 60 characters.'],
]

/**
 * What is wrong with these values, by field, in words; empty where the contract accepts them.
 * A new connection needs a secret; one that exists keeps its own where the field stays empty.
 */
export function findMistakes(
  values: ConnectionFormValues,
  connection: Connection | null,
  vendor: VendorProfile,
): FormMistakes {
  const mistakes: Partial<Record<FormField, string>> = {}
  const judged = connectionInputSchema.safeParse(toConnectionInput(values, connection?.id ?? null))
  for (const issue of judged.error?.issues ?? []) {
    const path = issue.path.join('.')
    const known = mistakeWords.find(([place]) => path === place || path.startsWith(`${place}.`))
    // What the vendor's profile has better words for is said below.
    if (path === 'clientId') continue
    mistakes[known?.[1] ?? 'name'] ??= known?.[2] ?? issue.message
  }
  if (values.secret === '' && (connection === null || connection.secretSavedAt === null)) {
    mistakes.secret ??= vendor.secret.missing
  }
  if (values.clientId.trim() === '') mistakes.clientId ??= vendor.clientId.missing
  if (vendor.secret.expires && values.secretExpiresOn === '') {
    mistakes.secretExpiresOn ??= `${vendor.name} takes it until some day only: that day is needed, so that you are warned in time.`
  }
  for (const setting of vendor.ownSettings) {
    const mistake = mistakeOfOwn(setting, values.own[setting.key])
    if (mistake !== null) mistakes.own ??= `${setting.label}: ${mistake}`
  }
  if (
    vendor.settingsParts.includes('channel pairs') &&
    values.pairForm === 'template' &&
    !mentionsBothParts(values.pairTemplate)
  ) {
    mistakes.pairTemplate = 'The template needs {channel_id} and {channel_user_id} in it.'
  }
  return mistakes
}

function mistakeOfOwn(setting: OwnSetting, value: string | number | boolean | undefined): string | null {
  switch (setting.kind) {
    case 'number': {
      const fits =
        typeof value === 'number' && Number.isInteger(value) && value >= setting.least && value <= setting.most
      return fits ? null : `a whole number from ${setting.least} to ${setting.most}.`
    }
    case 'choice':
      return setting.choices.some((choice) => choice.value === value) ? null : 'one of the choices.'
    case 'switch':
      return typeof value === 'boolean' ? null : 'on or off.'
  }
}

/** True where a pair's text template holds both parts of the pair. */
export function mentionsBothParts(template: string): boolean {
  return template.includes('{channel_id}') && template.includes('{channel_user_id}')
}

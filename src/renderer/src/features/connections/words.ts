/** How connections, their limits and their tests are said in words. */
import {
  mostPerCall,
  type Connection,
  type ConnectionTest,
  type RateWindow,
} from '../../../../shared/model/connection.ts'
import type { OwnSetting } from '../../../../shared/model/vendor.ts'
import { windowToValues } from './form-values.ts'

const integers = new Intl.NumberFormat()

/** "60 a minute", "1,800 an hour", "5 in any 10 seconds". */
export function describeWindow(window: RateWindow): string {
  const { calls, length, unit } = windowToValues(window)
  if (length !== 1) return `${integers.format(calls)} in any ${integers.format(length)} ${unit}s`
  return `${integers.format(calls)} ${unit === 'hour' ? 'an' : 'a'} ${unit}`
}

/** "60 a minute, 1,800 an hour, 5 % kept free". */
export function describeLimits(connection: Pick<Connection, 'windows' | 'margin'>): string {
  const windows = connection.windows.map(describeWindow)
  const kept =
    connection.margin === 0 ? 'none kept free' : `${integers.format(Math.round(connection.margin * 100))} % kept free`
  return [...windows, kept].join(', ')
}

/** "HS256, 60 s, a new id for every token". */
export function describeSigning(signing: Connection['settings']['signing']): string {
  const subject = signing.subject === '' ? 'the client id as subject' : `subject ${signing.subject}`
  return `${signing.algorithm}, ${integers.format(signing.lifetimeSeconds)} s, ${subject}, a new id for every token`
}

/** "100", or why it is fewer: "100; the vendor found a call of 80 identifiers too large, and calls hold at most 40 now". */
export function describeCallSize({ settings, tooLarge }: Pick<Connection, 'settings' | 'tooLarge'>): string {
  const set = integers.format(settings.identifiersPerCall)
  const most = mostPerCall(settings.identifiersPerCall, tooLarge)
  if (tooLarge === null || most === settings.identifiersPerCall) return set
  return `${set}; the vendor found a call of ${describeTooLarge(tooLarge)} too large, and calls hold at most ${integers.format(most)} now`
}

/** What stands below the field for it; where calls hold fewer, why, and what another number does. */
export function callSizeHint(connection: Pick<Connection, 'settings' | 'tooLarge'> | null, documented: string): string {
  if (connection === null || connection.tooLarge === null) return documented
  const { settings, tooLarge } = connection
  const most = mostPerCall(settings.identifiersPerCall, tooLarge)
  if (most === settings.identifiersPerCall) return documented
  return `The vendor found a call of ${describeTooLarge(tooLarge)} too large, and calls hold at most ${integers.format(most)} now. Another number here is tried as it is.`
}

function describeTooLarge(identifiers: number): string {
  return identifiers === 1 ? '1 identifier' : `${integers.format(identifiers)} identifiers`
}

/** How a channel pair is written into the call, said for an operator. */
export function describePairForm(form: Connection['settings']['pairForm']): string {
  if (form.kind === 'object') return 'an object with channel_id and channel_user_id'
  if (form.kind === 'two entries') return 'two entries, the channel id and the channel user id'
  return `text: ${form.template}`
}

/** The word for a test's verdict in a table. */
export function describeVerdict(verdict: ConnectionTest['verdict']): string {
  if (verdict === 'accepted') return 'credentials accepted'
  if (verdict === 'refused') return 'refused'
  if (verdict === 'unreachable') return 'not reached'
  return 'unclear answer'
}

/** The vendor's clock against this computer's, where it is far enough off to matter (30 s); else null. */
export function describeSkew(milliseconds: number | null): string | null {
  if (milliseconds === null || Math.abs(milliseconds) < 30_000) return null
  const seconds = Math.round(Math.abs(milliseconds) / 1000)
  const amount = seconds < 120 ? `${seconds} s` : `${integers.format(Math.round(seconds / 60))} min`
  return `This computer's clock is ${amount} ${milliseconds > 0 ? 'behind' : 'ahead of'} the vendor's.`
}

/** An id for reading, cut in the middle: "cs-4a71…f09e". */
export function cutMiddle(text: string, kept = 8): string {
  return text.length <= kept * 2 + 1 ? text : `${text.slice(0, kept)}…${text.slice(-4)}`
}

/** A setting of the vendor's own as it stands: "3", "GDPR", "on". */
export function describeOwn(setting: OwnSetting, { own }: Pick<Connection['settings'], 'own'>): string {
  const value = own[setting.key] ?? setting.initial
  if (setting.kind === 'choice') return setting.choices.find((choice) => choice.value === value)?.label ?? String(value)
  if (setting.kind === 'switch') return value === true ? 'on' : 'off'
  const number = integers.format(Number(value))
  return setting.unit === '' ? number : `${number} ${setting.unit}`
}

/**
 * Names: how an identifier that was sent and an entry of a status answer are compared. An email is the same in any
 * letter case, everything else exactly as it stands. A name carries its kind in front, so that a channel user id that
 * happens to look like an address is not matched by an address in other letters.
 */
import type { ConnectionSettings } from '../../../shared/model/connection.ts'
import { kindOfUserId } from '../../../shared/model/identifier.ts'
import type { Submitted } from '../../core/ports.ts'

/** A channel pair as a vendor's answer may write it. */
export type PairValue = Readonly<{ channel_id: string; channel_user_id: string }>

const exactName = (text: string) => `exact ${text.trim()}`
const emailName = (text: string) => `email ${text.trim().toLowerCase()}`
const pairName = (pair: PairValue) => `pair ${JSON.stringify([pair.channel_id.trim(), pair.channel_user_id.trim()])}`

/** The names of a `userId` in a status answer: a text, or a channel pair as an object. */
export function namesOfAnswered(userId: string | PairValue): readonly string[] {
  if (typeof userId !== 'string') return [pairName(userId)]
  return kindOfUserId(userId.trim()) === 'email' ? [exactName(userId), emailName(userId)] : [exactName(userId)]
}

/**
 * The names under which a status answer names this identifier for certain. A pair is named by the pair; by its channel
 * user id alone only where that id was sent as an entry of its own (`two entries`), for in every other form the vendor
 * may mean another channel's user of the same id. `sentForm`, the JSON text that stood in the call, goes before the
 * settings of today. Nothing is matched by likeness.
 */
export function namesOf(
  identifier: Submitted & Readonly<{ sentForm?: string }>,
  settings: ConnectionSettings,
): readonly string[] {
  if (identifier.kind === 'email') return [emailName(identifier.value)]
  if (identifier.kind !== 'channel pair') return [exactName(identifier.value)]
  const pair = pairOf(identifier)
  if (identifier.sentForm !== undefined) {
    const last = (JSON.parse(`[${identifier.sentForm}]`) as readonly unknown[]).at(-1)
    return typeof last === 'string' ? [pairName(pair), exactName(last)] : [pairName(pair)]
  }
  switch (settings.pairForm.kind) {
    case 'object':
      return [pairName(pair)]
    case 'two entries':
      return [pairName(pair), exactName(pair.channel_user_id)]
    case 'template':
      return [pairName(pair), exactName(fillTemplate(settings.pairForm.template, pair))]
  }
}

/** The two halves of a channel pair. */
export function pairOf(identifier: Submitted): PairValue {
  return { channel_id: (identifier.channelId ?? '').trim(), channel_user_id: identifier.value.trim() }
}

/** Writes a pair by a template; `{channel_id}` and `{channel_user_id}` stand for its halves. */
export function fillTemplate(template: string, pair: PairValue): string {
  return template.replace(/\{(channel_id|channel_user_id)\}/g, (_, half: keyof PairValue) => pair[half])
}

/** Whether a template writes different pairs differently. */
export function isUsableTemplate(template: string): boolean {
  return template.includes('{channel_id}') && template.includes('{channel_user_id}')
}

/** Identifiers: their kinds, and the one function that says when two of them are the same. */
import { z } from 'zod'

export const identifierKinds = ['email', 'user id', 'channel user id', 'channel pair', 'distinct id'] as const
export const identifierKindSchema = z.enum(identifierKinds)
export type IdentifierKind = z.infer<typeof identifierKindSchema>

/** What the database stores for a kind. Never renumber. */
export const kindNumbers: Readonly<Record<IdentifierKind, number>> = {
  email: 1,
  'user id': 2,
  'channel user id': 3,
  'channel pair': 4,
  'distinct id': 5,
}

const kindByNumber = new Map(identifierKinds.map((kind) => [kindNumbers[kind], kind]))

/** The kind stored as `number`. */
export function kindFromNumber(number: number): IdentifierKind {
  const kind = kindByNumber.get(number)
  if (kind === undefined) throw new Error(`No identifier kind has the number ${number}`)
  return kind
}

/** An identifier as the file gives it, trimmed. `channelId` is there for a channel pair alone. */
export type IdentifierValue = Readonly<{ kind: IdentifierKind; value: string; channelId: string | null }>

/**
 * The folded value: two identifiers of one kind are the same when this is equal. Emails fold in any letter case,
 * everything else stays exact; a pair joins both parts with U+001F, which no accepted identifier can hold.
 */
export function foldIdentifier(identifier: IdentifierValue): string {
  const value = identifier.value.trim()
  if (identifier.kind === 'email') return value.toLowerCase()
  if (identifier.kind === 'channel pair') return `${(identifier.channelId ?? '').trim()}\u001f${value}`
  return value
}

const emailShape = /^[^\s@,;<>"]+@[^\s@,;<>"]+$/

/** The kind of a value from a column of user ids: an address with one @ is an email, all else a user id. */
export function kindOfUserId(value: string): 'email' | 'user id' {
  return emailShape.test(value) ? 'email' : 'user id'
}

/** How an identifier is written in one line of text, for tables and evidence. */
export function writeIdentifier(identifier: Readonly<{ value: string | null; channelId: string | null }>): string {
  const value = identifier.value ?? '(forgotten)'
  return identifier.channelId === null ? value : `${identifier.channelId} · ${value}`
}

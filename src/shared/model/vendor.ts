/**
 * What is known of a vendor as data: screens and engine read it, and never ask which vendor it is. A vendor's folder in
 * main describes itself by this; the window gets it over a channel.
 */
import { z } from 'zod'
import { columnRoleSchema } from './import.ts'
import { rateWindowSchema, vendorIdSchema } from './connection.ts'
import type { Scope } from './scope.ts'

const words = z.string().min(1)

/** Which parts of a connection's common settings a vendor makes use of; the others are neither shown nor checked. */
export const settingsPartSchema = z.enum([
  'signing',
  'channel pairs',
  'method override',
  'quiet time',
  'more failure words',
])
export type SettingsPart = z.infer<typeof settingsPartSchema>

/** A setting that one vendor alone has; its value stands in `ConnectionSettings.own` under `key`. */
export const ownSettingSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('number'),
    key: words,
    label: words,
    hint: z.string(),
    unit: z.string(),
    least: z.number().int(),
    most: z.number().int(),
    initial: z.number().int(),
  }),
  z.object({
    kind: z.literal('choice'),
    key: words,
    label: words,
    hint: z.string(),
    choices: z.array(z.object({ value: words, label: words, hint: z.string() })).min(2),
    initial: words,
  }),
  z.object({ kind: z.literal('switch'), key: words, label: words, hint: z.string(), initial: z.boolean() }),
])
export type OwnSetting = Readonly<z.infer<typeof ownSettingSchema>>

/** Where the data goes within the vendor's account: what the operator chooses before anything is sent. */
export const scopeChoiceSchema = z.discriminatedUnion('kind', [
  /** Bots by their ids, or all of them; rows of a file may name their own. */
  z.object({ kind: z.literal('bots') }),
  /** One of a few values; none is chosen beforehand. */
  z.object({
    kind: z.literal('choice'),
    label: words,
    choices: z.array(z.object({ value: words, label: words, hint: z.string() })).min(2),
  }),
  /** Nothing to choose. */
  z.object({ kind: z.literal('everything') }),
])
export type ScopeChoice = Readonly<z.infer<typeof scopeChoiceSchema>>

/** True for a scope that this choice offers. */
export function offersScope(choice: ScopeChoice, scope: Scope): boolean {
  switch (choice.kind) {
    case 'bots':
      return scope.kind === 'bots' || scope.kind === 'all bots'
    case 'choice':
      return scope.kind === 'choice' && choice.choices.some(({ value }) => value === scope.value)
    case 'everything':
      return scope.kind === 'everything'
  }
}

export const vendorProfileSchema = z.object({
  id: vendorIdSchema,
  /** As people say it: "Kore.ai". */
  name: words,
  /** Hosts to pick from; the first is the usual one. */
  origins: z.array(z.object({ origin: z.string(), label: z.string() })).min(1),
  originLabel: words,
  originHint: z.string(),
  /** What another host's field shows as an example; null: no other host is allowed. */
  otherOrigin: z.string().nullable(),
  /** The public half of the credentials. */
  clientId: z.object({ label: words, placeholder: z.string(), missing: words }),
  /** The half that lives in the keychain. */
  secret: z.object({ label: words, hint: z.string(), missing: words, expires: z.boolean() }),
  windows: z.array(rateWindowSchema).min(1),
  windowsWords: words,
  /** Why several connections may share an account's limits. */
  accountWords: words,
  /** Identifiers in a call. `follows`: from the vendor's own settings; the operator does not choose it. */
  callSize: z.object({
    follows: z.boolean(),
    most: z.number().int().positive(),
    initial: z.number().int().positive(),
    hint: z.string(),
  }),
  settingsParts: z.array(settingsPartSchema),
  /** What a look-up of the vendor's own ids before sending is for, and what it needs; null: the vendor has none. */
  lookUpWords: z.string().nullable(),
  ownSettings: z.array(ownSettingSchema),
  scope: scopeChoiceSchema,
  /** Roles that a file's columns may have, beside `ignore`. */
  columns: z.array(columnRoleSchema).min(1),
  /** Titles that its exports give a column, beside the usual ones; letter case, blanks and marks do not count. */
  columnTitles: z.partialRecord(columnRoleSchema, z.array(words)),
  capabilities: z.object({
    /** A call that the vendor has accepted can be taken back for a while. */
    cancel: z.boolean(),
    /** Each identifier has a result of its own; else the whole call has one. */
    resultForEach: z.boolean(),
    /** The vendor says when it has finished; else a quiet time shows it. */
    marksEnd: z.boolean(),
  }),
  /** A copy of what the vendor has about people can be asked for; absent: the vendor makes none. */
  retrieval: z
    .object({
      /** What the copy is, and how long the vendor takes for it. */
      words,
      /** What a copy may hold, for requests whose scope has this value; the first choice is the vendor's own. */
      disclosures: z.array(
        z.object({
          scope: words,
          label: words,
          choices: z.array(z.object({ value: words, label: words, hint: z.string() })).min(2),
        }),
      ),
    })
    .optional(),
  /** What is known of the vendor's own time. */
  vendorTime: words,
  doesNotReach: z.array(words),
  /** What to click at the vendor, step by step; `**…**` marks what stands on a button. */
  setUp: z.object({ title: words, steps: z.array(words), note: z.string() }),
  documentation: z.string(),
  /** Hosts on which the vendor's own documentation and help stand: links of the app lead to those alone. */
  documentationHosts: z.array(words).min(1),
})
export type VendorProfile = Readonly<z.infer<typeof vendorProfileSchema>>

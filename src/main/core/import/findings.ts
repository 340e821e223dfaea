/** What an operator should look at before sending. Nothing here changes a row; each finding counts and shows lines. */
import { identifierKinds, type IdentifierKind } from '../../../shared/model/identifier.ts'
import type { Finding } from '../../../shared/model/import.ts'
import { createCaseWatch } from './case-watch.ts'

export type FindingCollector = Readonly<{
  /** Looks at one accepted identifier. */
  look: (kind: IdentifierKind, value: string, channelId: string | null, line: number) => void
  findings: () => readonly Finding[]
}>

type Tally = { count: number; readonly lines: number[] }

const shownLines = 5
const longIdentifier = 128

/** `1.23457E+15`, also with a comma: what a spreadsheet makes of a long number. */
const mangled = /^\d(?:[.,]\d+)?E\+?\d{1,3}$/i
/** Characters nobody sees, or takes for a plain blank: soft hyphen, joiners, direction marks, wide and no-break blanks. */
const invisible =
  /[\u034f\ufe00-\ufe0f\u00a0\u00ad\u061c\u115f\u1160\u1680\u17b4\u17b5\u180e\u2000-\u200f\u202a-\u202f\u205f-\u2064\u206a-\u206f\u3000\u3164\ufeff\uffa0\ufff9-\ufffd]/
const formulaLike = /^[=+\-@]/
/** RFC 5321 addresses as people have them: plain local part, a domain of two labels or more. */
const usualEmail =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/
/** Ids and addresses without anything to look at twice: they spare nearly every row the closer look. */
const plain = /^[A-DF-Za-df-z_][A-Za-z0-9_-]*$/
const plainEmail = /^[a-z0-9_]+(?:[.+-][a-z0-9_]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}$/i

const words: Readonly<
  Record<Exclude<Finding['kind'], 'mixed kinds' | 'other spellings' | 'differ by case alone'>, string>
> = {
  'mangled by a spreadsheet':
    'A spreadsheet has rounded these ids to the form 1.23457E+15. The original digits are lost in this file: export it again with the column as text.',
  'invisible characters':
    'These ids hold characters that cannot be seen (zero-width, no-break or direction marks). They are sent as the file has them and may match nobody.',
  'unusual email': 'These look like email addresses but are not quite. They are sent as the file has them.',
  'very long': `These ids are longer than ${longIdentifier} characters.`,
  'formula-like':
    'These ids begin with =, +, - or @. A spreadsheet that opens this file takes them for formulas and may change them.',
}

/** Collects the findings of one file; its memory does not grow with the file. */
export function createFindingCollector(): FindingCollector {
  const tallies = new Map<keyof typeof words, Tally>()
  const kinds = new Map<IdentifierKind, Tally>()
  const caseWatch = createCaseWatch()

  function closerLook(kind: IdentifierKind, value: string, line: number): void {
    if (mangled.test(value)) note(tallies, 'mangled by a spreadsheet', line)
    if (invisible.test(value)) note(tallies, 'invisible characters', line)
    if (formulaLike.test(value)) note(tallies, 'formula-like', line)
    if (value.length > longIdentifier) note(tallies, 'very long', line)
    const isUnusual = kind === 'email' ? !usualEmail.test(value) : kind === 'user id' && value.includes('@')
    if (isUnusual) note(tallies, 'unusual email', line)
  }

  function look(kind: IdentifierKind, value: string, channelId: string | null, line: number): void {
    note(kinds, kind, line)
    if (kind !== 'email') caseWatch.look(channelId === null ? value : `${channelId}\u001f${value}`, line)
    if (value.length > longIdentifier || !(kind === 'email' ? plainEmail : plain).test(value))
      closerLook(kind, value, line)
    if (channelId !== null && invisible.test(channelId) && !invisible.test(value)) {
      note(tallies, 'invisible characters', line)
    }
  }

  function findings(): readonly Finding[] {
    const simple = [...tallies].map(([kind, tally]): Finding => ({ kind, ...tally, words: words[kind] }))
    return [...simple, ...mixedKinds(kinds), ...caseWatch.findings()]
  }

  return { look, findings }
}

function note<Key>(tallies: Map<Key, Tally>, key: Key, line: number): void {
  const tally = tallies.get(key)
  if (tally === undefined) {
    tallies.set(key, { count: 1, lines: [line] })
    return
  }
  tally.count += 1
  if (tally.lines.length < shownLines) tally.lines.push(line)
}

const plurals: Readonly<Record<IdentifierKind, readonly [string, string]>> = {
  email: ['email', 'emails'],
  'user id': ['user id', 'user ids'],
  'channel user id': ['channel user id', 'channel user ids'],
  'channel pair': ['channel pair', 'channel pairs'],
  'distinct id': ['distinct id', 'distinct ids'],
}

function mixedKinds(kinds: ReadonlyMap<IdentifierKind, Tally>): readonly Finding[] {
  const present = identifierKinds.flatMap((kind) => {
    const tally = kinds.get(kind)
    return tally === undefined ? [] : [{ kind, tally }]
  })
  if (present.length < 2) return []
  const most = present.reduce((a, b) => (b.tally.count > a.tally.count ? b : a))
  const others = present.filter((entry) => entry !== most)
  const parts = present.map(
    ({ kind, tally }) => `${tally.count.toLocaleString('en-GB')} ${plurals[kind][tally.count === 1 ? 0 : 1]}`,
  )
  return [
    {
      kind: 'mixed kinds',
      count: others.reduce((sum, { tally }) => sum + tally.count, 0),
      lines: others
        .flatMap(({ tally }) => tally.lines)
        .toSorted((a, b) => a - b)
        .slice(0, shownLines),
      words: `The file holds ${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}. The lines are the first of those that are no ${plurals[most.kind][1]}.`,
    },
  ]
}

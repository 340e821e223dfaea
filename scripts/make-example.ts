import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/**
 * Makes examples/erasure-requests.csv: an export as messy as real ones, of invented accounts, the same bytes each time.
 * Run it with `node scripts/make-example.ts`.
 */

const botIds = [1, 2, 3, 4, 5].map((number) => `st-5a0d1c7e-000${number}-5b6f-8e21-7f4c2d9a000${number}`)
const [support = '', orders = '', returns = '', appointments = '', training = ''] = botIds

/** Identifiers for each scope, as the bot cell spells it; an empty cell takes the request's scope. */
const scopes: readonly (readonly [cell: string, identifiers: number])[] = [
  ['', 370],
  [support, 280],
  [orders, 180],
  [returns, 130],
  [appointments, 80],
  [`${support};${orders}`, 70],
  [`${returns};${appointments}`, 30],
]

const places = ['Lyon', 'München', 'Genève', 'Kraków', 'São Paulo', 'Århus', '東京', 'Αθήνα', 'Reykjavík', 'Leeds']
const mailHosts = ['example.com', 'example.org', 'example.net', 'mail.example']
const channels = ['whatsapp', 'msteams', 'slack', 'rtm', 'ivr']

type Row = {
  readonly userId?: string
  readonly channelId?: string
  readonly channelUserId?: string
  readonly bots: string
}

/** Ids that ask the sandbox for something, each in a scope where one more identifier makes no further call. */
const recognisable: readonly Row[] = [
  { userId: 'sandbox-account-owner-failed.0001@example.com', bots: support },
  { userId: 'u-sandbox-co-developer-failed-0002', bots: '' },
  { channelUserId: '331409900_sandbox-bot-owner-failed', bots: orders },
  { userId: 'sandbox-unknown-user.0003@example.com', bots: '' },
  { userId: 'u-sandbox-unknown-user-0004', bots: support },
  { channelId: 'whatsapp', channelUserId: '331409901_sandbox-unknown-user', bots: returns },
  { userId: 'sandbox-renamed.0005@example.com', bots: '' },
  { userId: 'sandbox-renamed.0006@example.org', bots: '' },
  { userId: 'sandbox-failed.0007@example.com', bots: orders },
  { userId: 'u-sandbox-failure-0008', bots: appointments },
  { userId: 'sandbox-error.0009@example.net', bots: `${support};${orders}` },
  { userId: 'sandbox-rejected.0010@example.com', bots: `${returns};${appointments}` },
  { userId: 'sandbox-named-twice.0011@example.com', bots: returns },
  { userId: 'sandbox-strangers.0012@example.com', bots: orders },
  { userId: 'sandbox-status-500.0013@example.com', bots: appointments },
  { userId: 'sandbox-slow.0014@example.com', bots: `${returns};${appointments}` },
  // Alone in its scope: the one batch whose outcome stays unknown holds this identifier and no other.
  { userId: 'sandbox-cut-after-recorded.0015@example.com', bots: training },
]

/** The whole file: UTF-8 with a byte order mark, CRLF. */
export function makeExample(): string {
  const random = createRandom(20_261_123)
  let number = 100
  const identifiers = scopes.flatMap(([bots, count]) =>
    Array.from({ length: count }, () => {
      number += 1
      return identifierRow(number, bots, random)
    }),
  )
  const again = sample(identifiers, 60, random).map((row, index) => anotherSpelling(row, index))
  const underAnotherBot = sample(
    identifiers.filter(({ bots }) => bots === ''),
    14,
    random,
  ).map((row): Row => ({ ...row, bots: support }))
  const rows = shuffle([...identifiers, ...recognisable, ...again, ...underAnotherBot], random)
  const lines = rows.map((row, index) => csvLine(row, index, random))
  const messy = scatter(lines, unusualLines(identifiers), random)
  const header = 'user_id,channel_id,channel_user_id,bot_ids,case_reference,name,closed_on'
  return `\uFEFF${[header, ...messy].join('\r\n')}\r\n`
}

function identifierRow(number: number, bots: string, random: Random): Row {
  const kind = random.below(100)
  if (kind < 55) return { userId: `account.${padded(number)}@${random.pick(mailHosts)}`, bots }
  if (kind < 75) return { userId: `u-${uuid(number)}`, bots }
  const channelUserId =
    random.below(2) === 0 ? `${49_151_000_000 + number * 7_919}` : `U0${uuid(number).slice(0, 8).toUpperCase()}`
  return kind < 88 ? { channelUserId, bots } : { channelId: random.pick(channels), channelUserId, bots }
}

/** The same identifier once more, as another system would have written it. */
function anotherSpelling(row: Row, index: number): Row {
  const bots = index % 4 === 0 ? row.bots.split(';').toReversed().join('; ') : row.bots
  if (row.userId?.includes('@') !== true) return index % 2 === 0 ? { ...row, bots } : { ...row, bots: ` ${bots}` }
  const spellings = [row.userId.toUpperCase(), capitalised(row.userId), ` ${row.userId}`, `${row.userId}  `]
  return { ...row, userId: spellings[index % spellings.length] ?? row.userId, bots }
}

function csvLine(row: Row, index: number, random: Random): string {
  const place = random.pick(places)
  const account = padded(1_000 + index)
  const names = [
    `Account ${account}, ${place}`,
    `Account ${account}, "north", ${place}`,
    `Account ${account}`,
    `Konto ${account}; ${place}`,
  ]
  const day = `${1 + random.below(28)}`.padStart(2, '0')
  const closedOn = random.below(8) === 0 ? `${day}/10/2026` : `2026-10-${day}`
  const reference = random.below(10) === 0 ? '' : `DSR-2026-${padded(1 + Math.floor(index / 3))}`
  const cells = [row.userId, row.channelId, row.channelUserId, row.bots, reference, random.pick(names), closedOn]
  return cells.map((cell) => csvCell(cell ?? '', random.below(12) === 0)).join(',')
}

/** Lines that are no ordinary record: blank, broken, mangled by a spreadsheet, hostile, or spread over two lines. */
function unusualLines(identifiers: readonly Row[]): readonly string[] {
  const twin = identifiers.find(({ userId, bots }) => bots === '' && userId?.startsWith('u-') === true)?.userId ?? ''
  const rest = ',,,,DSR-2026-0900,Account 0900,2026-10-09'
  return [
    ...Array.from({ length: 6 }, () => ''),
    ',,,,,,',
    '   ,,,,,,',
    'account.9001@example.com,,',
    'account.9002@example.com',
    `account.9003@example.com,,,${orders},DSR-2026-0901,Account 9003,Lyon,2026-10-09,open`,
    `account"9004@example.com${rest}`,
    `"account.9005"@example.com${rest}`,
    `account.9006@${rest}`,
    `@example.com${rest}`,
    `account.9007@@example.com${rest}`,
    `account 9008@example.com${rest}`,
    `"account.\r\n9009@example.com"${rest}`,
    ',whatsapp,,,DSR-2026-0902,Account 9010,2026-10-09',
    ',msteams,   ,,DSR-2026-0903,Account 9011,2026-10-09',
    ',,1.23457E+15,,DSR-2026-0904,"Account 9012, Leeds",2026-10-09',
    `account.\u200B9013@example.com${rest}`,
    `\u200Eaccount.9014@example.org\u200B${rest}`,
    `account.9015@example.com\u00A0${rest}`,
    `account.9016@example.com,,,${returns},DSR-2026-0905,"Account 9016,\r\nLyon",2026-10-09`,
    `account.9017@example.com,,,${returns},DSR-2026-0906,"=HYPERLINK(""https://example.com"",""open"")",2026-10-09`,
    `account.9018@example.com,,,${appointments},DSR-2026-0907,+CMD|' /C'!A0,2026-10-09`,
    // Another id than its twin: only emails are the same in any letter case.
    `u-${twin.slice(2).toUpperCase()}${rest}`,
  ]
}

function csvCell(cell: string, quoteAnyway: boolean): string {
  return quoteAnyway || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** Spreads the unusual lines over the others, none of them first or last. */
function scatter(lines: readonly string[], unusual: readonly string[], random: Random): readonly string[] {
  const gap = Math.floor(lines.length / (unusual.length + 1))
  const placed = shuffle(unusual, random)
  return lines.flatMap((line, index) => {
    const extra = index > 0 && index % gap === 0 ? placed[index / gap - 1] : undefined
    return extra === undefined ? [line] : [extra, line]
  })
}

type Random = { readonly below: (limit: number) => number; readonly pick: (values: readonly string[]) => string }

/** Numbers that look random and are the same each time: a counter under SHA-256. */
function createRandom(seed: number): Random {
  let counter = 0
  const below = (limit: number) => {
    counter += 1
    return createHash('sha256').update(`${seed}/${counter}`).digest().readUInt32BE(0) % limit
  }
  return { below, pick: (values) => values[below(values.length)] ?? '' }
}

function shuffle<Value>(values: readonly Value[], random: Random): readonly Value[] {
  return values
    .map((value) => ({ value, place: random.below(1_000_000_007) }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ value }) => value)
}

function sample<Value>(values: readonly Value[], count: number, random: Random): readonly Value[] {
  return shuffle(values, random).slice(0, count)
}

function uuid(number: number): string {
  const hex = createHash('sha256').update(`account ${number}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function padded(number: number): string {
  return `${number}`.padStart(4, '0')
}

function capitalised(email: string): string {
  return `${email.charAt(0).toUpperCase()}${email.slice(1)}`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(new URL('../examples/erasure-requests.csv', import.meta.url), makeExample())

import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/**
 * Makes examples/mixpanel-deletions.csv: distinct ids as Mixpanel's own export lists them, of invented people, the same
 * bytes each time. Run it with `node scripts/make-mixpanel-example.ts`.
 */

const header = 'distinct_id,case_reference,last_seen'

/** The whole file: UTF-8, LF. */
export function makeMixpanelExample(): string {
  const ordinary = Array.from({ length: 96 }, (_, index) => distinctId(index + 1))
  const first = ordinary.slice(0, 4)
  const unusual = [
    // The same id again, once with blanks around it.
    first[0] ?? '',
    ` ${first[1] ?? ''} `,
    // Nobody is named.
    '',
    '   ',
    // Another person than the first email: a distinct id is taken exactly.
    (first[3] ?? '').toUpperCase(),
    // Faults of the sandbox that leave the task as it is.
    'sandbox-status-500.0001',
    'sandbox-unknown.0002',
  ]
  const rows = [...ordinary, ...unusual].map((id, index) => `${id},${reference(index)},${day(index)}`)
  return `${[header, ...rows].join('\n')}\n`
}

/** What projects send as a distinct id: a UUID, the id of a device, a number, an email. */
function distinctId(number: number): string {
  const id = uuid(number)
  return [id, `$device:${id}`, `${40_000 + number * 17}`, `visitor.${number}@mail.example`][(number - 1) % 4] ?? id
}

function reference(index: number): string {
  return index % 9 === 0 ? '' : `DSR-2026-${`${700 + Math.floor(index / 2)}`.padStart(4, '0')}`
}

function day(index: number): string {
  return `2026-10-${`${1 + (index % 28)}`.padStart(2, '0')}`
}

function uuid(number: number): string {
  const hex = createHash('sha256').update(`visitor ${number}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(new URL('../examples/mixpanel-deletions.csv', import.meta.url), makeMixpanelExample())

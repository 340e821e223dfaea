import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/**
 * Makes examples/case-two-vendors.csv: what a company's own customer list says of thirty invented people, who have ids at
 * Kore.ai and at Mixpanel, the same bytes each time. Run it with `node scripts/make-case-example.ts`.
 */

const header = 'customer_id,email,slack_channel,slack_user,mixpanel_id,mixpanel_id_2,case_reference'

/** One row: an empty text is an empty cell. */
type Row = readonly [
  customer: string,
  email: string,
  channel: string,
  user: string,
  first: string,
  second: string,
  reference: string,
]

/** The whole file: UTF-8, LF. */
export function makeCaseExample(): string {
  const lines = [...ordinary(), ...unusual()].map((row) => row.map(cell).join(','))
  // One line that says nothing, as exports have them.
  return `${[header, ...lines.slice(0, 12), '', ...lines.slice(12)].join('\n')}\n`
}

function ordinary(): readonly Row[] {
  return Array.from({ length: 24 }, (_, index): Row => {
    const number = index + 1
    return [
      customer(number),
      `customer.${number}@post.example`,
      number % 3 === 0 ? 'slack' : '',
      number % 3 === 0 ? `U0${7_000_000 + number * 31}` : '',
      uuid(number, 'phone'),
      number % 4 === 0 ? uuid(number, 'laptop') : '',
      `DSR-2026-${1200 + number}`,
    ]
  })
}

function unusual(): readonly Row[] {
  return [
    // Another row of the first two: an address and a device that were found later.
    [customer(1), 'customer.1@work.example', '', '', '', '', 'DSR-2026-1201'],
    [customer(2), 'Customer.2@Post.example', '', '', uuid(2, 'tablet'), '', 'DSR-2026-1202'],
    // At one vendor alone.
    [customer(25), 'customer.25@post.example', '', '', '', '', 'DSR-2026-1225'],
    [customer(26), '', '', '', uuid(26, 'phone'), '', 'DSR-2026-1226'],
    // Two people with one address.
    [customer(27), 'household@post.example', '', '', uuid(27, 'phone'), '', 'DSR-2026-1227'],
    [customer(28), 'household@post.example', '', '', uuid(28, 'phone'), '', 'DSR-2026-1228'],
    // The sandbox never names this one: unconfirmed at one vendor, erased at the other.
    [customer(29), 'sandbox-unknown-user.29@post.example', '', '', uuid(29, 'phone'), '', 'DSR-2026-1229'],
    [customer(30), 'sandbox-failed.30@post.example', '', '', uuid(30, 'phone'), '', 'DSR-2026-1230'],
    // A cell that no export should hold: its id cannot be read.
    [customer(24), '', '', '', `broken\u0007id`, '', 'DSR-2026-1224'],
    // Names nobody.
    [customer(31), '', '', '', '', '', 'DSR-2026-1231'],
  ]
}

function customer(number: number): string {
  return `C-${40_000 + number * 13}`
}

function uuid(number: number, device: string): string {
  const hex = createHash('sha256').update(`customer ${number} ${device}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function cell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(new URL('../examples/case-two-vendors.csv', import.meta.url), makeCaseExample())

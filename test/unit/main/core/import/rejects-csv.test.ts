import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { rejectsCsv } from '../../../../../src/main/core/import/rejects-csv.ts'
import { fail, succeed } from '../../../../../src/shared/failure.ts'

type Reject = Readonly<{ line: number; endLine: number; reason: string; raw: string | null }>

async function write(rejects: readonly Reject[], pageSize = 2): Promise<Readonly<{ text: string; rows: number }>> {
  const count = { rows: 0 }
  let text = ''
  const pages = rejectsCsv(
    async (after) => succeed(rejects.filter(({ line }) => line > after).slice(0, pageSize)),
    () => {
      count.rows += 1
    },
  )
  for await (const piece of pages) text += piece
  return { text, rows: count.rows }
}

test('gives every reject with its lines, its reason and the row as it stood', async () => {
  const rejects = [
    { line: 3, endLine: 3, reason: 'blank line', raw: '' },
    { line: 7, endLine: 9, reason: 'longer than 3 lines or 64 KB', raw: 'a,"b\n""c"""\nd' },
    { line: 12, endLine: 12, reason: 'more cells than the header', raw: 'x,y,z' },
  ]
  const { text, rows } = await write(rejects)
  expect(rows).toBe(3)
  expect(text.startsWith('\ufeffline,last_line,reason,row\r\n')).toBe(true)
  const parsed: unknown = parse(text, { bom: true, columns: true })
  expect(parsed).toEqual(
    rejects.map(({ line, endLine, reason, raw }) => ({ line: `${line}`, last_line: `${endLine}`, reason, row: raw })),
  )
})

test.each(['=1+1', '+1', '-1', '@cmd', ' =HYPERLINK("x")', '\t=1', '|calc', '%0A'])(
  'lets no spreadsheet take %j for a formula',
  async (raw) => {
    const { text } = await write([{ line: 1, endLine: 1, reason: 'r', raw }])
    expect(text).toContain(`"'${raw.replaceAll('"', '""')}"`)
  },
)

test('fails where the history cannot be read on', async () => {
  const pages = rejectsCsv(
    async () => fail('history-damaged', 'x'),
    () => {},
  )
  await pages.next()
  await expect(pages.next()).rejects.toThrow('history-damaged')
})

/** The rejects of an import as a CSV that is safe to open in a spreadsheet. */
import type { Result } from '../../../shared/failure.ts'

type Reject = Readonly<{ line: number; endLine: number; reason: string; raw: string | null }>

const byteOrderMark = '\ufeff'

/**
 * Yields the file in pieces: UTF-8 with a byte-order mark, CRLF, every text quoted. A text that a spreadsheet would
 * take for a formula stands behind an apostrophe. `page` gives the rejects behind a line; `onRow` counts what was
 * written. Throws where a page cannot be read.
 */
export async function* rejectsCsv(
  page: (afterLine: number) => Promise<Result<readonly Reject[]>>,
  onRow: () => void,
): AsyncGenerator<string> {
  yield `${byteOrderMark}line,last_line,reason,row\r\n`
  let after = 0
  for (;;) {
    const rows = await page(after)
    if (!rows.ok) throw new Error(rows.failure.code)
    const last = rows.value.at(-1)
    if (last === undefined) return
    yield rows.value.map((row) => writeReject(row, onRow)).join('')
    after = last.line
  }
}

function writeReject(row: Reject, onRow: () => void): string {
  onRow()
  return `${row.line},${row.endLine},${quote(row.reason)},${quote(row.raw ?? '')}\r\n`
}

/** A cell in quotes; one that begins as a formula does gets an apostrophe in front (CWE-1236). */
function quote(text: string): string {
  const safe = /^[\s\ufeff]*[=+\-@|%]/.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

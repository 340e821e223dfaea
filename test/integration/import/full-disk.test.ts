import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { forkOnSmallDisk } from '../../support/small-disk.ts'

test('an import on a disk that fills up is taken back as soon as there is room for that, and says why; the next one goes on', async () => {
  const place = mkdtempSync(join(tmpdir(), 'erasure-desk-disk-'))
  const child = forkOnSmallDisk(new URL('full-disk-child.ts', import.meta.url), place, 48)
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const [report] = (await Promise.race([once(child, 'message'), exited])) as [unknown]
  expect(report).toMatchObject({
    trouble: { code: 'disk-full' },
    after: null,
    large: {
      status: 'failed',
      identifiers: 0,
      duplicates: 0,
      rejects: 0,
      failure: { code: 'disk-full', kept: expect.stringContaining('kept') },
    },
    small: { status: 'done', rows: 2, identifiers: 1, duplicates: 1 },
    sound: 'ok',
    identifiers: 1,
    tokens: 1,
  })
  await exited
  rmSync(place, { recursive: true })
})

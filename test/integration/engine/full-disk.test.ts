import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { reportFromSmallDisk } from '../../support/small-disk.ts'

const says = expect.stringMatching(/^Nothing is sent.*: The disk is full: .+ Free some space/)

test('a disk that fills up while sending: no call leaves without its entry, no answer is lost, and with room it goes on by itself', async () => {
  const place = mkdtempSync(join(tmpdir(), 'erasure-desk-disk-'))
  onTestFinished(() => rmSync(place, { recursive: true }))
  const report = await reportFromSmallDisk(new URL('full-disk-child.ts', import.meta.url), place, 24)
  expect(report).toEqual({
    // The answer to the second of three calls has no room: it is kept, and the third does not leave.
    underWay: {
      whileFull: {
        reason: says,
        trouble: 'disk-full',
        calls: 2,
        states: expect.objectContaining({ 'b@example.org': 'sending', 'c@example.org': 'queued' }),
      },
      after: { reason: null, calls: 3 },
    },
    before: {
      whileFull: { reason: says, trouble: 'disk-full', newCalls: 0 },
      newAttempts: 0,
      after: { reason: null },
    },
    // The answer died with its process: the call is in doubt, and the one that had not left goes in its turn.
    killed: {
      problem: 'answer not written disk-full',
      openedWhileFull: 'disk-full',
      states: { 'f@example.org': 'outcome unknown', 'g@example.org': 'erased' },
      newCalls: 2,
    },
    sound: 'ok',
  })
})

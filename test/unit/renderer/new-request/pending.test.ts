import { expect, test } from 'vitest'
import {
  endedImportOf,
  openFiles,
  replaceOpen,
  type PendingFile,
} from '../../../../src/renderer/src/features/new-request/pending.ts'
import { isReadable } from '../../../../src/renderer/src/files/import-words.ts'
import type { ImportId } from '../../../../src/shared/model/ids.ts'
import { importSummarySchema, type ImportSummary } from '../../../../src/shared/model/import.ts'

const format = { encoding: 'utf-8', delimiter: ',', hasHeader: true } as const

function file(token: string, importId?: number): PendingFile {
  return {
    token,
    fileName: `${token}.csv`,
    byteSize: 1,
    format,
    columns: ['user_id'],
    sample: [],
    roles: ['user id'],
    rolesFrom: 'guessed',
    ...(importId === undefined ? {} : { importId: importId as ImportId }),
  }
}

function entry(id: number, status: ImportSummary['status']): ImportSummary {
  return importSummarySchema.parse({
    id,
    requestId: 1,
    fileName: `${id}.csv`,
    byteSize: 1,
    format,
    status,
    progress: 0,
    rows: 0,
    identifiers: 0,
    duplicates: 0,
    elsewhere: 0,
    rejects: 0,
    findings: [],
    failure: null,
    startedAt: 1,
    finishedAt: null,
  })
}

const imports = [entry(1, 'running'), entry(2, 'done'), entry(3, 'failed'), entry(4, 'cancelled')]
const files = [file('runs', 1), file('in', 2), file('failed', 3), file('cancelled', 4), file('untold', 5), file('new')]

test('a file waits until it is imported, and again where that was in vain', () => {
  expect(openFiles(files, imports).map(({ token }) => token)).toEqual(['failed', 'cancelled', 'new'])
  expect(endedImportOf(file('x', 3), imports)).toMatchObject({ id: 3 })
  expect(endedImportOf(file('x', 2), imports)).toBeNull()
  expect(endedImportOf(file('x'), imports)).toBeNull()
})

test('what becomes of the files that wait leaves alone the file that is being imported', () => {
  expect(replaceOpen(files, imports, [file('more')]).map(({ token }) => token)).toEqual([
    'runs',
    'in',
    'untold',
    'more',
  ])
  const again = replaceOpen(files, imports, [file('failed', 6), file('new')])
  expect(again.map(({ token, importId }) => [token, importId])).toEqual([
    ['runs', 1],
    ['in', 2],
    ['untold', 5],
    ['failed', 6],
    ['new', undefined],
  ])
})

test('a file that cannot be read as it is has no columns', () => {
  const { failure } = { failure: { code: 'file-has-nul', message: 'NUL', retryable: false } } as const
  expect(isReadable({ token: 'a', fileName: 'a.csv', failure })).toBe(false)
  expect(isReadable(file('a'))).toBe(true)
})

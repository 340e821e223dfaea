import { describe, expect, it } from 'vitest'
import {
  describeStep,
  firstOpenStep,
  mayOpen,
  neighbour,
} from '../../../../src/renderer/src/features/new-request/steps.ts'
import { describeFormat, describeSum, sumImports } from '../../../../src/renderer/src/files/import-words.ts'
import { caseIdSchema } from '../../../../src/shared/model/ids.ts'
import { importSummarySchema } from '../../../../src/shared/model/import.ts'
import { requestDetailSchema } from '../../../../src/shared/model/request.ts'

const imported = importSummarySchema.parse({
  id: 1,
  requestId: 7,
  fileName: 'october-closures.csv',
  byteSize: 812_000,
  format: { encoding: 'utf-8', delimiter: ',', hasHeader: true },
  status: 'done',
  progress: 1,
  rows: 8214,
  identifiers: 8000,
  duplicates: 171,
  rejects: 43,
  elsewhere: 0,
  findings: [],
  failure: null,
  startedAt: 1,
  finishedAt: 2,
})

const empty = requestDetailSchema.parse({
  id: 7,
  case: null,
  name: 'Closed accounts',
  phase: 'draft',
  connectionId: 1,
  connectionName: 'Kore.ai production',
  environment: 'production',
  vendor: 'kore',
  reference: '',
  answerDue: null,
  counts: {},
  waiting: 0,
  copiesInDoubt: 0,
  total: 0,
  paused: false,
  createdAt: 1,
  sentAt: null,
  closedAt: null,
  scope: null,
  caseFacts: {},
  imports: [],
  waitingGroups: [],
  retryGroups: [],
  batches: 0,
  attempts: 0,
  sendingEndsAt: null,
  nextPollAt: null,
  callsUnderWay: 0,
  standstill: null,
  stuck: null,
  connectionStopped: false,
  pauseCause: null,
})
const withFile = { ...empty, imports: [imported] }
const withScope = { ...withFile, scope: { kind: 'bots' as const, botIds: ['st-1', 'st-2', 'st-3'] } }
const withFacts = { ...withScope, caseFacts: { ...empty.caseFacts, receivedOn: '2026-10-14', reference: 'OPS-118' } }
const state = (draft: typeof empty | typeof withScope | null) => ({ draft, pending: null, allRowsHaveBots: false })

describe('where a draft opens again', () => {
  it('is the first step that has not been decided', () => {
    expect(firstOpenStep(null)).toBe('file')
    expect(firstOpenStep(empty)).toBe('file')
    expect(firstOpenStep(withFile)).toBe('scope')
    expect(firstOpenStep(withScope)).toBe('facts')
    expect(firstOpenStep(withFacts)).toBe('plan')
  })

  it('is the check while a file is being read, or when the last one brought nothing in', () => {
    expect(firstOpenStep({ ...withScope, imports: [{ ...imported, status: 'running' }] })).toBe('columns')
    expect(firstOpenStep({ ...empty, imports: [{ ...imported, status: 'failed', identifiers: 0 }] })).toBe('columns')
  })
})

describe('which steps may be opened', () => {
  it('grows with what has been decided', () => {
    expect(mayOpen('columns', state(null))).toBe(false)
    expect(mayOpen('scope', state(empty))).toBe(false)
    expect(mayOpen('scope', state(withFile))).toBe(true)
    expect(mayOpen('plan', state(withFile))).toBe(false)
    expect(mayOpen('plan', state(withScope))).toBe(true)
  })

  it('needs no scope of the request where every row names its own bots', () => {
    expect(mayOpen('plan', { ...state(withFile), allRowsHaveBots: true })).toBe(true)
  })

  it('holds everything back while a file is being read', () => {
    expect(mayOpen('plan', state({ ...withScope, imports: [imported, { ...imported, status: 'running' }] }))).toBe(
      false,
    )
  })
})

describe('what was decided in each step', () => {
  it('is said in a few words', () => {
    expect(describeStep('file', state(withFacts))).toBe('october-closures.csv, 8,214 rows')
    expect(describeStep('columns', state(withFacts))).toBe('8,000 identifiers, 171 duplicates, 43 rejects')
    expect(describeStep('scope', state(withFacts))).toBe('3 bots: st-1, st-2 and 1 more')
    expect(describeStep('facts', state(withFacts))).toBe('GDPR, received Oct 14, 2026, due Nov 14, 2026, OPS-118')
  })

  it('names several files by their number', () => {
    expect(describeStep('file', state({ ...withFile, imports: [imported, imported] }))).toBe('2 files, 16,428 rows')
  })

  it('counts the rows of a case’s file once, however often it is read', () => {
    const ofCase = { ...withFile, case: { id: caseIdSchema.parse(1), name: 'Asks' }, imports: [imported, imported] }
    expect(describeStep('file', state(ofCase))).toBe('october-closures.csv, 8,214 rows')
  })

  it('says nothing where nothing has been decided', () => {
    expect(describeStep('scope', state(withFile))).toBeNull()
    expect(describeStep('file', state(null))).toBeNull()
  })
})

it('adds up files so that rows stay identifiers, duplicates and rejects', () => {
  const sum = sumImports([imported, { ...imported, rows: 3, identifiers: 1, duplicates: 1, rejects: 1 }])
  expect(sum.rows).toBe(sum.identifiers + sum.duplicates + sum.rejects)
  const ofCase = sumImports([{ ...imported, rows: 8300, elsewhere: 86 }])
  expect(describeSum(ofCase)).toBe(
    '8,300 rows = 8,000 identifiers + 171 duplicates + 43 rejects + 86 with nothing here',
  )
})

it('knows the neighbours of a step', () => {
  expect(neighbour('file', -1)).toBeNull()
  expect(neighbour('scope', 1)).toBe('facts')
  expect(neighbour('plan', 1)).toBeNull()
})

describe('what became of a file', () => {
  it('adds up on screen', () => {
    expect(describeSum(imported)).toBe('8,214 rows = 8,000 identifiers + 171 duplicates + 43 rejects')
    expect(describeSum({ rows: 2, identifiers: 1, duplicates: 1, rejects: 0, elsewhere: 0 })).toBe(
      '2 rows = 1 identifier + 1 duplicate + 0 rejects',
    )
  })

  it('says how it was read', () => {
    expect(describeFormat({ encoding: 'windows-1252', delimiter: ';', hasHeader: true })).toBe(
      'Windows-1252, semicolons, with a header',
    )
    expect(describeFormat({ encoding: 'utf-8', delimiter: '\t', hasHeader: false })).toBe('UTF-8, tabs, no header')
  })

  it('names the file that is being read', () => {
    const running = { ...imported, status: 'running' as const, finishedAt: null }
    expect(
      describeStep('file', { draft: { ...empty, imports: [running] }, pending: null, allRowsHaveBots: false }),
    ).toBe('october-closures.csv')
  })
})

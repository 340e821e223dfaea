import { describe, expect, it } from 'vitest'
import {
  listNewCaseSteps,
  mayOpen,
  newCaseSteps,
  nothingChosen,
  takeFile,
  type NewCaseState,
} from '../../../../src/renderer/src/features/cases/new-case.ts'
import { connectionIdSchema } from '../../../../src/shared/model/ids.ts'
import { filePreviewSchema } from '../../../../src/shared/model/import.ts'

const kore = { id: connectionIdSchema.parse(1), name: 'Kore.ai', roles: ['user id'] as const }
const file = filePreviewSchema.parse({
  token: '3f0c2a51-7d4e-4c11-9a35-5b1f0e6a7c02',
  fileName: 'asks-of-october.csv',
  byteSize: 120,
  format: { encoding: 'utf-8', delimiter: ',', hasHeader: true },
  columns: ['customer', 'email'],
  sample: [],
  roles: ['ignore', 'user id'],
  rolesFrom: 'guessed',
})
const nothing: NewCaseState = { made: nothingChosen, connections: [], columns: null }
const chosen: NewCaseState = {
  made: takeFile({ ...nothingChosen, connectionIds: [kore.id] }, file),
  connections: [kore],
  columns: [{ kind: 'person key' }, { kind: 'of connection', connectionId: kore.id, role: 'user id' }],
}
const opened = (state: NewCaseState) => newCaseSteps.filter((step) => mayOpen(step, state))

describe('the steps of a new case', () => {
  it('open once what they stand on is decided', () => {
    expect(opened(nothing)).toEqual(['connections'])
    expect(opened({ ...nothing, connections: [kore] })).toEqual(['connections', 'file'])
    expect(opened({ ...chosen, columns: null })).toEqual(['connections', 'file', 'columns'])
    expect(opened(chosen)).toEqual(['connections', 'file', 'columns', 'facts'])
  })

  it('let nobody past columns that cannot be read', () => {
    expect(opened({ ...chosen, columns: [{ kind: 'ignore' }, { kind: 'ignore' }] })).not.toContain('facts')
    const unreadable = {
      token: file.token,
      fileName: file.fileName,
      failure: { code: 'file-encoding' as const, message: 'It is not UTF-8.', retryable: true },
    }
    expect(opened({ ...chosen, made: { ...chosen.made, file: unreadable } })).not.toContain('facts')
  })

  it('say what was decided in each', () => {
    expect(listNewCaseSteps(chosen, 'facts').map(({ decided, isDone }) => [decided, isDone])).toEqual([
      ['Kore.ai', true],
      ['asks-of-october.csv', true],
      ['2 columns read. Rows with the same “customer” are one person; a row without one is a person of its own.', true],
      ['Then the file is read', false],
    ])
  })
})

describe('a file', () => {
  it('gives its name to a case that has none of its own, and takes no other away', () => {
    expect(chosen.made.facts.name).toBe('asks-of-october')
    expect(takeFile(chosen.made, { ...file, fileName: 'asks-of-november.csv' }).facts.name).toBe('asks-of-november')
    const named = { ...chosen.made, facts: { ...chosen.made.facts, name: 'By letter' } }
    expect(takeFile(named, { ...file, fileName: 'asks-of-november.csv' }).facts.name).toBe('By letter')
  })
})

/** A desk with connections to both vendors, and what an operator does there with a case. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { openFile } from '../../../src/main/adapters/database/open-file.ts'
import type { Sql } from '../../../src/main/adapters/database/sql.ts'
import { historyKeyName } from '../../../src/main/core/app/history-key.ts'
import type { SecretStore } from '../../../src/main/core/ports.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import type { Input, Value } from '../../../src/shared/contract.ts'
import type { CaseColumn, CaseDetail, PersonRow } from '../../../src/shared/model/case.ts'
import type { CaseId, ConnectionId, PersonId, RequestId } from '../../../src/shared/model/ids.ts'
import { createMemorySecrets, must } from '../../support/engine.ts'
import { checkHistory } from '../database/invariants.ts'
import { openWholeDesk, type Wrapping } from '../third-vendor/whole-desk.ts'
import { checkPeople } from './invariants.ts'

export const page = { anchor: { index: 0 }, limit: 500 } as const

export type Bench = Awaited<ReturnType<typeof openBench>>
type Saved = Input<'saveConnection'>
export type Places = Readonly<{ kore?: Partial<Saved>; mixpanel?: Partial<Saved> }>

/** What a column of a test's file holds, in short: `kore.user id`, `mixpanel.distinct id`, `person`, `case`, `-`. */
export type Marks = readonly string[]

/** Opens a new history with a connection to each vendor; nobody listens where `places` names no origin. */
export async function openBench(places: Places = {}, wrapping: Wrapping = {}, secrets = createMemorySecrets()) {
  const base = mkdtempSync(path.join(tmpdir(), 'erasure-desk-cases-'))
  const folder = path.join(base, 'history')
  let desk = await openWholeDesk(folder, vendors, secrets, wrapping)
  const save = async (input: Saved): Promise<ConnectionId> => (await desk.get('saveConnection', input)).id
  const connections = {
    kore: await save({
      vendor: 'kore',
      name: 'Support bots',
      environment: 'staging',
      origin: 'http://127.0.0.1:9',
      clientId: 'cs-1',
      secret: 'secret',
      ...places.kore,
    }),
    mixpanel: await save({
      vendor: 'mixpanel',
      name: 'Web analytics',
      environment: 'staging',
      origin: 'http://127.0.0.1:9',
      clientId: '0123456789abcdef0123456789abcdef',
      secret: 'token',
      ...places.mixpanel,
    }),
  }

  const columnsOf = (marks: Marks): CaseColumn[] =>
    marks.map((mark) => {
      if (mark === '-') return { kind: 'ignore' }
      if (mark === 'person') return { kind: 'person key' }
      if (mark === 'case') return { kind: 'case reference' }
      const [of = '', role = ''] = mark.split('.')
      const connectionId = of === 'kore' ? connections.kore : connections.mixpanel
      return { kind: 'of connection', connectionId, role } as CaseColumn
    })

  const write = (content: string, name = 'people.csv'): string => {
    const file = path.join(base, name)
    writeFileSync(file, content)
    return file
  }

  const tokenOf = async (file: string): Promise<string> => (await desk.drop(file))?.token ?? ''

  /** What `startCase` is asked with for a file whose columns hold this. */
  const inputOf = async (
    file: string,
    marks: Marks,
    more: Partial<Input<'startCase'>> = {},
  ): Promise<Input<'startCase'>> => ({
    name: 'October asks',
    token: await tokenOf(file),
    format: { encoding: 'utf-8', delimiter: ',', hasHeader: true },
    connectionIds: [connections.kore, connections.mixpanel],
    columns: columnsOf(marks),
    ...more,
  })

  const readToEnd = async (caseId: CaseId): Promise<CaseDetail> =>
    await desk.until(async () => {
      const detail = await desk.get('getCase', { caseId })
      return detail.reading === 'running' ? undefined : detail
    })

  /** Makes a case from lines under a header, and reads it to its end. */
  const caseOf = async (marks: Marks, lines: readonly string[], more: Partial<Input<'startCase'>> = {}) => {
    const header = marks.map((mark, column) => `${mark === '-' ? 'other' : mark} ${column + 1}`).join(',')
    const file = write([header, ...lines, ''].join('\n'))
    const started = await desk.get('startCase', await inputOf(file, marks, more))
    return await readToEnd(started.id)
  }

  const people = async (caseId: CaseId, more: Partial<Input<'listPeople'>> = {}): Promise<readonly PersonRow[]> =>
    (await desk.get('listPeople', { caseId, standing: null, ...page, ...more })).rows

  const identifiersOf = async (caseId: CaseId, personId: PersonId): Promise<Value<'listPersonIdentifiers'>['rows']> =>
    (await desk.get('listPersonIdentifiers', { caseId, personId })).rows

  /** Each person with what they have, in short: `key: value, value`. */
  const listed = async (caseId: CaseId): Promise<readonly string[]> => {
    const rows = await people(caseId)
    const texts: string[] = []
    for (const row of rows) {
      const values = (await identifiersOf(caseId, row.id)).map(({ channelId, value }) =>
        channelId === null ? value : `${channelId}/${value}`,
      )
      texts.push(`${row.key ?? `line ${row.line}`}: ${values.join(', ')}`)
    }
    return texts
  }

  return {
    base,
    folder,
    connections,
    columnsOf,
    write,
    tokenOf,
    inputOf,
    readToEnd,
    caseOf,
    people,
    identifiersOf,
    listed,
    get desk() {
      return desk
    },
    /** The draft or request of a part. */
    requestOf: (detail: CaseDetail, of: keyof typeof connections): RequestId => {
      const part = detail.parts.find(({ connectionId }) => connectionId === connections[of])
      if (part?.request === null || part === undefined) throw new Error(`There is no request for ${of}`)
      return part.request.id
    },
    closeDesk: async () => await desk.close(),
    reopen: async () => {
      desk = await openWholeDesk(folder, vendors, secrets)
    },
    /** Looks into the history's own file, beside the threads that have it open. */
    inFile: async <T>(look: (sql: Sql) => T): Promise<T> => await fileOf(folder, secrets, look),
    /** Holds what must always hold. */
    check: async () =>
      await fileOf(folder, secrets, (sql) => {
        checkHistory(sql)
        checkPeople(sql)
      }),
    close: async () => {
      await desk.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}

async function fileOf<T>(folder: string, secrets: SecretStore, look: (sql: Sql) => T): Promise<T> {
  const id = readFileSync(path.join(folder, 'history-id'), 'utf8').trim()
  const key = must(await secrets.read(historyKeyName(id))) ?? ''
  const sql = openFile(path.join(folder, 'history.db'), deriveKeys(Buffer.from(key, 'hex')).cipher, 'writer')
  try {
    return look(sql)
  } finally {
    sql.close()
  }
}

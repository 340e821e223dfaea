/** The channels about cases: guessing columns, making a case from a file, and what becomes of it. */
import { succeed, type Result } from '../../../shared/failure.ts'
import type { ParsedInput } from '../../../shared/contract.ts'
import type { CaseColumn, CaseDetail } from '../../../shared/model/case.ts'
import { readingsOf, type CaseConnection, type PlannedReading } from '../../../shared/model/case-readings.ts'
import type { CaseId, ConnectionId } from '../../../shared/model/ids.ts'
import { caseFactsSchema } from '../../../shared/model/request.ts'
import type { Scope } from '../../../shared/model/scope.ts'
import type { Notify } from '../app/changes.ts'
import type { Desk } from '../app/desk.ts'
import type { Guards } from '../app/guards.ts'
import type { Handler, HandlersOf } from '../app/handlers.ts'
import { unknownToken, type ImportUseCases } from '../files/handlers.ts'
import type { FileTokens } from '../files/tokens.ts'
import type { Clock, FileSample, Log, ReadChannel, Vendor, Vendors } from '../ports.ts'
import { findVendor } from '../vendors.ts'
import { guessCaseColumns } from './guess.ts'
import { checkColumnCount, createCaseReadings } from './readings.ts'

type CaseChannel =
  | 'listCases'
  | 'getCase'
  | 'guessCaseColumns'
  | 'startCase'
  | 'cancelCaseReading'
  | 'updateCase'
  | 'discardCase'
  | 'leaveOutPart'
  | 'listPeople'
  | 'listPersonIdentifiers'

export type CaseServices = Readonly<{
  desk: Desk
  guards: Guards
  imports: ImportUseCases
  tokens: FileTokens
  vendors: Vendors
  clock: Clock
  notify: Notify
  log: Log
}>

/** A connection of a case with what its vendor says of itself. */
type Chosen = Readonly<{ id: ConnectionId; name: string; vendor: Vendor }>

export function createCaseHandlers(services: CaseServices): HandlersOf<CaseChannel> {
  const { desk, guards, imports, tokens, vendors, clock, notify } = services
  const readings = createCaseReadings({ ...services, database: () => desk.database() })

  const read =
    <C extends ReadChannel>(channel: C): Handler<C> =>
    async (input) =>
      await desk.database().read(channel, input, clock.now())

  const detail = async (caseId: CaseId): Promise<Result<CaseDetail>> =>
    await desk.database().read('getCase', { caseId }, clock.now())

  /** Tells the windows, and gives the case as it is now. */
  const changed = async (caseId: CaseId, result: Result<unknown>): Promise<Result<CaseDetail>> => {
    if (!result.ok) return result
    notify('request')
    notify('requests')
    return await detail(caseId)
  }

  const chosenConnections = async (ids: readonly ConnectionId[]): Promise<Result<readonly Chosen[]>> => {
    const chosen: Chosen[] = []
    for (const connectionId of new Set(ids)) {
      const found = await desk.database().read('getConnection', { connectionId }, clock.now())
      if (!found.ok) return found
      const vendor = findVendor(vendors, found.value.vendor)
      if (!vendor.ok) return vendor
      chosen.push({ id: connectionId, name: found.value.name, vendor: vendor.value })
    }
    return succeed(chosen)
  }

  const lookAt = async ({
    token,
    format,
  }: Pick<ParsedInput<'startCase'>, 'token' | 'format'>): Promise<
    Result<Readonly<{ path: string; sample: FileSample }>>
  > => {
    const path = tokens.pathOf(token)
    if (path === null) return unknownToken()
    const sample = await imports.look(path, format)
    return sample.ok ? succeed({ path, sample: sample.value }) : sample
  }

  return {
    listCases: read('listCases'),
    getCase: read('getCase'),
    listPeople: read('listPeople'),
    listPersonIdentifiers: read('listPersonIdentifiers'),

    guessCaseColumns: guards.importing(async (input) => {
      const file = await lookAt(input)
      if (!file.ok) return file
      const chosen = await chosenConnections(input.connectionIds)
      if (!chosen.ok) return chosen
      const { sample } = file.value
      const remembered = sample.format.hasHeader
        ? await desk.database().rememberedCaseColumns({
            header: sample.columns,
            connectionIds: chosen.value.map(({ id }) => id),
          })
        : succeed(null)
      if (!remembered.ok) return remembered
      if (remembered.value?.length === sample.columns.length) {
        return succeed({ columns: [...remembered.value], from: 'remembered' })
      }
      return succeed({ columns: [...guessCaseColumns(sample, chosen.value.map(asGuessed))], from: 'guessed' })
    }),

    startCase: guards.importing(async (input) => {
      const file = await lookAt(input)
      if (!file.ok) return file
      const { path, sample } = file.value
      const chosen = await chosenConnections(input.connectionIds)
      if (!chosen.ok) return chosen
      const fitting = checkColumnCount(input.columns.length, sample.columns.length)
      if (!fitting.ok) return fitting
      const planned = readingsOf(input.columns, chosen.value.map(asRead))
      if (!planned.ok) return planned
      const personKeyColumn = placeOf(input.columns, 'person key')
      const started = await desk.database().startCase({
        name: input.name,
        fileName: sample.fileName,
        personColumn: personKeyColumn === null ? null : (sample.columns[personKeyColumn] ?? null),
        caseFacts: input.caseFacts ?? caseFactsSchema.parse({}),
        parts: chosen.value.map(({ id, vendor }) => ({ connectionId: id, scope: onlyScopeOf(vendor) })),
        readings: planned.value.map(({ connectionId, roles }) => ({
          connectionId,
          titles: titlesOf(roles, sample.columns),
        })),
        remembered: sample.format.hasHeader
          ? { header: sample.columns, connectionIds: chosen.value.map(({ id }) => id), columns: input.columns }
          : null,
        now: clock.now(),
      })
      if (!started.ok) return started
      readings.begin(started.value, { path, sample, readings: planned.value, personKeyColumn })
      return await changed(started.value.caseId, started)
    }),

    cancelCaseReading: guards.importing(async ({ caseId }) => {
      await readings.cancel(caseId)
      return await detail(caseId)
    }),
    updateCase: guards.saved(async (input) =>
      changed(input.caseId, await desk.database().updateCase({ ...input, now: clock.now() })),
    ),
    discardCase: guards.saved(async ({ caseId }) => {
      const discarded = await desk.database().discardCase({ caseId, now: clock.now() })
      if (!discarded.ok) return discarded
      notify('requests')
      return succeed({})
    }),
    leaveOutPart: guards.saved(async (input) =>
      changed(input.caseId, await desk.database().leaveOutPart({ ...input, now: clock.now() })),
    ),
  }
}

function asRead({ id, name, vendor }: Chosen): CaseConnection {
  return { id, name, roles: vendor.profile.columns }
}

function asGuessed({ id, name, vendor }: Chosen): Parameters<typeof guessCaseColumns>[1][number] {
  return { id, name, profile: vendor.profile }
}

function placeOf(columns: readonly CaseColumn[], kind: CaseColumn['kind']): number | null {
  const place = columns.findIndex((column) => column.kind === kind)
  return place === -1 ? null : place
}

/** Where the vendor leaves nothing to choose, a draft has its scope from the beginning. */
function onlyScopeOf({ profile }: Vendor): Scope | null {
  return profile.scope.kind === 'everything' ? { kind: 'everything' } : null
}

/** The titles of the columns of one identifier, without those that count in every reading. */
function titlesOf(roles: PlannedReading['roles'], columns: readonly string[]): readonly string[] {
  return columns.filter((_, column) => !['ignore', 'bot ids', 'case reference'].includes(roles[column] ?? 'ignore'))
}

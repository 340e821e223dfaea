/** The channels about files and imports. */
import { fail, succeed, type Failure, type FailureCode, type Result } from '../../../shared/failure.ts'
import type { CaseId, ImportId, RequestId } from '../../../shared/model/ids.ts'
import type { ChosenFile, ColumnRole, FileFormat, FilePreview, ImportSummary } from '../../../shared/model/import.ts'
import type { ParsedInput } from '../../../shared/contract.ts'
import type { Notify } from '../app/changes.ts'
import type { Desk } from '../app/desk.ts'
import type { Guards } from '../app/guards.ts'
import type { HandlersOf } from '../app/handlers.ts'
import type { CaseFileReading, Clock, FileSample, Vendors } from '../ports.ts'
import { findVendor } from '../vendors.ts'
import { nameFromFile } from '../../../shared/model/draft-name.ts'
import type { FileTokens } from './tokens.ts'

/** What a file is read into a draft by. */
export type FileToRead = Readonly<{
  requestId: RequestId
  path: string
  /** Taken before: a file that has changed since is not read. */
  sample: FileSample
  roles: readonly ColumnRole[]
  /** Which reading of a case's file it is; absent: the file is the request's own. */
  reading?: Readonly<{ caseId: CaseId; position: number; file: CaseFileReading }>
}>

/** Reading CSV files, as far as the channels need it. */
export type ImportUseCases = Readonly<{
  /** The beginning of a file, without what its columns may hold. */
  look: (path: string, format: Partial<FileFormat>) => Promise<Result<FileSample>>
  /** Begins to read a file in; `settled` once it is in, or once nothing of it is left. */
  read: (file: FileToRead) => Promise<Result<Readonly<{ importId: ImportId; settled: Promise<void> }>>>
  inspect: (path: string, format: Partial<FileFormat>) => Promise<Result<Omit<FilePreview, 'token'>>>
  /** Begins, and gives the import as it then stands; progress and end are told as changes. */
  start: (
    input: Omit<ParsedInput<'startImport'>, 'token'> & Readonly<{ path: string }>,
  ) => Promise<Result<ImportSummary>>
  cancel: (importId: ImportId) => Promise<Result<ImportSummary>>
  /** Writes the rejects as CSV where the operator says; gives how many rows it has. */
  saveRejects: (importId: ImportId, place: string) => Promise<Result<number>>
  /** Why rows of an import that failed cannot be taken back yet; null: nothing waits for that. */
  trouble: () => Failure | null
}>

export type FileServices = Readonly<{
  desk: Desk
  guards: Guards
  imports: ImportUseCases
  tokens: FileTokens
  vendors: Vendors
  askForCsv: () => Promise<string | null>
  askWhereToSave: (suggestedName: string) => Promise<string | null>
  /** The last part of a path. */
  fileNameOf: (path: string) => string
  isAbsolutePath: (path: string) => boolean
  clock: Clock
  notify: Notify
}>

/** What another encoding, separator or header may cure. */
const curedByFormat: ReadonlySet<FailureCode> = new Set(['file-has-nul', 'file-encoding', 'file-header-only'])

type FileChannel =
  | 'chooseFile'
  | 'inspectFile'
  | 'startImport'
  | 'cancelImport'
  | 'getImport'
  | 'removeImport'
  | 'listImportRows'
  | 'saveRejects'

export type FileHandlers = HandlersOf<FileChannel> &
  Readonly<{ registerFile: (path: unknown) => Promise<Result<ChosenFile | null>> }>

export function createFileHandlers(services: FileServices): FileHandlers {
  const { desk, guards, imports, tokens, vendors, clock, notify } = services

  const preview = async (path: string): Promise<Result<ChosenFile>> => {
    const inspected = await imports.inspect(path, {})
    if (inspected.ok) return succeed({ ...inspected.value, token: tokens.give(path) })
    const { failure } = inspected
    if (!curedByFormat.has(failure.code)) return inspected
    return succeed({ token: tokens.give(path), fileName: services.fileNameOf(path), failure })
  }

  /** A column that the vendor has no use for would bring in identifiers that can never be sent. */
  const checkRoles = async (requestId: RequestId, roles: readonly ColumnRole[]): Promise<Result<null>> => {
    const request = await desk.database().read('getRequest', { requestId }, clock.now())
    if (!request.ok) return request
    const vendor = findVendor(vendors, request.value.vendor)
    if (!vendor.ok) return vendor
    const { name, columns } = vendor.value.profile
    const strange = roles.find((role) => role !== 'ignore' && !columns.includes(role))
    if (strange === undefined) return succeed(null)
    return fail('invalid-input', `${name} has no identifiers of the kind “${strange}”.`, {
      kept: 'Nothing was imported.',
      next: 'Say again what the columns hold.',
    })
  }

  const previewDropped = async (path: unknown): Promise<Result<ChosenFile>> =>
    typeof path === 'string' && services.isAbsolutePath(path)
      ? await preview(path)
      : fail('file-unreadable', 'What was dropped is not a file on this machine.', {
          kept: 'Nothing was imported.',
          next: 'Save it as a file first, then drop or choose that.',
        })

  return {
    /** For a dropped file: the path comes from the preload, which has it from the drop itself. */
    registerFile: async (path) => await guards.importing<'chooseFile'>(async () => await previewDropped(path))({}),
    chooseFile: guards.importing(async () => {
      const path = await services.askForCsv()
      return path === null ? succeed(null) : await preview(path)
    }),
    inspectFile: guards.importing(async ({ token, encoding, delimiter, hasHeader }) => {
      const path = tokens.pathOf(token)
      if (path === null) return unknownToken()
      const inspected = await imports.inspect(path, {
        ...(encoding === undefined ? {} : { encoding }),
        ...(delimiter === undefined ? {} : { delimiter }),
        ...(hasHeader === undefined ? {} : { hasHeader }),
      })
      return inspected.ok ? succeed({ ...inspected.value, token }) : inspected
    }),
    startImport: guards.importing(async ({ token, ...input }) => {
      const path = tokens.pathOf(token)
      if (path === null) return unknownToken()
      const fitting = await checkRoles(input.requestId, input.roles)
      if (!fitting.ok) return fitting
      const started = await imports.start({ ...input, path })
      if (!started.ok) return started
      notify('request', input.requestId)
      notify('requests')
      return started
    }),
    cancelImport: guards.importing(async ({ importId }) => await imports.cancel(importId)),
    getImport: async (input) => await desk.database().read('getImport', input, clock.now()),
    listImportRows: async (input) => await desk.database().read('listImportRows', input, clock.now()),
    removeImport: guards.importing(async ({ importId }) => {
      const found = await desk.database().read('getImport', { importId }, clock.now())
      if (!found.ok) return found
      const removed = await desk.database().removeImport({ importId, now: clock.now() })
      if (!removed.ok) return removed
      notify('request', found.value.requestId)
      notify('requests')
      return succeed({})
    }),
    saveRejects: async ({ importId }) => {
      const found = await desk.database().read('getImport', { importId }, clock.now())
      if (!found.ok) return found
      const place = await services.askWhereToSave(`${nameFromFile(found.value.fileName, 'import')} rejects.csv`)
      if (place === null) return succeed(null)
      const saved = await imports.saveRejects(importId, place)
      return saved.ok ? succeed({ fileName: services.fileNameOf(place), rows: saved.value }) : saved
    },
  }
}

/** Fails for a token that no dialog and no drop of this session gave. */
export function unknownToken(): Result<never> {
  return fail('file-gone', 'Erasure Desk no longer knows which file this was.', {
    kept: 'Nothing was imported.',
    next: 'Choose the file again.',
  })
}

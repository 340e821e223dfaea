/** The channels about copies of people's data. */
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { RequestId, RetrievalId } from '../../../shared/model/ids.ts'
import type { RetrievalRow } from '../../../shared/model/retrieval.ts'
import type { Notify } from '../app/changes.ts'
import type { Desk } from '../app/desk.ts'
import type { Guards } from '../app/guards.ts'
import type { HandlersOf } from '../app/handlers.ts'
import type { Clock, DownloadReport, Downloads, Random, RetrievedFile, Vendors } from '../ports.ts'
import { findVendor } from '../vendors.ts'
import type { FetchedLink } from './fetch-link.ts'
import { createHeldLinks } from './held-links.ts'
import type { CheckedLink } from './link.ts'

export type RetrievalServices = Readonly<{
  desk: Desk
  guards: Guards
  vendors: Vendors
  clock: Clock
  random: Random
  notify: Notify
  downloads: Downloads
  /** Makes the status call, inside the budget and awaited when the app closes. */
  fetchLink: (input: Subject) => Promise<Result<FetchedLink>>
  /** Opens a checked link in the browser; false where the system did not. */
  openRetrieved: (link: CheckedLink) => Promise<boolean>
  askWhereToSaveCopy: (suggestedName: string) => Promise<string | null>
  /** The last part of a path. */
  fileNameOf: (path: string) => string
}>

type Subject = Readonly<{ requestId: RequestId; retrievalId: RetrievalId }>

type RetrievalChannel =
  | 'listRetrievals'
  | 'askForRetrievals'
  | 'askRetrievalAgain'
  | 'leaveRetrieval'
  | 'checkRetrieval'
  | 'fetchRetrievalLink'
  | 'openRetrievalLink'
  | 'saveRetrieval'
  | 'cancelRetrievalSave'

/** A file on its way to the disk. */
type Saving = { bytes: number; total: number | null; readonly stop: AbortController }

export function createRetrievalHandlers(services: RetrievalServices): HandlersOf<RetrievalChannel> {
  const { desk, guards, clock, notify } = services
  const held = createHeldLinks(services.random, clock)
  const savings = new Map<RetrievalId, Saving>()

  /** Tells the windows and sets the engine to work. */
  const changed = (requestId: RequestId, result: Result<unknown>): Result<Record<string, never>> => {
    if (!result.ok) return result
    notify('request', requestId)
    notify('requests')
    desk.engine()?.wake()
    return succeed({})
  }

  const noteFile = async (subject: Subject, file: RetrievedFile): Promise<Result<null>> => {
    const noted = await desk.database().noteRetrievedFile({ ...subject, file, now: clock.now() })
    notify('request', subject.requestId)
    return noted
  }

  const withProgress = (row: RetrievalRow): RetrievalRow => {
    const saving = savings.get(row.id)
    return saving === undefined ? row : { ...row, saving: { bytes: saving.bytes, total: saving.total } }
  }

  const checkCapable = async (requestId: RequestId): Promise<Result<null>> => {
    const request = await desk.database().read('getRequest', { requestId }, clock.now())
    if (!request.ok) return request
    const vendor = findVendor(services.vendors, request.value.vendor)
    if (!vendor.ok) return vendor
    if (vendor.value.retrieval !== undefined) return succeed(null)
    return fail('wrong-state', `${vendor.value.profile.name} makes no copies of people’s data.`, {
      kept: 'Nothing was asked for.',
    })
  }

  const save = async (subject: Subject, link: CheckedLink, file: string): Promise<Result<SavedFile>> => {
    const saving: Saving = { bytes: 0, total: null, stop: new AbortController() }
    savings.set(subject.retrievalId, saving)
    try {
      const report = await services.downloads.save({
        url: link.url,
        file,
        signal: saving.stop.signal,
        onProgress: (bytes, total) => {
          saving.bytes = bytes
          saving.total = total
          if (desk.isClosing()) saving.stop.abort()
          notify('request', subject.requestId)
        },
      })
      if (report.kind === 'refused') await noteFile(subject, { kind: 'refused', httpStatus: report.httpStatus })
      if (report.kind !== 'saved') return notSaved(report)
      const { bytes, sha256 } = report
      const fileName = services.fileNameOf(file)
      const noted = await noteFile(subject, { kind: 'saved', fileName, bytes, sha256 })
      return noted.ok ? succeed({ fileName, bytes, sha256 }) : savedUnnoted(noted)
    } finally {
      savings.delete(subject.retrievalId)
      notify('request', subject.requestId)
    }
  }

  return {
    listRetrievals: async (input) => {
      const page = await desk.database().read('listRetrievals', input, clock.now())
      return page.ok ? succeed({ ...page.value, rows: page.value.rows.map(withProgress) }) : page
    },
    askForRetrievals: guards.sending(async ({ requestId, disclosure }) => {
      const capable = await checkCapable(requestId)
      if (!capable.ok) return capable
      const asked = await desk.database().askForRetrievals({ requestId, disclosure, now: clock.now() })
      if (!asked.ok) return asked
      changed(requestId, asked)
      return succeed({ copies: asked.value })
    }),
    askRetrievalAgain: guards.sending(async (input) =>
      changed(input.requestId, await desk.database().askRetrievalAgain({ ...input, now: clock.now() })),
    ),
    leaveRetrieval: guards.sending(async (input) =>
      changed(input.requestId, await desk.database().leaveRetrieval({ ...input, now: clock.now() })),
    ),
    checkRetrieval: guards.sending(async (input) =>
      changed(input.requestId, await desk.database().checkRetrieval({ ...input, now: clock.now() })),
    ),
    fetchRetrievalLink: guards.sending(async (subject) => {
      const link = await services.fetchLink(subject)
      notify('request', subject.requestId)
      notify('budget')
      if (!link.ok) return link
      const { url, host, expiresAt } = link.value
      return succeed({ token: held.give(subject.retrievalId, { url, host }), host, expiresAt })
    }),
    openRetrievalLink: guards.sending(async ({ token, ...subject }) => {
      const link = held.find(token, subject.retrievalId)
      if (link === null) return linkGone()
      if (!(await services.openRetrieved(link)))
        return fail('not-allowed', 'The link was not opened.', {
          kept: 'Nothing was fetched.',
          next: 'Save the file instead.',
        })
      const noted = await noteFile(subject, { kind: 'opened', host: link.host })
      return noted.ok ? succeed({}) : noted
    }),
    saveRetrieval: guards.sending(async ({ token, ...subject }) => {
      const link = held.find(token, subject.retrievalId)
      if (link === null) return linkGone()
      if (savings.has(subject.retrievalId))
        return fail('wrong-state', 'This copy is being saved already.', { kept: 'It goes on.' })
      const file = await services.askWhereToSaveCopy(`copy-${subject.requestId}-${subject.retrievalId}.zip`)
      return file === null ? succeed(null) : await save(subject, link, file)
    }),
    cancelRetrievalSave: async ({ retrievalId }) => {
      savings.get(retrievalId)?.stop.abort()
      return succeed({})
    },
  }
}

type SavedFile = Readonly<{ fileName: string; bytes: number; sha256: string }>

function linkGone(): Result<never> {
  return fail('wrong-state', 'The link was held for ten minutes, and these are over.', {
    kept: 'Nothing was opened or fetched.',
    next: 'Begin again: the vendor is asked for it once more.',
  })
}

function savedUnnoted(noted: Extract<Result<null>, { ok: false }>): Result<never> {
  const { code, message, next } = noted.failure
  return fail(code, `The file was saved, but the history could not take that down: ${message}`, {
    kept: 'The file is where you put it.',
    ...(next === undefined ? {} : { next }),
  })
}

const nothingLeft = 'No part of the file was left, and what was there before is untouched.'

/** Why a file was not saved, in words. */
export function notSaved(report: Exclude<DownloadReport, { kind: 'saved' }>): Result<never> {
  switch (report.kind) {
    case 'cancelled':
      return fail('cancelled', 'Saving was stopped.', { kept: nothingLeft })
    case 'refused': {
      const isOver = [401, 403, 404, 410].includes(report.httpStatus)
      return fail(
        'wrong-state',
        isOver
          ? `The link no longer works (${report.httpStatus}): its time is over, or the file is gone.`
          : `The host of the file answered ${report.httpStatus}.`,
        {
          kept: nothingLeft,
          next: 'Try again: the vendor is asked for the link once more. Where that gives none that works, ask for a new copy.',
          retryable: true,
        },
      )
    }
    case 'led elsewhere':
      return fail('not-allowed', 'The link leads on to another host, which is not followed.', {
        kept: nothingLeft,
        next: 'Open it in the browser, where you see where it leads.',
      })
    case 'trouble':
      return fail('internal', `The file did not come through: ${report.words}`, {
        kept: nothingLeft,
        next: 'Check the network, then save it again.',
        retryable: true,
      })
    case 'disk':
      return diskFailure(report.code)
  }
}

function diskFailure(code: string): Result<never> {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return fail('disk-full', 'There is no room for the file at this place.', {
      kept: nothingLeft,
      next: 'Make room, or save it elsewhere.',
      retryable: true,
    })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return fail('not-allowed', 'This place does not let the file be written.', {
      kept: nothingLeft,
      next: 'Save it in a folder of your own.',
    })
  return fail('file-gone', `The file could not be written at this place (${code}).`, {
    kept: nothingLeft,
    next: 'Save it elsewhere.',
    retryable: true,
  })
}

/** The folder that holds the history, and the file in it that says which key of the keychain opens it. */
import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { HistoryFolder } from '../../core/ports.ts'

const idFile = 'history-id'
const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Opens nothing and makes nothing until it is asked to. `folder` is absolute. */
export function createHistoryFolder(folder: string): HistoryFolder {
  const file = path.join(folder, idFile)

  const readId = async (): Promise<Result<string | null>> => {
    try {
      const id = (await readFile(file, 'utf8')).trim()
      return idShape.test(id) ? succeed(id) : damaged()
    } catch (error) {
      return isMissing(error) ? succeed(null) : unreadable()
    }
  }

  const claimId = async (id: string, replaced: string | null): Promise<Result<string>> => {
    const beside = path.join(folder, `.${idFile}.${randomUUID()}`)
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(beside, `${id}\n`, { mode: 0o600, flush: true })
      // A hard link fails where the name is taken: of two instances that begin at once, one is first.
      if (replaced === null) await link(beside, file)
      else await rename(beside, file)
      return succeed(id)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return unwritable()
      const first = await readId()
      return first.ok ? (first.value === null ? unwritable() : succeed(first.value)) : first
    } finally {
      await rm(beside, { force: true })
    }
  }

  const holdsHistory = async (): Promise<Result<boolean>> => {
    try {
      const names = await readdir(folder)
      return succeed(names.some((name) => name !== idFile && !name.startsWith('.')))
    } catch (error) {
      return isMissing(error) ? succeed(false) : unreadable()
    }
  }

  return { path: folder, readId, claimId, holdsHistory }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

function damaged(): Result<never> {
  return fail('history-damaged', 'The file that says which key opens the history cannot be understood.', {
    kept: 'The history itself was not touched.',
    next: `Put the file "${idFile}" of the history folder back from a backup, then try again.`,
  })
}

function unreadable(): Result<never> {
  return fail('history-damaged', 'The folder of the history cannot be read.', {
    kept: 'Nothing in it was changed.',
    next: 'Check that the folder is there and that your user may read it, then try again.',
    retryable: true,
  })
}

function unwritable(): Result<never> {
  return fail('history-read-only', 'Nothing can be written into the folder of the history.', {
    kept: 'Nothing was changed.',
    next: 'Make room on the disk, or give your user the right to write there, then try again.',
    retryable: true,
  })
}

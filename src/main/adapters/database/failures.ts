/** What SQLite reports, in words for the operator. */
import { fail, type Failed } from '../../../shared/failure.ts'

/** The failure for an error thrown while the history was in use. Nothing of the statement or its values is kept. */
export function failureOf(error: unknown): Failed {
  const code = codeOf(error)
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') return diskFull()
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return readOnly()
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) return damaged()
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return locked()
  if (code.startsWith('SQLITE_CANTOPEN')) return readOnly()
  if (code.startsWith('SQLITE_IOERR')) return readingFailed(code)
  return fail('internal', `The history could not do this (${code === '' ? errorName(error) : code}).`, {
    kept: 'The step was taken back as a whole; everything recorded before it is kept.',
    next: 'Try it again. If it fails again, restart Erasure Desk and report the code in brackets.',
    retryable: true,
  })
}

/** The failure for an error thrown while the history was being opened; a file that does not decrypt is told apart. */
export function openingFailureOf(error: unknown): Failed {
  return codeOf(error).startsWith('SQLITE_NOTADB') ? keyWrong() : failureOf(error)
}

/** Nothing is in the state that a decision was to be about. */
export function nothingWaits(): Failed {
  return fail('wrong-state', 'Nothing here waits for this decision any more.', {
    kept: 'Nothing was changed.',
    next: 'Look at the request again.',
  })
}

export function diskFull(): Failed {
  return fail('disk-full', 'The disk is full: the last step could not be written.', {
    kept: 'Everything recorded before it is kept. No call leaves while nothing can be written.',
    next: 'Free some space on the disk that holds the history, then try again.',
    retryable: true,
  })
}

export function readOnly(): Failed {
  return fail('history-read-only', 'The history cannot be written: its folder or file is read-only.', {
    kept: 'Everything recorded so far is kept as it is. No call leaves while nothing can be written.',
    next: 'Give your account the right to write to the folder of the history and to the files in it, then try again.',
    retryable: true,
  })
}

export function damaged(): Failed {
  return fail('history-damaged', 'The history is damaged: part of its file is not what was written.', {
    kept: 'The file is left as it is; nothing in it was changed or deleted.',
    next: 'Close every window of Erasure Desk and move history.db, history.db-wal and history.db-shm to a safe place. Then put a copy in place of history.db: one of your own backups, or one from the folder "backups" beside it.',
  })
}

export function keyWrong(): Failed {
  return fail('history-key-wrong', "The key in this computer's keychain does not open the history.", {
    kept: 'The file is left as it is; nothing in it was changed or deleted.',
    next: 'Open it with the user account and keychain it was made with, or put back the keychain entry from your backup. If they are right, the beginning of history.db is damaged: close Erasure Desk and put back a copy of it.',
  })
}

export function fromNewerVersion(): Failed {
  return fail('history-from-newer-version', 'The history was written by a newer version of Erasure Desk.', {
    kept: 'Nothing was changed. The newer version opens it as before.',
    next: 'Install that version or a later one. The copy it made before it changed anything is in the folder "backups".',
  })
}

export function locked(): Failed {
  return fail('history-locked', 'Another process is using the history and did not let go in time.', {
    kept: 'The step was taken back as a whole; everything recorded before it is kept.',
    next: 'Try it again in a moment. If it stays so, close other windows of Erasure Desk.',
    retryable: true,
  })
}

export function threadEnded(): Failed {
  return fail('internal', 'The part of Erasure Desk that keeps the history has stopped.', {
    kept: 'Everything recorded so far is kept. No call leaves any more.',
    next: 'Restart Erasure Desk.',
  })
}

export function notTheSender(): Failed {
  return fail('not-the-sender', 'Another window or process of Erasure Desk is the one that sends now.', {
    kept: 'Nothing was changed.',
    next: 'Go on in that window, or close it and wait a few seconds.',
  })
}

export function notFound(what: string): Failed {
  return fail('not-found', `This ${what} is not in the history.`, { next: 'Go back to the list and choose again.' })
}

function readingFailed(code: string): Failed {
  return fail('internal', `The disk did not read or write the history's file (${code}).`, {
    kept: 'The step was taken back as a whole; everything recorded before it is kept.',
    next: 'Check the disk and its connection, then restart Erasure Desk.',
    retryable: true,
  })
}

/** The code that SQLite or the file system gave an error; empty where it has none. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code
  return ''
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}

/** What can be wrong with a file, in words. None of them holds a cell of the file. */
import { fail, type Failed } from '../../../shared/failure.ts'

const nothingImported = 'Nothing of this file was imported; everything that was there before is kept.'

function fileGone(): Failed {
  return fail('file-gone', 'The file is no longer there, or its disk is not connected.', {
    kept: nothingImported,
    next: 'Put the file back, or choose it again where it is now.',
    retryable: true,
  })
}

export function fileUnreadable(code: string): Failed {
  return fail('file-unreadable', `The file could not be read (${code}).`, {
    kept: nothingImported,
    next: 'Check that your account may open the file and that no other program holds it, then choose it again.',
    retryable: true,
  })
}

export function fileChanged(): Failed {
  return fail('file-changed', 'The file changed while it was being read, or since it was chosen.', {
    kept: nothingImported,
    next: 'Wait until whatever writes the file has finished, then choose it again and check its columns.',
    retryable: true,
  })
}

export function fileEmpty(): Failed {
  return fail('file-empty', 'The file is empty: it has no row and no header.', {
    kept: nothingImported,
    next: 'Export it again and choose the new file.',
  })
}

export function headerOnly(): Failed {
  return fail('file-header-only', 'The file has a header and no row below it.', {
    kept: nothingImported,
    next: 'Export it again with its rows. If the first row is an identifier itself, turn off "The first row names the columns".',
  })
}

export function otherFormat(format: 'zip or xlsx' | 'xls' | 'pdf' | 'gzip'): Failed {
  const what = {
    'zip or xlsx': 'a spreadsheet or a zip archive',
    xls: 'an Excel spreadsheet',
    pdf: 'a PDF document',
    gzip: 'a compressed archive',
  }[format]
  return fail('file-is-spreadsheet', `The file is ${what}, whatever its name says; it is not CSV text.`, {
    kept: nothingImported,
    next: 'Open it in the program it belongs to, save it as "CSV UTF-8", and choose that file.',
  })
}

export function hasNul(line: number): Failed {
  return fail(
    'file-has-nul',
    `The file holds a NUL byte on line ${line}: it is damaged, or not text in this encoding.`,
    {
      kept: nothingImported,
      next: 'Choose UTF-16 under "Encoding". If the preview still looks wrong, export the file again.',
    },
  )
}

export function wrongEncoding(encoding: string, line: number): Failed {
  return fail('file-encoding', `After line ${line} the file has bytes that are no text in ${encoding.toUpperCase()}.`, {
    kept: nothingImported,
    next: 'Choose another one under "Encoding" (Windows-1252 reads every byte), compare the names in the preview, and import again.',
  })
}

export function quoteNotClosed(line: number): Failed {
  return fail(
    'quote-not-closed',
    `A quotation mark opened on line ${line} is never closed, so the rows after it cannot be told apart.`,
    {
      kept: nothingImported,
      next: `Open the file in a text editor, correct line ${line}, and choose it again. Or choose another separator if the preview looks wrong.`,
    },
  )
}

export function otherColumns(expected: number, found: number): Failed {
  return fail('column-missing', `The file has ${found} columns, not the ${expected} that were chosen from.`, {
    kept: nothingImported,
    next: 'Choose the file again and check its columns.',
  })
}

export function importCancelled(): Failed {
  return fail('cancelled', 'The import was cancelled.', {
    kept: nothingImported,
    next: 'Import the file again whenever you like.',
  })
}

/** For what the operating system says about a file. */
export function failureOfFile(error: unknown): Failed {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error'
  return code === 'ENOENT' || code === 'ESTALE' || code === 'ENODEV' ? fileGone() : fileUnreadable(code)
}

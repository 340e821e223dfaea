/** Files that were chosen for a draft, until they are in it. Pure. */
import type { ImportId } from '../../../../shared/model/ids.ts'
import type { ChosenFile, ImportSummary } from '../../../../shared/model/import.ts'

/** A chosen file; `importId` names its last import, which may still run or have ended without bringing it in. */
export type PendingFile = ChosenFile & { readonly importId?: ImportId }

/** The import that ended without bringing the file in; null where there is none. */
export function endedImportOf(file: PendingFile, imports: readonly ImportSummary[]): ImportSummary | null {
  const found = imports.find(({ id }) => id === file.importId)
  return found?.status === 'failed' || found?.status === 'cancelled' ? found : null
}

/** The files that wait for the operator: not imported yet, or imported in vain. A failed one keeps its columns. */
export function openFiles(files: readonly PendingFile[], imports: readonly ImportSummary[]): readonly PendingFile[] {
  return files.filter((file) => file.importId === undefined || endedImportOf(file, imports) !== null)
}

/** All files after those that wait have become `next`: one whose import runs stays beside them. */
export function replaceOpen(
  files: readonly PendingFile[],
  imports: readonly ImportSummary[],
  next: readonly PendingFile[],
): readonly PendingFile[] {
  const open = new Set(openFiles(files, imports).map(({ token }) => token))
  const replaced = new Set(next.map(({ token }) => token))
  return [...files.filter(({ token }) => !open.has(token) && !replaced.has(token)), ...next]
}

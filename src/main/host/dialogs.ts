/** The system's own dialogs for files. */
import { app, dialog } from 'electron'
import path from 'node:path'

/** The CSV file the operator chose; null: the dialog was closed without one. */
export async function askForCsv(): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: 'Choose a CSV file',
    buttonLabel: 'Choose',
    properties: ['openFile', 'dontAddToRecent'],
    filters: [
      { name: 'CSV and text files', extensions: ['csv', 'tsv', 'txt'] },
      { name: 'All files', extensions: ['*'] },
    ],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

/** Where to save a CSV file; null: the dialog was closed. `suggestedName` is a file name without a folder. */
export async function askWhereToSave(suggestedName: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: 'Save as CSV',
    defaultPath: path.join(app.getPath('documents'), path.basename(suggestedName)),
    filters: [{ name: 'CSV files', extensions: ['csv'] }],
    properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
  })
  return canceled || filePath === '' ? null : filePath
}

/** Where to save the file of a copy of people's data; null: the dialog was closed. */
export async function askWhereToSaveCopy(suggestedName: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: 'Save the copy',
    defaultPath: path.join(app.getPath('documents'), path.basename(suggestedName)),
    properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
  })
  return canceled || filePath === '' ? null : filePath
}

/** For a start that failed before there could be a window. */
export function sayStartFailed(words: string): void {
  dialog.showErrorBox('Erasure Desk cannot start', words)
}

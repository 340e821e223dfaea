import { expect, test } from 'vitest'
import { createFileHandlers, type FileServices } from '../../../../../src/main/core/files/handlers.ts'
import { createFileTokens } from '../../../../../src/main/core/files/tokens.ts'
import { createGuards } from '../../../../../src/main/core/app/guards.ts'
import type { Desk } from '../../../../../src/main/core/app/desk.ts'
import { kore } from '../../../../../src/main/vendors/kore/index.ts'
import { fail, type Failed } from '../../../../../src/shared/failure.ts'

const token = '3f0c2a51-7d4e-4c11-9a35-5b1f0e6a7c02'
const locked = fail('keychain-locked', 'The keychain is locked.')

/** Handlers whose files all fail in this way. */
function handlersFor(inspected: Failed, unsaved: Failed | null = null) {
  const desk = { history: () => ({ failure: unsaved?.failure ?? null }) } as unknown as Desk
  const formats: unknown[] = []
  const services: FileServices = {
    desk,
    guards: createGuards(desk),
    imports: {
      inspect: async (_path, format) => {
        formats.push(format)
        return inspected
      },
      look: async () => inspected,
      read: async () => inspected,
      start: async () => inspected,
      cancel: async () => inspected,
      saveRejects: async () => inspected,
      trouble: () => null,
    },
    vendors: { kore },
    tokens: createFileTokens({ uuid: () => token, bytes: (count) => new Uint8Array(count), fraction: () => 0 }),
    askForCsv: async () => '/asks/october.csv',
    askWhereToSave: async () => null,
    fileNameOf: (path) => path.split('/').at(-1) ?? '',
    isAbsolutePath: (path) => path.startsWith('/'),
    clock: { now: () => 0, steady: () => 0, sleep: async () => {} },
    notify: () => {},
  }
  return { handlers: createFileHandlers(services), formats }
}

test.each(['file-has-nul', 'file-encoding', 'file-header-only'] as const)(
  '%s comes with the token of the file, which can then be read in another way',
  async (code) => {
    const failed = fail(code, 'It cannot be read.')
    const { handlers, formats } = handlersFor(failed)
    const chosen = { token, fileName: 'october.csv', failure: failed.failure }
    expect(await handlers.chooseFile({})).toEqual({ ok: true, value: chosen })
    expect(await handlers.registerFile('/asks/october.csv')).toEqual({ ok: true, value: chosen })
    expect(await handlers.inspectFile({ token, encoding: 'utf-16le' })).toEqual(failed)
    expect(formats).toEqual([{}, {}, { encoding: 'utf-16le' }])
  },
)

test.each(['file-is-spreadsheet', 'file-empty', 'file-gone'] as const)('%s is a failure', async (code) => {
  const failed = fail(code, 'It cannot be read.')
  const { handlers } = handlersFor(failed)
  expect(await handlers.chooseFile({})).toEqual(failed)
  expect(await handlers.registerFile('/asks/october.csv')).toEqual(failed)
})

test('nothing is read from a dropped file while imports are off', async () => {
  const { handlers, formats } = handlersFor(fail('file-empty', 'Empty.'), locked)
  expect(await handlers.registerFile('/asks/october.csv')).toMatchObject({ failure: { code: 'import-off' } })
  expect(formats).toEqual([])
})

test('what is dropped must be a place on this machine', async () => {
  const { handlers } = handlersFor(fail('file-empty', 'Empty.'))
  for (const path of ['', 'october.csv', null, 7])
    expect(await handlers.registerFile(path)).toMatchObject({ failure: { code: 'file-unreadable' } })
})

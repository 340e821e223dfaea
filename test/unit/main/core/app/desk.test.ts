import { expect, test } from 'vitest'
import { fail, succeed, type Failed } from '../../../../../src/shared/failure.ts'
import { createGuards } from '../../../../../src/main/core/app/guards.ts'
import { openDesk } from '../../../../../src/main/core/app/desk.ts'
import type { Database, SecretStore } from '../../../../../src/main/core/ports.ts'
import type { Engine, EngineStatus } from '../../../../../src/main/core/send/engine.ts'

const locked = fail('keychain-locked', 'The keychain is locked.', { next: 'Unlock it.' })

/** A machine whose keychain can be locked and unlocked, and whose databases note what becomes of them. */
function createMachine(options: Readonly<{ locked: boolean }>) {
  const happened: string[] = []
  const machine = { now: 0, keychain: options.locked ? locked : null }
  const entries = new Map<string, string>()
  const secrets: SecretStore = {
    check: async () => machine.keychain ?? succeed(null),
    read: async (name) => succeed(entries.get(name) ?? null),
    write: async (name, secret) => {
      entries.set(name, secret)
      return succeed(null)
    },
    remove: async () => succeed(null),
  }
  let status: EngineStatus = { sends: true, reason: null, callsUnderWay: 0, stopping: false, trouble: null, epoch: 1 }
  let folderId: string | null = null
  const open = async () =>
    await openDesk({
      clock: { now: () => machine.now, steady: () => machine.now, sleep: async () => {} },
      notify: (topic) => happened.push(`notify ${topic}`),
      secrets,
      random: { uuid: () => 'id', bytes: (count) => new Uint8Array(count), fraction: () => 0 },
      folder: {
        path: '/history',
        readId: async () => succeed(folderId),
        claimId: async (id) => {
          folderId = id
          return succeed(id)
        },
        holdsHistory: async () => succeed(false),
      },
      openDatabase: async (place) => {
        const name = place === null ? 'memory' : 'encrypted'
        happened.push(`open ${name}`)
        const database: Pick<Database, 'close'> = { close: async () => void happened.push(`close ${name}`) }
        return succeed(database as Database)
      },
      startEngine: (): Engine => {
        happened.push('start engine')
        return {
          stop: async () => void happened.push('stop engine'),
          wake: () => {},
          rest: () => {},
          status: () => status,
          alongside: async (work) => await work(),
        }
      },
    })
  return {
    machine,
    happened,
    open,
    setStatus: (next: Partial<EngineStatus>) => {
      status = { ...status, ...next }
    },
  }
}

test('with a keychain the encrypted history is opened and the engine started', async () => {
  const { open, happened } = createMachine({ locked: false })
  const desk = await open()
  expect(desk.history().failure).toBeNull()
  expect(happened).toEqual(['open encrypted', 'start engine'])
})

test('with a locked keychain the history is in memory, nothing sends, and the reason is kept', async () => {
  const { open, happened } = createMachine({ locked: true })
  const desk = await open()
  expect(desk.history().failure).toEqual(locked.failure)
  expect(desk.history().keychainFailure).toEqual(locked.failure)
  expect(desk.engine()).toBeNull()
  expect(happened).toEqual(['open memory'])
})

test('once the keychain is unlocked, trying again changes over; before that it stays, once a second at most', async () => {
  const { open, happened, machine } = createMachine({ locked: true })
  const desk = await open()
  machine.keychain = null
  await desk.tryAgain()
  expect(happened).toEqual(['open memory'])
  machine.now = 1_000
  await Promise.all([desk.tryAgain(), desk.tryAgain()])
  expect(happened.filter((what) => !what.startsWith('notify'))).toEqual([
    'open memory',
    'open encrypted',
    'start engine',
    'close memory',
  ])
  expect(happened).toContain('notify app')
  expect(desk.history().failure).toBeNull()
  machine.now = 9_000
  await desk.tryAgain()
  expect(happened.filter((what) => what === 'open encrypted')).toHaveLength(1)
})

test('closing stops the engine before the history is closed', async () => {
  const { open, happened } = createMachine({ locked: false })
  const desk = await open()
  await desk.close()
  expect(desk.isClosing()).toBe(true)
  expect(happened.slice(-2)).toEqual(['stop engine', 'close encrypted'])
})

test('guards let a channel run only where what it needs holds', async () => {
  const run = async () => succeed([])
  const codeOf = async (guarded: typeof run) => {
    const answer = await guarded()
    return answer.ok ? 'ran' : (answer as unknown as Failed).failure.code
  }
  const codes = async (desk: Awaited<ReturnType<ReturnType<typeof createMachine>['open']>>) => {
    const { saved, sending, importing } = createGuards(desk)
    return await Promise.all(
      [saved, sending, importing].map(
        async (guard) => await codeOf(guard<'listAccounts'>(run) as unknown as typeof run),
      ),
    )
  }
  const withoutKeychain = createMachine({ locked: true })
  expect(await codes(await withoutKeychain.open())).toEqual(['history-in-memory', 'history-in-memory', 'import-off'])

  const machine = createMachine({ locked: false })
  const desk = await machine.open()
  expect(await codes(desk)).toEqual(['ran', 'ran', 'ran'])
  machine.setStatus({ sends: false, reason: 'Another window sends.' })
  expect(await codes(desk)).toEqual(['ran', 'not-the-sender', 'ran'])
  // Where it is the disk that keeps it from sending, that is what the operator is told.
  const trouble = fail('disk-full', 'The disk is full.').failure
  machine.setStatus({ sends: false, reason: 'The disk is full.', trouble })
  expect(await codes(desk)).toEqual(['ran', 'disk-full', 'ran'])
})

/** The one way in which end-to-end tests see the app: started for real, waited for by named conditions. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { _electron, expect } from 'playwright/test'
import type { AppStatus, ChannelName, ErasureDeskBridge, Input, Output, Value } from '../../../src/shared/contract.ts'
import type { StateCounts } from '../../../src/shared/model/state.ts'
import type { RequestSummary } from '../../../src/shared/model/request.ts'

const projectFolder = path.resolve(import.meta.dirname, '../../..')

/** The packaged app that the tests may drive, where `ERASURE_DESK_EXECUTABLE` names it; else the built one. */
const packagedExecutable = process.env['ERASURE_DESK_EXECUTABLE']
/** True where the packaged app is under test. */
export const isPackaged = packagedExecutable !== undefined && packagedExecutable !== ''

export type LaunchOptions = Readonly<{
  /** A new folder where absent; removed at the end only then. */
  userData?: string
  /** A folder of its own for the history; absent: inside the user data. */
  historyFolder?: string
  /** Added to this process's environment; undefined takes a variable out. */
  env?: Readonly<Record<string, string | undefined>>
  /** More arguments for the app. */
  arguments?: readonly string[]
  /** Before this wrapper quits or kills the app, while it still answers. */
  beforeEnding?: (app: Readonly<{ status: () => Promise<AppStatus> }>) => Promise<void>
}>

export type App = Awaited<ReturnType<typeof launchApp>>

/** The environment of a session without any keychain: its bus leads nowhere. */
export const withoutKeychain = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' } as const

/**
 * Starts the app and waits until its window has answered once. Specs start it through the fixture of test.ts, which
 * ends it in every case.
 */
export async function launchApp(options: LaunchOptions = {}) {
  const userData = options.userData ?? (await mkdtemp(path.join(tmpdir(), 'erasure-desk-')))
  const electron = await _electron.launch({
    ...commandOf(userData, options),
    cwd: projectFolder,
    env: environmentOf(options),
    // Playwright adds --no-sandbox otherwise.
    chromiumSandbox: true,
    // The theme is the app's own business, not the driver's.
    colorScheme: null,
    timeout: 60_000,
  })
  const child = electron.process()
  const output = watchOutput(child)
  const page = await electron.firstWindow()
  await page.waitForLoadState('domcontentloaded')

  /** Calls a channel as the page does. */
  const ask = async <C extends ChannelName>(channel: C, input: Input<C>): Promise<Output<C>> =>
    (await page.evaluate(
      async ([name, value]) => {
        const bridge = (window as unknown as { readonly erasureDesk: ErasureDeskBridge }).erasureDesk
        return await bridge[name](value as never)
      },
      [channel, input] as const,
    )) as Output<C>

  /** Calls a channel as the page does, and expects it to succeed. */
  const call = async <C extends ChannelName>(channel: C, input: Input<C>): Promise<Value<C>> => {
    const answer = await ask(channel, input)
    expect(answer, `answer of ${channel}`).toMatchObject({ ok: true })
    return (answer as unknown as { readonly value: Value<C> }).value
  }

  const status = async (): Promise<AppStatus> => await call('getAppStatus', {})

  /** The request with this name, or null. */
  const findRequest = async (name: string): Promise<RequestSummary | null> => {
    const { rows } = await call('listRequests', { filter: 'all', search: name, anchor: { index: 0 }, limit: 50 })
    return rows.find((row) => row.name === name) ?? null
  }

  const untilRequest = async (
    name: string,
    condition: string,
    holds: (request: RequestSummary) => boolean,
    timeout = 60_000,
  ): Promise<RequestSummary> => {
    let found: RequestSummary | null = null
    await expect
      .poll(
        async () => {
          found = await findRequest(name)
          return found !== null && holds(found)
        },
        { message: `request "${name}": ${condition}`, timeout, intervals: [100, 200, 500] },
      )
      .toBe(true)
    return found as unknown as RequestSummary
  }

  const isRunning = () => child.exitCode === null && child.signalCode === null
  const quit = async (): Promise<void> => {
    if (!isRunning()) return
    try {
      await options.beforeEnding?.({ status })
    } finally {
      await electron.close()
    }
  }
  const stop = async (): Promise<void> => {
    await quit()
    if (options.userData === undefined) await removeFolder(userData)
  }

  return {
    electron,
    page,
    userData,
    historyFolder: options.historyFolder ?? path.join(userData, 'history'),
    ask,
    call,
    status,
    findRequest,
    untilRequest,

    /** Until every identifier is settled or waits for a person: nothing more happens by itself. */
    untilRequestSettled: async (name: string, timeout = 120_000) =>
      await untilRequest(
        name,
        'settled or waiting for a person',
        ({ counts, total }) => total > 0 && isAtRest(counts),
        timeout,
      ),

    /** Until this window is the one that sends. */
    untilSender: async () => {
      await expect
        .poll(async () => (await status()).sender.sends, { message: 'this window sends', timeout: 15_000 })
        .toBe(true)
    },

    /** Until the app's status is as `condition` says. */
    untilStatus: async (condition: string, holds: (status: AppStatus) => boolean, timeout = 15_000) => {
      await expect.poll(async () => holds(await status()), { message: condition, timeout }).toBe(true)
    },

    /** Starts the sandbox as the one click does and waits until its connections are saved; gives that of this vendor. */
    saveSandboxConnection: async (vendor = 'kore') => {
      await expect
        .poll(async () => (await status()).sender.sends, { message: 'this window sends', timeout: 15_000 })
        .toBe(true)
      const { connectionIds } = await call('startSandbox', {})
      const connections = await Promise.all(
        connectionIds.map(async (id) => await call('getConnection', { connectionId: id })),
      )
      const found = connections.find((connection) => connection.vendor === vendor)
      if (found === undefined) throw new Error(`The sandbox made no connection for ${vendor}.`)
      return found
    },

    /** The next file dialog answers with this file; null: it is closed. */
    answerOpenDialog: async (file: string | null) => {
      await electron.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = async () => ({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] })
      }, file)
    },

    /** The next dialog that asks where to save answers with this file; null: it is closed. */
    answerSaveDialog: async (file: string | null) => {
      await electron.evaluate(({ dialog }, chosen) => {
        dialog.showSaveDialog = async () => ({ canceled: chosen === null, filePath: chosen ?? '' })
      }, file)
    },

    /** The operating system's number of the process that draws the page. */
    rendererPid: async () =>
      await electron.evaluate(
        ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
      ),

    /** What the app wrote to its terminal so far, and its log files. */
    everythingLogged: async () => `${output()}\n${await readTexts(path.join(userData, 'logs'))}`,

    /** Quits as an operator does, and waits for the process to end; the folders stay until `close`. */
    quit,

    /** Until the process has ended by itself. */
    untilEnded: async (timeout = 30_000) => {
      await expect.poll(() => child.exitCode, { message: 'the app has ended', timeout }).not.toBeNull()
    },

    /** Quits where it still runs, and removes the folder made for it. */
    close: stop,

    /** Ends the process at once, as a crash or a power cut would; waits until it is gone. */
    kill: async () => {
      if (!isRunning()) return
      await options.beforeEnding?.({ status })
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },

    [Symbol.asyncDispose]: stop,
  }
}

/** Starts the app a second time without a driver; gives its exit code. */
export async function startAgain(userData: string, options: LaunchOptions = {}): Promise<number | null> {
  const { executablePath, args } = commandOf(userData, options)
  const executable = executablePath ?? (await electronExecutable())
  const child = spawn(executable, args, { cwd: projectFolder, env: environmentOf(options), stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}

function commandOf(userData: string, options: LaunchOptions): { executablePath?: string; args: string[] } {
  const args = [
    ...(isPackaged ? [] : ['.']),
    `--user-data-dir=${userData}`,
    ...(options.historyFolder === undefined ? [] : [`--history-folder=${options.historyFolder}`]),
    ...(options.arguments ?? []),
  ]
  return packagedExecutable !== undefined && isPackaged ? { executablePath: packagedExecutable, args } : { args }
}

function environmentOf(options: LaunchOptions): Record<string, string> {
  const merged = { ...process.env, ...options.env }
  return Object.fromEntries(Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** The package `electron` gives the path of its executable. */
async function electronExecutable(): Promise<string> {
  const { default: executable } = (await import('electron')) as unknown as { readonly default: string }
  return executable
}

/** True where nothing more happens by itself. */
function isAtRest(counts: StateCounts): boolean {
  return (['queued', 'sending', 'accepted'] as const).every((state) => (counts[state] ?? 0) === 0)
}

function watchOutput(child: ChildProcess): () => string {
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}

async function readTexts(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => [])
  const texts = await Promise.all(names.map(async (name) => await readFile(path.join(folder, name), 'utf8')))
  return texts.join('\n')
}

/** Chromium's processes may still be writing while the main one has ended. */
async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

/** The main job through the bridge, for specs whose subject is something else. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'playwright/test'
import { isoDayOf } from '../../../src/renderer/src/ui/format.ts'
import type { Connection } from '../../../src/shared/model/connection.ts'
import type { ConnectionId, RequestId } from '../../../src/shared/model/ids.ts'
import type { RequestDetail } from '../../../src/shared/model/request.ts'
import type { Scope } from '../../../src/shared/model/scope.ts'
import type { OwnSandbox } from '../../support/sandbox.ts'
import type { App } from './app.ts'

export const someBot = 'st-5a0d1c7e-0001-5b6f-8e21-7f4c2d9a0001'

/** How a connection is made quick: short waits and few identifiers a call. */
export const quickSettings = {
  identifiersPerCall: 10,
  callTimeoutMilliseconds: 10_000,
  quietMilliseconds: 1_500,
  firstPollMilliseconds: 500,
  longestPollMilliseconds: 1_000,
} as const

/** Saves a connection to a sandbox of the test's own. `perCall` identifiers go into one call. */
export async function saveOwnConnection(
  app: App,
  sandbox: OwnSandbox,
  settings: Partial<Record<keyof typeof quickSettings, number>> = {},
  callsPerSecond = 40,
): Promise<Connection> {
  await app.untilSender()
  return await app.call('saveConnection', {
    vendor: 'kore',
    name: 'Practice vendor',
    environment: 'staging',
    origin: sandbox.origin,
    clientId: sandbox.clientId,
    secret: sandbox.clientSecret,
    windows: [{ milliseconds: 1_000, calls: callsPerSecond }],
    settings: { ...quickSettings, ...settings },
  })
}

/** Writes a CSV of one column and gives its path. */
export async function writeCsv(
  app: App,
  identifiers: readonly string[],
  name = 'ids.csv',
  header = 'user_id',
): Promise<string> {
  const file = path.join(app.userData, name)
  await writeFile(file, `${header}\r\n${identifiers.map((identifier) => `${identifier}\r\n`).join('')}`)
  return file
}

/** `count` emails, each with `word` in it: the word may ask the sandbox for a behaviour. */
export function emails(count: number, word = 'person'): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${word}-${index}@example.com`)
}

/** A draft with the file's identifiers and a scope (one bot where none is given), ready to be sent. */
export async function draftFrom(
  app: App,
  options: Readonly<{ connectionId: ConnectionId; file: string; name: string; scope?: Scope }>,
): Promise<RequestDetail> {
  await app.answerOpenDialog(options.file)
  const preview = await app.call('chooseFile', {})
  if (preview === null || 'failure' in preview) throw new Error('No file that can be read was chosen.')
  const draft = await app.call('createDraft', { connectionId: options.connectionId })
  await app.call('startImport', {
    requestId: draft.id,
    token: preview.token,
    format: preview.format,
    roles: preview.roles,
  })
  await expect
    .poll(async () => (await app.call('getRequest', { requestId: draft.id })).imports[0]?.status, {
      message: 'the import is done',
      timeout: 60_000,
    })
    .toBe('done')
  return await app.call('updateDraft', {
    requestId: draft.id,
    name: options.name,
    scope: options.scope ?? { kind: 'bots', botIds: [someBot] },
  })
}

/** Sends a draft as its plan stands. */
export async function sendDraft(app: App, requestId: RequestId): Promise<RequestDetail> {
  const plan = await app.call('getPlan', { requestId })
  expect(plan.obstacles).toEqual([])
  return await app.call('sendRequest', { requestId, planDigest: plan.digest })
}

/** What makes the simulated Mixpanel quick; `processing` says how long a task stays in each of its states. */
export function quickMixpanel(processing: Readonly<Record<string, number>> = {}) {
  return {
    latencyMilliseconds: { minimum: 1, maximum: 5 },
    mixpanel: {
      accounts: [{ windows: [{ milliseconds: 1_000, calls: 40 }] }],
      processing: { pendingMilliseconds: 300, stagingMilliseconds: 300, startedMilliseconds: 300, ...processing },
    },
  }
}

/** Saves a connection to the Mixpanel of a sandbox of the test's own, with a token for a year. */
export async function saveOwnMixpanel(
  app: App,
  sandbox: OwnSandbox,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Connection> {
  await app.untilSender()
  const account = sandbox.mixpanel.accounts[0]
  const project = account?.projects[0]
  if (account === undefined || project === undefined) throw new Error('The sandbox has no project.')
  return await app.call('saveConnection', {
    vendor: 'mixpanel',
    name: 'Practice project',
    environment: 'staging',
    origin: sandbox.origin,
    clientId: project.projectToken,
    secret: account.oauthToken,
    windows: [{ milliseconds: 1_000, calls: 40 }],
    settings: {
      firstPollMilliseconds: 500,
      longestPollMilliseconds: 1_000,
      callTimeoutMilliseconds: 10_000,
      secretExpiresOn: dayFromNow(364),
      ...settings,
    },
  })
}

/** The day so many days from today on this machine's calendar, YYYY-MM-DD. */
export function dayFromNow(days: number): string {
  const date = new Date()
  date.setDate(date.getDate() + days)
  return isoDayOf(date.getTime())
}

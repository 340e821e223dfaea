import { randomUUID } from 'node:crypto'
import { request, type IncomingHttpHeaders } from 'node:http'
import { SignJWT } from 'jose'
import type { SandboxConfigInput } from '../../../src/sandbox/config.ts'
import type { SandboxClock } from '../../../src/sandbox/ports.ts'
import { startSandbox, type RunningSandbox } from '../../../src/sandbox/server.ts'

/** A clock that stands still until it is told how far to go; timers that fall due run in their order. */
type VirtualClock = SandboxClock & {
  readonly advance: (milliseconds: number) => void
  readonly pending: () => number
}

function createVirtualClock(start = Date.UTC(2026, 10, 23, 9, 0, 0)): VirtualClock {
  let now = start
  let timers: { readonly at: number; readonly run: () => void }[] = []
  return {
    now: () => now,
    schedule: (milliseconds, run) => {
      const timer = { at: now + milliseconds, run }
      timers = [...timers, timer]
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance: (milliseconds) => {
      now += milliseconds
      const due = timers.filter(({ at }) => at <= now).toSorted((one, other) => one.at - other.at)
      timers = timers.filter(({ at }) => at > now)
      for (const { run } of due) run()
    },
    pending: () => timers.length,
  }
}

export const clientId = 'cs-11111111-2222-5333-8444-555555555555'
export const clientSecret = 'c2VjcmV0LXRoYXQtbG9va3MtbGlrZS1iYXNlNjQ='
export const erasePath = '/api/public/bot/eraseUsersData'
export const botId = 'st-5a0d1c7e-0001-5b6f-8e21-7f4c2d9a0001'

export type Bench = { readonly sandbox: RunningSandbox; readonly clock: VirtualClock }

/** A sandbox on virtual time, without latency, with one app whose credentials are known. */
export async function startBench(input: SandboxConfigInput = {}): Promise<Bench> {
  const clock = createVirtualClock()
  const sandbox = await startSandbox(
    {
      latencyMilliseconds: { minimum: 0, maximum: 0 },
      apps: [{ clientId, clientSecret }],
      ...input,
    },
    { clock },
  )
  return { sandbox, clock }
}

export type TokenChoices = {
  readonly secret?: string
  readonly appId?: string
  readonly algorithm?: string
  readonly jti?: string | null
  readonly lifetimeSeconds?: number | null
}

/** A signed token as the vendor wants it; every part can be made wrong. */
export async function signToken(clock: SandboxClock, choices: TokenChoices = {}): Promise<string> {
  const {
    secret = clientSecret,
    appId = clientId,
    algorithm = 'HS256',
    jti = randomUUID(),
    lifetimeSeconds = 60,
  } = choices
  const seconds = Math.floor(clock.now() / 1_000)
  const token = new SignJWT({ appId, sub: 'privacy-desk' })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setIssuedAt(seconds)
  if (jti !== null) token.setJti(jti)
  if (lifetimeSeconds !== null) token.setExpirationTime(seconds + lifetimeSeconds)
  return token.sign(new TextEncoder().encode(secret))
}

export type RawAnswer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** One call over a connection of its own; rejects where the connection ends before the answer does. */
export function call(
  origin: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    // Node's client gives a DELETE neither a length nor chunks of its own accord: its body would be no part of the call.
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const options = { method, headers: { ...headers, ...length }, agent: false }
    const outgoing = request(`${origin}${path}`, options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** A signed erase call. `order` goes into the body as it is; a string is sent as the body itself. */
export async function erase(
  { sandbox, clock }: Bench,
  order: unknown,
  choices: TokenChoices & { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<RawAnswer> {
  const headers = { auth: await signToken(clock, choices), 'content-type': 'application/json', ...choices.headers }
  const body = typeof order === 'string' ? order : JSON.stringify(order)
  return call(sandbox.ready.origin, choices.method ?? 'DELETE', erasePath, headers, body)
}

/** A signed erase call for ids of one bot. */
export function eraseIds(bench: Bench, ...userIds: readonly unknown[]): Promise<RawAnswer> {
  return erase(bench, { userIds, botIds: [botId], RemoveDataFromAllBots: false })
}

/** A signed erase call that must be accepted; gives its request id. */
export async function eraseAccepted(bench: Bench, ...userIds: readonly unknown[]): Promise<string> {
  const answer = await eraseIds(bench, ...userIds)
  const { requestId } = JSON.parse(answer.text) as { readonly requestId: string }
  return requestId
}

/** A signed status call. */
export async function status(
  { sandbox, clock }: Bench,
  requestId: string,
  choices: TokenChoices & { readonly method?: string } = {},
): Promise<RawAnswer> {
  const headers = { auth: await signToken(clock, choices) }
  return call(sandbox.ready.origin, choices.method ?? 'GET', `${erasePath}/status/${requestId}`, headers)
}

/** The status answer's `response` list. */
export function responseOf(answer: RawAnswer): unknown {
  return (JSON.parse(answer.text) as { readonly response?: unknown }).response
}

/** Finished entries in the vendor's shape. */
export function success(...userIds: readonly unknown[]) {
  return userIds.map((userId) => ({ userId, status: 'SUCCESS' }))
}

/** The vendor's error body. */
export function errorBody(msg: string, code: number): string {
  return JSON.stringify({ errors: [{ msg, code }] })
}

/** Far enough for any batch of these tests to be finished. */
export const untilSettled = 60_000

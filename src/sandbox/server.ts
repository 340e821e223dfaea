import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer, BodyAnswer } from './answer.ts'
import { resolveConfig, type SandboxAccount, type SandboxApp, type SandboxConfigInput } from './config.ts'
import { controlAnswer, controlHeader, isControlPath } from './control.ts'
import { createKoreSimulator } from './kore/simulator.ts'
import { createLedger, type LedgerEntry } from './ledger.ts'
import type { MixpanelAccount, Residency } from './mixpanel/config.ts'
import { isMixpanelPath } from './mixpanel/route.ts'
import { createMixpanelSimulator } from './mixpanel/simulator.ts'
import type { TaskView } from './mixpanel/task.ts'
import { systemClock, systemRandom, type SandboxPorts } from './ports.ts'
import type { CallBody } from './simulator.ts'

/** What a caller has to know to use a sandbox that runs; plain data. The secrets in it belong to the sandbox alone. */
export type SandboxReady = {
  readonly kind: 'sandbox-ready'
  readonly vendors: readonly ['kore', 'mixpanel']
  readonly origin: string
  readonly port: number
  readonly control: { readonly header: string; readonly token: string }
  readonly accounts: readonly SandboxAccount[]
  readonly apps: readonly SandboxApp[]
  readonly bots: readonly { readonly botId: string; readonly name: string }[]
  readonly mixpanel: {
    /** What stands before `/data-deletions/v3.0`. */
    readonly baseUrl: string
    readonly residency: Residency
    readonly accounts: readonly MixpanelAccount[]
  }
}

/** The simulators of both vendors, listening on loopback. */
export type RunningSandbox = {
  readonly ready: SandboxReady
  /** Every call so far, in the order in which they arrived. */
  readonly ledger: () => readonly LedgerEntry[]
  /** Resolves with the first call, present or to come, that `matches`. */
  readonly waitForCall: (matches: (entry: LedgerEntry) => boolean) => Promise<LedgerEntry>
  /** What has really become of each of Mixpanel's tasks, whatever was answered; those of somebody else among them. */
  readonly tasks: () => readonly TaskView[]
  /** Forgets calls, requests, tasks, windows, used tokens and faults that struck. Credentials and port stay. */
  readonly reset: () => void
  /** Cuts every connection and stops listening. */
  readonly close: () => Promise<void>
}

const host = '127.0.0.1'

/**
 * Starts the simulators of Kore.ai and Mixpanel on 127.0.0.1, on one port: Mixpanel's paths begin with `/api/app/`.
 * Everything has a default; `{}` is one account with random credentials at each, a free port and the vendors' own rate
 * windows. Rejects with an Error in words where the configuration
 * is wrong or the port is taken.
 *
 * @example const sandbox = await startSandbox({ latencyMilliseconds: { minimum: 0, maximum: 0 } }, { clock })
 */
export async function startSandbox(
  input: SandboxConfigInput = {},
  ports: Partial<SandboxPorts> = {},
): Promise<RunningSandbox> {
  const { clock, random } = { clock: systemClock, random: systemRandom, ...ports }
  const config = resolveConfig(input, random)
  const ledger = createLedger()
  const kore = createKoreSimulator(config, { clock, random })
  const mixpanel = createMixpanelSimulator(config, { clock, random }, () => origin)
  const reset = () => {
    ledger.reset()
    kore.reset()
    mixpanel.reset()
  }

  const server = createServer((request, response) => {
    // The Date header shows the vendor's clock, not the machine's.
    response.sendDate = false
    answerRequest(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    )
  })
  const port = await listen(config.port)
  const origin = `http://${host}:${port}`
  const { accounts, apps, bots } = config
  const control = { header: controlHeader, token: config.controlToken }

  return {
    ready: {
      kind: 'sandbox-ready',
      vendors: ['kore', 'mixpanel'],
      origin,
      port,
      control,
      accounts,
      apps,
      bots,
      mixpanel: {
        baseUrl: `${origin}/api/app`,
        residency: config.mixpanel.residency,
        accounts: config.mixpanel.accounts,
      },
    },
    ledger: ledger.entries,
    waitForCall: ledger.waitFor,
    tasks: mixpanel.tasks,
    reset,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  async function answerRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET'
    const path = request.url ?? '/'
    const url = urlOf(path)
    if (isControlPath(url.pathname)) {
      request.resume()
      const given = request.headers[controlHeader]
      const call = { method, url, given: typeof given === 'string' ? given : undefined }
      return sendBody(response, controlAnswer(call, config.controlToken, { ledger, tasks: mixpanel.tasks, reset }))
    }

    const vendor = isMixpanelPath(url.pathname) ? mixpanel : kore
    const receivedAt = clock.now()
    const received = vendor.receive({ method, url, headers: request.headers, receivedAt })
    const sequence = ledger.open({ ...received.ledger, receivedAt, method, path })
    let cut = false
    response.once('close', () => {
      const endedAt = clock.now()
      if (cut) ledger.change(sequence, { status: 'cut', ended: 'cut', endedAt })
      else if (response.writableFinished)
        ledger.change(sequence, { status: response.statusCode, ended: 'answered', endedAt })
      else ledger.change(sequence, { ended: 'client-gone', endedAt })
    })

    const body = await readBody(request, config.bodyLimitBytes)
    if (body === null) return ledger.change(sequence, { verdict: 'incomplete' })
    const outcome = await received.decide(body)
    ledger.change(sequence, outcome.ledger)
    await wait(latency() + (outcome.slow ? config.faults.slowMilliseconds : 0))
    if (response.destroyed) return
    send(response, outcome.answer, () => {
      cut = true
      response.socket?.destroy()
    })
  }

  function send(response: ServerResponse, answer: Answer, cutConnection: () => void): void {
    switch (answer.kind) {
      case 'silence':
        return
      case 'cut':
        return cutConnection()
      case 'cut-mid-body':
        writeHead(response, answer)
        response.write(firstHalf(answer.body), cutConnection)
        return
      case 'whole':
        return sendBody(response, answer)
    }
  }

  function sendBody(response: ServerResponse, answer: BodyAnswer): void {
    writeHead(response, answer)
    response.end(answer.body)
  }

  function writeHead(response: ServerResponse, answer: BodyAnswer): void {
    response.writeHead(answer.status, {
      date: new Date(clock.now() + config.clockSkewMilliseconds).toUTCString(),
      ...(answer.type === null
        ? {}
        : { 'content-type': answer.type, 'content-length': Buffer.byteLength(answer.body) }),
      'cache-control': 'no-store',
      ...answer.headers,
    })
  }

  function latency(): number {
    const { minimum, maximum } = config.latencyMilliseconds
    return minimum + Math.floor(random.fraction() * (maximum - minimum + 1))
  }

  function wait(milliseconds: number): Promise<void> {
    return milliseconds === 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          clock.schedule(milliseconds, resolve)
        })
  }

  function listen(wanted: number): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE'
            ? new Error(
                `Port ${wanted} on this machine is in use by another program. Choose another port, or 0 for any.`,
              )
            : error,
        ),
      )
      server.listen(wanted, host, () => resolve((server.address() as AddressInfo).port))
    })
  }
}

/** The request target as a URL. One that is none, such as that of `OPTIONS *`, leads to a path nobody has. */
function urlOf(path: string): URL {
  const url = path.startsWith('/') ? `http://${host}${path}` : path
  return new URL(URL.canParse(url) ? url : `http://${host}/not-a-path`)
}

function firstHalf(body: BodyAnswer['body']): Uint8Array {
  const bytes = Buffer.from(body)
  return bytes.subarray(0, Math.floor(bytes.length / 2))
}

/** A body up to `limit` bytes; what is beyond is read and dropped. Null where the caller left before its end. */
function readBody(request: IncomingMessage, limit: number): Promise<CallBody | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= limit) chunks.push(chunk)
    })
    request.once('end', () => resolve({ text: Buffer.concat(chunks).toString('utf8'), tooLarge: bytes > limit }))
    request.once('close', () => resolve(null))
    request.once('error', () => resolve(null))
  })
}

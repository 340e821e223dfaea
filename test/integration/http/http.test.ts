import { connect as netConnect, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { HttpReport } from '../../../src/main/core/ports.ts'
import type { CallStage } from '../../../src/shared/model/request.ts'
import { readErase } from '../../../src/main/vendors/kore/parse.ts'
import { makeCertificate, makeExpiredCertificate, type Certificate } from '../../support/certificates.ts'
import { callTo, httpWith, isWhole, listen, type RawServer } from './support.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function serve(...parts: Parameters<typeof listen>): Promise<RawServer> {
  const server = await listen(...parts)
  closing.push(server.close)
  return server
}

const accepted = '{"requestId":"eud-1","status":"in-progress"}'
const answer = (status: string, body: string, ...headers: readonly string[]) =>
  [`HTTP/1.1 ${status}`, `Content-Length: ${Buffer.byteLength(body)}`, ...headers, '', body].join('\r\n')

/** Answers the whole call with this text and closes as `end` says. */
function answering(text: string, end: (socket: Socket) => void = (socket) => socket.end()) {
  return (socket: Socket, seen: string) => {
    if (isWhole(seen)) socket.write(text, () => end(socket))
  }
}

const cut = (socket: Socket) => socket.resetAndDestroy()
const stayOpen = () => {}

describe('one transmission over real sockets', () => {
  test('sends the call once, with a length, and reads the whole answer', async () => {
    const server = await serve(answering(answer('200 OK', accepted)))
    const stages: CallStage[] = []
    const report = await httpWith().send(callTo(`${server.origin}/erase`), (stage) => stages.push(stage))
    expect(report).toMatchObject({ stage: 'body', trouble: null, answer: { status: 200, body: accepted, cut: false } })
    expect(stages.filter((stage) => stage !== 'resolved')).toEqual([
      'connected',
      'first byte',
      'sent',
      'headers',
      'body',
    ])
    expect(server.connections()).toBe(1)
    expect(server.seen()).toMatch(/^DELETE \/erase HTTP\/1\.1\r\n/)
    expect(server.seen()).toContain('auth: a-token')
    expect(server.seen()).toMatch(/content-length: 31\r\n/i)
    expect(server.seen()).toMatch(/connection: close\r\n/i)
    expect(server.seen()).not.toMatch(/transfer-encoding/i)
  })

  test('reads an answer in pieces, in chunks, and one that ends with its connection', async () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2c\r\n' + accepted + '\r\n0\r\n\r\n'
    const untilClose = `HTTP/1.1 200 OK\r\n\r\n${accepted}`
    for (const text of [chunked, untilClose]) {
      const server = await serve(answering(text))
      const report = await httpWith().send(callTo(server.origin))
      expect(report).toMatchObject({ trouble: null, answer: { body: accepted, cut: false } })
    }
  })

  test('a whole answer counts although the server read only half of the call', async () => {
    const server = await serve((socket) => socket.write(answer('413 Payload Too Large', ''), () => socket.end()))
    const body = 'x'.repeat(4_000_000)
    const report = await httpWith().send(callTo(server.origin, { body }))
    expect(report.answer?.status).toBe(413)
  })

  test('a redirect is an answer, not a journey', async () => {
    const elsewhere = await serve(answering(answer('200 OK', accepted)))
    const server = await serve(answering(answer('307 Temporary Redirect', '', `Location: ${elsewhere.origin}/`)))
    const report = await httpWith().send(callTo(server.origin))
    expect(report).toMatchObject({ trouble: null, answer: { status: 307 } })
    expect([server.connections(), elsewhere.connections()]).toEqual([1, 0])
    expect(readErase(report).kind).toBe('outcome unknown')
  })

  test('a body beyond the limit is cut off, and the connection with it', async () => {
    const server = await serve(answering(answer('200 OK', 'x'.repeat(1_000_000)), stayOpen))
    const report = await httpWith().send(callTo(server.origin))
    expect(report).toMatchObject({ answer: { status: 200, cut: true } })
    expect(report.answer?.body).toHaveLength(10_000)
    expect(readErase(report).kind).toBe('outcome unknown')
  })

  test.each([10_001, 9_999])(
    'whether it was cut off does not hang on where its last piece ends: %i bytes',
    async (size) => {
      const server = await serve(answering(answer('200 OK', 'x'.repeat(size))))
      const report = await httpWith().send(callTo(server.origin))
      expect(report).toMatchObject({ stage: 'body', trouble: null, answer: { cut: size > 10_000 } })
    },
  )

  test('offline, nothing leaves; this machine itself is reached all the same', async () => {
    const server = await serve(answering(answer('200 OK', accepted)))
    const http = httpWith({ online: () => false })
    expect(await http.send(callTo('https://vendor.example'))).toMatchObject({
      stage: 'none',
      trouble: { kind: 'offline' },
    })
    expect(await http.send(callTo(server.origin))).toMatchObject({ answer: { status: 200 } })
  })
})

describe('asked once more when it is connected', () => {
  test('a call that may not leave any more sends no byte: a certain no', async () => {
    const server = await serve(answering(answer('200 OK', accepted)))
    const stages: string[] = []
    const report = await httpWith().send(
      callTo(server.origin),
      (stage) => stages.push(stage),
      async () => false,
    )
    expect(report).toMatchObject({ stage: 'connected', answer: null, trouble: { kind: 'other' } })
    expect(readErase(report).kind).toBe('not sent')
    expect(stages.at(-1)).toBe('connected')
    expect(server.connections()).toBe(1)
    expect(server.seen()).toBe('')
  })

  test('one that may leaves as always, after it was asked', async () => {
    const server = await serve(answering(answer('200 OK', accepted)))
    let seenBefore: string | null = null
    const report = await httpWith().send(callTo(server.origin), undefined, async () => {
      seenBefore = server.seen()
      return true
    })
    expect(seenBefore).toBe('')
    expect(report).toMatchObject({ stage: 'body', answer: { status: 200 }, trouble: null })
  })

  test('where the host hangs up meanwhile, or the time is over, nothing has left either', async () => {
    const never = () => new Promise<boolean>(() => {})
    const arrived = Promise.withResolvers<Socket>()
    const hanging = await serve(stayOpen, arrived.resolve)
    const hungUp = await httpWith().send(callTo(hanging.origin), undefined, async () => {
      const theirs = await arrived.promise
      theirs.resetAndDestroy()
      return await never()
    })
    expect(hungUp).toMatchObject({ stage: 'connected', answer: null, trouble: { kind: 'reset' } })
    expect(readErase(hungUp).kind).toBe('not sent')

    const patient = await serve(stayOpen)
    const late = await httpWith().send(callTo(patient.origin, { timeoutMilliseconds: 150 }), undefined, never)
    expect(late).toMatchObject({ stage: 'connected', answer: null, trouble: { kind: 'timeout' } })
    expect(readErase(late).kind).toBe('not sent')
    expect(patient.seen()).toBe('')
  })
})

describe('how far a call got', () => {
  type Row = readonly [string, Parameters<typeof listen>, Partial<HttpReport>, string]
  const rows: readonly Row[] = [
    [
      'closed as soon as it is connected',
      [stayOpen, (socket) => socket.end()],
      { answer: null, trouble: { kind: 'reset', words: expect.any(String) as string } },
      'outcome unknown',
    ],
    [
      'cut when the first bytes arrive',
      [cut],
      { answer: null, trouble: { kind: 'reset', words: expect.any(String) as string } },
      'outcome unknown',
    ],
    [
      'cut when the whole call has arrived',
      [(socket, seen) => (isWhole(seen) ? cut(socket) : undefined)],
      { stage: 'sent', answer: null },
      'outcome unknown',
    ],
    ['closed without a word', [answering('')], { stage: 'sent', answer: null }, 'outcome unknown'],
    [
      'cut in the first line of the answer',
      [answering('HTTP/1.1 20')],
      { stage: 'sent', answer: null },
      'outcome unknown',
    ],
    [
      'cut in the headers',
      [answering('HTTP/1.1 200 OK\r\nContent-Le')],
      { stage: 'sent', answer: null },
      'outcome unknown',
    ],
    [
      'cut after the headers',
      [answering('HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n', cut)],
      { stage: 'headers' },
      'outcome unknown',
    ],
    [
      'cut in the body',
      [answering(`HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n${accepted}`)],
      { trouble: { kind: 'reset', words: 'The connection was cut in the middle of the answer.' } },
      'outcome unknown',
    ],
    [
      'cut between two chunks',
      [answering(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2c\r\n${accepted}\r\n`)],
      { trouble: { kind: 'reset', words: 'The connection was cut in the middle of the answer.' } },
      'outcome unknown',
    ],
    [
      'an answer that is no HTTP',
      [answering('SSH-2.0-OpenSSH_9.9\r\n')],
      { answer: null, trouble: { kind: 'invalid answer', words: 'The answer does not follow HTTP.' } },
      'outcome unknown',
    ],
    [
      'headers without end',
      [answering(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`)],
      { answer: null, trouble: { kind: 'invalid answer', words: 'The answer does not follow HTTP.' } },
      'outcome unknown',
    ],
    [
      'another protocol',
      [answering('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')],
      { answer: null },
      'outcome unknown',
    ],
    [
      'HTML under 200',
      [answering(answer('200 OK', '<html><title>Sign in</title></html>', 'Content-Type: text/html'))],
      { stage: 'body', trouble: null },
      'outcome unknown',
    ],
    [
      'nothing under 502',
      [answering(answer('502 Bad Gateway', ''))],
      { stage: 'body', trouble: null },
      'outcome unknown',
    ],
    ['accepted', [answering(answer('200 OK', accepted))], { stage: 'body', trouble: null }, 'accepted'],
    ['accepted, and cut right after', [answering(answer('200 OK', accepted), cut)], { stage: 'body' }, 'accepted'],
    [
      'a first answer before the real one',
      [answering(`HTTP/1.1 103 Early Hints\r\n\r\n${answer('200 OK', accepted)}`)],
      { stage: 'body', trouble: null },
      'accepted',
    ],
  ]

  test.each(rows)('%s', async (_, server, report, verdict) => {
    const { origin, connections } = await serve(...server)
    const seen = await httpWith().send(callTo(origin))
    expect(seen).toMatchObject(report)
    expect(readErase(seen).kind).toBe(verdict)
    expect(connections()).toBe(1)
  })

  test('a port where nobody listens is a certain no', async () => {
    const server = await listen(stayOpen)
    await server.close()
    const report = await httpWith().send(callTo(server.origin))
    expect(report).toMatchObject({ answer: null, trouble: { kind: 'refused' } })
    expect(readErase(report).kind).toBe('not sent')
  })

  test('a host that does not exist is a certain no', async () => {
    const report = await httpWith().send(callTo('https://erasure-desk.invalid/'))
    expect(report).toMatchObject({ stage: 'none', answer: null, trouble: { kind: 'dns' } })
    expect(readErase(report).kind).toBe('not sent')
  })

  const half = 'HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n{"req'
  test.each<[string, Parameters<typeof listen>, string]>([
    ['no answer at all', [stayOpen], 'No answer came within 1 second.'],
    ['a status line and nothing more', [answering('HTTP/1.1 200 OK\r\n', stayOpen)], 'No answer came within 1 second.'],
    [
      'half a body and nothing more',
      [answering(half, stayOpen)],
      'The answer did not come to its end within 1 second.',
    ],
  ])('waits no longer than the time-out for %s', async (_, server, words) => {
    const { origin } = await serve(...server)
    const report = await httpWith().send(callTo(origin, { timeoutMilliseconds: 600 }))
    expect(report.trouble).toEqual({ kind: 'timeout', words })
    expect(report.endedAt - report.startedAt).toBeLessThan(2000)
    expect(readErase(report).kind).toBe('outcome unknown')
  })

  test('an answer that drips does not stretch the time-out', async () => {
    let timer: NodeJS.Timeout | undefined
    const drip = (socket: Socket) => {
      timer = setInterval(() => socket.write(' '), 20)
    }
    const server = await serve(answering('HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n', drip))
    const report = await httpWith().send(callTo(server.origin, { timeoutMilliseconds: 400 }))
    clearInterval(timer)
    expect(report).toMatchObject({ trouble: { kind: 'timeout' }, answer: { cut: true } })
    expect(report.endedAt - report.startedAt).toBeLessThan(1500)
  })
})

describe('protected connections', () => {
  async function serveTls({ key, certificate }: Certificate) {
    let heard = 0
    const sockets = new Set<Socket>()
    const server = createTlsServer({ key, cert: certificate }, (socket) => {
      socket.on('error', () => {})
      socket.on('data', () => {
        heard += 1
        socket.end(answer('200 OK', accepted))
      })
    })
    server.on('connection', (socket: Socket) => sockets.add(socket))
    server.on('tlsClientError', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(
      () =>
        new Promise((resolve) => {
          for (const socket of sockets) socket.destroy()
          server.close(() => resolve())
        }),
    )
    return { port: (server.address() as AddressInfo).port, heard: () => heard }
  }

  test('a certificate nobody vouches for ends the call before its first byte', async () => {
    const server = await serveTls(makeCertificate('DNS:localhost,IP:127.0.0.1'))
    const report = await httpWith().send(callTo(`https://127.0.0.1:${server.port}`))
    expect(report).toMatchObject({ answer: null, trouble: { kind: 'tls', unknownAuthority: true } })
    expect(readErase(report).kind).toBe('not sent')
    expect(server.heard()).toBe(0)
  })

  test('an authority that this machine trusts is trusted', async () => {
    const made = makeCertificate('DNS:localhost,IP:127.0.0.1')
    const server = await serveTls(made)
    const http = httpWith({ certificates: [made.certificate] })
    expect(await http.send(callTo(`https://127.0.0.1:${server.port}`))).toMatchObject({ answer: { status: 200 } })
  })

  test.each([
    ['for another host', makeCertificate('DNS:another.example'), 'The certificate belongs to another host.'],
    ['that has expired', makeExpiredCertificate('IP:127.0.0.1'), 'The host’s certificate has expired.'],
  ])('a certificate %s is not good enough', async (_, made, words) => {
    const server = await serveTls(made)
    const report = await httpWith({ certificates: [made.certificate] }).send(callTo(`https://127.0.0.1:${server.port}`))
    expect(report).toMatchObject({ answer: null, trouble: { kind: 'tls', words } })
    expect(readErase(report).kind).toBe('not sent')
    expect(server.heard()).toBe(0)
  })

  test('a host that speaks no TLS is a certain no', async () => {
    const plain = await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const report = await httpWith().send(callTo(`https://127.0.0.1:${plain.port}`))
    expect(report).toMatchObject({ answer: null, trouble: { kind: 'tls' } })
    expect(readErase(report).kind).toBe('not sent')
    expect(plain.seen()).not.toContain('a-token')
  })

  test('a host that never finishes the handshake runs into the time-out, with nothing sent', async () => {
    const silent = await serve(stayOpen)
    const report = await httpWith().send(callTo(`https://127.0.0.1:${silent.port}`, { timeoutMilliseconds: 600 }))
    expect(report).toMatchObject({
      answer: null,
      trouble: { kind: 'timeout', words: 'No connection came about within 1 second.' },
    })
    expect(readErase(report).kind).toBe('not sent')
  })

  test('goes through a proxy’s tunnel, where the vendor’s certificate is what counts', async () => {
    const made = makeCertificate('DNS:vendor.example')
    const vendor = await serveTls(made)
    const proxy = await serve((socket, seen) => {
      if (!seen.endsWith('\r\n\r\n')) return
      const upstream = netConnect(vendor.port, '127.0.0.1', () => {
        socket.removeAllListeners('data')
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(upstream).pipe(socket)
      })
      upstream.on('error', () => {})
    })
    const resolveProxy = async () => `PROXY 127.0.0.1:${proxy.port}`
    const trusted = await httpWith({ resolveProxy, certificates: [made.certificate] }).send(
      callTo('https://vendor.example/erase'),
    )
    expect(trusted).toMatchObject({ stage: 'body', answer: { status: 200, body: accepted } })
    expect(proxy.seen()).toMatch(/^CONNECT vendor\.example:443 HTTP\/1\.1\r\n/)
    expect(proxy.seen()).not.toContain('a-token')
    const untrusted = await httpWith({ resolveProxy }).send(callTo('https://vendor.example/erase'))
    expect(untrusted).toMatchObject({ trouble: { kind: 'tls', unknownAuthority: true } })
  })

  test.each([
    [
      'asks for a password',
      'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n',
      { proxyAuthentication: true, words: 'The proxy asks for a user name and password (407).' },
    ],
    [
      'refuses',
      'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n',
      { words: 'The proxy refused to connect to the host (403).' },
    ],
    [
      'sends elsewhere',
      'HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n',
      { words: 'The proxy answered with a redirect (302) instead of connecting, as a sign-in page does.' },
    ],
    ['closes without a word', '', { words: 'The proxy closed the connection without an answer.' }],
    ['speaks no HTTP', 'hello\r\n', { words: 'The proxy’s answer does not follow HTTP.' }],
  ])('a proxy that %s is a certain no', async (_, text, trouble) => {
    const proxy = await serve((socket, seen) => {
      if (seen.endsWith('\r\n\r\n')) socket.end(text)
    })
    const http = httpWith({ resolveProxy: async () => `PROXY 127.0.0.1:${proxy.port}` })
    const report = await http.send(callTo('https://vendor.example/'))
    expect(report).toMatchObject({ answer: null })
    expect(report.trouble).toEqual({ kind: 'proxy', ...trouble })
    expect(readErase(report).kind).toBe('not sent')
    expect(proxy.seen()).not.toContain('a-token')
  })

  test('a proxy that cannot be used, reached or named is a certain no', async () => {
    const gone = await listen(stayOpen)
    await gone.close()
    const silent = await serve(stayOpen)
    const answers: readonly (readonly [() => Promise<string>, string])[] = [
      [async () => 'SOCKS5 127.0.0.1:1080', 'The system asks for a kind of proxy that cannot be used here (SOCKS).'],
      [async () => `PROXY 127.0.0.1:${gone.port}`, 'The proxy cannot be reached.'],
      [async () => `PROXY 127.0.0.1:${silent.port}`, 'The proxy did not answer in time.'],
      [
        () => Promise.reject(new Error('The script of the system failed')),
        'The system did not say which proxy to use.',
      ],
    ]
    for (const [resolveProxy, words] of answers) {
      const report = await httpWith({ resolveProxy }).send(
        callTo('https://vendor.example/', { timeoutMilliseconds: 300 }),
      )
      expect(report).toMatchObject({ answer: null, trouble: { kind: 'proxy', words } })
      expect(readErase(report).kind).toBe('not sent')
    }
    const never = () => new Promise<string>(() => {})
    const report = await httpWith({ resolveProxy: never }).send(
      callTo('https://vendor.example/', { timeoutMilliseconds: 200 }),
    )
    expect(report).toMatchObject({ stage: 'none', trouble: { kind: 'timeout' } })
  })
})

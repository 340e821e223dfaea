/** Every security setting, asserted against the running app. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect } from 'playwright/test'
import { channelNames } from '../../src/shared/channel-names.ts'
import { isPackaged, launchApp, startAgain, type App } from './support/app.ts'
import { test } from './support/display.ts'

let app: App
let server: Server
let visits: string[]
let outside: string

test.beforeAll(async () => {
  visits = []
  server = createServer((request, response) => {
    visits.push(request.url ?? '')
    response.setHeader('access-control-allow-origin', '*')
    response.end('outside')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  outside = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  app = await launchApp()
  await app.status()
})
test.afterAll(async () => {
  await app.close()
  server.close()
})
test.afterEach(() => {
  expect(app.page.url()).toMatch(/^app:\/\/erasure-desk\/index\.html/)
  expect(visits, 'calls that reached the outside').toEqual([])
})

async function fetchInMain(
  address: string,
): Promise<{ status: number; headers: Record<string, string>; body: string }> {
  return await app.electron.evaluate(async ({ net }, url) => {
    const answer = await net.fetch(url)
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
  }, address)
}

test('the renderer runs in the operating system’s sandbox', async () => {
  test.skip(process.platform !== 'linux', 'the kernel says so on Linux alone')
  const status = await readFile(`/proc/${await app.rendererPid()}/status`, 'utf8')
  expect(status).toMatch(/^Seccomp:\s+2$/m)
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m)
})

test('the window is isolated, sandboxed and without Node', async () => {
  const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      readonly getLastWebPreferences: () => Record<string, unknown>
    }
    return contents.getLastWebPreferences()
  })
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    allowRunningInsecureContent: false,
  })
})

test('the page sees the bridge of the contract and nothing of Node or Electron', async () => {
  const seen = await app.page.evaluate(() => {
    const globals = window as unknown as Record<string, unknown>
    return {
      bridge: Object.keys(globals['erasureDesk'] as object),
      leaked: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter(
        (name) => name in globals,
      ),
    }
  })
  expect(seen.bridge.toSorted()).toEqual([...channelNames, 'dropFile', 'onChange'].toSorted())
  expect(seen.leaked).toEqual([])
})

test('the page is served under a strict policy, with a new nonce each time', async () => {
  const [first, second] = [
    await fetchInMain('app://erasure-desk/index.html'),
    await fetchInMain('app://erasure-desk/index.html'),
  ]
  const policy = first.headers['content-security-policy'] ?? ''
  const directives = Object.fromEntries(
    policy.split('; ').map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]),
  )
  expect(directives).toEqual({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': expect.stringMatching(/^'self' 'nonce-[A-Za-z0-9+/]{24}'$/) as unknown,
    'font-src': "'self'",
    'img-src': "'self' data:",
    'connect-src': "'none'",
    'frame-src': "'none'",
    'worker-src': "'none'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': 'default',
  })
  expect(second.headers['content-security-policy']).not.toBe(policy)
  expect(first.headers['x-content-type-options']).toBe('nosniff')
})

test('no text becomes HTML but the empty one, and nobody can allow more', async () => {
  const ended = await app.page.evaluate(() => {
    const attempt = (run: () => void) => {
      try {
        run()
        return 'done'
      } catch (error) {
        return error instanceof TypeError ? 'refused' : String(error)
      }
    }
    const place = document.createElement('div')
    const { trustedTypes } = globalThis as unknown as {
      readonly trustedTypes: { readonly createPolicy: (name: string, rules: object) => unknown }
    }
    const rules = { createHTML: (text: string) => text }
    place.append('announced')
    return {
      emptied: attempt(() => {
        place.innerHTML = ''
      }),
      left: place.childNodes.length,
      html: attempt(() => {
        place.innerHTML = '<b>x</b>'
      }),
      words: attempt(() => {
        place.innerHTML = 'x'
      }),
      second: attempt(() => trustedTypes.createPolicy('default', rules)),
      other: attempt(() => trustedTypes.createPolicy('other', rules)),
    }
  })
  expect(ended).toEqual({
    emptied: 'done',
    left: 0,
    html: 'refused',
    words: 'refused',
    second: 'refused',
    other: 'refused',
  })
})

test('no inline script, string of code or inline style runs in the page', async () => {
  const ran = await app.page.evaluate(() => {
    const attempt = (run: () => void) => {
      try {
        run()
      } catch {
        // refused, as it should be
      }
    }
    const globals = window as unknown as Record<string, unknown>
    attempt(() => {
      const script = document.createElement('script')
      script.textContent = 'window.inlineRan = true'
      document.body.append(script)
    })
    attempt(() => {
      document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.handlerRan = true">')
    })
    const styled = document.createElement('div')
    attempt(() => styled.setAttribute('style', 'width: 77px'))
    const style = document.createElement('style')
    style.textContent = 'body { outline: 7px solid }'
    document.head.append(style)
    document.body.append(styled)
    const found = {
      inline: globals['inlineRan'],
      handler: globals['handlerRan'],
      width: styled.style.width,
      outline: getComputedStyle(document.body).outlineWidth === '7px',
    }
    styled.remove()
    style.remove()
    return found
  })
  expect(ran).toEqual({ inline: undefined, handler: undefined, width: '', outline: false })
})

test('the app’s scheme answers its own files alone', async () => {
  for (const address of [
    'app://erasure-desk/../package.json',
    'app://erasure-desk/%2e%2e/%2e%2e/package.json',
    'app://erasure-desk/..%2f..%2fpackage.json',
    'app://erasure-desk/%2e%2e%2fmain%2findex.js',
    'app://erasure-desk//etc/passwd',
    'app://erasure-desk/',
    'app://elsewhere/index.html',
  ]) {
    expect((await fetchInMain(address)).status, address).toBe(404)
  }
})

test('the page cannot be led elsewhere', async () => {
  const targets = [
    `${outside}/navigated`,
    'file:///etc/passwd',
    'data:text/html,<p>elsewhere</p>',
    'app://elsewhere/index.html',
    'javascript:void(document.body.dataset.led = "astray")',
  ]
  for (const target of targets) {
    await app.page.evaluate((address) => {
      const link = document.createElement('a')
      link.href = address
      document.body.append(link)
      link.click()
      link.remove()
    }, target)
    await app.status()
    expect(app.page.url(), target).toMatch(/^app:\/\/erasure-desk\/index\.html/)
  }
  expect(await app.page.evaluate(() => document.body.dataset['led'])).toBeUndefined()
})

test('an empty page is left at once, and may call nothing meanwhile', async () => {
  const left = app.page.waitForEvent('framenavigated', (frame) => frame.url() === 'about:blank')
  const back = left.then(
    async () => await app.page.waitForEvent('framenavigated', (frame) => frame.url().startsWith('app://erasure-desk/')),
  )
  await app.page.evaluate(() => location.assign('about:blank'))
  await back
  await app.page.waitForLoadState('domcontentloaded')
  await app.status()
})

test('no new window, frame, form or download leaves the page', async () => {
  const opened = await app.page.evaluate((address) => {
    const link = document.createElement('a')
    link.href = `${address}/blank`
    link.target = '_blank'
    document.body.append(link)
    link.click()
    link.download = 'file.txt'
    link.click()
    link.remove()
    const form = document.createElement('form')
    form.action = `${address}/form`
    form.method = 'post'
    document.body.append(form)
    form.submit()
    form.remove()
    const frame = document.createElement('iframe')
    frame.src = `${address}/frame`
    document.body.append(frame)
    const view = document.createElement('webview')
    view.setAttribute('src', `${address}/webview`)
    document.body.append(view)
    return window.open(`${address}/opened`) === null && window.open('about:blank') === null
  }, outside)
  expect(opened).toBe(true)
  await app.status()
  expect(await app.electron.evaluate(({ webContents }) => webContents.getAllWebContents().length)).toBe(1)
  await app.page.evaluate(() => {
    for (const element of document.querySelectorAll('iframe, webview')) element.remove()
  })
})

test('the page has no network', async () => {
  const reached = await app.page.evaluate(async (address) => {
    const tries: Record<string, () => unknown> = {
      fetch: async () => await fetch(`${address}/fetch`, { mode: 'no-cors' }),
      xhr: async () =>
        await new Promise((resolve, reject) => {
          const request = new XMLHttpRequest()
          request.addEventListener('load', resolve)
          request.addEventListener('error', reject)
          request.open('GET', `${address}/xhr`)
          request.send()
        }),
      image: async () =>
        await new Promise((resolve, reject) => {
          const image = new Image()
          image.addEventListener('load', resolve)
          image.addEventListener('error', reject)
          image.src = `${address}/image.png`
        }),
      socket: async () =>
        await new Promise((resolve, reject) => {
          const socket = new WebSocket(address.replace('http', 'ws'))
          socket.addEventListener('open', resolve)
          socket.addEventListener('error', reject)
        }),
      events: async () =>
        await new Promise((resolve, reject) => {
          const events = new EventSource(`${address}/events`)
          events.addEventListener('open', resolve)
          events.addEventListener('error', reject)
        }),
    }
    navigator.sendBeacon(`${address}/beacon`)
    const done: string[] = []
    for (const [name, run] of Object.entries(tries)) {
      try {
        await run()
        done.push(name)
      } catch {
        // refused, as it should be
      }
    }
    return done
  }, outside)
  expect(reached).toEqual([])
})

test('beneath the policy, the session itself blocks what is not the page', async () => {
  const failed = await app.electron.evaluate(async ({ BrowserWindow }, address) => {
    const window = new BrowserWindow({ show: false })
    const blocked = await window.loadURL(address).then(
      () => 'loaded',
      (error: unknown) => String((error as { readonly code?: string }).code),
    )
    window.destroy()
    return blocked
  }, `${outside}/hidden-window`)
  expect(failed).toBe('ERR_BLOCKED_BY_CLIENT')
})

test('every permission is denied', async () => {
  const answers = await app.page.evaluate(async () => {
    const denied = async (run: () => Promise<unknown>) =>
      await run().then(
        () => 'granted',
        () => 'denied',
      )
    const states = await Promise.all(
      ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'persistent-storage'].map(
        async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
      ),
    )
    return {
      states: [...new Set(states)],
      notification: await Notification.requestPermission(),
      media: await denied(async () => await navigator.mediaDevices.getUserMedia({ video: true })),
      screen: await denied(async () => await navigator.mediaDevices.getDisplayMedia({ video: true })),
      location: await denied(
        async () =>
          await new Promise((resolve, reject) => {
            navigator.geolocation.getCurrentPosition(resolve, reject)
          }),
      ),
      clipboard: await denied(async () => await navigator.clipboard.readText()),
    }
  })
  expect(answers).toEqual({
    states: ['denied'],
    notification: 'denied',
    media: 'denied',
    screen: 'denied',
    location: 'denied',
    clipboard: 'denied',
  })
})

test('a call from another window, even of the same page and preload, is refused', async () => {
  const answer = await app.electron.evaluate(async ({ app: electronApp, BrowserWindow }) => {
    const preload = `${electronApp.getAppPath()}/out/preload/index.cjs`
    const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
    await other.loadURL('app://erasure-desk/index.html')
    const answered = (await other.webContents.executeJavaScript('window.erasureDesk.getAppStatus({})')) as unknown
    other.destroy()
    return answered
  })
  expect(answer).toMatchObject({ ok: false, failure: { code: 'not-allowed' } })
})

test('a frame inside the page gets no bridge', async () => {
  const bridge = await app.page.evaluate(() => {
    const frame = document.createElement('iframe')
    document.body.append(frame)
    const found = typeof (frame.contentWindow as unknown as Record<string, unknown> | null)?.['erasureDesk']
    frame.remove()
    return found
  })
  expect(bridge).toBe('undefined')
})

test('every channel refuses what breaks its schema', async () => {
  for (const channel of channelNames) {
    for (const input of [42, null, 'text', [1]]) {
      expect(await app.ask(channel, input as never), `${channel}(${JSON.stringify(input)})`).toMatchObject({
        ok: false,
        failure: { code: 'invalid-input' },
      })
    }
  }
})

test('the page cannot make up a file: a path in place of a token, or a file that was never dropped', async () => {
  expect(await app.ask('inspectFile', { token: '/etc/passwd' })).toMatchObject({
    ok: false,
    failure: { code: 'invalid-input' },
  })
  const unknown = await app.ask('inspectFile', { token: '00000000-0000-4000-8000-000000000000' })
  expect(unknown).toMatchObject({ ok: false, failure: { code: 'file-gone' } })
  const madeUp = await app.page.evaluate(async () => {
    const bridge = (
      window as unknown as { readonly erasureDesk: { readonly dropFile: (file: File) => Promise<unknown> } }
    ).erasureDesk
    return await bridge.dropFile(new File(['a@example.com'], '/etc/passwd'))
  })
  expect(madeUp).toMatchObject({ ok: false, failure: { code: 'file-unreadable' } })
})

test('links open in the browser by an allow-list alone', async () => {
  await app.electron.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { openedLinks: opened })
    shell.openExternal = async (address) => {
      opened.push(address)
    }
  })
  for (const url of [
    'http://docs.kore.ai/',
    'https://docs.kore.ai.example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ])
    expect(await app.ask('openExternalLink', { url }), url).toMatchObject({
      ok: false,
      failure: { code: 'not-allowed' },
    })
  expect(await app.ask('openExternalLink', { url: 'https://docs.kore.ai/xo/' })).toMatchObject({ ok: true })
  const opened = await app.electron.evaluate(
    () => (globalThis as unknown as { readonly openedLinks: string[] }).openedLinks,
  )
  expect(opened).toEqual(['https://docs.kore.ai/xo/'])
})

test('certificate errors stand, nothing is reported or spell-checked anywhere', async () => {
  const found = await app.electron.evaluate(async ({ app: electronApp, BrowserWindow, session, crashReporter }) => {
    const answers: unknown[] = []
    const event = { prevented: false, preventDefault: () => Object.assign(event, { prevented: true }) }
    electronApp.emit(
      'certificate-error',
      event,
      BrowserWindow.getAllWindows()[0]?.webContents,
      'https://example.com',
      'ERR_CERT',
      {},
      (ok: boolean) => answers.push(ok),
    )
    return {
      answers,
      prevented: event.prevented,
      spellChecker: session.defaultSession.isSpellCheckerEnabled(),
      crashes: crashReporter.getUploadedReports().length,
      crashService: electronApp.getAppMetrics().some(({ name }) => /crash/i.test(name ?? '')),
    }
  })
  expect(found).toEqual({ answers: [false], prevented: true, spellChecker: false, crashes: 0, crashService: false })
})

test('a second start with the same user data shows the first window and ends', async () => {
  await app.electron.evaluate(({ app: electronApp }) => {
    electronApp.on('second-instance', () => Object.assign(globalThis, { secondInstance: true }))
  })
  expect(await startAgain(app.userData)).toBe(0)
  await expect
    .poll(async () => await app.electron.evaluate(() => 'secondInstance' in globalThis), {
      message: 'the first was told',
    })
    .toBe(true)
})

test('the menu offers reloading and developer tools in development alone', async () => {
  const roles = await app.electron.evaluate(({ Menu }) => {
    const collect = (items: readonly Electron.MenuItem[]): string[] =>
      items.flatMap((item) => [item.role ?? '', ...collect(item.submenu?.items ?? [])])
    return collect(Menu.getApplicationMenu()?.items ?? []).map((role) => role.toLowerCase())
  })
  expect(roles.includes('reload')).toBe(!isPackaged)
  expect(roles.includes('toggledevtools')).toBe(!isPackaged)
  expect(roles).not.toContain('forcereload')
})

test('developer tools do not open in the packaged app', async () => {
  test.skip(!isPackaged, 'they are for development')
  const isOpen = await app.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    contents?.openDevTools({ mode: 'detach' })
    return contents?.isDevToolsOpened()
  })
  expect(isOpen).toBe(false)
})

test('the packaged binary has its fuses set', async () => {
  const folder = process.env['ERASURE_DESK_PACKAGE'] ?? ''
  test.skip(!isPackaged || folder === '', 'fuses hold in a packaged binary')
  const name = { darwin: 'Erasure Desk.app/Contents/MacOS/Erasure Desk', win32: 'erasure-desk.exe' } as Record<
    string,
    string
  >
  const fuses = await getCurrentFuseWire(path.join(folder, name[process.platform] ?? 'erasure-desk'))
  const enabled = (fuse: FuseV1Options) => fuses[fuse] === FuseState.ENABLE
  expect({
    runAsNode: enabled(FuseV1Options.RunAsNode),
    nodeOptions: enabled(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    nodeInspect: enabled(FuseV1Options.EnableNodeCliInspectArguments),
    fileProtocolPrivileges: enabled(FuseV1Options.GrantFileProtocolExtraPrivileges),
    cookieEncryption: enabled(FuseV1Options.EnableCookieEncryption),
    onlyAsar: enabled(FuseV1Options.OnlyLoadAppFromAsar),
    asarIntegrity: enabled(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
  }).toEqual({
    runAsNode: false,
    nodeOptions: false,
    nodeInspect: false,
    fileProtocolPrivileges: false,
    cookieEncryption: true,
    onlyAsar: true,
    asarIntegrity: process.platform !== 'linux',
  })
})

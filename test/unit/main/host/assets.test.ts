import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerAsset, listAssets, type Assets } from '../../../../src/main/host/assets.ts'
import { builtPage } from '../../../../src/main/host/page.ts'

let folder: string
let assets: Assets

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'assets-'))
  const root = path.join(folder, 'renderer')
  await mkdir(path.join(root, 'assets'), { recursive: true })
  await writeFile(path.join(root, 'index.html'), '<meta property="csp-nonce" content="__CSP_NONCE__">')
  await writeFile(path.join(root, 'assets', 'index.js'), 'export {}')
  await writeFile(path.join(root, 'assets', 'index.js.map'), '{}')
  await writeFile(path.join(folder, 'secret.html'), 'outside')
  assets = await listAssets(root)
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function ask(address: string, method = 'GET'): Promise<Response> {
  return await answerAsset(assets, builtPage, new Request(address, { method }))
}

test('answers the files of the built page with their type', async () => {
  const answer = await ask('app://erasure-desk/assets/index.js?x#y')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await answer.text()).toBe('export {}')
})

test('puts a new nonce into every document and its policy', async () => {
  const [first, second] = await Promise.all([1, 2].map(async () => await ask('app://erasure-desk/index.html')))
  const nonce = /content="([^"]+)"/.exec(await first!.text())?.[1]
  expect(nonce).toMatch(/^[A-Za-z0-9+/]{24}$/)
  expect(first!.headers.get('content-security-policy')).toContain(`style-src 'self' 'nonce-${nonce}'`)
  expect(second!.headers.get('content-security-policy')).not.toContain(nonce)
})

describe('answers nothing else', () => {
  test.each([
    'app://erasure-desk/../secret.html',
    'app://erasure-desk/%2e%2e/secret.html',
    'app://erasure-desk/..%2fsecret.html',
    'app://erasure-desk/assets/..%5c..%5csecret.html',
    'app://erasure-desk//etc/passwd',
    'app://erasure-desk/assets',
    'app://erasure-desk/assets/',
    'app://erasure-desk/assets/index.js.map',
    'app://erasure-desk/index.html%00.js',
    'app://elsewhere/index.html',
  ])('%s', async (address) => {
    expect((await ask(address)).status).toBe(404)
  })

  test('another method', async () => {
    expect((await ask('app://erasure-desk/index.html', 'POST')).status).toBe(404)
  })
})

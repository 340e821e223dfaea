/** What the app's own scheme can answer: the files of the built page, listed once, and nothing else. */
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { contentSecurityPolicy } from './content-policy.ts'
import { belongsTo, type Page } from './page.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** Address path (`/assets/index.js`) to file and content type. */
export type Assets = ReadonlyMap<string, Readonly<{ file: string; contentType: string }>>

/**
 * Lists every file under `folder` that has a known type. Since only these exact paths are ever answered, no address,
 * however it is written, reaches a file outside.
 */
export async function listAssets(folder: string, prefix = ''): Promise<Assets> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = await Promise.all(
    entries.map(async (entry) => {
      const file = path.join(folder, entry.name)
      const address = `${prefix}/${encodeURIComponent(entry.name)}`
      if (entry.isDirectory()) return [...(await listAssets(file, address))]
      const contentType = contentTypes[path.extname(entry.name)]
      return entry.isFile() && contentType !== undefined ? [[address, { file, contentType }] as const] : []
    }),
  )
  return new Map(found.flat())
}

/** The answer to one request of the page: the file, or 404 without a body; never a redirect, never another method. */
export async function answerAsset(assets: Assets, page: Page, request: Request): Promise<Response> {
  const asset = belongsTo(page, request.url) ? assets.get(new URL(request.url).pathname) : undefined
  if (asset === undefined || request.method !== 'GET') return new Response(null, { status: 404 })
  const content = await readFile(asset.file)
  const nonce = randomBytes(18).toString('base64')
  const isDocument = asset.contentType.startsWith('text/html')
  return new Response(
    isDocument ? content.toString('utf8').replaceAll('__CSP_NONCE__', nonce) : new Uint8Array(content),
    {
      headers: {
        'content-type': asset.contentType,
        'content-security-policy': contentSecurityPolicy(nonce),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      },
    },
  )
}

// A display in memory (Xvfb), guarded by a cookie, for machines without one.
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { startHelper, waitUntil } from './helper.mjs'

/** @import { Identity } from './helper.mjs' */

const screen = '1680x1050x24'
const anyHost = 0xff_ff

/**
 * @param {object} wanted
 * @param {Identity | undefined} wanted.identity
 * @param {NodeJS.ProcessEnv} wanted.env
 * @param {string} wanted.folder where its cookie lies
 * @returns {Promise<{ display: string, cookieFile: string, stop: () => Promise<void> }>}
 */
export async function startDisplay({ identity, env, folder }) {
  const cookieFile = `${folder}/display-cookie`
  writeFileSync(cookieFile, cookieRecord(randomBytes(16)), { mode: 0o600 })
  if (identity !== undefined) chownSync(cookieFile, identity.uid, identity.gid)
  // X servers that are not root cannot make the folder of their sockets.
  if (process.getuid?.() === 0 && !existsSync('/tmp/.X11-unix')) {
    mkdirSync('/tmp/.X11-unix')
    chmodSync('/tmp/.X11-unix', 0o1777)
  }

  // The server picks a free number and writes it to descriptor 3: no two runs can pick the same.
  const args = ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp', '-auth', cookieFile]
  const server = startHelper('Xvfb', args, { identity, env, readDescriptor3: true })
  await waitUntil('the display', () => /^\d+\n/.test(server.written()), server)
  return { display: `:${server.written().trim()}`, cookieFile, stop: server.stop }
}

/** One record of an Xauthority file (libXau): family, address, number, name, data; each with its length. @param {Buffer} cookie */
function cookieRecord(cookie) {
  const counted = (/** @type {Buffer} */ bytes) =>
    Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
  const family = Buffer.from([anyHost >> 8, anyHost & 255])
  const none = counted(Buffer.alloc(0))
  return Buffer.concat([family, none, none, counted(Buffer.from('MIT-MAGIC-COOKIE-1')), counted(cookie)])
}

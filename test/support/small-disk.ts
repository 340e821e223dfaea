/** Real file systems in a mount namespace of their own: what fills a small one is really full. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, statfsSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Runs a script of Node's as a child whose folder `place` is a file system of `mebibytes`; it talks over the usual
 * channel of `fork`. Needs Linux and the user namespaces that Chromium's sandbox needs too.
 */
export function forkOnSmallDisk(script: URL, place: string, mebibytes: number): ChildProcess {
  return forkMounted(`mount -t tmpfs -o size=${mebibytes}m,mode=700 tmpfs "$1"`, script, place)
}

/** What such a script sends first; its exit code where it ends without a word. It is gone afterwards. */
export async function reportFromSmallDisk(script: URL, place: string, mebibytes: number): Promise<unknown> {
  return await reportOf(forkOnSmallDisk(script, place, mebibytes))
}

/** The same for a script to which `place`, with all it holds, is a file system that is mounted read-only. */
export async function reportFromReadOnlyDisk(script: URL, place: string): Promise<unknown> {
  return await reportOf(forkMounted('mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"', script, place))
}

/** `mount` may name the place as "$1". */
function forkMounted(mount: string, script: URL, place: string): ChildProcess {
  return spawn(
    'unshare',
    [
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      `${mount} && exec "$2" "$3" "$1"`,
      'sh',
      place,
      process.execPath,
      fileURLToPath(script),
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
}

async function reportOf(child: ChildProcess): Promise<unknown> {
  const exited = once(child, 'exit')
  try {
    const [report] = (await Promise.race([once(child, 'message'), exited])) as [unknown]
    await Promise.race([exited, once(child, 'disconnect')])
    return report
  } finally {
    child.kill('SIGKILL')
  }
}

/** Fills the disk that `ballast` is on with this one file, but for so many bytes. */
export function fillDisk(ballast: string, leave = 0): void {
  const file = openSync(ballast, 'w')
  try {
    const block = Buffer.alloc(4096)
    for (;;) {
      const { bavail, bsize } = statfsSync(dirname(ballast))
      if (bavail * bsize - leave < block.length) return
      writeSync(file, block)
    }
  } finally {
    closeSync(file)
  }
}

/** A real file system of a few megabytes, in a mount namespace of its own: what fills it is really full. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Runs a script of Node's as a child whose folder `place` is a file system of `mebibytes`; it talks over the usual
 * channel of `fork`. Needs Linux and the user namespaces that Chromium's sandbox needs too.
 */
export function forkOnSmallDisk(script: URL, place: string, mebibytes: number): ChildProcess {
  const mountAndRun = `mount -t tmpfs -o size=${mebibytes}m,mode=700 tmpfs "$1" && exec "$2" "$3" "$1"`
  return spawn(
    'unshare',
    [
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      mountAndRun,
      'sh',
      place,
      process.execPath,
      fileURLToPath(script),
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
}

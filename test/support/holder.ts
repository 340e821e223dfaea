import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A process of its own that holds the history as `statements` say; settles once it does, with what makes it let go. */
export async function holdInAnotherProcess(
  folder: string,
  cipherKey: Uint8Array,
  statements: string,
): Promise<() => Promise<void>> {
  const key = Buffer.from(cipherKey).toString('hex')
  const child = fork(new URL('holder-child.ts', import.meta.url), [folder, key, statements])
  const exited = once(child, 'exit')
  await Promise.race([once(child, 'message'), exited])
  return async () => {
    child.kill('SIGKILL')
    await exited
  }
}

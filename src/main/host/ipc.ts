/** The one place where the page's calls arrive: sender checked, input parsed, answer parsed, failures in words. */
import { ipcMain, type IpcMainInvokeEvent } from 'electron'
import { callName, channelNames, registerFileChannel } from '../../shared/channel-names.ts'
import { contract } from '../../shared/contract.ts'
import { fail, type Result } from '../../shared/failure.ts'
import type { Handlers } from '../core/app/handlers.ts'
import type { Log } from '../core/ports.ts'
import { answerCall } from './answer-call.ts'
import { belongsTo, type Page } from './page.ts'

/** What answers: the channels, and the preload's own call for the path of a dropped file. */
type Calls = Handlers & Readonly<{ registerFile: (path: unknown) => Promise<Result<unknown>> }>

export type IpcOptions = Readonly<{
  page: Page
  /** The one web contents whose main frame may call; null while there is no window. */
  trustedContentsId: () => number | null
  /** Settles once the history is open; calls wait for it. */
  ready: Promise<Calls>
  log: Log
}>

/** Registers every channel of the contract, and the preload's own for dropped files. */
export function registerCalls(options: IpcOptions): void {
  for (const channel of channelNames) answerOn(callName(channel), contract[channel], channel, options)
  answerOn(registerFileChannel, { output: contract.chooseFile.output }, 'registerFile', options)
}

function answerOn(
  name: string,
  schemas: Parameters<typeof answerCall>[0],
  method: keyof Calls,
  options: IpcOptions,
): void {
  const { ready, log } = options
  ipcMain.handle(name, async (event, input: unknown) => {
    if (!isTrusted(event, options)) return refuse(method, log)
    const run = async (parsed: unknown) => {
      const handler = (await ready)[method] as (parsed: unknown) => Promise<Result<unknown>>
      return await handler(parsed)
    }
    return await answerCall(schemas, run, input, { channel: method, log })
  })
}

/** Our own window, its main frame, and an address whose parsed scheme and host are the page's. */
function isTrusted(event: IpcMainInvokeEvent, { page, trustedContentsId }: IpcOptions): boolean {
  const frame = event.senderFrame
  return (
    frame !== null &&
    event.sender.id === trustedContentsId() &&
    frame === event.sender.mainFrame &&
    frame.parent === null &&
    belongsTo(page, frame.url) &&
    belongsTo(page, frame.origin)
  )
}

function refuse(channel: keyof Calls, log: Log): Result<never> {
  log.problem('call-refused', { channel })
  return fail('not-allowed', 'This call did not come from the window of Erasure Desk.', { kept: 'Nothing was done.' })
}

/** The one place where the page's calls arrive: sender checked, input parsed, answer parsed, failures in words. */
import { ipcMain, type IpcMainInvokeEvent } from 'electron'
import { callName, channelNames, registerFileChannel } from '../../shared/channel-names.ts'
import { contract, type ChannelName } from '../../shared/contract.ts'
import { fail, type Result } from '../../shared/failure.ts'
import type { Handlers } from '../core/app/handlers.ts'
import type { Log } from '../core/ports.ts'
import { answerCall } from './answer-call.ts'
import { belongsTo, type Page } from './page.ts'

export type IpcOptions = Readonly<{
  page: Page
  /** The one web contents whose main frame may call; null while there is no window. */
  trustedContentsId: () => number | null
  handlers: Handlers
  /** Takes the path of a dropped file; called by the preload alone. */
  registerFile: (path: unknown) => Promise<Result<unknown>>
  log: Log
}>

/** Registers every channel of the contract, and the preload's own for dropped files. */
export function registerCalls(options: IpcOptions): void {
  const { handlers, log } = options
  for (const channel of channelNames) {
    ipcMain.handle(callName(channel), async (event, input: unknown) =>
      isTrusted(event, options)
        ? answerCall(contract[channel], handlers[channel] as (input: unknown) => Promise<Result<unknown>>, input, {
            channel,
            log,
          })
        : refuse(channel, log),
    )
  }
  ipcMain.handle(registerFileChannel, async (event, path: unknown) =>
    isTrusted(event, options)
      ? answerCall({ output: contract.chooseFile.output }, options.registerFile, path, { channel: 'dropFile', log })
      : refuse('dropFile', log),
  )
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

function refuse(channel: ChannelName | 'dropFile', log: Log): Result<never> {
  log.problem('call-refused', { channel })
  return fail('not-allowed', 'This call did not come from the window of Erasure Desk.', { kept: 'Nothing was done.' })
}

/** Builds the one object the page sees: a method for each channel, and nothing that could reach another. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import {
  callName,
  changeChannel,
  channelNames,
  registerFileChannel,
  type ListedChannel,
} from '../shared/channel-names.ts'
import type { Change, ErasureDeskBridge, Input, Output } from '../shared/contract.ts'

type Methods = { readonly [C in ListedChannel]: (input: Input<C>) => Promise<Output<C>> }

const methods = Object.fromEntries(
  channelNames.map((channel) => [channel, (input: unknown) => ipcRenderer.invoke(callName(channel), input)]),
) as unknown as Methods

const bridge = {
  ...methods,
  dropFile: (file: File) =>
    ipcRenderer.invoke(registerFileChannel, webUtils.getPathForFile(file)) as Promise<Output<'chooseFile'>>,
  onChange: (listener: (change: Change) => void) => {
    const forward = (_event: unknown, change: Change) => listener(change)
    ipcRenderer.on(changeChannel, forward)
    return () => {
      ipcRenderer.off(changeChannel, forward)
    }
  },
} satisfies ErasureDeskBridge

contextBridge.exposeInMainWorld('erasureDesk', bridge)

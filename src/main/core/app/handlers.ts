/** The shape of what stands behind the bridge: one small function per channel, input already parsed. */
import type { ChannelName, ParsedInput, Value } from '../../../shared/contract.ts'
import type { Result } from '../../../shared/failure.ts'

export type Handler<C extends ChannelName> = (input: ParsedInput<C>) => Promise<Result<Value<C>>>
export type Handlers = { readonly [C in ChannelName]: Handler<C> }
/** The handlers of some channels. */
export type HandlersOf<C extends ChannelName> = Pick<Handlers, C>

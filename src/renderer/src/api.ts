/**
 * The one file that touches `window.erasureDesk`. Everything else asks through `useChannel` (what is on screen) and
 * `useAction` (what the operator does); both speak the contract's types and throw nothing but `FailureError`.
 */
import {
  keepPreviousData,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryOptions,
  type UseQueryResult,
} from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Change, ChannelName, ErasureDeskBridge, Input, Value } from '../../shared/contract.ts'
import type { Failure, Result } from '../../shared/failure.ts'
import { channelsUnder, concernsChange } from './topics.ts'

declare global {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- merging into Window needs an interface
  interface Window {
    readonly erasureDesk: ErasureDeskBridge
  }
}

/** A failed Result as an error, so that queries and mutations can carry it. `failure` has the operator's words. */
export class FailureError extends Error {
  override readonly name = 'FailureError'
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

/** The failure within any thrown value; what is not ours becomes `internal`, without the thrown text. */
export function failureOf(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure
  return {
    code: 'internal',
    message: 'The window could not finish this.',
    kept: 'The history is as it was.',
    next: 'Try again; if it stays, close and open the app.',
    retryable: true,
  }
}

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new FailureError(result.failure)
}

/** Calls one channel and gives its value. Throws `FailureError` where main answers with a failure. */
export async function call<C extends ChannelName>(channel: C, input: Input<C>): Promise<Value<C>> {
  const method = window.erasureDesk[channel] as (input: Input<C>) => Promise<Result<Value<C>>>
  return unwrap(await method(input))
}

/** Hands a dropped file to main; gives its preview, or null where main opened nothing. */
export async function dropFile(file: File): Promise<Value<'chooseFile'>> {
  return unwrap(await window.erasureDesk.dropFile(file))
}

/** The key under which a channel's answer is kept. */
export function channelKey<C extends ChannelName>(channel: C, input: Input<C>) {
  return [channel, input] as const
}

/**
 * What a channel says now, asked again whenever main pushes a change that concerns it; `fades` says of an answer, in
 * milliseconds, when time alone makes another of it.
 * @example const { data, error } = useChannel('getRequest', { requestId })
 */
export function useChannel<C extends ChannelName>(
  channel: C,
  input: Input<C>,
  options: {
    readonly enabled?: boolean
    readonly keepPrevious?: boolean
    readonly fades?: (value: Value<C>) => number | null
  } = {},
): UseQueryResult<Value<C>, FailureError> {
  const { enabled = true, keepPrevious = false, fades } = options
  const refetchInterval = ({ state }: { readonly state: { readonly data?: Value<C> } }) =>
    state.data === undefined ? false : (fades?.(state.data) ?? false)
  const query = {
    queryKey: channelKey(channel, input),
    queryFn: () => call(channel, input),
    enabled,
    ...(fades === undefined ? {} : { refetchInterval }),
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  } as unknown as UseQueryOptions<Value<C>, FailureError>
  return useQuery<Value<C>, FailureError>(query)
}

/**
 * Something the operator does. `mutate(input, { onSuccess })`; `failure` is null until it fails. Nothing is repeated by
 * itself. The screens that show what changed ask again at once, without waiting for main's push.
 */
export function useAction<C extends ChannelName>(
  channel: C,
): UseMutationResult<Value<C>, FailureError, Input<C>> & { readonly failure: Failure | null } {
  const client = useQueryClient()
  const mutation = useMutation<Value<C>, FailureError, Input<C>>({
    mutationFn: (input) => call(channel, input),
    retry: false,
    onSettled: () => {
      void client.invalidateQueries()
    },
  })
  return Object.assign({}, mutation, { failure: mutation.error === null ? null : failureOf(mutation.error) })
}

/** The window's cache of answers. Failures are shown, never retried behind the operator's back. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: false,
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

const coalesceMilliseconds = 150

/** Keeps what is on screen true: gathers main's pushes for a moment, then asks again for what they concern. */
export function useChanges(): void {
  const client = useQueryClient()
  useEffect(() => {
    let pending: readonly Change[] = []
    let timer: number | null = null
    const flush = () => {
      timer = null
      const changes = pending
      pending = []
      void client.invalidateQueries({
        predicate: ({ queryKey }) => changes.some((change) => concernsChange(queryKey, change)),
      })
    }
    const stop = window.erasureDesk.onChange((change) => {
      if (channelsUnder[change.topic].length === 0) return
      pending = [...pending, change]
      timer ??= window.setTimeout(flush, coalesceMilliseconds)
    })
    return () => {
      stop()
      if (timer !== null) window.clearTimeout(timer)
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- flush does use the client
  }, [client])
}

/** What happens to one call between the bridge and its handler; free of Electron. */
import type { z } from 'zod'
import { fail, type Result } from '../../shared/failure.ts'
import type { Log } from '../core/ports.ts'

/**
 * Parses `input`, runs the handler, and lets its answer out only as the contract's schema says: anything more is
 * stripped, anything else is an internal failure. A handler that throws becomes an internal failure without details;
 * the log gets the error's kind and place, never its message, which may quote an identifier.
 */
export async function answerCall(
  schemas: Readonly<{ input?: z.ZodType; output: z.ZodType }>,
  handler: (input: unknown) => Promise<Result<unknown>>,
  input: unknown,
  context: Readonly<{ channel: string; log: Log }>,
): Promise<Result<unknown>> {
  const { channel, log } = context
  const parsed = schemas.input?.safeParse(input) ?? { success: true as const, data: input }
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? ''
    log.problem('call-input-refused', { channel, field })
    return fail('invalid-input', 'Something in this form is not as it must be.', {
      kept: 'Nothing was changed.',
      next: 'Correct the field and try again.',
      ...(field === '' ? {} : { field }),
    })
  }
  try {
    const answer = schemas.output.safeParse(await handler(parsed.data))
    if (answer.success) return answer.data as Result<unknown>
    log.problem('call-output-refused', { channel, field: answer.error.issues[0]?.path.join('.') ?? '' })
  } catch (error) {
    log.problem('call-failed', { channel, ...describeError(error) })
  }
  return fail('internal', 'Erasure Desk met an error of its own.', {
    kept: 'What the history held before is still there.',
    next: 'Try again. If it comes back, the log names the place.',
    retryable: true,
  })
}

/** The kind and place of an error as codes: class, code, and the nearest file and line of its stack. */
export function describeError(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error)) return { kind: typeof error }
  const code = (error as NodeJS.ErrnoException).code
  const place = /([\w.-]+\.(?:js|ts|mjs|cjs):\d+):\d+/.exec(error.stack ?? '')?.[1]
  return { kind: error.name, ...(typeof code === 'string' ? { code } : {}), ...(place === undefined ? {} : { place }) }
}

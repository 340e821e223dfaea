/** What channels of the contract are made of. */
import { z } from 'zod'
import { resultSchema } from './failure.ts'

export const nothing = z.object({}).strict()
export const pageSize = z.number().int().min(1).max(500)
/** Where a page begins: after a row already seen (keyset), or at a place in the whole list (a jump of the scrollbar). */
export const anchorSchema = z.union([
  z.object({ after: z.number().int().nonnegative() }),
  z.object({ index: z.number().int().nonnegative() }),
])
export type Anchor = z.infer<typeof anchorSchema>

/** A page of a list, with its place in the whole. */
export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({
    rows: z.array(row),
    /** Index of the first row within the whole filtered list. */
    start: z.number().int().nonnegative(),
    /** Rows in the whole filtered list. */
    total: z.number().int().nonnegative(),
  })
}

/** One channel: what goes in, and the value of the Result that comes out. */
export const channel = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({
  input,
  output: resultSchema(output),
})

import { z } from 'zod'

export const milliseconds = z.number().int().nonnegative()
export const token = z.string().min(1)

export const rateWindow = z.strictObject({ milliseconds: milliseconds.min(1), calls: z.number().int().positive() })

/** An HTTP status that a setting may choose. */
export const httpStatus = z.number().int().min(200).max(599)

/** How an answer over the limit says when the next call would fit, if it does. */
export const retryAfter = z.enum(['none', 'seconds', 'date'])

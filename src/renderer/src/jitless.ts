/**
 * Imported before anything that makes a schema: by itself zod asks, once, whether it may compile code, and the content
 * security policy counts the question as an attempt.
 */
import { config } from 'zod'

config({ jitless: true })

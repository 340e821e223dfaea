import { firstSchema } from './0010-first-schema.ts'
import { dailyCount } from './0030-daily-count.ts'
import { identifierToken } from './0020-identifier-token.ts'

/** One step of the schema. Numbered by tens; a step that has shipped never changes. */
export type Migration = Readonly<{ number: number; name: string; sql: string }>

/** Every migration in order. */
export const migrations: readonly Migration[] = [firstSchema, identifierToken, dailyCount]

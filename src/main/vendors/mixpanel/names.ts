/**
 * Names: how an identifier that was sent and one that an answer echoes are compared. Mixpanel takes a distinct id as it
 * stands, so letter case, form of writing and blanks all make another one.
 */
import type { Submitted } from '../../core/ports.ts'

/** The name of a distinct id as an answer writes it. */
export function nameOfAnswered(distinctId: string): string {
  return `exact ${distinctId}`
}

/** The one name under which an answer names this identifier for certain: what was sent of it. */
export function namesOf({ value }: Submitted): readonly string[] {
  return [nameOfAnswered(value.trim())]
}

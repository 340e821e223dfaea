/** Bot ids as an operator types or pastes them. Pure. */
import { troubleWithBotId } from '../../../../shared/model/scope.ts'

/** The bot ids in a typed or pasted text, in order, without doubles: split at commas, semicolons, bars and white space. */
export function readBotIds(text: string): string[] {
  return [...new Set(text.split(/[\s,;|]+/).filter((part) => part !== ''))]
}

/** Why a text cannot be a bot id, in words; null where it can. */
export function findBotMistake(botId: string): string | null {
  const trouble = troubleWithBotId(botId)
  if (trouble === null) return null
  if (trouble === 'too long') return 'A bot id has at most 200 characters.'
  return trouble === 'characters'
    ? `“${botId}” is no bot id: it holds a character that none has.`
    : `“${botId}” is no bot id. To erase from all bots, choose “All bots of the account”.`
}

/** The list with these ids added at its end, without doubles. */
export function addBotIds(current: readonly string[], added: readonly string[]): string[] {
  return [...new Set([...current, ...added])]
}

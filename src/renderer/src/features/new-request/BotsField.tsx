import { Plus } from 'lucide-react'
import { useState, type RefObject } from 'react'
import { Button, Chip, TextField } from '../../ui/index.ts'
import { addBotIds, findBotMistake, readBotIds } from './bots.ts'

/** What is typed and what is chosen: the text may hold an id that was not ended yet. */
export type BotsEntry = { readonly text: string; readonly botIds: readonly string[] }

const shownSuggestions = 8

/** The entry with its text taken in; an id that cannot be one stays in the text. */
export function takeIn(entry: BotsEntry): BotsEntry {
  const typed = readBotIds(entry.text)
  const usable = typed.filter((botId) => findBotMistake(botId) === null)
  return {
    text: typed.filter((botId) => !usable.includes(botId)).join(' '),
    botIds: addBotIds(entry.botIds, usable),
  }
}

/**
 * Bot ids as chips. Enter, a comma or white space ends an id; several can be pasted at once, a column of a spreadsheet
 * among them (hence a text area: a one-line field would join its lines).
 */
export function BotsField({
  entry,
  onChange,
  known,
  error,
  place,
}: {
  readonly entry: BotsEntry
  readonly onChange: (entry: BotsEntry) => void
  readonly known: readonly string[]
  readonly error: string | undefined
  /** The field's own element, for whoever has to bring the focus to its text. */
  readonly place: RefObject<HTMLDivElement | null>
}) {
  const [showsAll, setShowsAll] = useState(false)
  const mistake =
    readBotIds(entry.text)
      .map(findBotMistake)
      .find((words) => words !== null) ?? undefined
  const suggestions = known.filter((botId) => !entry.botIds.includes(botId))
  const shown = showsAll ? suggestions : suggestions.slice(0, shownSuggestions)
  const focusText = () => place.current?.querySelector('textarea')?.focus()
  const type = (text: string) => onChange(/[\s,;|]/.test(text) ? takeIn({ ...entry, text }) : { ...entry, text })

  return (
    <div ref={place} className="bots-field">
      {entry.botIds.length === 0 ? null : (
        <ul className="bot-chips" aria-label="Chosen bots">
          {entry.botIds.map((botId) => (
            <li key={botId}>
              <Chip
                label={botId}
                onRemove={() => {
                  onChange({ ...entry, botIds: entry.botIds.filter((other) => other !== botId) })
                  focusText()
                }}
              >
                <span className="mono bot-id" title={botId}>
                  {botId}
                </span>
              </Chip>
            </li>
          ))}
        </ul>
      )}
      <TextField
        label="Bot ids"
        value={entry.text}
        onChange={type}
        onBlur={() => onChange(takeIn(entry))}
        rows={1}
        mono
        placeholder="st-…"
        hint="Enter or a comma ends an id. Several can be pasted at once."
        error={mistake ?? error}
      />
      {suggestions.length === 0 ? null : (
        <div className="bot-suggestions" role="group" aria-label="Bots of earlier requests">
          <span className="dim">Known here:</span>
          {shown.map((botId) => (
            <Button
              key={botId}
              size="small"
              icon={Plus}
              aria-label={`Add ${botId}`}
              onPress={() => {
                onChange({ ...entry, botIds: addBotIds(entry.botIds, [botId]) })
                focusText()
              }}
            >
              <span className="mono bot-id">{botId}</span>
            </Button>
          ))}
          {shown.length === suggestions.length ? null : (
            <Button size="small" kind="quiet" onPress={() => setShowsAll(true)}>
              {`Show ${suggestions.length - shown.length} more`}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

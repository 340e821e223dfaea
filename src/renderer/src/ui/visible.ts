/** Text from a file, in which no character hides: marks of writing direction and of no width are shown by their number. */
/**
 * Control and format characters, blanks that look like others, and what draws nothing: by themselves they would vanish,
 * or turn round the text beside them.
 */
const hidden =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\ufffc\ufffd]|\u034f|[\u17b4\u17b5]|[\ufe00-\ufe0f]|(?! )\p{Zs}/gu

export type VisiblePart = Readonly<{ text: string; isHidden: boolean }>

/** Cuts a text where characters hide; each of those is a part of its own, written "U+202E". Pure. */
export function splitVisible(text: string): readonly VisiblePart[] {
  const parts: VisiblePart[] = []
  let from = 0
  for (const found of text.matchAll(hidden)) {
    if (found.index > from) parts.push({ text: text.slice(from, found.index), isHidden: false })
    parts.push({ text: nameOf(found[0]), isHidden: true })
    from = found.index + found[0].length
  }
  if (from < text.length) parts.push({ text: text.slice(from), isHidden: false })
  return parts
}

/** The same as one text, for tooltips: "u-‹U+202E›17". */
export function writeVisible(text: string): string {
  return splitVisible(text)
    .map((part) => (part.isHidden ? `‹${part.text}›` : part.text))
    .join('')
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

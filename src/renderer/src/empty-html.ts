/**
 * Imported before anything is drawn: the component library empties what it has announced by `innerHTML = ''`, and the
 * page's policy refuses that like every other text that would become HTML. The empty text is let through, and nothing
 * else: what this policy gives null for is refused as before, and no second policy can be made.
 */
type PolicyFactory = {
  readonly createPolicy: (name: 'default', rules: { readonly createHTML: (text: string) => string | null }) => unknown
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: PolicyFactory }

trustedTypes?.createPolicy('default', { createHTML: (text) => (text === '' ? '' : null) })

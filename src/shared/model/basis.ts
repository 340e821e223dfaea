/** Why the result of an identifier is believed, as it is written beside the result. */

export const namedBasis = 'named by the vendor'
/** The vendor named it by the id that it gave for it in a look-up before the erase call left. */
export const lookedUpBasis = 'paired by look-up before sending'
export const unnamedBasis = 'finished by the vendor without being named'
/** In conflict with tasks at the vendor, none of which names it. */
export const inNoTaskBasis = 'in no task that the vendor named'

/** Stands for the answer's digest where the vendor does not know the request; no digest of entries is written so. */
export const vanishedDigest = 'request not known'

/** Every basis that rests on the vendor's own word for one identifier. */
export const wordsForOne: readonly string[] = [namedBasis, lookedUpBasis]

/** What a request holds is found by its states, which are few: an index of every row less that each import has to write. */
export const fewerIndexes = {
  number: 50,
  name: 'fewer indexes',
  sql: 'DROP INDEX identifier_by_request;',
} as const

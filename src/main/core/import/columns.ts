/** Guesses what a file's columns hold from the words of its header and the shapes of its cells. */
import { kindOfUserId } from '../../../shared/model/identifier.ts'
import type { ColumnRole } from '../../../shared/model/import.ts'
import type { VendorProfile } from '../../../shared/model/vendor.ts'

/** Header words by role, without letter case, blanks and marks. The first of two columns that fit equally well wins. */
const writtenWords: Readonly<Record<Exclude<ColumnRole, 'ignore'>, readonly string[]>> = {
  'channel user id': [
    'channeluserid',
    'channeluser',
    'channeluid',
    'channeluserids',
    'iddutilisateurducanal',
    'kanalbenutzerid',
    'idusuariocanal',
    'チャネルユーザーid',
  ],
  'channel id': [
    'channelid',
    'channel',
    'channelname',
    'channeltype',
    'canal',
    'idcanal',
    'kanal',
    'kanalid',
    'チャネルid',
  ],
  'distinct id': ['distinctid', 'distinctids', 'distinctuserid'],
  'bot ids': [
    'botids',
    'botid',
    'bots',
    'bot',
    'streamid',
    'streamids',
    'aiagent',
    'aiagents',
    'aiagentid',
    'agentid',
    'agentids',
    'appids',
    'assistant',
    'assistantid',
    'virtualassistant',
    'assistentid',
    'idbot',
    'idsbots',
    'ボットid',
  ],
  'user id': [
    'userid',
    'userids',
    'email',
    'emailid',
    'emailaddress',
    'useremail',
    'mail',
    'mailaddress',
    'uid',
    'user',
    'username',
    'login',
    'identity',
    'identifier',
    'uniqueid',
    'externalid',
    'enterpriseid',
    'customerid',
    'id',
    'benutzerid',
    'benutzer',
    'nutzerid',
    'emailadresse',
    'idutilisateur',
    'utilisateur',
    'courriel',
    'adresseemail',
    'adressemail',
    'idusuario',
    'usuario',
    'correo',
    'correoelectronico',
    'idutente',
    'utente',
    'indirizzoemail',
    'gebruikersid',
    'emailadres',
    'identificador',
    'usuarioid',
    'メールアドレス',
    'ユーザーid',
  ],
  'case reference': [
    'casereference',
    'caseref',
    'case',
    'caseid',
    'casenumber',
    'casenr',
    'reference',
    'ref',
    'ticket',
    'ticketid',
    'ticketnumber',
    'dsr',
    'dsrid',
    'dsar',
    'dsarid',
    'requestid',
    'requestreference',
    'aktenzeichen',
    'vorgang',
    'vorgangsnummer',
    'referenz',
    'dossier',
    'numerodossier',
    'referencia',
    'caso',
    'riferimento',
    'pratica',
    'zaaknummer',
    'processo',
  ],
}

/** Titles that exports of a vendor give their columns, by what these hold; compared like those above. */
export type ColumnTitles = VendorProfile['columnTitles']

/** The same as titles are compared: folding parts letters from their marks, in kana too. */
const wordsByRole = Object.fromEntries(
  Object.entries(writtenWords).map(([role, words]) => [role, words.map(foldTitle)]),
) as unknown as typeof writtenWords

/** In this order columns are given away: the narrower meaning first, so that `channel user id` is no `user id`. */
const order = ['channel user id', 'channel id', 'distinct id', 'bot ids', 'user id', 'case reference'] as const

/** A title without letter case, accents, blanks and marks. */
export function foldTitle(title: string): string {
  return title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** Whether a folded title is one of the usual ones of a role. */
export function isTitleOf(role: Exclude<ColumnRole, 'ignore'>, folded: string): boolean {
  return wordsByRole[role].includes(folded)
}

/**
 * One role per column. A header's words count first; where none names the ids, the column whose cells look most like
 * emails or `u-…` ids does. `columns` are the titles, `sample` the first records, `titles` more words for a header.
 */
export function guessRoles(
  columns: readonly string[],
  sample: readonly (readonly string[])[],
  titles: ColumnTitles = {},
): readonly ColumnRole[] {
  const roles: ColumnRole[] = columns.map(() => 'ignore')
  const folded = columns.map(foldTitle)
  for (const role of order) {
    const column = bestColumn(folded, roles, [...wordsByRole[role], ...(titles[role] ?? []).map(foldTitle)])
    if (column !== -1) roles[column] = role
  }
  if (!roles.includes('user id') && !roles.includes('channel user id')) {
    const column = columnByShape(roles, sample)
    if (column !== -1) roles[column] = 'user id'
  }
  // A channel alone says nothing about a person.
  const channel = roles.indexOf('channel id')
  if (channel !== -1 && !roles.includes('channel user id')) roles[channel] = 'ignore'
  return roles
}

/** Whether the first record of a file is its header: it names something, and no cell of it is an id itself. */
export function looksLikeHeader(
  first: readonly string[],
  second: readonly string[] | undefined,
  titles: ColumnTitles = {},
): boolean {
  if (first.some((cell) => looksLikeId(cell.trim()))) return false
  const more = new Set(Object.values(titles).flat().map(foldTitle))
  if (first.map(foldTitle).some((title) => allWords.has(title) || more.has(title))) return true
  if (second === undefined) return false
  const isNamed = first.every((cell) => /\p{L}/u.test(cell))
  return isNamed && second.some((cell) => looksLikeId(cell.trim()))
}

const allWords: ReadonlySet<string> = new Set(Object.values(wordsByRole).flat())

function bestColumn(titles: readonly string[], roles: readonly ColumnRole[], words: readonly string[]): number {
  let best = -1
  let bestRank = words.length
  for (const [column, title] of titles.entries()) {
    const rank = words.indexOf(title)
    if (roles[column] === 'ignore' && rank !== -1 && rank < bestRank) {
      best = column
      bestRank = rank
    }
  }
  return best
}

/** The free column (`ignore`) whose cells look most like emails or ids; -1: none does. */
export function columnByShape(roles: readonly ColumnRole[], sample: readonly (readonly string[])[]): number {
  let best = -1
  let bestCount = 0
  for (const [column, role] of roles.entries()) {
    if (role !== 'ignore') continue
    const count = sample.filter((cells) => looksLikeId((cells[column] ?? '').trim())).length
    if (count > bestCount) {
      best = column
      bestCount = count
    }
  }
  return best
}

function looksLikeId(cell: string): boolean {
  return kindOfUserId(cell) === 'email' || /^u-[0-9a-f]{4,}/i.test(cell) || /^\+?\d{4,}$/.test(cell) || isUuid(cell)
}

function isUuid(cell: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(cell)
}

import { describe, expect, test } from 'vitest'
import { guessRoles, looksLikeHeader } from '../../../../../src/main/core/import/columns.ts'
import type { ColumnRole } from '../../../../../src/shared/model/import.ts'

describe('headers as exports write them', () => {
  test.each<[string, string, readonly ColumnRole[]]>([
    ['English', 'User ID,Email', ['user id', 'ignore']],
    ['English, email alone', 'First name,E-mail Address,Country', ['ignore', 'user id', 'ignore']],
    [
      'snake case',
      'user_id,channel_id,channel_user_id,bot_ids,case_reference',
      ['user id', 'channel id', 'channel user id', 'bot ids', 'case reference'],
    ],
    ['camel case', 'channelUserId,channelId,botIds', ['channel user id', 'channel id', 'bot ids']],
    ['a ticket system', 'Ticket,Customer ID,Closed on', ['case reference', 'user id', 'ignore']],
    [
      'German',
      'Benutzer-ID;Kanal;Kanal-Benutzer-ID;Aktenzeichen',
      ['user id', 'channel id', 'channel user id', 'case reference'],
    ],
    ['German, email', 'Name;E-Mail-Adresse;Vorgang', ['ignore', 'user id', 'case reference']],
    ['French', 'Adresse e-mail;Numéro dossier', ['user id', 'case reference']],
    ['French, id', 'ID utilisateur;Référence', ['user id', 'case reference']],
    ['Spanish', 'Correo electrónico;Caso', ['user id', 'case reference']],
    ['Spanish, id', 'ID usuario;Referencia', ['user id', 'case reference']],
    ['Italian', 'Indirizzo email;Pratica', ['user id', 'case reference']],
    ['Dutch', 'E-mailadres;Zaaknummer', ['user id', 'case reference']],
    ['Portuguese', 'Identificador;Processo', ['user id', 'case reference']],
    ['Japanese', 'メールアドレス;ボットID', ['user id', 'bot ids']],
    ['Japanese, channel', 'チャネルユーザーID;チャネルID;備考', ['channel user id', 'channel id', 'ignore']],
    ['full width', 'ＵＳＥＲ　ＩＤ;ＢＯＴ　ＩＤ', ['user id', 'bot ids']],
  ])('%s: %s', (_, header, roles) => {
    expect(guessRoles(header.split(/[,;]/), [])).toEqual(roles)
  })
})

test('each role belongs to one column, the plainer title wins', () => {
  expect(guessRoles(['id', 'email', 'user_id'], [])).toEqual(['ignore', 'ignore', 'user id'])
  expect(guessRoles(['user_id', 'user_id'], [])).toEqual(['user id', 'ignore'])
})

test('a channel without its user is not taken for anything', () => {
  expect(guessRoles(['channel', 'email'], [])).toEqual(['ignore', 'user id'])
})

test('where no title names the ids, the column whose cells look like ids does', () => {
  const sample = [
    ['Ann', 'ann@mail.example', '4'],
    ['Bob', 'u-5f2e1c90', '5'],
    ['Cy', '49151000111', '6'],
  ]
  expect(guessRoles(['who', 'what', 'how many'], sample)).toEqual(['ignore', 'user id', 'ignore'])
  expect(guessRoles(['who', 'how many'], [['Ann', '4']])).toEqual(['ignore', 'ignore'])
})

describe('a header', () => {
  test.each<[boolean, string, readonly string[], readonly string[] | undefined]>([
    [true, 'names a known column', ['user_id', 'x'], ['u-1', '1']],
    [true, 'names a known column above nothing', ['E-Mail'], undefined],
    [true, 'has words above ids', ['who', 'when'], ['ann@mail.example', '2026-10-14']],
    [false, 'is an id itself', ['ann@mail.example', 'email'], ['bob@mail.example', 'email']],
    [false, 'is a number of a phone', ['49151000111'], ['49151000112']],
    [false, 'is a UUID', ['5a0d1c7e-0001-4b6f-8e21-7f4c2d9a0001'], undefined],
    [false, 'has words above words', ['who', 'when'], ['Ann', 'today']],
    [false, 'has unknown words above nothing', ['who'], undefined],
  ])('%s: %s', (expected, _, first, second) => {
    expect(looksLikeHeader(first, second)).toBe(expected)
  })
})

test('a vendor’s own titles count beside the usual ones, in any writing, and make a header', () => {
  const titles = { 'distinct id': ['Panel subject'] }
  expect(guessRoles(['PANEL_SUBJECT', 'note'], [])).toEqual(['ignore', 'ignore'])
  expect(guessRoles(['PANEL_SUBJECT', 'note'], [], titles)).toEqual(['distinct id', 'ignore'])
  expect(guessRoles(['distinct_id', 'panel subject'], [], titles)).toEqual(['distinct id', 'ignore'])
  expect(looksLikeHeader(['panel-subject'], ['abc'])).toBe(false)
  expect(looksLikeHeader(['panel-subject'], ['abc'], titles)).toBe(true)
})

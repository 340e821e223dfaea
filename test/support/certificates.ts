/** Certificates that nobody on this machine vouches for, made for a test. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate that is its own authority, in PEM. */
export type Certificate = Readonly<{ key: string; certificate: string }>

const elliptic = [
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:prime256v1',
  '-nodes',
  '-subj',
  '/CN=Erasure Desk test',
]

/** For these names, such as `DNS:vendor.example,IP:127.0.0.1`; valid for two days from now. */
export function makeCertificate(names: string): Certificate {
  return inFolder((folder) => {
    openssl(
      folder,
      ['req', '-x509', ...elliptic, '-keyout', 'key.pem', '-out', 'certificate.pem', '-days', '2'].concat([
        '-addext',
        `subjectAltName=${names}`,
      ]),
    )
  })
}

/** The same, but its only day was in 2020. */
export function makeExpiredCertificate(names: string): Certificate {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'authority.cnf'), authority(names))
    writeFileSync(join(folder, 'index.txt'), '')
    writeFileSync(join(folder, 'serial'), '01')
    openssl(folder, ['req', '-new', ...elliptic, '-keyout', 'key.pem', '-out', 'asked.pem'])
    openssl(
      folder,
      [
        'ca',
        '-batch',
        '-notext',
        '-selfsign',
        '-config',
        'authority.cnf',
        '-in',
        'asked.pem',
        '-keyfile',
        'key.pem',
      ].concat(['-startdate', '20200101000000Z', '-enddate', '20200102000000Z', '-out', 'certificate.pem']),
    )
  })
}

function authority(names: string): string {
  return [
    '[ca]',
    'default_ca = made_here',
    '[made_here]',
    'new_certs_dir = .',
    'database = index.txt',
    'serial = serial',
    'default_md = sha256',
    'policy = subject',
    'x509_extensions = names',
    '[subject]',
    'commonName = supplied',
    '[names]',
    `subjectAltName = ${names}`,
    'basicConstraints = CA:TRUE',
    '',
  ].join('\n')
}

function inFolder(make: (folder: string) => void): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'erasure-desk-certificate-'))
  try {
    make(folder)
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
    return { key: read('key.pem'), certificate: read('certificate.pem') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function openssl(folder: string, choices: readonly string[]): void {
  execFileSync('openssl', choices, { cwd: folder, stdio: 'pipe' })
}

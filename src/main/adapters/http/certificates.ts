import { readFileSync } from 'node:fs'
import * as tls from 'node:tls'

/** Where systems without an interface for it keep their trusted certificates in one file. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/**
 * The certificate authorities this machine's owner trusts, in PEM: a company that inspects its traffic has one of its
 * own there. Asked of the runtime where it can say, else read from the system's file; null where neither gives any.
 */
export function systemCertificates(): readonly string[] | null {
  // Node 22.15 and later; the older of the two runtimes does not have it.
  const { getCACertificates } = tls as { readonly getCACertificates?: (type: 'system') => readonly string[] }
  const fromRuntime = tryTo(() => getCACertificates?.('system') ?? [])
  if (fromRuntime.length > 0) return fromRuntime
  for (const path of bundles) {
    const found = tryTo(
      () => readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [],
    )
    if (found.length > 0) return found
  }
  return null
}

function tryTo(read: () => readonly string[]): readonly string[] {
  try {
    return read()
  } catch {
    return []
  }
}

/** The page's Content-Security-Policy. */

/**
 * The header's value for one response. `nonce` allows the one style element that the component library adds for
 * pressable elements; it is new for every response and reaches the page in `<meta property="csp-nonce">`.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `font-src 'self'`,
    `img-src 'self' data:`,
    `connect-src 'none'`,
    `frame-src 'none'`,
    `worker-src 'none'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    // The page's own, made once before anything is drawn: it lets the empty text through and refuses every other.
    `trusted-types default`,
  ].join('; ')
}

/**
 * One lint rule for src/main/core and src/main/vendors: time and chance come through the Clock and Random ports and
 * from nowhere else, or a test on virtual time never settles and a crash cannot be replayed.
 * `new Date(milliseconds)` with an argument stays allowed: it formats a time, it does not read one.
 */
const restrictedGlobals = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'performance',
])
const restrictedMembers = new Map([
  ['Date', new Set(['now'])],
  ['Math', new Set(['random'])],
  ['crypto', new Set(['randomUUID', 'getRandomValues', 'randomBytes', 'randomInt'])],
  ['process', new Set(['hrtime', 'uptime'])],
  ['AbortSignal', new Set(['timeout'])],
])
const restrictedModules = new Set([
  'timers',
  'timers/promises',
  'node:timers',
  'node:timers/promises',
  'node:perf_hooks',
])

/** @type {{ meta: object, create(context: any): Record<string, (node: any) => void> }} */
const rule = {
  meta: { type: 'problem', docs: { description: 'time and chance only through ports' } },
  create(context) {
    /** @param {unknown} node @param {string} what */
    const report = (node, what) =>
      context.report({ node, message: `${what}: time and chance come through the Clock and Random ports here.` })
    return {
      CallExpression(node) {
        const { callee } = node
        if (callee.type === 'Identifier' && restrictedGlobals.has(callee.name)) report(node, callee.name)
        if (callee.type === 'Identifier' && callee.name === 'Date') report(node, 'Date()')
      },
      NewExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0)
          report(node, 'new Date()')
      },
      MemberExpression(node) {
        const object = memberRoot(node.object)
        const property = node.property.type === 'Identifier' ? node.property.name : undefined
        if (object === undefined || property === undefined) return
        if (restrictedMembers.get(object)?.has(property)) report(node, `${object}.${property}`)
        if (object === 'performance' || (object === 'globalThis' && restrictedGlobals.has(property)))
          report(node, `${object}.${property}`)
      },
      ImportDeclaration(node) {
        if (restrictedModules.has(node.source.value)) report(node, `import of ${node.source.value}`)
      },
    }
  },
}

/** @param {any} node @returns {string | undefined} */
function memberRoot(node) {
  return node.type === 'Identifier' ? node.name : undefined
}

export default { meta: { name: 'clock' }, rules: { 'no-time-outside-the-clock': rule } }

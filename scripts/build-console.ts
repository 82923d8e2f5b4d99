/** Builds the web console: browser code, style, and the part of the API's model that its pages need. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'
import { actions } from '../src/console/api/actions.ts'
import type { Model } from '../src/protocol/shapes.ts'

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** What the console's pages read of the model: its actions, and every structure that these reach; no values of enums. */
export function partOf(model: Model, wanted: readonly string[]): Model {
  const structures: Record<string, Model['structures'][string]> = {}
  const visit = (written: unknown): void => {
    if (Array.isArray(written)) visit(written[1])
    if (typeof written !== 'string' || !written.startsWith('#') || structures[written.slice(1)]) return
    const name = written.slice(1)
    structures[name] = model.structures[name] ?? []
    for (const [, shape] of structures[name]) visit(shape)
  }
  const kept = wanted.map((action) => [action, model.actions[action] ?? [null, null]] as const)
  for (const [, shapes] of kept) shapes.forEach(visit)
  return { version: model.version, actions: Object.fromEntries(kept), structures, enums: {} }
}

/** Modules that browsers lack, and the part of the model. Each is a text of its own. */
const modules: Readonly<Record<string, () => string>> = {
  // Parsing a text is faster than compiling a literal of that size.
  'virtual:ec2-model'() {
    const whole = JSON.parse(readFileSync(at('model/ec2.json'), 'utf8')) as Model
    return `export default JSON.parse(${JSON.stringify(JSON.stringify(partOf(whole, actions)))})`
  },
  'node:net': () => `
    const byte = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
    const four = new RegExp('^(' + byte + '[.]){3}' + byte + '$')
    export const isIPv4 = (text) => four.test(text)
    export const isIPv6 = (text) => text.includes(':') && URL.canParse('http://[' + text + ']/')`,
  'node:timers/promises': () =>
    'export const setTimeout = (ms) => new Promise((resolve) => globalThis.setTimeout(resolve, ms))',
}

const virtual: Plugin = {
  name: 'isthmus-modules',
  enforce: 'pre',
  resolveId: (id) => (Object.hasOwn(modules, id) ? `\0${id}` : null),
  load: (id) => (id.startsWith('\0') ? (modules[id.slice(1)]?.() ?? null) : null),
}

/** Builds into `outDir`. */
export const buildConsole = (outDir: string): Promise<unknown> =>
  build({
    configFile: false,
    root: at('src/console'),
    base: '/console/',
    logLevel: 'warn',
    plugins: [virtual],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: { outDir, emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  })

if (import.meta.main) await buildConsole(process.argv[2] ?? at('node_modules/.isthmus/console'))

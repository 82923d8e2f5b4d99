/** The architecture, checked: which folder may import which, and the limits of the style card. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** Files of ec2 with what can be read off its records, for those that must not act on them. */
const READS_OF_EC2 = [
  'address',
  'dns-name',
  'image',
  'instance-type',
  'network-interface',
  'vpc',
  'vpc-peering-connection',
].map((f) => `ec2/${f}`)

/** Folder below src → folders it may import; `types of` a folder allows `import type` only. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  ip: [],
  pcap: ['ip'],
  network: ['ip'],
  headers: ['network', 'ip'],
  forward: ['headers', 'network', 'ip'],
  analyzer: ['forward', 'headers', 'network', 'compile', 'ec2', 'ip', 'types of protocol'],
  snapshot: ['ec2', 'compile', 'network', 'ip', 'types of protocol', 'types of client'],
  check: ['analyzer', 'snapshot', 'headers', 'network', 'ip', 'types of ec2'],
  ec2: ['types of network', 'network/match', 'ip', 'types of protocol'],
  compile: ['ec2', 'network', 'ip'],
  protocol: ['ec2/errors', 'types of ec2'],
  engines: ['network', 'ip'],
  'engines/simulator': ['engines', 'forward', 'network', 'ip', 'pcap'],
  'engines/linux': ['engines', 'network', 'ip', 'pcap'],
  instance: ['engines', ...READS_OF_EC2, 'types of ec2', 'types of network', 'ip'],
  store: ['types of ec2'],
  client: ['protocol', 'types of ec2', 'types of pcap'],
  wizard: ['client', 'ip', 'types of protocol'],
  lab: [
    'client',
    'wizard',
    'ip',
    'cli',
    'protocol/model',
    'check/traffic',
    'analyzer/codes',
    'ec2/instance-connect-range',
    'types of protocol',
    'types of check',
    'types of analyzer',
    'network/flow',
    'network/match',
    'types of network',
    // Read through the public API, and drawn, without a browser: the report shows the console's own map.
    'console/estate/estate',
    'console/estate/read',
    'console/map/drawing',
    'console/map/folds',
    'console/map/layout',
    'store/saved-states',
  ],
  console: [
    'client',
    'wizard',
    'ip',
    'protocol/shapes',
    'protocol/attempts',
    'check/traffic',
    'analyzer/fix/call',
    'types of protocol',
    'types of check',
    'types of analyzer',
    'types of lab',
  ],
  server: ['*'],
  cli: ['*'],
}
const LIMITS = { lines: 300, columns: 120 }

const folderOf = (file: string): string => {
  const parts = file.split('/').slice(1, -1)
  return parts[0] === 'engines' ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
}

function allowed(from: string, target: string, typeOnly: boolean): boolean {
  const to = folderOf(target)
  const may = MAY[from]
  if (!may) return false
  if (to === from || may.includes('*') || may.includes(to)) return true
  if (may.includes(target.replace(/^src\//, '').replace(/\.ts$/, ''))) return true
  return typeOnly && may.includes(`types of ${to}`)
}

function problemsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const lines = text.split('\n')
  const problems: string[] = []
  if (!text.startsWith('/**') && !text.startsWith('#!'))
    problems.push(`${file}: begins without a sentence on what it is about`)
  if (lines.length > LIMITS.lines) problems.push(`${file}: ${lines.length} lines`)
  lines.forEach((line, i) => {
    if (line.length > LIMITS.columns) problems.push(`${file}:${i + 1}: ${line.length} columns`)
  })
  for (const [, type, what] of text.matchAll(/^(?:import|export) (type )?[^'";]*?from '(\.[^']+)'/gm)) {
    const target = normalize(join(dirname(file), what as string))
    if (!target.startsWith('src/')) continue
    if (!allowed(folderOf(file), target, type !== undefined)) problems.push(`${file}: may not import ${target}`)
  }
  return problems
}

/** Sentences on what breaks the rules; none where all is well. */
export const layerProblems = (): string[] => globSync('src/**/*.{ts,tsx}').toSorted().flatMap(problemsOf)

if (import.meta.main) {
  const problems = layerProblems()
  for (const problem of problems) console.log(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}

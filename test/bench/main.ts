/** `npm run bench`: how fast the API, the data plane and the analyzer are, in one table. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { missingForLinux } from '../../src/engines/linux/availability.ts'
import { apiFigures } from './api.ts'
import { consoleFigures } from './console.ts'
import { dataPlaneFigures } from './data-plane.ts'
import { growthFigures } from './growth.ts'
import { launchFigures } from './launch.ts'
import { replicatedMatrix, variedMatrix } from './matrices.ts'
import { type Figure, tableOf } from './measure.ts'
import { afterOneChange, oneQuestion } from './questions.ts'
import { recheck } from './recheck.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    output: { type: 'string', short: 'o', default: 'text' },
    json: { type: 'string' },
    figure: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

type Measure = () => Figure | readonly Figure[] | Promise<readonly Figure[]>

/** By name; each is measured in a process of its own, so that its memory is its own. */
const API: Readonly<Record<string, Measure>> = {
  api: apiFigures,
  growth: () => growthFigures(),
}
/** For real packets. */
const DATA_PLANE: Readonly<Record<string, Measure>> = {
  'data plane': dataPlaneFigures,
  'launch 100': () => launchFigures(100),
  'launch 1000': () => launchFigures(1000),
}
/** In a browser. */
const CONSOLE: Readonly<Record<string, Measure>> = { console: consoleFigures }
const ANALYZER: Readonly<Record<string, Measure>> = {
  'question 10': () => oneQuestion(10, 1000),
  'question 1000': () => oneQuestion(1000, 1000),
  'question 10000': () => oneQuestion(10_000, 1000),
  'change 1000': () => afterOneChange(1000, 1000),
  'change 10000': () => afterOneChange(10_000, 1000),
  're-check 1000': () => recheck(1000, 1000),
  're-check 10000': () => recheck(10_000, 1000),
  'matrix 300': () => variedMatrix(300),
  'matrix 1000': () => variedMatrix(1000),
  'matrix 3000': () => variedMatrix(3000),
  'matrix 100 x 10': () => replicatedMatrix(100, 10),
  'matrix 1000 x 10': () => replicatedMatrix(1000, 10),
  'matrix 1000 x 100': () => replicatedMatrix(1000, 100),
}
const FIGURES: Readonly<Record<string, Measure>> = {
  ...API,
  ...DATA_PLANE,
  ...CONSOLE,
  ...ANALYZER,
  'growth to 1000': () => growthFigures([10, 100, 1000]),
}
const QUICK = [
  'api',
  'growth to 1000',
  'launch 100',
  'question 10',
  'question 1000',
  'change 1000',
  're-check 1000',
  'matrix 300',
  'matrix 100 x 10',
]

if (values.help) {
  console.log(`How fast the API is (beside moto, where moto_server is installed), what traffic instances have (Linux,
root; beside a bare pair of links), how soon the console's map shows a change (where there is Chromium), and how long
the analyzer's answers take.

  npm run bench                       all figures; about ten minutes
  npm run bench -- --quick            the small estates only
  npm run bench -- --json FILE        for programs, beside the table; \`-o json\` instead of it
  npm run bench -- --figure api       one group: ${Object.keys(FIGURES).join(', ')}`)
  process.exit(0)
}

const measured = (name: string): readonly Figure[] => {
  const text = execFileSync(process.execPath, [...process.execArgv, program, '--figure', name, '-o', 'json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(text) as readonly Figure[]
}
const program = fileURLToPath(import.meta.url)

if (values.figure !== undefined && !FIGURES[values.figure]) {
  console.error(`There is no figure ${values.figure}. There are: ${Object.keys(FIGURES).join(', ')}`)
  process.exit(2)
}
const own = values.figure === undefined ? undefined : FIGURES[values.figure]
const missing = missingForLinux().join(' ')
if (missing) console.error(`The data plane is left out: ${missing}`)
const all = Object.keys({ ...API, ...DATA_PLANE, ...CONSOLE, ...ANALYZER })
const names = (values.quick ? QUICK : all).filter((name) => !missing || !Object.hasOwn(DATA_PLANE, name))
const figures = own ? [await own()].flat() : names.flatMap(progress)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, undefined, 2)}\n`)
console.log(values.output === 'json' ? JSON.stringify(figures, undefined, 2) : tableOf(figures))

/** Measures one, and says so meanwhile where somebody watches. */
function progress(name: string, index: number): readonly Figure[] {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${index + 1} of ${names.length}: ${name} ...`)
  const figures = measured(name)
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  return figures
}

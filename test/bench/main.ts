/** `npm run bench`: how long the analyzer's answers take, on estates of several sizes. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { replicatedMatrix, variedMatrix } from './matrices.ts'
import { type Figure, tableOf } from './measure.ts'
import { afterOneChange, oneQuestion } from './questions.ts'
import { recheck } from './recheck.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    output: { type: 'string', short: 'o', default: 'text' },
    figure: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

/** By name; each is measured in a process of its own, so that its memory is its own. */
const FIGURES: Readonly<Record<string, () => Figure>> = {
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
const QUICK = ['question 10', 'question 1000', 'change 1000', 're-check 1000', 'matrix 300', 'matrix 100 x 10']

if (values.help) {
  console.log(`How long the analyzer's answers take.

  npm run bench                all figures; some minutes
  npm run bench -- --quick     the small estates only
  npm run bench -- -o json     for programs
  npm run bench -- --figure 'matrix 1000'    one figure: ${Object.keys(FIGURES).join(', ')}`)
  process.exit(0)
}

const measured = (name: string): Figure => {
  const text = execFileSync(process.execPath, [fileURLToPath(import.meta.url), '--figure', name, '-o', 'json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return (JSON.parse(text) as [Figure])[0]
}

if (values.figure !== undefined && !FIGURES[values.figure]) {
  console.error(`There is no figure ${values.figure}. There are: ${Object.keys(FIGURES).join(', ')}`)
  process.exit(2)
}
const own = values.figure === undefined ? undefined : FIGURES[values.figure]
const names = values.quick ? QUICK : Object.keys(FIGURES)
const figures = own ? [own()] : names.map(measured)
console.log(values.output === 'json' ? JSON.stringify(figures, undefined, 2) : tableOf(figures))

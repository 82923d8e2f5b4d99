/** `npm run fuzz -- --calls N --seed S`: every action with parameters right, wrong, missing, huge and hostile. */
import { parseArgs } from 'node:util'
import { actions } from '../../src/ec2/registry.ts'
import { processTarget } from './process.ts'
import { type Report, runFuzz } from './run.ts'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    process: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help) {
  console.log(`Calls made from the model of the API, good and bad: whatever is sent, the server answers as AWS would.

  npm run fuzz -- --calls 100000 --seed 7

  --process  to servers that are processes of their own`)
  process.exit(0)
}

const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
console.log(`seed ${seed}`)
const started = performance.now()
const report = await runFuzz({
  calls: Number(values.calls),
  seed,
  progress,
  ...(values.process && { start: processTarget }),
})
print(report)
process.exitCode = report.failures.length > 0 ? 1 : 0

function progress(done: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} calls`)
  else if (done % 5000 === 0) console.log(`${done} calls`)
}

function print({ calls, outcomes, carriedOut, slowest, failures }: Report): void {
  for (const [outcome, count] of [...outcomes].toSorted(([, one], [, other]) => other - one))
    console.log(`${String(count).padStart(7)}  ${outcome}`)
  const seconds = (performance.now() - started) / 1000
  console.log(`${calls} calls in ${seconds.toFixed(1)} s; ${carriedOut.size} actions were carried out at least once`)
  const never = Object.keys(actions).filter((action) => !carriedOut.has(action))
  console.log(`never carried out: ${never.join(' ') || 'none'}`)
  console.log(`slowest: ${slowest.ms.toFixed(0)} ms, ${slowest.call}`)
  for (const failure of failures) console.log(`\n${failure}`)
  console.log(failures.length === 0 ? 'no failure' : `\n${failures.length} failures`)
}

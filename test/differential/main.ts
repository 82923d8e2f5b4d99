/** `npm run differential -- --flows N --seed S [--break STAGE] [--per N]`: random networks, simulator against kernel. */
import { parseArgs } from 'node:util'
import { STAGES, type Stage } from '../../src/network/flow.ts'
import { breakStage } from './broken.ts'
import { type Report, runDifferential } from './run.ts'

const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    per: { type: 'string', default: '40' },
    fixes: { type: 'string', default: '2' },
    break: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help) {
  console.log(`Random networks and flows: the simulator's verdicts against real packets.

  npm run differential -- --flows 50000 --seed 7   as many flows, from this seed
  npm run differential -- --break route            leave a stage of the model out: must find a disagreement

  --per N   flows in each network (40)
  --fixes N lost flows of each network that are mended by what the analyzer proposes (2)
  stages: ${STAGES.join(', ')}`)
  process.exit(0)
}

const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
console.log(`seed ${seed}`)
if (values.break) breakStage(values.break as Stage)
const report = await runDifferential({
  flows: Number(values.flows),
  perNetwork: Number(values.per),
  fixesEach: Number(values.fixes),
  seed,
  shrinks: values.break === undefined,
  progress,
})
print(report)
process.exitCode = report.disagreement ? 1 : 0

function progress(done: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} flows`)
  else if (done % 2000 < Number(values.per)) console.log(`${done} flows`)
}

function print({ flows, networks, answered, fixes, decided, disagreement }: Report): void {
  const share = (n: number) => `${((100 * n) / Math.max(1, flows)).toFixed(1)} %`
  console.log(
    `\n${flows} flows in ${networks} networks; answered ${answered} (${share(answered)}); ${fixes} fixes made`,
  )
  console.log('stage that decided      flows   share')
  for (const [stage, count] of decided) {
    console.log(`${stage.padEnd(22)} ${String(count).padStart(6)}  ${share(count).padStart(6)}`)
  }
  console.log(disagreement ?? 'no disagreement')
}

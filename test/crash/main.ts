/** `npm run crash -- --kills N --seed S`: a server on the Linux engine is killed again and again, and nothing is lost. */
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { noKernel } from '../kernel.ts'
import { watched } from '../server/machine.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '7' },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help) {
  console.log(`Kills a server with -9 at random moments, under random calls, and looks whether anything is lost or half there.

  npm run crash                          200 kills
  npm run crash -- --kills 20 --seed 3   fewer, and other calls

A seed repeats the calls and the moments as far as the machine's own time allows. A power cut of the file system is not
tried: the disk keeps what the killed server has written.`)
  process.exit(0)
}
if (noKernel !== false) {
  console.error(noKernel)
  process.exit(1)
}
const program = fileURLToPath(new URL('run.ts', import.meta.url))
const { problems, looked, actions, ...figures } = (await watched(
  program,
  [values.kills, values.seed],
  (text) => void process.stderr.write(text),
)) as {
  readonly problems: readonly string[]
  readonly looked: object
  readonly actions: object
}
console.log(figures)
console.log('looked up in the kernel:', looked)
console.log('acknowledged:', actions)
console.log(problems.length === 0 ? 'As it should be.' : `${problems.length} things are not as they should be.`)
process.exitCode = problems.length === 0 ? 0 : 1

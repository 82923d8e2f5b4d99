// Everything about the code that needs no test run: types, lint, layers, dead code, and the generated API model.
import { spawnSync } from 'node:child_process'

const checks = [
  ['types', 'tsc', '--noEmit'],
  ["the console's types", 'tsc', '--noEmit', '-p', 'src/console'],
  ['lint', 'biome', 'lint', '--error-on-warnings'],
  ['layers and style', 'node', 'scripts/layers.ts'],
  ['dead code', 'knip'],
  ['the generated API model', 'node', 'scripts/generate-model.ts', '--check'],
  ['the page of coverage', 'node', 'scripts/generate-coverage.ts', '--check'],
]

let failed = 0
for (const [name, command, ...args] of checks) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'}  ${name}`)
  if (status !== 0) {
    failed++
    console.log(`${stdout ?? ''}${stderr ?? ''}`)
  }
}
process.exitCode = failed > 0 ? 1 : 0

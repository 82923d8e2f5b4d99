// Runs every test, prints what failed and what was skipped and why, and ends with the counts.
// Arguments are names of folders or files below test/; without any, all tests run.
import { globSync } from 'node:fs'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

const wanted = process.argv.slice(2)
const files = globSync('test/**/*.test.ts')
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
  .toSorted()
const count = { passed: 0, failed: 0, skipped: 0 }
const skipped = new Map()

const events = run({ files, concurrency: 2, timeout: 1_500_000 })
events.on('test:pass', ({ name, details, skip }) => {
  if (details.type === 'suite') return
  if (skip === undefined) count.passed++
  else {
    count.skipped++
    skipped.set(name, skip)
  }
})
events.on('test:fail', ({ details }) => {
  if (details.type !== 'suite') count.failed++
})
events.compose(spec).pipe(process.stdout, { end: false })
events.on('end', () => {
  for (const [name, why] of skipped) console.log(`skipped: ${name}${typeof why === 'string' ? ` (${why})` : ''}`)
  console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
  process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0
})

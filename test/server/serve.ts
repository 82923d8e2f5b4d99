/** A server as a process of its own, for tests that kill it: `serve.ts OPTIONS`, a line of JSON once it answers. */
import { grantQuotas } from '../../src/ec2/quotas.ts'
import { startServer } from '../../src/server/server.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as {
  stateDir: string
  quotas?: Readonly<Record<string, number>>
}
grantQuotas(options.quotas ?? {})
const log = (line: string): void => void process.stderr.write(`${line}\n`)
try {
  const server = await startServer({ port: 0, sim: true, allowReset: false, log, ...options })
  process.stdout.write(`${JSON.stringify({ endpoint: server.endpoint, engine: server.engine.name })}\n`)
  await server.stopped
} catch (error) {
  process.stderr.write(`${(error as Error).name}: ${(error as Error).message}\n`)
  process.exitCode = 1
}

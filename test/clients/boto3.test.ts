/** boto3: its resources, its waiters and its paginators, against a server on the simulator. */
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { actions } from '../../src/ec2/registry.ts'
import { clientOf, folder, served } from '../server/bench.ts'
import { estate, type Listing, quotas } from './estate.ts'

/** The first Python that has boto3: the distribution's own may be another than the one in PATH. */
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import boto3'], { stdio: 'ignore' }).status === 0,
)
const skip = python === undefined && 'boto3 is not installed'

interface Told {
  readonly name: string
  readonly error: string | null
}

/** A server of the test's own. */
const endpointFor = async (t: TestContext): Promise<string> => (await served(t, folder(t), { quotas })).endpoint

/** Runs a script of checks against a server; each of them is a test of its own. */
async function checked(t: TestContext, script: string, endpoint: string, environment: object = {}): Promise<void> {
  const path = fileURLToPath(new URL(`boto3/${script}.py`, import.meta.url))
  const child = spawn(python ?? '', [path], {
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      PYTHONDONTWRITEBYTECODE: '1',
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: '111122223333',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    const { name, error } = JSON.parse(line) as Told
    await t.test(name, () => {
      if (error) throw new Error(error)
    })
  }
  if ((await ended) !== 0) throw new Error(`${script}.py failed`)
}

test('boto3’s resources', { skip }, async (t) => checked(t, 'resources', await endpointFor(t)))

test('boto3’s waiters', { skip }, async (t) => checked(t, 'waiters', await endpointFor(t)))

test('boto3’s paginators', { skip }, async (t) => {
  const endpoint = await endpointFor(t)
  const told = await estate(clientOf(endpoint, '111122223333', 'eu-west-1'))
  const listings = Object.keys(actions).map((action): [string, Listing] => [action, told[action] ?? { arguments: {} }])
  await checked(t, 'paginators', endpoint, { ISTHMUS_LISTINGS: JSON.stringify(Object.fromEntries(listings)) })
})

/** `isthmus up`: the server, in the foreground or in the background. */
import { type Command, InvalidArgumentError } from 'commander'
import { resolve } from 'node:path'
import { grantQuotas } from '../ec2/quotas.ts'
import { Failure } from './failure.ts'
import { stateDir } from '../server/state-dir.ts'
import { launch, logOf, runningStatus } from './launch.ts'
import { wholeNumber, withExamples, withState } from './options.ts'
import { stateFolder } from './state-folder.ts'

interface UpOptions {
  readonly state?: string
  readonly sim: boolean
  readonly detach: boolean
  readonly port: number
  readonly auth?: string
  readonly allowReset: boolean
  readonly labs?: string
  readonly quota: Readonly<Record<string, number>>
}

export function registerUp(program: Command): void {
  const command = program
    .command('up')
    .summary('start the server')
    .description('Start the server: the EC2 API on loopback, and the engine that realizes its networks.')
    .option('--sim', 'simulate packets even where real ones are possible', false)
    .option('-d, --detach', 'run in the background', false)
    .option('--port <port>', 'port of the API; 0 takes a free one', wholeNumber(0, 65535), 4566)
    .option('--auth <file>', 'verify signatures against this AWS credentials file (default: any are taken)')
    .option('--allow-reset', 'allow POST /_isthmus/reset, which deletes everything', false)
    .option('--labs <dir>', 'folder with labs of yours, for the console')
    .option('--quota <name=number>', 'grant more, or less, than AWS does at first; may be repeated', quotas, {})
    .action(up)
  withExamples(withState(command), [
    ['isthmus up', 'in the foreground; Ctrl-C takes everything down'],
    ['isthmus up -d', 'in the background'],
    ['isthmus up -d --state ./b --port 4567', 'a second server beside the first'],
    ['isthmus up --quota vpcs=100 --quota elasticIps=50', 'for large estates'],
  ])
}

async function up(options: UpOptions): Promise<void> {
  const folder = stateFolder(options.state)
  const running = await runningStatus(folder)
  if (running) return say(`Isthmus is already running, process ${running.pid}.`, ...banner(running, folder, options))
  if (!options.detach) return serve(folder, options)
  const status = await launch(folder, flagsOf(options))
  say(...banner(status, folder, options), '', `Running in the background, process ${status.pid}; log: ${logOf(folder)}`)
}

/** The options for the process in the background. */
const flagsOf = ({ sim, port, auth, allowReset, labs, quota }: UpOptions): string[] => [
  '--port',
  String(port),
  ...(sim ? ['--sim'] : []),
  ...(auth === undefined ? [] : ['--auth', resolve(auth)]),
  ...(allowReset ? ['--allow-reset'] : []),
  ...(labs === undefined ? [] : ['--labs', resolve(labs)]),
  ...Object.entries(quota).flatMap(([name, number]) => ['--quota', `${name}=${number}`]),
]

/** One more quota of the command line beside those before it. */
function quotas(text: string, before: UpOptions['quota']): UpOptions['quota'] {
  const [, name = '', number] = /^(\w+)=(\d{1,9})$/.exec(text) ?? []
  if (number === undefined) throw new InvalidArgumentError('Give a name and a number, as in vpcs=100.')
  const given = { [name]: Number(number) }
  try {
    grantQuotas(given)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
  return { ...before, ...given }
}

async function serve(folder: string, options: UpOptions): Promise<void> {
  const { port, sim, auth, allowReset, labs } = options
  const namespaces = sim ? {} : await ownNamespaces(folder, options)
  const { startServer } = await import('../server/server.ts')
  const log = (line: string) => void process.stderr.write(`${line}\n`)
  const authFile = auth === undefined ? {} : { authFile: resolve(auth) }
  const folders = { stateDir: folder, ...(labs !== undefined && { labs: resolve(labs) }) }
  const server = await startServer({ ...folders, port, sim, allowReset, log, ...authFile, ...namespaces })
  const failed = Promise.withResolvers<never>()
  const stop = () => {
    say('', 'Stopping: instances and networks are taken down ...')
    server.stop({ purge: false }).catch(failed.reject)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
  say(...banner(server, folder, options), '', 'Stop with Ctrl-C or `isthmus down`.')
  await Promise.race([server.stopped, failed.promise]).catch((error: unknown) => {
    throw new Failure(`Not everything could be taken down (${error}): run \`isthmus down\` to finish.`)
  })
  say('Stopped.')
}

/** Without privilege: goes on in namespaces of the user's own where it can, and says why where it can not. */
async function ownNamespaces(folder: string, options: UpOptions) {
  const { enterRootless, handedOver } = await import('../server/rootless.ts')
  const rootless = await handedOver()
  if (rootless) return { rootless }
  const words = ['up', '--state', folder, ...flagsOf(options)]
  return { notRootless: await enterRootless(stateDir(folder), options.port, words) }
}

interface Running {
  readonly endpoint: string
  readonly console: string
  readonly engine: { readonly name: string; readonly why: readonly string[] }
}

/** Where the API is, which engine runs and why, and how to point the AWS CLI at it. */
function banner({ endpoint, console, engine }: Running, folder: string, { state }: UpOptions): string[] {
  const here = state === undefined ? '' : ` --state ${folder}`
  return [
    `EC2 API   ${endpoint}`,
    `Console   ${console}`,
    `Engine    ${engine.name}`,
    ...engine.why.map((reason) => `          ${reason}`),
    `State     ${folder}`,
    '',
    'Point the AWS CLI and the SDKs at it:',
    `  eval "$(isthmus env${here})"`,
    '  aws ec2 describe-vpcs',
  ]
}

const say = (...lines: string[]): void => void process.stdout.write(`${lines.join('\n')}\n`)

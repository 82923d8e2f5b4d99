/** `isthmus lab run`: plays a guided lab from start to clean-up. */
import { Argument, type Command } from 'commander'
import type { Ec2 } from '../client/ec2-client.ts'
import { type Narrator, narrator } from '../lab/narrator.ts'
import { allHold, type Outcome, outcomeTable } from '../lab/outcomes.ts'
import { playPeering } from '../lab/peering/peering.ts'
import type { Stage } from '../lab/stage.ts'
import { deleteVpc } from '../wizard/delete-vpc.ts'
import { vpcContents } from '../wizard/vpc-contents.ts'
import { exitCodes, Failure } from './failure.ts'
import { interruptible, onOwnServer } from './lab-server.ts'
import { stop } from './launch.ts'
import { type OutputOption, withExamples, withOutput, withServer } from './options.ts'
import { inForce, openSession, type ServerOptions, type Session } from './session.ts'

interface LabOptions extends ServerOptions, OutputOption {
  readonly here: boolean
  readonly sim: boolean
}

const labs: Readonly<Record<string, (stage: Stage) => Promise<Outcome[]>>> = { peering: playPeering }

export function registerLabRun(lab: Command): void {
  const command = lab
    .command('run')
    .summary('play a lab from start to clean-up')
    .description('Play a lab as a person would, on a server of its own, and say what of it holds.')
    .addArgument(new Argument('<lab>', 'which one').choices(Object.keys(labs)))
    .option('--here', 'on the running server instead of one of its own', false)
    .option('--sim', 'simulate packets even where real ones are possible', false)
    .action(runLab)
  withExamples(withOutput(withServer(command)), [
    ['isthmus lab run peering', 'on the best engine here'],
    ['isthmus lab run peering --here', 'on the server that runs; watch it with `isthmus map`'],
    ['isthmus lab run peering -o json', 'for programs; the story goes to stderr'],
  ])
}

async function runLab(name: string, options: LabOptions): Promise<void> {
  const play = labs[name]
  if (!play) throw new Failure(`There is no lab ${name}.`)
  const started = performance.now()
  const outcomes = options.here ? await playHere(play, options) : await playAlone(play, options)
  const seconds = Math.round((performance.now() - started) / 1000)
  const ok = allHold(outcomes)
  if (options.output === 'json') {
    process.stdout.write(`${JSON.stringify({ lab: name, ok, seconds, outcomes }, undefined, 2)}\n`)
  } else {
    const verdict = ok ? 'Everything holds.' : 'Not everything holds: see FAILED above.'
    process.stdout.write(`\n${outcomeTable(outcomes).join('\n')}\n\n${verdict} ${seconds} seconds.\n`)
  }
  process.exitCode = ok ? exitCodes.ok : exitCodes.failed
}

type Play = (stage: Stage) => Promise<Outcome[]>

const playAlone = (play: Play, options: LabOptions): Promise<Outcome[]> =>
  onOwnServer(options, (session, signal, folder) =>
    play({ ...stageOn(session, options, signal), down: async () => void (await stop(folder, { purge: false })) }),
  )

/** On the running server; the lab's VPCs are gone afterwards. */
async function playHere(play: Play, options: LabOptions): Promise<Outcome[]> {
  const session = await openSession(options)
  const made: string[] = []
  const clear = async () => {
    const { Vpcs = [] } = await session.client.call('DescribeVpcs', {})
    const left = Vpcs.filter(({ VpcId = '' }) => made.includes(VpcId))
    for (const { VpcId = '' } of left) await deleteVpc(session.client, await vpcContents(session.client, VpcId))
  }
  const remember = (vpcId: string) => void made.push(vpcId)
  return interruptible(clear, (signal) => play({ ...stageOn(session, options, signal), remember }))
}

function stageOn(session: Session, options: LabOptions, signal: AbortSignal): Stage {
  const { client, stateDir, status } = session
  const story = options.output === 'json' ? process.stderr : process.stdout
  const teller = narrator(status.engine.name, (line) => void (signal.aborted || story.write(`${line}\n`)))
  introduce(teller, session)
  return {
    client: until(signal, client),
    stateDir,
    engine: status.engine.name,
    publicPool: status.publicPool,
    server: status.pid,
    narrator: teller,
    inForce: () => inForce(session),
    remember: () => {},
  }
}

function introduce({ say, show }: Narrator, { status }: Session): void {
  say('VPC peering: two networks, one connection, a ping that finds its way.')
  const { name, why } = status.engine
  show(`API     ${status.endpoint}`, `Engine  ${name}`, ...why.map((reason) => `        ${reason}`))
}

/** The client, as long as the lab may go on. */
const until = (signal: AbortSignal, client: Ec2): Ec2 => ({
  ...client,
  call(action, input) {
    signal.throwIfAborted()
    return client.call(action, input)
  },
})

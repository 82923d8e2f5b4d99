/** `isthmus capture NAME`: packets as they pass, and what drops them. */
import type { Command } from 'commander'
import { capture as captureAt, type CaptureStream } from '../client/capture.ts'
import { UnreachableError } from '../client/ec2-client.ts'
import { decode } from '../pcap/decode.ts'
import { type Filter, FilterError, parseFilter } from '../pcap/filter.ts'
import { type CaptureOutput, outputFor } from './capture-output.ts'
import { placeNamed } from './capture-place.ts'
import { Failure, UsageFailure } from './failure.ts'
import { inventory } from './inventory.ts'
import { type OutputOption, wholeNumber, withExamples, withOutput, withServer } from './options.ts'
import { inForce, openSession, type ServerOptions } from './session.ts'

export function registerCapture(program: Command): void {
  const command = program
    .command('capture')
    .summary('show packets as they pass, and what drops them')
    .description(
      'Show packets as they pass an instance, a peering or an internet gateway, as tcpdump does, and below each one ' +
        'that is dropped the rule or route that drops it. Looks from outside: nothing runs inside the instance. ' +
        "Over the internet an instance's packets are followed as far as the internet itself.",
    )
    .argument('<name>', 'an instance, peering or internet gateway (Name, id, address), or a network interface (id)')
    .option('-w, --write <file>', 'write pcapng, for tcpdump -r and Wireshark, instead of lines; - is the output')
    .option('-c, --count <n>', 'stop after so many packets (default: at Ctrl-C)', wholeNumber(1, 1_000_000_000))
    .option('--filter <words>', 'only these: `tcp port 22`, `icmp and host 10.2.11.172`, `dropped`, `not arp`')
    .action(capture)
  withExamples(withOutput(withServer(command)), [
    ['isthmus capture web', 'what comes and goes, and what is dropped'],
    ['isthmus capture web --filter "dropped"', 'only what is dropped, and by which rule'],
    ['isthmus capture peering-1 -c 10', 'the first ten packets over a peering'],
    ['isthmus capture web -w web.pcapng', 'for tcpdump -r web.pcapng, or Wireshark'],
    ['isthmus capture igw-0a1b2c -w - | tshark -r -', 'straight into another program'],
  ])
}

interface CaptureOptions extends ServerOptions, OutputOption {
  readonly write?: string
  readonly count?: number
  readonly filter?: string
}

async function capture(name: string, options: CaptureOptions): Promise<void> {
  const filter = filterFrom(options.filter)
  const session = await openSession(options)
  const place = placeNamed(await inventory(session.client), name)
  await inForce(session)
  const stream = await captureAt(session.stateDir, place.id).catch((error: Error) => {
    throw error instanceof UnreachableError ? error : new Failure(`${error.message}.`)
  })
  const isSimulated = session.status.engine.name === 'simulator'
  const output = outputFor(options, { id: place.id, linkType: isSimulated ? 'raw' : 'ethernet' })
  say(`Packets at ${place.name || place.id}${isSimulated ? ', made up: they are simulated' : ''}. Ctrl-C ends.`)
  const counts = await run(stream, filter, output, options.count)
  say(summary(counts, stream.missed()))
}

const say = (line: string): void => void process.stderr.write(`${line}\n`)

function filterFrom(words = ''): Filter {
  try {
    return parseFilter(words)
  } catch (error) {
    throw error instanceof FilterError ? new UsageFailure(error.message) : error
  }
}

interface Counts {
  readonly captured: number
  readonly dropped: number
}

/** Until `most` packets, a signal, or the reader of the output goes away. */
async function run(
  stream: CaptureStream,
  filter: Filter,
  output: CaptureOutput,
  most = Number.POSITIVE_INFINITY,
): Promise<Counts> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stream.stop)
  let captured = 0
  let dropped = 0
  try {
    for await (const packet of stream) {
      const decoded = decode(packet.data, packet.linkType)
      if (captured === most || !filter({ packet: decoded, dropped: packet.dropped !== undefined })) continue
      await output.packet(packet, decoded)
      captured++
      if (packet.dropped) dropped++
      if (captured === most) stream.stop()
    }
  } finally {
    for (const signal of signals) process.off(signal, stream.stop)
    output.end()
  }
  return { captured, dropped }
}

function summary({ captured, dropped }: Counts, missed: number): string {
  const lost = missed > 0 ? `; ${missed} more came too fast to be shown` : ''
  return `${captured} ${captured === 1 ? 'packet' : 'packets'} captured, ${dropped} dropped by the network${lost}`
}

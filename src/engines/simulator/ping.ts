/** `ping` as iputils prints it, over simulated packets. */
import { parseArgs } from 'node:util'
import type { Ip } from '../../ip/address.ts'
import { answered, type Flow } from '../../network/flow.ts'
import { ICMP } from '../../network/match.ts'
import type { Command, CommandContext } from './commands.ts'
import { resolve } from './names.ts'

const HEADERS = 28
/** What Amazon Linux sends, and no hop of a VPC lowers. */
const TTL = 127

export const ping: Command = async (context, args) => {
  const options = optionsOf(context, args)
  if (typeof options === 'string') {
    context.complain(`ping: ${options}`)
    return 2
  }
  const { target, name, size } = options
  context.print(`PING ${name} (${target}) ${size}(${size + HEADERS}) bytes of data.`)
  const { sent, received, elapsed } = await sendAll(context, options)
  const loss = sent === 0 ? 0 : Math.round(((sent - received) / sent) * 100)
  context.print(`\n--- ${name} ping statistics ---`)
  context.print(
    `${sent} packets transmitted, ${received} received, ${loss}% packet loss, time ${Math.round(elapsed)}ms`,
  )
  return received > 0 ? 0 : 1
}

interface Options {
  /** As it was given. */
  readonly name: string
  readonly target: Ip
  readonly size: number
  readonly count: number
  readonly interval: number
  readonly deadline: number
  readonly dontFragment: boolean
  /** Whether it says what has not been answered when the next one is due. */
  readonly tellsLost: boolean
}

function optionsOf(context: CommandContext, args: readonly string[]): Options | string {
  const text = { type: 'string' } as const
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        c: { ...text, short: 'c' },
        i: { ...text, short: 'i' },
        W: { ...text, short: 'W' },
        w: { ...text, short: 'w' },
        s: { ...text, short: 's' },
        M: { ...text, short: 'M' },
        n: { type: 'boolean', short: 'n' },
        O: { type: 'boolean', short: 'O' },
      },
    })
    const [name] = positionals
    if (name === undefined) return 'usage error: Destination address required'
    const target = resolve(context, name)
    if (!target) return `${name}: Name or service not known`
    const number = (value: string | undefined, otherwise: number) => (value === undefined ? otherwise : Number(value))
    return {
      name,
      target,
      size: number(values.s, 56),
      count: number(values.c, Number.POSITIVE_INFINITY),
      interval: number(values.i, 1) * 1000,
      deadline: number(values.w, Number.POSITIVE_INFINITY) * 1000,
      dontFragment: values.M === 'do',
      tellsLost: values.O === true,
    }
  } catch (error) {
    return (error as Error).message
  }
}

async function sendAll(
  context: CommandContext,
  options: Options,
): Promise<{ sent: number; received: number; elapsed: number }> {
  const start = performance.now()
  const session = `ping/${context.node}/${start}`
  let sent = 0
  let received = 0
  while (sent < options.count && !context.interrupted() && performance.now() - start < options.deadline) {
    sent++
    const isAnswered = sendOne(context, options, session, sent)
    if (isAnswered) received++
    if (sent === options.count) break
    await context.sleep(options.interval)
    if (options.tellsLost && !isAnswered && !context.interrupted()) context.print(`no answer yet for icmp_seq=${sent}`)
  }
  return { sent, received, elapsed: performance.now() - start }
}

/** One echo request; whether it was answered. */
function sendOne(
  context: CommandContext,
  { target, size, dontFragment }: Options,
  session: string,
  sequence: number,
): boolean {
  const flow: Flow = {
    protocol: ICMP,
    source: context.address,
    destination: target,
    icmp: { type: 8, code: 0 },
    length: size + HEADERS,
    dontFragment,
  }
  const before = performance.now()
  const trace = context.send(flow, context.node, session)
  if (trace.request.disposition === 'too-big') {
    const stop = trace.request.steps.at(-1)
    const mtu = stop && context.network().segments.get(stop.origin.resource)?.mtu
    context.complain(`ping: local error: message too long, mtu=${mtu}`)
    return false
  }
  if (!answered(trace)) return false
  const ms = performance.now() - before
  context.print(`${size + 8} bytes from ${target}: icmp_seq=${sequence} ttl=${TTL} time=${ms.toFixed(3)} ms`)
  return true
}

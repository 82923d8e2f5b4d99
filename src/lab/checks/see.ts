/** One look of whatever kind: what is not there or not allowed is seen, too. */
import { Failure } from '../../cli/failure.ts'
import { Ec2CallError } from '../../client/ec2-client.ts'
import { RefusedError } from '../../client/control.ts'
import type { Look } from '../format/lab.ts'
import { UnboundError } from '../names/bind.ts'
import { event, exec, script } from './commands.ts'
import type { Looker, Seen, Sight } from './look.ts'
import { api, route, there } from './query.ts'
import { explains, reach } from './reach.ts'

const LOOKERS: { readonly [K in Look['kind']]: Looker<Extract<Look, { readonly kind: K }>> } = {
  reach,
  api,
  route,
  exists: there,
  absent: there,
  exec,
  event,
  explain: explains,
  script,
}

export async function see(look: Look, sight: Sight): Promise<Seen> {
  try {
    return await (LOOKERS[look.kind] as Looker<Look>)(look, sight)
  } catch (error) {
    const words = reasonOf(error)
    if (words === undefined) throw error
    return { holds: false, words }
  }
}

/** A sentence, where it is of the network's making. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof Ec2CallError) return `${error.action} was refused: ${error.message} (${error.code})`
  const isForeseen = error instanceof UnboundError || error instanceof Failure || error instanceof RefusedError
  return isForeseen ? error.message : undefined
}

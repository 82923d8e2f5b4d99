/** The VPC peering lab, played from start to clean-up. */
import { Ec2CallError } from '../../client/ec2-client.ts'
import { completed, type Outcome } from '../outcomes.ts'
import { errorText, type Stage } from '../stage.ts'
import { cleanUp } from './clean-up.ts'
import { launchInstances } from './instances.ts'
import { logIn } from './login.ts'
import { addRoutes, peer } from './peer.ts'
import { pingThePeer } from './ping.ts'
import { buildVpcs } from './vpcs.ts'

/** Plays it. Resolves to all twenty outcomes, also where the lab could not go on. */
export async function playPeering(stage: Stage): Promise<Outcome[]> {
  const { narrator, engine } = stage
  try {
    await play(stage)
  } catch (error) {
    const why = error instanceof Ec2CallError ? `${error.action}: ${errorText(error)}` : (error as Error).message
    narrator.say(`The lab can not go on: ${why}`)
  }
  return completed(narrator.outcomes, engine)
}

async function play(stage: Stage): Promise<void> {
  const sides = await buildVpcs(stage)
  const peeringId = await peer(stage, sides)
  await addRoutes(stage, sides, peeringId)
  const machines = await launchInstances(stage, sides)
  const elasticIp = await logIn(stage, sides, machines)
  await pingThePeer(stage, sides, machines, peeringId)
  await cleanUp(stage, { sides, peeringId, machines, elasticIp })
}

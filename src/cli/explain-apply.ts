/** A fix, carried out through the public API in the name of those who may: what `isthmus explain --apply` does. */
import { makeCalls } from '../analyzer/fix.ts'
import type { ToldCall, ToldFix } from '../analyzer/words/fixes.ts'
import { ec2 } from '../client/ec2-client.ts'
import { identityOf } from '../client/sign.ts'
import { callersScope } from './explain-subject.ts'
import { inForce, type Session } from './session.ts'

/** Makes the calls in order, each said before it is made, and waits until they are in force. Errors: the client's. */
export async function applyFix(session: Session, fix: ToldFix, say: (line: string) => void): Promise<void> {
  const own = callersScope(session.client.region)
  await makeCalls(fix.calls, (call) => {
    say(`$ ${(call as ToldCall).command}`)
    const { account, region } = call.caller
    const client =
      account === own.account && region === own.region
        ? session.client
        : ec2(session.client.endpoint, { region, identity: identityOf(account) })
    return client.call(call.action, call.input as never)
  })
  await inForce(session)
  say('')
}

/** The key pair of a launch: none, one that there is, or a new one whose private part is saved once. */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type Made, type PlannedCall, planned } from '../../wizard/planned-call.ts'
import { client } from '../api/client.ts'
import { region } from '../api/session.ts'
import { ChoiceField, type Option, TabField, TextField } from '../parts/fields.tsx'
import { saved } from '../parts/saved.ts'

const NONE = ''
const NEW = '<new>'
const chosen = signal(NONE)
const name = signal('')
const type = signal('rsa')
const names = signal<readonly string[]>([])

async function readNames(): Promise<void> {
  const { KeyPairs = [] } = await client.call('DescribeKeyPairs', {})
  names.value = KeyPairs.flatMap(({ KeyName }) => KeyName ?? [])
}

/** The chosen pair's name; undefined where the launch goes without. */
export const keyName = (): string | undefined => (names.value.includes(chosen.value) ? chosen.value : undefined)
export const isNewKey = (): boolean => chosen.value === NEW

/** AWS shows the private part once: it has to be saved before anything else is done with the pair. */
export function keyPlan(): readonly PlannedCall[] {
  if (!name.value.trim()) throw new Error('Give the key pair a name.')
  const input = { KeyName: name.value.trim(), KeyType: type.value as 'rsa' }
  return [planned('Create key pair', 'CreateKeyPair', input, { name: 'key', id: ['KeyMaterial'] })]
}

/** Saves the private part as a file, and chooses the pair. */
export async function keepKey(made: Made): Promise<void> {
  const own = name.value.trim()
  saved(new Blob([made.get('key') ?? ''], { type: 'application/x-pem-file' }), `${own}.pem`)
  await readNames()
  chosen.value = own
  name.value = ''
}

export function LaunchKey() {
  useEffect(() => void readNames().catch(() => {}), [region.value])
  return (
    <>
      <ChoiceField
        label="Key pair name"
        value={chosen}
        options={[
          [NONE, 'Proceed without a key pair'],
          ...names.value.map((one): Option => [one, one]),
          [NEW, 'Create new key pair'],
        ]}
        {...(chosen.value === NONE && { hint: 'Connect with EC2 Instance Connect.' })}
      />
      {isNewKey() && (
        <div class="pair">
          <TextField label="New key pair name" value={name} />
          <TabField
            label="Key pair type"
            value={type}
            options={[
              ['rsa', 'RSA'],
              ['ed25519', 'ED25519'],
            ]}
          />
        </div>
      )}
    </>
  )
}

/** What the server says of the machine that it runs on, where no API of AWS's has a word for it. */
import { signal } from '@preact/signals'
import { ownHeaders } from './session.ts'

interface Machine {
  /** What an instance sees as this machine's address: "My IP". */
  readonly hostAddress?: string
}

export const machine = signal<Machine>({})

export async function readMachine(): Promise<void> {
  const response = await fetch('/_isthmus/machine', { headers: ownHeaders() }).catch(() => undefined)
  if (response?.ok) machine.value = (await response.json()) as Machine
}

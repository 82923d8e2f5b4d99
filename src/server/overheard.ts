/** What is typed and seen on terminals, as far as a lab's journal wants to know: commands, how they end, and pings. */
import { constants } from 'node:os'
import type { State } from '../ec2/state.ts'
import type { Running } from '../engines/engine.ts'
import { commandWords } from './command-words.ts'
import type { Journal } from './journal.ts'
import { pingListener } from './ping-heard.ts'

export interface Overhearing {
  readonly note: Journal['note']
  readonly state: () => State
  /** Where it runs: an instance's id, or `internet`. */
  readonly node: string
  /** Absent where it is a shell: then nothing of what is typed is noted. */
  readonly command?: readonly string[]
}

/** The same, and what is to be noted of it is. */
export function overheard(running: Running, { note, state, node, command }: Overhearing): Running {
  const begun = Date.now()
  const instance = state().get('instance', node)
  const place = { account: instance?.account ?? '', region: instance?.region ?? '', changed: instance ? [node] : [] }
  const pings = pingListener((ping, at) => note({ ...place, at, action: 'Ping', ms: Date.now() - at, ping }))
  running.exit.then(
    ({ code, signal }) => {
      pings.end()
      if (!command) return
      const exit = code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0)
      note({ ...place, at: begun, action: 'Exec', ms: Date.now() - begun, command: commandWords(command), exit })
    },
    () => pings.end(),
  )
  return {
    ...running,
    onOutput: (listener) =>
      running.onOutput((stream, data) => {
        pings.hear(data)
        listener(stream, data)
      }),
  }
}

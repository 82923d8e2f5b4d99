/** The checks of a step as they are now, each with its sentence; and the errors that were met on the way. */
import { useContext } from 'preact/hooks'
import type { CheckView, MetView, StepView } from '../../lab/course/view.ts'
import { clock } from './clock.ts'
import { Command } from './command.tsx'
import { onMap } from './mentions.ts'
import { lighting, Names, Text } from './names.tsx'

/** What stands before a check, and what a screen reader says of it. */
const SIGNS: Readonly<Record<string, readonly [string, string]>> = {
  passed: ['✓', 'passed'],
  failed: ['✗', 'not yet'],
  warning: ['!', 'works, with a warning'],
  skipped: ['·', 'waits for an earlier one'],
  'not looked at': ['·', 'not looked at'],
}

export const Checks = ({ step, isCurrent }: { step: StepView; isCurrent: boolean }) => (
  <section class="lab-checks" aria-label="Checks" aria-live={isCurrent ? 'polite' : 'off'}>
    <h4>Checks</h4>
    <ul>
      {step.checks.map((check) => (
        <CheckLine key={check.id} check={check} />
      ))}
    </ul>
  </section>
)

function CheckLine({ check: { title, status, level, words, names } }: { check: CheckView }) {
  const known = useContext(Names)
  const ids = names.flatMap((name) => (known[name] ? onMap(known[name]) : []))
  const state = status === 'failed' && level === 'warning' ? 'warning' : status
  const [sign, said] = SIGNS[state] ?? ['·', '']
  return (
    <li class={`check-line ${state.replaceAll(' ', '-')}`} {...lighting(ids)}>
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      <div>
        <p>
          <Text>{title}</Text> <span class="hidden">({said})</span>
        </p>
        {words && state !== 'skipped' && <Words text={words} />}
      </div>
    </li>
  )
}

/** Sentences, and the commands that mend it, which stand indented. */
export function Words({ text }: { text: string }) {
  return (
    <div class="words">
      {text.split('\n').map((line, i) =>
        /^ {2}(aws|isthmus) /.test(line) ? (
          <Command key={`${i}${line}`} text={line.trim()} />
        ) : (
          <p key={`${i}${line}`}>
            <Spoken text={line} />
          </p>
        ),
      )}
    </div>
  )
}

/** In a sentence names stand between grave accents. */
const Spoken = ({ text }: { text: string }) => (
  <>
    {text.split('`').map((part, i) =>
      i % 2 === 1 ? (
        <b key={`${i}${part}`}>
          <Text>{part}</Text>
        </b>
      ) : (
        <Text key={`${i}${part}`}>{part}</Text>
      ),
    )}
  </>
)

export const Met = ({ met }: { met: readonly MetView[] }) => (
  <section class="met" aria-label="Errors on the way">
    {met.map(({ title, words, lost }) => {
      const said = (
        <>
          You met: {title} <span>({clock(lost)})</span>
        </>
      )
      if (!words) return <p key={title}>{said}</p>
      return (
        <details key={title}>
          <summary>{said}</summary>
          <Words text={words} />
        </details>
      )
    })}
  </section>
)

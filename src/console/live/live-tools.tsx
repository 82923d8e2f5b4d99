/** The part of the bar that is about what goes on: the activity list, a running capture, and whether things move. */
import { openForm } from '../state.ts'
import { capturing } from './capture.ts'
import { isAnimated, turnAnimation } from './animation.ts'
import './live-tools.css'

export function LiveTools() {
  const { isRunning, rows } = capturing.value
  return (
    <div class="live-tools">
      {isRunning && (
        <button type="button" class="capturing" onClick={() => openForm('capture')}>
          Capturing: {rows.length}
        </button>
      )}
      <button type="button" onClick={() => openForm('activity')}>
        Activity
      </button>
      <button type="button" class="quiet" aria-pressed={isAnimated.value} onClick={turnAnimation}>
        Animation {isAnimated.value ? 'on' : 'off'}
      </button>
    </div>
  )
}

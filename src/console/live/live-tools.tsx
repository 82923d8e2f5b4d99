/** The part of the bar that is about what goes on: the activity list, a running capture, and whether things move. */
import { openForm } from '../state.ts'
import { capturing } from './capture.ts'
import { isAnimated, turnAnimation } from './animation.ts'
import './live-tools.css'

export function LiveTools() {
  const { isRunning, rows } = capturing.value
  return (
    <div class="live-tools">
      {(isRunning || rows.length > 0) && (
        <button
          type="button"
          class={isRunning ? 'capturing' : 'captured'}
          title={isRunning ? 'A capture is running' : 'What was captured'}
          aria-label={`${isRunning ? 'Capturing' : 'Captured'}: ${rows.length}`}
          onClick={() => openForm('capture')}
        >
          {rows.length}
        </button>
      )}
      <button type="button" onClick={() => openForm('activity')}>
        Activity
      </button>
      <button
        type="button"
        class="quiet"
        title="Animation"
        role="switch"
        aria-checked={isAnimated.value}
        onClick={turnAnimation}
      >
        <span>Animation</span>
      </button>
    </div>
  )
}

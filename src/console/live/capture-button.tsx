/** The button by which a card leads to a capture. */
import { openForm } from '../state.ts'

/** `isOn`: whether packets pass there at all. */
export const CaptureButton = ({ at, isOn }: { at: string; isOn: boolean }) =>
  isOn ? (
    <button type="button" onClick={() => openForm('capture', at)}>
      Capture packets
    </button>
  ) : null

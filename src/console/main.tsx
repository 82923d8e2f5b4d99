/** The console's page begins here. */
import { render } from 'preact'
import { Page } from './page.tsx'
import { follow } from './state.ts'
import './style.css'
import './map/map.css'

const root = document.getElementById('app')
if (root) render(<Page />, root)
void follow()

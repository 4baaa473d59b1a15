import { render } from 'preact'
import 'uplot/dist/uPlot.min.css'
import './styles/index.css'
import { App } from './app.js'
import { followApplications } from './state/applications.js'
import { listenToAddress } from './state/location.js'
import { askServerTime } from './state/server-clock.js'

void followApplications()
await askServerTime()
listenToAddress()
render(<App />, document.getElementById('app')!)

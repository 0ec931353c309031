import { render } from 'preact'
import 'uplot/dist/uPlot.min.css'
import { App } from './app.tsx'
import { connect } from './store.ts'
import { takeToken } from './token.ts'

takeToken()
connect()
render(<App />, document.getElementById('app')!)

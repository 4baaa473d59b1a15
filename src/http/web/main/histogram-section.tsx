import type { JSX } from 'preact'
import type { Histogram, TimeSeries } from '../api/server-map.js'
import { HistogramBars } from '../histogram/histogram-bars.js'
import { LoadChart } from '../histogram/load-chart.js'
import { text } from '../i18n/text.js'

/** Response times as a whole and minute by minute. */
export function HistogramSection({ histogram, series }: { histogram: Histogram; series: TimeSeries[] }): JSX.Element {
  return (
    <>
      <section class="panel-section">
        <h3>{text('panel.response')}</h3>
        <HistogramBars histogram={histogram} />
      </section>
      {series.length > 0 && (
        <section class="panel-section">
          <h3>{text('panel.load')}</h3>
          <LoadChart series={series} label={text('panel.load')} />
        </section>
      )}
    </>
  )
}

import { LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import * as echarts from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

export interface Line {
  name: string
  points: [x: number, y: number][]
  /** 0: scale on the left, 1: on the right */
  axis: 0 | 1
  /** points without a line between them */
  apart?: boolean
}

export interface Chart {
  title: string
  x: string
  left: string
  /** without it there is one scale */
  right?: string
  logX?: boolean
  lines: Line[]
}

const WIDTH = 860
const HEIGHT = 420
/** more points than these are a line alone */
const MAX_SYMBOLS = 60
const COLORS = ['#1f5fa8', '#c2410c', '#15803d', '#7e22ce', '#0e7490', '#a16207']

echarts.use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])

/** An SVG document. */
export function svgOf({ title, x, left, right, logX, lines }: Chart): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT })
  const scale = (name: string, position: 'left' | 'right'): object => ({
    type: 'value',
    name,
    position,
    min: 0,
    splitLine: { show: position === 'left' },
  })
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    color: COLORS,
    title: { text: title, left: 'center', textStyle: { fontSize: 15 } },
    legend: { bottom: 4, itemGap: 40 },
    grid: { left: 70, right: 70, top: 60, bottom: 80 },
    xAxis: { type: logX ? 'log' : 'value', name: x, nameLocation: 'middle', nameGap: 28 },
    yAxis: [scale(left, 'left'), ...(right === undefined ? [] : [scale(right, 'right')])],
    series: lines.map(({ name, points, axis, apart }) => ({
      type: 'line',
      showSymbol: points.length <= MAX_SYMBOLS,
      name,
      data: [...points].sort(([a], [b]) => a - b),
      yAxisIndex: axis,
      lineStyle: { type: axis === 1 ? 'dashed' : 'solid', width: apart ? 0 : 2 },
    })),
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

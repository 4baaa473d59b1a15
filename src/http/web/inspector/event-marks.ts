import type uPlot from 'uplot'
import type { AgentEvent } from '../api/agents.js'

/** Beginnings, ends and the rest have different marks. */
export function eventKind(code: number): 'start' | 'end' | 'other' {
  if (code === 10100) return 'start'
  return code >= 10200 && code < 10400 ? 'end' : 'other'
}

/** Upright lines where something happened to the agent. */
export function eventMarks(
  events: readonly AgentEvent[],
  colours: Record<ReturnType<typeof eventKind>, string>,
): uPlot.Plugin {
  return {
    hooks: {
      drawAxes: (chart) => {
        const { ctx, bbox } = chart
        ctx.save()
        ctx.lineWidth = devicePixelRatio
        ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio])
        for (const event of events) {
          const x = Math.round(chart.valToPos(event.eventTimestamp / 1000, 'x', true))
          if (x < bbox.left || x > bbox.left + bbox.width) continue
          ctx.strokeStyle = ctx.fillStyle = colours[eventKind(event.eventTypeCode)]
          ctx.beginPath()
          ctx.moveTo(x, bbox.top)
          ctx.lineTo(x, bbox.top + bbox.height)
          ctx.stroke()
          ctx.beginPath()
          ctx.arc(x, bbox.top + 4 * devicePixelRatio, 3 * devicePixelRatio, 0, 2 * Math.PI)
          ctx.fill()
        }
        ctx.restore()
      },
    },
  }
}

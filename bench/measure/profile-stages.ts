import { readFileSync } from 'node:fs'

// Self time of a .cpuprofile by the folder of src/ that the function stands in. Functions of Node and of packages belong
// to the nearest caller of ours; what was called by none is "native": system calls of libuv, most of all recvmsg.

interface ProfileNode {
  id: number
  callFrame: { functionName: string; url: string }
  children?: number[]
}

interface Profile {
  nodes: ProfileNode[]
  samples: number[]
  /** us since the sample before */
  timeDeltas: number[]
}

export const STAGES = ['receive', 'decode', 'rows', 'batch', 'store', 'gc', 'native', 'other'] as const
export type Stage = (typeof STAGES)[number]
/** us by stage */
export type StageTimes = Record<Stage, number>

const STAGE_OF_PLACE: readonly [RegExp, Stage][] = [
  [/\/src\/receiver\//, 'receive'],
  [/\/src\/(thrift\/|dispatcher)/, 'decode'],
  [/\/src\/aggregate\/flush/, 'store'],
  [/\/src\/(handler|row|aggregate)\//, 'rows'],
  [/\/src\/batch\//, 'batch'],
  [/\/src\/store\//, 'store'],
  [/\/node_modules\/lmdb\//, 'store'],
  [/\/src\//, 'other'],
  [/^node:(internal\/)?dgram/, 'receive'],
]

function stageOf({ functionName, url }: ProfileNode['callFrame'], caller: Stage): Stage | 'idle' {
  if (functionName === '(idle)') return 'idle'
  if (functionName === '(garbage collector)') return 'gc'
  return STAGE_OF_PLACE.find(([place]) => place.test(url))?.[1] ?? caller
}

export function stageTimes(profile: Profile): StageTimes {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]))
  const stages = new Map<number, Stage | 'idle'>()
  const visit = (node: ProfileNode, caller: Stage): void => {
    const stage = stageOf(node.callFrame, caller)
    stages.set(node.id, stage)
    for (const child of node.children ?? []) visit(byId.get(child)!, stage === 'idle' ? 'native' : stage)
  }
  visit(profile.nodes[0], 'native')
  const times = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as StageTimes
  profile.samples.forEach((id, i) => {
    const stage = stages.get(id)
    if (stage !== undefined && stage !== 'idle') times[stage] += profile.timeDeltas[i + 1] ?? 0
  })
  return times
}

/** The times of several profiles together. @param files .cpuprofile */
export function stageTimesOf(files: readonly string[]): StageTimes {
  const total = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as StageTimes
  for (const file of files) {
    const times = stageTimes(JSON.parse(readFileSync(file, 'utf8')) as Profile)
    for (const stage of STAGES) total[stage] += times[stage]
  }
  return total
}

/** What came of one rate. */
export interface Trial {
  rate: number
  lossless: boolean
  /** the agents could not send as fast as that; when it was lossy too, collector and agents fought for CPUs and the collector lost */
  generatorLimited: boolean
}

export interface RampOptions {
  /** datagrams a second */
  start: number
  max: number
  /** ends when the lowest lossy rate is so much above the highest lossless one: 0.1 is ten per cent */
  precision: number
  /** a rate is lossy when it loses so many times in a row: a stranger on the machine loses once */
  attempts: number
}

export interface Ramp<T extends Trial> {
  /** 0: even the lowest rate tried loses */
  rate: number
  limitedBy: 'collector' | 'generator' | 'maximum'
  trials: T[]
}

/** Rates below this one are not tried. */
const LOWEST = 50

/** Looks for the highest rate without loss: doubles until it loses, halves until it does not, then goes between. */
export async function highestLossless<T extends Trial>(
  options: RampOptions,
  tryRate: (rate: number) => Promise<T>,
): Promise<Ramp<T>> {
  const trials: T[] = []
  let limitedBy: Ramp<T>['limitedBy'] = 'collector'
  let good = 0
  let bad = Infinity
  const take = async (rate: number): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      const trial = await tryRate(rate)
      trials.push(trial)
      if (trial.lossless && trial.generatorLimited) {
        limitedBy = 'generator'
        bad = rate
      } else if (trial.lossless) good = rate
      else if (attempt < options.attempts) continue
      else {
        limitedBy = 'collector'
        bad = rate
      }
      return
    }
  }
  for (let rate = options.start; bad === Infinity && good < options.max; rate = Math.min(rate * 2, options.max))
    await take(rate)
  for (let rate = bad / 2; good === 0 && rate >= LOWEST; rate /= 2) await take(rate)
  while (good > 0 && bad / good > 1 + options.precision && bad !== Infinity) await take((good + bad) / 2)
  return { rate: good, limitedBy: bad === Infinity ? 'maximum' : limitedBy, trials }
}

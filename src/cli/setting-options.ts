import { type Command, Option } from 'commander'
import type { Environment } from '../config/environment.js'
import type { OptionValue } from '../config/options.js'
import { SETTING_KEYS, type SettingKey, settingOf } from '../config/schema.js'
import { environmentName, type OptionScope } from '../config/setting.js'
import type { Sources } from '../config/settings.js'

interface SettingOption {
  key: SettingKey
  option: Option
  /** --no-… of a boolean */
  negation: Option | undefined
}

function describe(key: SettingKey): string {
  const { help, initial, initialText, format, name } = settingOf(key)
  return `${help} (default: ${initialText ?? format(initial)}; ${environmentName(name)})`
}

function optionsOf(scopes: readonly OptionScope[]): SettingOption[] {
  return SETTING_KEYS.flatMap((key): SettingOption[] => {
    const { option: flags, scope = [], type } = settingOf(key)
    if (flags === undefined || !scope.some((s) => s === 'all' || scopes.includes(s))) return []
    const option = new Option(flags, describe(key))
    const negation = type === 'boolean' ? new Option(`--no-${option.name()}`, 'the opposite') : undefined
    return [{ key, option, negation }]
  })
}

const append = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value]

/** Gives a command the options of the settings in these scopes, besides those common to all. */
export function addSettingOptions(command: Command, scopes: readonly OptionScope[]): Command {
  const config =
    'settings file, YAML or Java properties (also those of Pinpoint 1.5.2); may be repeated, the later wins'
  command.option('--config <file>', config, append)
  for (const { option, negation } of optionsOf(scopes)) {
    command.addOption(option)
    if (negation !== undefined) command.addOption(negation)
  }
  return command.option('--set <name=value>', 'any setting of docs/reference/settings.md; may be repeated', append)
}

/** What the command line and the environment say, for loadSettings. */
export function sourcesOf(command: Command, scopes: readonly OptionScope[], environment: Environment): Sources {
  const given: OptionValue[] = []
  for (const { key, option, negation } of optionsOf(scopes)) {
    const attribute = option.attributeName()
    const value: unknown = command.getOptionValue(attribute)
    if (command.getOptionValueSource(attribute) !== 'cli' || value === undefined) continue
    const flag = (value === false ? negation?.long : option.long) ?? attribute
    given.push({ key, flag, text: String(value) })
  }
  const files: unknown = command.getOptionValue('config')
  const set: unknown = command.getOptionValue('set')
  return { files: textsOf(files), set: textsOf(set), options: given, environment }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

import { InvalidArgumentError, Option } from "commander";
import { parseJson } from "../../events/boundedJson.ts";
import type { EventSetting } from "../../operations/trigger/triggerEvent.ts";

/** A field of an event and its value: JSON, or text. @param example of a field */
export function settingOption(example: string): Option {
  return new Option(
    "--set <field=value>",
    `a field of the event, such as ${example}; may be repeated`,
  ).argParser(addSetting);
}

function addSetting(text: string, settings: readonly EventSetting[] = []): readonly EventSetting[] {
  const [, path, value = ""] = /^((?:data|metadata)(?:\.[^.=]+)+|detail-type)=(.*)$/s.exec(text) ?? [];
  if (path === undefined)
    throw new InvalidArgumentError(
      "Expected a field below data or metadata, such as data.email=ada@example.com.",
    );
  return [...settings, { path, value: parseJson(value) ?? value }];
}

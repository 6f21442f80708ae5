import { z } from 'zod';
import { factsOf } from './settingsKey.ts';

/** What a key wants, in words, from its schema alone: `a whole number from 1 to 20 (pings)`. */
export function expectedText(schema: z.ZodType): string {
  const unit = factsOf(schema)?.unit ?? '';
  return describe(unwrap(schema)) + (unit === '' ? '' : ` (${unit})`);
}

/** The schema inside `optional`. */
export function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

function describe(schema: z.ZodType): string {
  if (schema instanceof z.ZodNumber) return numberText(schema);
  if (schema instanceof z.ZodBoolean) return 'true or false';
  if (schema instanceof z.ZodEnum) return `one of ${schema.options.map((option) => JSON.stringify(option)).join(', ')}`;
  if (schema instanceof z.ZodURL) return 'a web address without a login: https://HOST/PATH';
  if (schema instanceof z.ZodArray) return `a list of texts${elementText(schema)}`;
  if (schema instanceof z.ZodString) return ownWords(schema) ?? 'a text in quotes, not empty';
  if (schema instanceof z.ZodRecord || schema instanceof z.ZodObject) return 'a table';
  return 'another value';
}

function numberText(schema: z.ZodNumber): string {
  return `a ${schema.isInt ? 'whole ' : ''}number from ${schema.minValue} to ${schema.maxValue}`;
}

function elementText(schema: z.ZodArray): string {
  const element = unwrap(schema.element as z.ZodType);
  const words = describe(element);
  return words.startsWith('a text') ? '' : `; ${words}`;
}

/** A text's own rule has its own sentence: asked for with a value that no rule of ours takes. */
function ownWords(schema: z.ZodString): string | null {
  const issue = schema.safeParse(': ').error?.issues[0];
  if (issue === undefined) return null;
  return issue.code === 'custom' || issue.code === 'invalid_format' ? issue.message : null;
}

import type { RouteDefinition } from "../api-definition.ts";
import type { Expression } from "../mapping/expression.ts";
import { compileShape } from "../mapping/shape.ts";
import { parseTemplate, type Template } from "../mapping/template.ts";
import type { HttpRequest } from "./exchange.ts";

/** Makes the request that asks a question of a route. */
export type RequestMapping = (input: Readonly<Record<string, string>>) => Promise<HttpRequest>;

/** Compiles how a route is called. */
export function requestMapping(route: RouteDefinition): RequestMapping {
  const path = parseTemplate(route.path);
  const query = templates(route.query);
  const headers = templates(route.headers);
  const body = route.body === null ? null : compileShape(route.body);
  return async (input) => ({
    method: route.method,
    path: `${(await path.fill(input, encodeURIComponent)) ?? route.path}${await queryOf(query, input)}`,
    headers: {
      ...(body === null ? {} : { "content-type": "application/json" }),
      ...(await filled(headers, input)),
    },
    body: body === null ? "" : await bodyOf(body, input),
  });
}

type Templates = readonly (readonly [string, Template])[];

function templates(sources: Readonly<Record<string, string>>): Templates {
  return Object.entries(sources).map(([name, source]) => [name, parseTemplate(source)] as const);
}

/** Names are written in lower case, so that one of the definition's replaces one that is set here. */
async function filled(all: Templates, input: unknown): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const [name, template] of all) {
    const value = await template.fill(input, (text) => text);
    if (value !== null) values[name.toLowerCase()] = value;
  }
  return values;
}

async function queryOf(all: Templates, input: unknown): Promise<string> {
  const parameters = new URLSearchParams();
  for (const [name, template] of all) {
    const value = await template.fill(input, (text) => text);
    if (value !== null) parameters.set(name, value);
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}

/** A text is sent as it is, with the content type that the definition's headers say. */
async function bodyOf(body: Expression, input: unknown): Promise<string> {
  const value = await body.evaluate(input);
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

// A coach's morning, by openapi-fetch and the types that openapi-typescript makes: journey.js BASE_URL KEY
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import createClient from "openapi-fetch";

import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];

const [baseUrl, key] = process.argv.slice(2);
assert(baseUrl && key);
const api = createClient<paths>({
  baseUrl,
  headers: { Authorization: `Bearer ${key}` },
  // The document says `style: form, explode: true`; this library's own default would be another.
  querySerializer: { object: { style: "form", explode: true }, array: { style: "form", explode: true } },
});

/** What was answered; a problem ends the journey. */
async function taken<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  assert(data !== undefined, `${response.status} ${JSON.stringify(error)}`);
  return data;
}

/** What a seeker keeps: applications of now and long ago, and two talks that nothing came of yet. */
function aLog(now: Date): string {
  const ago = (days?: number) => {
    return days === undefined ? "" : new Date(now.getTime() - days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  };
  const rows: [string, number, number?][] = [
    ["Lighthouse", 1],
    ["Meridian", 20, 9],
    ["Northwind", 30, 11],
    ["Oldtown", 200],
  ];
  const lines = rows.map(([company, applied, talk]) => `${company},Analyst,${ago(applied)},${ago(talk)}`);
  return ["Company,Title,Date applied,Phone screen", ...lines, ""].join("\n");
}

/** What is to be done for a client today, page by page. */
async function queued(clientId: string): Promise<Schemas["QueueItem"][]> {
  const items: Schemas["QueueItem"][] = [];
  let cursor: string | null | undefined;
  do {
    const query = { scope: "practice" as const, limit: 2, ...(cursor ? { cursor } : {}) };
    const page: Schemas["QueuePage"] = await taken(api.GET("/v1/queue", { params: { query } }));
    items.push(...page.items.filter((item) => item.client.id === clientId));
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}

/** What changed since `token`, and the token for the next time. */
async function followed(token?: string): Promise<{ changes: Schemas["ChangePage"]["changes"]; token: string }> {
  const changes: Schemas["ChangePage"]["changes"] = [];
  for (;;) {
    const query = { limit: 3, ...(token ? { place: { token } } : {}) };
    const page: Schemas["ChangePage"] = await taken(api.GET("/v1/changes", { params: { query } }));
    changes.push(...page.changes);
    token = page.next_token;
    if (!page.has_more) return { changes, token };
  }
}

const now = new Date();
const me = await taken(api.GET("/v1/me"));
const body = {
  name: "Grace Example",
  time_zone: "America/Denver",
  employment_status: "employed",
  goals: ["A role in research"],
} satisfies Schemas["ClientIn"];
const header = { "Idempotency-Key": randomUUID() };
const client = await taken(api.POST("/v1/clients", { params: { header }, body }));
const again = await taken(api.POST("/v1/clients", { params: { header }, body }));
assert.deepEqual(again, client);
assert.deepEqual(client.coach_ids, [me.id]);
const { token } = await followed();

const log = { client_id: client.id, content: aLog(now) };
const imported = await taken(api.POST("/v1/imports", { body: log }));
assert.equal(imported.counts.create, 4);
const committed = await taken(api.POST("/v1/imports/{id}/commit", { params: { path: { id: imported.id } } }));
assert.equal(committed.state, "committed");

const due = (await queued(client.id)).find((item) => item.next_action.kind === "send_follow_up");
assert(due?.opportunity);
assert(due.status === "follow_up_due" || due.status === "follow_up_overdue");
const path = { id: due.opportunity.id };
const recorded = await taken(
  api.POST("/v1/opportunities/{id}/interactions", {
    params: { path },
    body: { kind: "follow_up", occurred_at: now.toISOString(), channel: "email", summary: "Is there news?" },
  }),
);
assert.equal(Date.parse(recorded.occurred_at), now.getTime());
const after = await taken(api.GET("/v1/opportunities/{id}/assessment", { params: { path } }));
assert(after.status !== "follow_up_due" && after.status !== "follow_up_overdue");
assert(!(await queued(client.id)).some((item) => item.opportunity?.id === path.id));

const { changes } = await followed(token);
const opportunities = changes.filter((change) => change.type === "opportunity" && change.op === "upsert");
assert.equal(new Set(opportunities.map((change) => change.id)).size, 4);
const told = changes.flatMap((change) => (change.type === "interaction" && change.data ? [change.data] : []));
assert.deepEqual(told.find((data) => data.id === recorded.id), recorded);

const params = (tag: string) => ({ path: { id: client.id }, header: { "If-Match": tag } });
const late = await api.PATCH("/v1/clients/{id}", { params: params('"99"'), body: { archived: true } });
assert.equal(late.error?.code, "version-mismatch");
const version = `"${client.version}"`;
const done = await taken(api.PATCH("/v1/clients/{id}", { params: params(version), body: { archived: true } }));
assert(done.archived);

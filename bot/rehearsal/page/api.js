// The rehearsal's control interface. Every call answers JSON; a refusal becomes a `Refusal` with plain English.

export class Refusal extends Error {}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refusal("The rehearsal is not running any more. Start it again in the terminal.");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer.error ?? `The rehearsal answered ${response.status}.`);
  return answer;
}

export const getState = (person) => call("GET", `/control/state${person ? `?as=${person}` : ""}`);
export const getCalls = (since) => call("GET", `/control/calls?since=${since}`);
export const advance = (seconds) => call("POST", "/control/clock", { advance: seconds });
export const switchBot = (what) => call("POST", "/control/bot", { do: what });

// What a person does. Returns the result.
export async function act(person, what, details = {}) {
  return (await call("POST", "/control/act", { as: person, do: what, ...details })).result;
}

// The bot's answer to a press, or null if none came within `patience` milliseconds.
export async function answerTo(person, query, patience = 8000) {
  const until = Date.now() + patience;
  while (Date.now() < until) {
    const answer = await act(person, "query", { id: query });
    if (answer) return answer;
    await new Promise((done) => setTimeout(done, 250));
  }
  return null;
}

// Calls `changed(seq)` on each change of the world, and `lost()` / `found()` when the server goes and comes back.
export function follow({ changed, lost, found }) {
  const events = new EventSource("/control/events");
  events.onmessage = (event) => changed(Number(event.data));
  events.onopen = found;
  events.onerror = lost;
}

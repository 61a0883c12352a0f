// What the page asks the sandbox, and what it hears from it.

/** Ask for something to be done. Never throws: what fails comes back as {ok: false, error}. */
export async function post(path, body = {}) {
  try {
    const response = await fetch(`/api/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return await response.json();
  } catch {
    return { ok: false, error: "unreachable" };
  }
}

/** What was in an exchange, or null where it is no longer kept. */
export async function exchange(id) {
  try {
    const response = await fetch(`/api/exchanges/${encodeURIComponent(id)}`);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/**
 * Listen as a person, until the returned function is called.
 * @param {string} person an id; empty for the first one.
 * @param {{everything: Function, changed: Function, lost: Function}} ears what is called with news.
 */
export function listen(person, ears) {
  const source = new EventSource(`/api/news${person ? `?person=${encodeURIComponent(person)}` : ""}`);
  source.addEventListener("everything", (event) => ears.everything(JSON.parse(event.data)));
  source.addEventListener("changed", (event) => ears.changed(JSON.parse(event.data)));
  source.addEventListener("error", () => ears.lost());
  return () => source.close();
}

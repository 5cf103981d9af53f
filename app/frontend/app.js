// Shows the service's health and its exams, and creates exams. Every address is relative to this page's origin.

const REFRESH_MS = 5000;
const FIELDS = ["title", "subject", "opens_at", "closes_at"];
const HEALTH_TEXT = { ok: "ok", degraded: "degraded: migrations are pending", error: "error: the database is unreachable" };

const byId = (id) => document.getElementById(id);
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

async function showHealth() {
  let health = null;
  try {
    const response = await fetch("/api/health/", { cache: "no-store" });
    health = await response.json();
  } catch {
    // No answer, or none that is JSON: the service itself is away.
  }
  const status = health?.status ?? "away";
  const badge = byId("health");
  const text = HEALTH_TEXT[status] ?? "the service does not answer";
  if (badge.textContent !== text) badge.textContent = text; // screen readers announce each change
  badge.dataset.status = status;
  if (health) {
    byId("environment").textContent = health.environment;
    byId("version").textContent = health.version.slice(0, 12);
    byId("version").title = health.version;
    document.title = `Exams (${health.environment})`;
  }
}

async function showExams() {
  try {
    const response = await fetch("/api/exams/?limit=100", { cache: "no-store" });
    const page = await response.json();
    if (!response.ok) throw new Error(page.error.message);
    byId("exams").replaceChildren(...page.results.map(row));
    byId("count").textContent = `(${page.count})`;
    byId("empty").hidden = page.count > 0;
    if (byId("message").dataset.from === "list") say("", "");
  } catch (error) {
    say(`The exams could not be loaded: ${reason(error)}`, "error", "list");
  }
}

function row(exam) {
  const line = document.createElement("tr");
  const title = document.createElement("th");
  title.scope = "row";
  title.textContent = exam.title;
  const status = document.createElement("td");
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.dataset.status = exam.status;
  badge.textContent = exam.status;
  status.append(badge);
  line.append(title, cell(exam.subject), cell(time(exam.opens_at)), cell(time(exam.closes_at)), status);
  return line;
}

function cell(content) {
  const made = document.createElement("td");
  made.append(content || "–");
  return made;
}

function time(text) {
  if (!text) return "";
  const made = document.createElement("time");
  made.dateTime = text;
  made.textContent = moment.format(new Date(text));
  return made;
}

async function create(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  const document_ = { title: form.title.value, subject: form.subject.value };
  for (const name of ["opens_at", "closes_at"]) {
    if (form[name].value) document_[name] = new Date(form[name].value).toISOString();
  }
  let created = false;
  showProblems({});
  button.disabled = true;
  try {
    const response = await fetch("/api/exams/", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(document_),
    });
    const answer = await response.json();
    if (response.ok) {
      form.reset();
      say(`Created “${answer.title}”.`, "ok");
      created = true;
    } else {
      showProblems(answer.error.fields ?? {});
      say(answer.error.message, "error");
    }
  } catch (error) {
    say(`The exam could not be created: ${reason(error)}`, "error");
  } finally {
    button.disabled = false;
  }
  if (created) await showExams(); // the form is free for the next one meanwhile
}

function showProblems(problems) {
  let first = null;
  for (const name of FIELDS) {
    const field = byId(name);
    const messages = problems[name] ?? [];
    byId(`${name}-problem`).textContent = messages.join(" ").replaceAll("opens_at", "“Opens”");
    field.setAttribute("aria-invalid", messages.length > 0 ? "true" : "false");
    if (messages.length > 0) first ??= field;
  }
  first?.focus();
}

function say(text, kind, from = "form") {
  const message = byId("message");
  message.textContent = text;
  message.dataset.kind = kind;
  message.dataset.from = from;
}

function reason(error) {
  return error instanceof SyntaxError || error instanceof TypeError ? "the service does not answer" : error.message;
}

async function refresh() {
  if (!document.hidden) await Promise.all([showHealth(), showExams()]);
  setTimeout(refresh, REFRESH_MS);
}

byId("new").addEventListener("submit", create);
document.addEventListener("visibilitychange", () => document.hidden || showHealth());
refresh();

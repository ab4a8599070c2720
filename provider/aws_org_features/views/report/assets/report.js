"use strict";
// Shows the list of accounts, finds and sorts in it, and copies commands. All that it shows becomes text nodes:
// nothing of it is ever read as markup.
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const FIRST = 60; // rows that are there at once,
  const CHUNK = 500; // and how many follow at a time, until all are: for the browser's own search

  const make = (tag, name, ...children) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...children); // strings become text nodes
    return made;
  };
  const count = (number) => number.toLocaleString("en");

  // -- what an account is ---------------------------------------------------------------------------

  const accounts = data.accounts.map((row, place) => {
    const [id, name, email, standing, state, handshake, tags, answered, seenAt, by, command, events] = row;
    return {
      id, name, email, standing, handshake, seenAt, events, place,
      state: data.texts[state],
      tags: data.texts[tags],
      answered: data.texts[answered],
      by: data.texts[by],
      command: command ? data.command + handshake : "",
      text: `${id} ${name} ${email} ${handshake}`.toLowerCase(),
      row: null,
    };
  });

  // -- a row ----------------------------------------------------------------------------------------

  const isolated = (text) => {
    const made = make("bdi", "", text);
    made.dir = "auto";
    return made;
  };

  const cells = {
    account: (a) => [make("span", "id", a.id || "not told"), make("span", "aside", a.tags)],
    name: (a) => [
      make("span", "name", a.name ? isolated(a.name) : "unknown"),
      make("span", "aside", a.email ? isolated(a.email) : ""),
    ],
    standing: (a) => {
      const { key, label } = data.standings[a.standing];
      const state = a.state ? `AWS says ${a.state}` : "";
      return [
        make("span", "standing", make("span", `dot is-${key}`), label),
        make("span", "aside", state, a.state && a.by ? "; " : "", a.by),
      ];
    },
    answered: (a) => [make("span", "", ...timed(a.answered)), ...a.events.map((event) => recorded(a, event))],
    command: (a) => (a.command ? [make("code", "", ...unbroken(a.command.split(/( )/))), copyButton(a)] : []),
  };

  // A browser would break these at their hyphens.
  const unbroken = (parts) => parts.map((part) => (part === " " ? part : make("span", "word", part)));
  const timed = (text) => text.split(/(\d{4}-\d\d-\d\d \d\d:\d\d UTC)/).map((part, place) => (place % 2 ? make("span", "word", part) : part));

  function recorded(account, [called, principal, role, source, id]) {
    const text = (number) => data.texts[number].replaceAll(data.ownId, account.id);
    const item = (head, value) => (value ? [make("dt", "", head), make("dd", "id", value)] : []);
    return make(
      "details", "event",
      make("summary", "", ...timed(called)),
      make(
        "dl", "",
        ...item("by", text(principal)), ...item("role", text(role)),
        ...item("event", id), ...item("CloudTrail, from", text(source)),
      ),
    );
  }

  function copyButton(account) {
    const made = make("button", "copy", "Copy");
    made.type = "button";
    made.setAttribute("aria-label", `Copy the command for account ${account.id || account.handshake}`);
    return made;
  }

  const list = byId("list");
  const heads = list ? [...list.tHead.querySelectorAll("th")] : [];
  const titles = heads.map((head) => head.textContent);

  function rowOf(account) {
    if (account.row) return account.row;
    account.row = make("tr", "");
    account.row.setAttribute("role", "row");
    heads.forEach((head, place) => {
      const cell = make("td", `col-${head.dataset.key}`, ...cells[head.dataset.key](account));
      cell.setAttribute("role", "cell");
      cell.dataset.head = titles[place];
      account.row.append(cell);
    });
    return account.row;
  }

  // -- which accounts, in which order ---------------------------------------------------------------

  const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });
  const order = {
    account: (a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)),
    name: (a, b) => !a.name - !b.name || collator.compare(a.name, b.name),
    standing: (a, b) => a.standing - b.standing,
    answered: (a, b) => a.seenAt - b.seenAt || a.events.length - b.events.length,
  };
  const sorted = { key: "standing", ascending: true };
  const wanted = { text: "", standing: "" };
  let pending = [];
  let timer = 0;

  function chosen() {
    const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
    const direction = sorted.ascending ? 1 : -1;
    return accounts
      .filter((a) => !wanted.standing || data.standings[a.standing].key === wanted.standing)
      .filter((a) => words.every((word) => a.text.includes(word)))
      .sort((a, b) => direction * order[sorted.key](a, b) || a.place - b.place);
  }

  function append(most) {
    list.tBodies[0].append(...pending.splice(0, most).map(rowOf));
    list.setAttribute("aria-busy", String(pending.length > 0));
  }

  function goOn() {
    append(CHUNK);
    timer = pending.length ? setTimeout(goOn, 0) : 0;
  }

  function show() {
    clearTimeout(timer);
    pending = chosen();
    const all = pending.length === accounts.length;
    const of = all ? "" : ` of ${count(accounts.length)}`;
    byId("shown").textContent = `${count(pending.length)}${of} ${accounts.length === 1 ? "account" : "accounts"} shown`;
    list.tBodies[0].replaceChildren();
    append(FIRST);
    timer = pending.length ? setTimeout(goOn, 0) : 0;
  }

  function sortBy(key) {
    sorted.ascending = sorted.key === key ? !sorted.ascending : true;
    sorted.key = key;
    for (const head of heads) {
      if (head.dataset.key === key) head.setAttribute("aria-sort", sorted.ascending ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    }
    show();
  }

  // -- copying --------------------------------------------------------------------------------------

  async function copy(button, text) {
    const done = await written(text);
    const before = button.textContent;
    button.textContent = done ? "Copied" : "Select it by hand";
    byId("told").textContent = done ? "The command is copied." : "Copying isn't allowed here: select the command by hand.";
    setTimeout(() => { button.textContent = before; byId("told").textContent = ""; }, 2000);
  }

  async function written(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Pages that came over plain HTTP have no clipboard of this kind.
      const field = make("textarea", "unseen", text);
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }

  // -- time goes on after a report is made ----------------------------------------------------------

  function tellTime() {
    const days = (id) => (Date.parse(byId(id).dateTime) - Date.now()) / 86400000;
    const old = Math.floor(-days("generated"));
    if (old >= 1) {
      byId("age").hidden = false;
      byId("age").textContent = `(${old === 1 ? "a day" : `${count(old)} days`} ago: ask for a newer report)`;
    }
    if (!byId("deadline")) return;
    const left = Math.floor(days("deadline") + 1 / 24); // a report that was opened at once
    const words = left > 1 ? `in ${count(left)} days` : left === 1 ? "in a day" : "in less than a day";
    byId("left").textContent = days("deadline") < 0 ? "has passed" : words;
  }

  tellTime();
  if (byId("copy")) {
    byId("copy").hidden = false;
    byId("copy").addEventListener("click", (event) => copy(event.target, byId("command").textContent));
  }
  if (!list) return;
  byId("controls").hidden = false;
  list.hidden = false;
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  byId("find").addEventListener("input", (event) => { wanted.text = event.target.value; show(); });
  for (const choice of document.getElementsByName("standing")) {
    choice.addEventListener("change", () => { wanted.standing = choice.value; show(); });
  }
  for (const head of heads) head.querySelector("button")?.addEventListener("click", () => sortBy(head.dataset.key));
  list.tBodies[0].addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (button) copy(button, button.previousElementSibling.textContent);
  });
  addEventListener("beforeprint", () => {
    clearTimeout(timer);
    append(pending.length);
    for (const each of document.querySelectorAll("details")) each.open = true;
  });
  show();
})();

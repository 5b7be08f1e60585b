// The facilitator's board: forms are sent without leaving the page, and ideas can be dragged to a topic.

import { announce, parse, put } from "./follow.js";

const part = document.querySelector("[data-board]");

// Send a form; where anything but the newer board comes back, go there as without this script.
async function send(form, button) {
  const body = new FormData(form);
  if (button && button.name) body.append(button.name, button.value);
  part.setAttribute("data-held", "");
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    const page = parse(await answer.text());
    const fresh = page.querySelector("[data-board] #follows");
    if (!answer.ok || !fresh) throw new Error(String(answer.status));
    part.removeAttribute("data-held");
    for (const each of form.querySelectorAll("[data-changed]")) delete each.dataset.changed;
    if (button) button.focus();
    form.closest("details")?.removeAttribute("open");
    put(fresh, page.querySelector("[data-board]").dataset.tag);
    announce(page.querySelector(".messages")?.textContent.trim());
  } catch {
    part.removeAttribute("data-held");
    const sender = document.createElement("input");
    if (button && button.name) form.append(Object.assign(sender, { type: "hidden", name: button.name, value: button.value }));
    form.submit();
  }
}

part.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target, event.submitter);
});
part.addEventListener("input", (event) => { event.target.dataset.changed = ""; });

// Dragging, for who likes to: the same as choosing a topic and pressing Move.

let dragged = null;
const topicAt = (event) => event.target.closest && event.target.closest("[data-topic]");

part.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-idea]");
  if (!dragged) return;
  part.setAttribute("data-held", "");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.idea);
});
part.addEventListener("dragover", (event) => {
  const topic = dragged && topicAt(event);
  if (!topic) return;
  event.preventDefault();
  for (const each of part.querySelectorAll(".target")) if (each !== topic) each.classList.remove("target");
  topic.classList.add("target");
});
part.addEventListener("drop", (event) => {
  const topic = dragged && topicAt(event);
  if (!topic) return;
  event.preventDefault();
  const form = dragged.querySelector("form"), choice = form && form.elements.topic;
  if (choice && choice.value !== topic.dataset.topic) {
    choice.value = topic.dataset.topic;
    form.querySelector("[value=topic]").click(); // Safari has requestSubmit from 16 on only
  }
});
part.addEventListener("dragend", () => {
  dragged = null;
  part.removeAttribute("data-held");
  for (const each of part.querySelectorAll(".target")) each.classList.remove("target");
});

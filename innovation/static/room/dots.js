// The voting page: buttons that give an idea a dot or a point and take it away, and how many dots are left.

const part = document.querySelector("[data-tag]");

function fit() {
  const form = part.querySelector(".dots-form");
  if (!form) return;
  const all = Number(form.dataset.dots || Infinity), most = Number(form.dataset.most);
  const fields = [...form.querySelectorAll("input[type=number]")];
  const line = form.querySelector("[data-left]");
  const placed = () => fields.reduce((sum, field) => sum + (Number.parseInt(field.value, 10) || 0), 0);

  function show(changed) {
    const left = all - placed();
    for (const field of fields) {
      const dots = Number.parseInt(field.value, 10) || 0;
      const [less, more] = field.parentElement.querySelectorAll("button");
      less.hidden = more.hidden = false;
      less.setAttribute("aria-disabled", String(dots <= 0));
      more.setAttribute("aria-disabled", String(dots >= most || left <= 0));
      field.closest(".choice").classList.toggle("chosen-one", dots > 0);
    }
    form.classList.toggle("over", left < 0);
    const state = changed ? line.dataset.unsent : form.elements.number.value !== "0" ? line.dataset.sent : "";
    const text = line.dataset.left.replace("{left}", left).replace("{dots}", all);
    line.textContent = [text, state].filter(Boolean).join(" · ");
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-less], [data-more]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const field = button.parentElement.querySelector("input");
    field.value = (Number.parseInt(field.value, 10) || 0) + ("more" in button.dataset ? 1 : -1);
    field.dataset.changed = "";
    show(true);
  });
  form.addEventListener("input", (event) => { event.target.dataset.changed = ""; show(true); });
  show(fields.some((field) => "changed" in field.dataset));
}

if (part) {
  part.addEventListener("fresh", fit);
  fit();
}
document.querySelector("[data-focus]")?.focus();

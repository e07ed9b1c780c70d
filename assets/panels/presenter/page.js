// Whether the page presents, and what: its styles go by data-present of the whole document.

const own = () => document.documentElement.dataset;

/** The panel that is shown alone, "frame" for a page in a frame; undefined while nobody presents. */
export const presented = () => own().present;

/** Shows `name` alone. */
export const present = (name) => (own().present = name);

/** Shows the page as it is. */
export const end = () => delete own().present;

/** Whether the address asks for it. */
export const asked = () => new URLSearchParams(location.search).get("present") === "1";

/** Puts it into the address, or takes it out. */
export function address(wanted) {
  const url = new URL(location.href);
  if (wanted) url.searchParams.set("present", "1");
  else url.searchParams.delete("present");
  history.replaceState(history.state, "", url);
}

// Nothing to see: it fetches what the first picture of a run needs while nobody waits for it.

import { plotly } from "../../kit/plotly.js";
import "../collapse/index.js";
import "../curves/index.js";
import "../embedding/index.js";
import "../histogram/index.js";
import "../matrix/index.js";
import "../presenter/index.js";
import "../status/index.js";

export default () => {
  requestIdleCallback(() => plotly().catch(() => null)); // the first plot tries again
  return { close() {} };
};

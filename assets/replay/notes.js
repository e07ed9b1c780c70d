// The page with the speaker's notes, as the app serves it.

import { notes } from "../kit/speaker.js";

notes(window);

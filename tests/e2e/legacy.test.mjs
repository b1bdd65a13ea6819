/** Four modules that are wired by hand, in Node and in Chromium. */

import { describeLegacyWorkspace } from './legacy.mjs';
import { openWorkspace } from './workspace.mjs';

describeLegacyWorkspace(openWorkspace('demo-legacy').directory);

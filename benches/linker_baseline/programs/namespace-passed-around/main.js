import * as direct from './settings.js';
import { settings } from './public.js';
import { hold, held } from './holder.js';

hold(direct);
direct.change('dark');
log(settings === direct, held() === direct, held().theme, settings.theme);
log(Object.entries(settings).filter(([, value]) => typeof value === 'string'));
export { settings };

export let theme = 'light';
export const change = (next) => (theme = next);
